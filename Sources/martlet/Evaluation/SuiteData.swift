import GrammarFiles

/// Reads data sets.
enum SuiteData {
    /// The bytes of a file, decompressed where it is gzipped.
    static func lines(path: String) throws -> [UInt8] {
        let data = try readFile(path)
        return data.starts(with: [0x1f, 0x8b]) ? try GzipReader.contents(of: data) : data
    }
}
