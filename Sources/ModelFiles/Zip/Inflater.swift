import CZlib

/// Decompresses raw deflate data that lies in memory, piece by piece.
@safe
package struct Inflater: ~Copyable {
    @safe
    package enum Step {
        /// The next bytes; valid until the next step.
        case piece(UnsafeRawBufferPointer)
        case end
        case damaged
    }

    // On the heap, because zlib keeps a pointer back to the stream.
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private var rest: UnsafeRawBufferPointer
    private var hasEnded = false

    /// - input: the whole compressed stream, kept alive by the caller. - pieceSize: the most bytes of a piece.
    package init(_ input: UnsafeRawBufferPointer, pieceSize: Int = 1 << 20) {
        unsafe rest = input
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe output = .allocate(byteCount: pieceSize, alignment: 64)
        let code = unsafe czlib_inflate_init_raw(stream)
        precondition(code == Z_OK, "zlib could not start: \(code)")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
        unsafe output.deallocate()
    }

    /// How much of the input lies behind what has been read.
    package var unreadByteCount: Int { unsafe Int(stream.pointee.avail_in) + rest.count }

    package mutating func next() -> Step {
        if hasEnded { return .end }
        unsafe stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(output.count)
        var code = Z_OK
        while code == Z_OK, unsafe stream.pointee.avail_out > 0 {
            feed()
            code = unsafe inflate(stream, Z_NO_FLUSH)
        }
        // Z_BUF_ERROR: no input is left and the stream has not ended.
        guard code == Z_OK || code == Z_STREAM_END else { return .damaged }
        hasEnded = code == Z_STREAM_END
        let produced = unsafe output.count - Int(stream.pointee.avail_out)
        return unsafe produced == 0 ? .end : .piece(UnsafeRawBufferPointer(rebasing: output[..<produced]))
    }

    private mutating func feed() {
        guard unsafe stream.pointee.avail_in == 0, unsafe !rest.isEmpty else { return }
        let piece = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
        // SAFETY: zlib only reads from next_in.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: piece.baseAddress!.assumingMemoryBound(to: UInt8.self))
        unsafe stream.pointee.avail_in = UInt32(piece.count)
    }
}
