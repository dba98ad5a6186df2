import JSON

/// A WordPiece vocabulary, from tokenizer.json or from the list of older folders, as GGUF files spell it.
struct WordPieceTokenizer {
    /// Keys of GGUF, one misspelled there, and the texts of the tokens.
    private static let roles = [
        ("cls", "[CLS]"), ("seperator", "[SEP]"), ("unknown", "[UNK]"), ("padding", "[PAD]"), ("mask", "[MASK]"),
    ]
    private static let vocabularyLimit = 1 << 22
    private static let fileLimit = 64 << 20
    /// U+2581, which stands before pieces that begin a word; in the folder's files others have ## in front.
    private static let wordMark = Array("\u{2581}".utf8)

    /// By id, in UTF-8, as pieces may begin with marks; nil where no token has it.
    private var tokens: [[UInt8]?] = []
    private var special: Set<Int> = []
    private var lowercases = true
    private var stripsAccents = true

    /// Nil for tokenizers of another kind.
    init?(_ json: JSONValue, file: String) throws(HuggingFaceError) {
        guard let model = json.object?["model"]?.object, model["type"]?.string == "WordPiece" else { return nil }
        guard let vocabulary = model["vocab"]?.object?.members else {
            throw .unsupportedTokenizer("its model has no vocabulary", file: file)
        }
        if let prefix = model["continuing_subword_prefix"]?.string, prefix != "##" {
            throw .unsupportedTokenizer("its pieces go on with '\(prefix.prefix(20))' and ## is read", file: file)
        }
        for (text, id) in vocabulary { try add(Array(text.utf8), id.integer, file: file) }
        for token in json.object?["added_tokens"]?.array?.compactMap(\.object) ?? [] {
            guard let text = token["content"]?.string else { continue }
            try add(Array(text.utf8), token["id"]?.integer, file: file)
            if let id = token["id"]?.integer { special.insert(id) }
        }
        try readNormalizer(json.object?["normalizer"]?.object, file: file)
    }

    /// The file with one piece a line; nil where there is none.
    init?(list file: String, _ settings: TokenizerSettings) throws(HuggingFaceError) {
        guard FileTree.exists(file) else { return nil }
        let image: MappedFile
        do { image = try MappedFile(path: file) } catch { throw .unreadable(error) }
        guard unsafe image.bytes.count <= Self.fileLimit else {
            throw unsafe .tooLarge(file: file, byteCount: image.bytes.count, limit: Self.fileLimit)
        }
        let text = unsafe Array(image.bytes)
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (id, line) in lines.enumerated() {
            try add(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line), id, file: file)
        }
        special = Set(Self.roles.compactMap { _, text in tokens.firstIndex(of: Array(text.utf8)) })
        lowercases = settings.lowercases ?? true
        stripsAccents = settings.stripsAccents ?? lowercases
    }

    private mutating func add(_ text: [UInt8], _ id: Int?, file: String) throws(HuggingFaceError) {
        guard let id, id >= 0, id < Self.vocabularyLimit else {
            let spelling = String(decoding: text.prefix(40), as: UTF8.self)
            throw .unsupportedTokenizer("the id of token '\(spelling)' is out of range", file: file)
        }
        if id >= tokens.count { tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count)) }
        tokens[id] = text
    }

    private mutating func readNormalizer(_ json: JSONObject?, file: String) throws(HuggingFaceError) {
        guard let json, json["type"]?.string == "BertNormalizer", json["clean_text"]?.bool ?? true,
            json["handle_chinese_chars"]?.bool ?? true
        else {
            throw .unsupportedTokenizer("its text is not normalised as BERT's", file: file)
        }
        lowercases = json["lowercase"]?.bool ?? true
        stripsAccents = json["strip_accents"]?.bool ?? lowercases
    }

    func write(into header: inout HuggingFaceHeader) {
        func set(_ key: String, _ value: GGUFValue) { header.set(global: "tokenizer.ggml." + key, value) }
        var list = ByteStrings()
        list.reserveCapacity(strings: tokens.count, bytes: tokens.count * 10)
        var types: [Int32] = []
        for (id, token) in tokens.enumerated() {
            types.append(token == nil ? 5 : special.contains(id) ? 3 : 1)
            if let token, !special.contains(id) {
                list.append(token.starts(with: "##".utf8) ? Array(token.dropFirst(2)) : Self.wordMark + token)
            } else {
                list.append(token ?? Array("[PAD\(id)]".utf8))
            }
        }
        set("model", .string("bert"))
        set("pre", .string("default"))
        set("tokens", .strings(list))
        set("token_type", .int32s(types))
        set("normalizer.lowercase", .bool(lowercases))
        set("normalizer.strip_accents", .bool(stripsAccents))
        for (role, text) in Self.roles {
            if let id = tokens.firstIndex(of: Array(text.utf8)) { set(role + "_token_id", .uint32(UInt32(id))) }
        }
    }
}
