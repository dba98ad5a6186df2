#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes every byte at the descriptor's position, through interruptions and short writes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
        let written = unsafe write(descriptor, rest.baseAddress, rest.count)
        if written < 0 {
            if errno == EINTR { continue }
            throw FileError(path: path, operation: .write, code: errno)
        }
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
}

func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    let result = unsafe bytes.withUnsafeBytes { buffer in
        Result { () throws(FileError) in try unsafe writeAll(buffer, to: descriptor, path: path) }
    }
    try result.get()
}
