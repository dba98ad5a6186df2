import JSON

extension JSONValue {
    /// Reads a JSON file of at most `limit` bytes.
    init(file path: String, limit: Int, valueLimit: Int = 1 << 20) throws(HuggingFaceError) {
        let image: MappedFile
        do { image = try MappedFile(path: path) } catch { throw .unreadable(error) }
        guard unsafe image.bytes.count <= limit else {
            throw unsafe .tooLarge(file: path, byteCount: image.bytes.count, limit: limit)
        }
        do {
            self = try unsafe JSONValue(parsing: Array(image.bytes), valueLimit: valueLimit, skipsByteOrderMark: true)
        } catch { throw .malformedJSON(file: path, error) }
    }
}
