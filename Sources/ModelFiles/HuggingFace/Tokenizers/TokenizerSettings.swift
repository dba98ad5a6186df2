import JSON

/// What the small files of a folder say of its tokenizer: special tokens, what frames a text, the chat template.
struct TokenizerSettings {
    /// Special tokens by their text; roles are keys of GGUF.
    private(set) var texts: [(role: String, text: String)] = []
    /// Special tokens by their ids, from the model's own configuration.
    private(set) var ids: [(role: String, id: Int)] = []
    private(set) var addsBegin: Bool?
    private(set) var addsEnd: Bool?
    /// Of BERT's tokenizer; nil where the file does not say.
    private(set) var lowercases: Bool?
    private(set) var stripsAccents: Bool?
    private(set) var chatTemplate: String?

    private static let limit = 64 << 20
    private static let roles = [("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding")]

    init(folder: String, config: HuggingFaceConfig) throws(HuggingFaceError) {
        let file = folder + "/tokenizer_config.json"
        var settings = JSONObject()
        if FileTree.exists(file) { settings = try JSONValue(file: file, limit: Self.limit).object ?? JSONObject() }
        var generation = JSONObject()
        let generationFile = folder + "/generation_config.json"
        if FileTree.exists(generationFile) {
            generation = try JSONValue(file: generationFile, limit: Self.limit).object ?? JSONObject()
        }
        for (name, role) in Self.roles {
            let key = role + "_token_id"
            let value = settings[name + "_token"]
            if let text = value?.string ?? value?.object?["content"]?.string {
                texts.append((key, text))
            }
            let id = config[name + "_token_id"] ?? generation[name + "_token_id"]
            if let number = (id?.array?.first ?? id)?.integer, number >= 0 { ids.append((key, number)) }
        }
        addsBegin = settings["add_bos_token"]?.bool
        addsEnd = settings["add_eos_token"]?.bool
        lowercases = settings["do_lower_case"]?.bool
        stripsAccents = settings["strip_accents"]?.bool
        chatTemplate = try Self.template(folder: folder, settings)
    }

    private static func template(folder: String, _ settings: JSONObject) throws(HuggingFaceError) -> String? {
        let file = folder + "/chat_template.jinja"
        if FileTree.exists(file) {
            let image: MappedFile
            do { image = try MappedFile(path: file) } catch { throw .unreadable(error) }
            guard unsafe image.bytes.count <= limit else {
                throw unsafe .tooLarge(file: file, byteCount: image.bytes.count, limit: limit)
            }
            return unsafe String(decoding: image.bytes, as: UTF8.self)
        }
        let old = folder + "/chat_template.json"
        let template =
            try FileTree.exists(old)
            ? JSONValue(file: old, limit: limit).object?["chat_template"] : settings["chat_template"]
        if let text = template?.string { return text }
        let named = template?.array?.compactMap(\.object) ?? []
        return (named.first { $0["name"]?.string == "default" } ?? named.first)?["template"]?.string
    }
}
