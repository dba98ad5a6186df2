import JSON

/// Turns a folder's tokenizer files into the keys that GGUF files describe tokenizers with.
struct HuggingFaceTokenizer {
    private static let vocabularyLimit = 1 << 22
    private static let fileLimit = 256 << 20

    /// Does nothing for a folder without tokenizer.json: token ids still work.
    static func describe(
        folder: String, config: HuggingFaceConfig, into header: inout HuggingFaceHeader
    ) throws(HuggingFaceError) {
        let settings = try TokenizerSettings(folder: folder, config: config)
        if let template = settings.chatTemplate {
            header.set(global: "tokenizer.chat_template", .string(template))
        }
        let file = folder + "/tokenizer.json"
        guard FileTree.exists(file) else {
            guard header.architecture == "bert" else { return }
            try WordPieceTokenizer(list: folder + "/vocab.txt", settings)?.write(into: &header)
            return
        }
        let json = try JSONValue(file: file, limit: fileLimit, valueLimit: 1 << 23)
        if let pieces = try WordPieceTokenizer(json, file: file) { return pieces.write(into: &header) }
        let tokenizer = try HuggingFaceTokenizer(
            json, file: file, leastCount: config.optionalInteger("vocab_size", in: 0...vocabularyLimit) ?? 0)
        try tokenizer.write(settings, into: &header)
    }

    private let file: String
    private let json: JSONObject
    private let model: JSONObject
    /// By id; nil where no token has it.
    private var tokens: [String?]
    private var types: [Int32]
    private let isByteLevel: Bool

    private init(_ json: JSONValue, file: String, leastCount: Int) throws(HuggingFaceError) {
        guard let object = json.object, let model = object["model"]?.object else {
            throw .unsupportedTokenizer("it has no 'model'", file: file)
        }
        self.file = file
        self.json = object
        self.model = model
        let kind = model["type"]?.string ?? (model["merges"] == nil ? "none" : "BPE")
        guard kind == "BPE" else {
            throw .unsupportedTokenizer("its model is of type \(kind), and BPE and WordPiece are read", file: file)
        }
        guard let vocabulary = model["vocab"]?.object?.members else {
            throw .unsupportedTokenizer("its model has no vocabulary", file: file)
        }
        isByteLevel = TokenizerStages.hasByteLevel(object)
        tokens = Array(repeating: nil, count: leastCount)
        types = Array(repeating: 5, count: leastCount)
        for (text, id) in vocabulary { try add(text, id.integer, type: Self.type(of: text, isByteLevel: isByteLevel)) }
        if let unknown = model["unk_token"]?.string, !isByteLevel, let id = tokens.firstIndex(of: unknown) {
            types[id] = 2
        }
        for value in object["added_tokens"]?.array ?? [] {
            guard let token = value.object, let text = token["content"]?.string else { continue }
            let isSpecial = token["special"]?.bool ?? false || Self.looksSpecial(text)
            let id = token["id"]?.integer
            let isUnknown = id.map { $0 >= 0 && $0 < types.count && types[$0] == 2 } ?? false
            // Added text has its spaces as they are; SentencePiece's vocabulary has not.
            let plain = isSpecial ? text : text.replacing("\u{2581}", with: " ")
            try add(plain, id, type: isUnknown ? 2 : isSpecial ? 3 : 4)
        }
        guard !tokens.isEmpty else { throw .unsupportedTokenizer("its vocabulary is empty", file: file) }
    }

