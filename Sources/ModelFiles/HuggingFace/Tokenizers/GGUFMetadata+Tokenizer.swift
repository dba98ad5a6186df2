import JSON

extension GGUFMetadata {
    /// Describes the tokenizer.json of a folder that need not hold a language model.
    package init(tokenizerOf folder: String) throws(HuggingFaceError) {
        let file = folder + "/tokenizer.json"
        do { _ = try MappedFile(path: file) } catch { throw .unreadable(error) }
        var header = HuggingFaceHeader(architecture: "none", name: folder)
        try HuggingFaceTokenizer.describe(
            folder: folder, config: HuggingFaceConfig(JSONObject(), file: file), into: &header)
        guard let metadata = GGUFMetadata(header.header, path: file) else {
            throw .tooLarge(file: file, byteCount: 0, limit: 0)
        }
        self = metadata
    }
}
