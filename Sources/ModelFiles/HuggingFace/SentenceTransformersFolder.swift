import JSON

/// What the files of the sentence-transformers package say of a folder: how rows become a vector, and how long texts
/// may be.
struct SentenceTransformersFolder {
    private let path: String
    private static let limit = 1 << 20

    init(_ path: String) { self.path = path }

    /// Sets nothing for a folder without such files.
    func describe(into header: inout HuggingFaceHeader) throws(HuggingFaceError) {
        let settings = path + "/sentence_bert_config.json"
        if FileTree.exists(settings), let value = try object(settings)["max_seq_length"] {
            guard let longest = value.integer, longest > 1 else {
                throw .unexpectedValue(
                    key: "max_seq_length", value: value.summary, expected: "a whole number above 1", file: settings)
            }
            header.set("max_sequence_length", longest)
        }
        guard let folder = try poolingFolder() else { return }
        let file = path + "/" + folder + "/config.json"
        let pooling = try object(file)
        if pooling["pooling_mode_mean_tokens"]?.bool == true || pooling["pooling_mode"]?.string == "mean" {
            header.set("pooling_type", 1)
        } else if pooling["pooling_mode_cls_token"]?.bool == true || pooling["pooling_mode"]?.string == "cls" {
            header.set("pooling_type", 2)
        } else if pooling["pooling_mode_lasttoken"]?.bool == true || pooling["pooling_mode"]?.string == "lasttoken" {
            header.set("pooling_type", 3)
        } else {
            throw .unexpectedValue(
                key: "pooling_mode", value: "another", expected: "mean, cls or lasttoken", file: file)
        }
    }

    /// Inside the model's.
    private func poolingFolder() throws(HuggingFaceError) -> String? {
        let file = path + "/modules.json"
        guard FileTree.exists(file) else { return nil }
        for module in try JSONValue(file: file, limit: Self.limit).array ?? [] {
            guard let type = module.object?["type"]?.string, type.hasSuffix("Pooling") else { continue }
            let folder = module.object?["path"]?.string ?? ""
            guard !folder.hasPrefix("/"), !folder.split(separator: "/").contains("..") else {
                throw .unexpectedValue(
                    key: "path", value: "'\(folder.prefix(80))'", expected: "a folder of the model", file: file)
            }
            return folder
        }
        return nil
    }

    private func object(_ file: String) throws(HuggingFaceError) -> JSONObject {
        guard let object = try JSONValue(file: file, limit: Self.limit).object else {
            throw .unexpectedValue(key: "it", value: "no object", expected: "an object", file: file)
        }
        return object
    }
}
