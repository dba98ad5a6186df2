#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a GGUF file front to back, one tensor's data at a time, in the order that the header declares.
package struct GGUFWriter: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let header: GGUFHeader
    private var nextTensor = 0
    /// Bytes of the next tensor that are written already.
    private var written = 0

    /// Creates or replaces the file at `path` and writes `header`.
    package init(path: String, header: GGUFHeader) throws(FileError) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        self.path = path
        self.header = header
        guard descriptor >= 0 else { throw FileError(path: path, operation: .create, code: errno) }
        try writeAll(header.encoded(), to: descriptor, path: path)
    }

    /// Writes data of the next tensor: all of it, or the part that follows what was written before.
    package mutating func append(_ data: UnsafeRawBufferPointer) throws(FileError) {
        let tensor = header.tensors[nextTensor]
        precondition(written + data.count <= tensor.byteCount, "\(tensor.name) takes \(tensor.byteCount) bytes")
        try unsafe writeAll(data, to: descriptor, path: path)
        written += data.count
        guard written == tensor.byteCount else { return }
        let padding = [UInt8](repeating: 0, count: header.padding(after: written))
        try writeAll(padding, to: descriptor, path: path)
        nextTensor += 1
        written = 0
    }

    package mutating func append(_ data: [UInt8]) throws(FileError) {
        let result = unsafe data.withUnsafeBytes { bytes in Result { () throws(FileError) in try unsafe append(bytes) }
        }
        try result.get()
    }

    /// Makes sure that the data is on disk; call once, after the last tensor.
    package consuming func finish() throws(FileError) {
        precondition(nextTensor == header.tensors.count, "\(header.tensors.count - nextTensor) tensors are missing")
        guard fsync(descriptor) == 0 else { throw FileError(path: path, operation: .write, code: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
