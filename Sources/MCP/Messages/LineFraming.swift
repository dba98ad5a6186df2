/// Cuts a stream of bytes into lines, one message each.
package struct LineFraming: Sendable {
    package enum Frame: Hashable, Sendable {
        case line([UInt8])
        /// A line that is longer than messages may be; it is skipped.
        case tooLong
    }

    private let limit: Int
    private var line: [UInt8] = []
    private var isSkipping = false

    /// - Parameter limit: bytes of a line.
    package init(limit: Int = 8 << 20) { self.limit = limit }

    /// The lines that these bytes end; empty ones do not count.
    package mutating func accept(_ bytes: some Sequence<UInt8>) -> [Frame] {
        var frames: [Frame] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                frames += end()
            } else if !isSkipping {
                if line.count < limit {
                    line.append(byte)
                } else {
                    line = []
                    isSkipping = true
                }
            }
        }
        return frames
    }

    /// What stands before the end of the stream, with a newline or without.
    package mutating func end() -> [Frame] {
        defer {
            line = []
            isSkipping = false
        }
        if isSkipping { return [.tooLong] }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line.allSatisfy { $0 == 32 || $0 == 9 } ? [] : [.line(line)]
    }
}
