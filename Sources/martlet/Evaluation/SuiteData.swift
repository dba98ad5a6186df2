import GrammarFiles

/// Reads data sets.
enum SuiteData {
    /// The bytes of a file, decompressed where it is gzipped.
    static func lines(path: String) throws -> [UInt8] {
        let data = try readFile(path)
        guard data.starts(with: [0x1f, 0x8b]) else { return data }
        var lines: [UInt8] = []
        try data.withUnsafeBytes { bytes in
            var reader = try GzipReader(bytes)
            while let piece = try reader.next() { lines += piece }
        }
        return lines
    }
}
