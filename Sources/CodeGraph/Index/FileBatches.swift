/// Cuts a list of files into runs that are read together and stored in one transaction.
struct FileBatches {
    private let files: [ScannedFile]
    private var place = 0

    private static let fileLimit = 512
    /// Two batches and what is made of them are in memory at a time.
    private static let byteLimit: Int64 = 16 << 20

    init(_ files: [ScannedFile]) { self.files = files }

    /// Empty at the end.
    mutating func next() -> ArraySlice<ScannedFile> {
        let start = place
        var bytes: Int64 = 0
        while place < files.count, place - start < Self.fileLimit, bytes < Self.byteLimit {
            bytes += files[place].byteCount
            place += 1
        }
        return files[start..<place]
    }
}