    private mutating func add(_ text: String, _ id: Int?, type: Int32) throws(HuggingFaceError) {
        guard let id, id >= 0, id < Self.vocabularyLimit else {
            throw .unsupportedTokenizer("the id of token '\(text.prefix(40))' is out of range", file: file)
        }
        if id >= tokens.count {
            tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count))
            types.append(contentsOf: repeatElement(5, count: id + 1 - types.count))
        }
        tokens[id] = text
        types[id] = type
    }

    private static func type(of text: String, isByteLevel: Bool) -> Int32 {
        let bytes = text.utf8
        let isByte = !isByteLevel && bytes.count == 6 && text.hasPrefix("<0x") && text.hasSuffix(">")
        return isByte ? 6 : 1
    }

    /// Tokens that some models forgot to mark.
    private static func looksSpecial(_ text: String) -> Bool {
        ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].contains(text) || text.hasPrefix("<|") && text.hasSuffix("|>")
            || text.hasPrefix("<｜") && text.hasSuffix("｜>") || text.hasPrefix("<unused") && text.hasSuffix(">")
    }

    /// The id of the token with just these bytes; the last one's, as added tokens come last.
    private func id(of text: String) -> Int? {
        tokens.lastIndex { $0.map { $0.utf8.elementsEqual(text.utf8) } ?? false }
    }
}

extension HuggingFaceTokenizer {
    private func write(_ settings: TokenizerSettings, into header: inout HuggingFaceHeader) throws(HuggingFaceError) {
        func set(_ key: String, _ value: GGUFValue) { header.set(global: "tokenizer.ggml." + key, value) }
        var list = ByteStrings()
        list.reserveCapacity(strings: tokens.count, bytes: tokens.count * 8)
        for (id, token) in tokens.enumerated() { list.append((token ?? "[PAD\(id)]").utf8) }
        set("tokens", .strings(list))
        set("token_type", .int32s(types))
        if isByteLevel {
            set("model", .string("gpt2"))
            set("pre", .string(TokenizerStages(json).ggufName(ignoresMerges: model["ignore_merges"]?.bool ?? false)))
            set("merges", .strings(try merges(spacesEscaped: true)))
        } else {
            set("model", .string("llama"))
            set("pre", .string("default"))
            set("scores", .float32s(try scores()))
            set("add_space_prefix", .bool(TokenizerStages.addsSpacePrefix(json)))
        }
        for (role, text) in settings.texts {
            guard let id = id(of: text) else { continue }
            set(role, .uint32(UInt32(id)))
        }
        for (role, id) in settings.ids where id < tokens.count && settings.texts.allSatisfy({ $0.role != role }) {
            set(role, .uint32(UInt32(id)))
        }
        let framed = TokenizerStages.framed(json)
        if let adds = settings.addsBegin ?? framed.map({ $0.first }) { set("add_bos_token", .bool(adds)) }
        if let adds = settings.addsEnd ?? framed.map({ $0.last }) { set("add_eos_token", .bool(adds)) }
    }

    /// Pairs as `left right`, from either of the forms that tokenizer.json had over time.
    private func merges(spacesEscaped: Bool) throws(HuggingFaceError) -> ByteStrings {
        var list = ByteStrings()
        for (index, value) in (model["merges"]?.array ?? []).enumerated() {
            switch value {
            case .string(let text): list.append(text.utf8)
            case .array(let parts) where parts.count == 2:
                guard let left = parts[0].string, let right = parts[1].string else { fallthrough }
                // GPT-2's alphabet has a character of its own for a space.
                let escaped = [left, right].map { spacesEscaped ? $0.replacing(" ", with: "\u{120}") : $0 }
                list.append("\(escaped[0]) \(escaped[1])".utf8)
            default: throw .unsupportedTokenizer("merge \(index) is not two tokens", file: file)
            }
        }
        return list
    }

    /// SentencePiece merges the pair whose result has the best score; the order of merges says which that is.
    private func scores() throws(HuggingFaceError) -> [Float] {
        var rank: [[UInt8]: Int] = [:]
        for merge in try merges(spacesEscaped: false) {
            guard let space = merge.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let piece = Array(merge[..<space] + merge[(space + 1)...])
            if rank[piece] == nil { rank[piece] = rank.count }
        }
        let last = Float(rank.count + 1)
        return tokens.map { token in token.flatMap { rank[Array($0.utf8)] }.map { -Float($0) } ?? -last }
    }
}
