package import ModelFiles

extension TokenizerDefinition {
    /// The tokenizer that a GGUF file describes in its `tokenizer.ggml.*` keys.
    ///
    /// The file does not say how the model's own tokenizer normalises. This follows the tokenizer.json that the
    /// model was published with: Qwen's composes (NFC), the others of the supported kinds leave text alone.
    package init(gguf metadata: GGUFMetadata) throws(TokenizerError) {
        let file = GGUFVocabulary(metadata)
        let tokens = try file.required("tokens", "an array of strings", metadata.strings)
        self.init(algorithm: .sentencePiece, tokens: tokens, types: try file.types(count: tokens.count))

        let kind = try file.required("model", "a string", metadata.string)
        var addsBegin = false
        switch kind {
        case "gpt2":
            let name = try file.preTokenizerName(tokens: tokens.count)
            guard let preTokenizer = PreTokenizer(ggufName: name) else { throw .unsupportedPreTokenizer(name) }
            algorithm = .byteLevelBPE(preTokenizer)
            merges = try file.required("merges", "an array of strings", metadata.strings)
            normalization = preTokenizer == .qwen2 || preTokenizer == .qwen35 ? .nfc : .none
            prefersWholeWords = preTokenizer == .llama3 && !name.hasPrefix("glm") || preTokenizer == .tekken
            addsBegin = preTokenizer == .llama3 && !name.hasPrefix("glm") || preTokenizer == .tekken
        case "llama":
            scores = try file.required("scores", "an array of numbers", metadata.floats)
            spacePrefix = try file.flag("add_space_prefix") ?? true ? .everySegment : .none
            addsBegin = true
        case "bert":
            let lowercases = try file.flag("normalizer.lowercase") ?? true
            let stripsAccents = try file.flag("normalizer.strip_accents") ?? lowercases
            algorithm = .wordPiece(BertNormalization(lowercases: lowercases, stripsAccents: stripsAccents))
            // The space that decoding finds at the start of every word.
            spacePrefix = .everySegment
        default:
            throw .unsupportedModel(kind)
        }
        special = try file.specialTokens(of: self)
        if case .wordPiece = algorithm { try file.setFrame(of: &self) }
        // A file that says nothing and has no such token asks for none.
        addsBeginOfSequence = try file.flag("add_bos_token") ?? (addsBegin && special.beginOfSequence != nil)
        addsEndOfSequence = try file.flag("add_eos_token") ?? false
        if case .wordPiece = algorithm {
            // Converters write what they make of other keys; the family knows no text without its frame.
            addsBeginOfSequence = special.beginOfSequence != nil
            addsEndOfSequence = special.endOfSequence != nil
        }
    }
}

/// Reads the `tokenizer.ggml.*` keys of a GGUF file.
private struct GGUFVocabulary {
    let metadata: GGUFMetadata

    init(_ metadata: GGUFMetadata) { self.metadata = metadata }

    private func key(_ name: String) -> String { "tokenizer.ggml." + name }

    func required<Value>(
        _ name: String, _ expected: String, _ get: (String) -> Value?
    ) throws(TokenizerError) -> Value {
        guard metadata.contains(key(name)) else { throw .missingKey(key(name)) }
        guard let value = get(key(name)) else { throw .unexpectedValue(key: key(name), expected: expected) }
        return value
    }

    /// Files from before May 2024 name none (or "default"): the architecture then says which one it must be.
    func preTokenizerName(tokens: Int) throws(TokenizerError) -> String {
        if metadata.contains(key("pre")) {
            let name = try required("pre", "a string", metadata.string)
            guard name == "default" else { return name }
        }
        switch (metadata.string("general.architecture") ?? "", tokens) {
        case ("gpt2", _): return "gpt-2"
        case ("starcoder", _), ("starcoder2", _): return "starcoder"
        case ("qwen2", _), ("qwen2moe", _), ("qwen3", _), ("qwen3moe", _): return "qwen2"
        case ("deepseek2", 102_400): return "deepseek-llm"
        case ("llama", 128_256): return "llama-bpe"
        default: throw .missingKey(key("pre"))
        }
    }

    func flag(_ name: String) throws(TokenizerError) -> Bool? {
        guard metadata.contains(key(name)) else { return nil }
        return try required(name, "true or false", metadata.bool)
    }

    func types(count: Int) throws(TokenizerError) -> [TokenizerDefinition.TokenType] {
        guard metadata.contains(key("token_type")) else { return [] }
        let numbers = try required("token_type", "an array of integers", metadata.integers)
        guard numbers.count == count else {
            throw .countMismatch(list: "token types", count: numbers.count, tokens: count)
        }
        var types: [TokenizerDefinition.TokenType] = []
        types.reserveCapacity(count)
        for (id, number) in numbers.enumerated() {
            guard let type = UInt8(exactly: number).flatMap(TokenizerDefinition.TokenType.init(rawValue:)) else {
                throw .unknownTokenType(id: id, type: number)
            }
            types.append(type)
        }
        return types
    }

    /// The first of `names` that the file has, or the token with one of `texts`.
    private func id(
        _ names: [String], orText texts: [String] = [], of known: [String: TokenID] = [:], tokens: Int
    ) throws(TokenizerError) -> TokenID? {
        for name in names where metadata.contains(key(name)) {
            let id = try required(name, "an integer", metadata.integer)
            // -1 is how some converters say "none".
            if id == -1 || id == Int(UInt32.max) { continue }
            guard id >= 0, id < tokens else { throw .specialTokenOutOfRange(role: key(name), id: id, tokens: tokens) }
            return TokenID(id)
        }
        return texts.lazy.compactMap { known[$0] }.first
    }

    /// What BERT puts around texts: the end is its separator.
    func setFrame(of definition: inout TokenizerDefinition) throws(TokenizerError) {
        let count = definition.tokens.count
        var known: [String: TokenID] = [:]
        for (id, token) in definition.tokens.enumerated() where token.first == UInt8(ascii: "[") {
            known[String(decoding: token, as: UTF8.self)] = TokenID(id)
        }
        let begin = try id(["cls_token_id", "bos_token_id"], orText: ["[CLS]"], of: known, tokens: count)
        // Misspelled so in the format.
        let end = try id(
            ["seperator_token_id", "eos_token_id"], orText: ["[SEP]"], of: known, tokens: count)
        let unknown = try id(["unknown_token_id"], orText: ["[UNK]"], of: known, tokens: count)
        definition.special.beginOfSequence = begin
        definition.special.endOfSequence = end
        definition.special.unknown = unknown
    }

    /// The ids that the file names, and for those that it does not, the control tokens that models are known to use.
    func specialTokens(of definition: TokenizerDefinition) throws(TokenizerError) -> SpecialTokens {
        let count = definition.tokens.count
        var known: [String: TokenID] = [:]
        for (id, type) in definition.types.enumerated() {
            // Code Llama's own are pieces like all others, but no text is spelled like them.
            guard type == .control || type == .userDefined || definition.tokens[id].starts(with: "▁<".utf8) else {
                continue
            }
            let text = String(decoding: definition.tokens[id], as: UTF8.self)
            if KnownTokens.all.contains(text) { known[text] = TokenID(id) }
        }
        func find(_ names: String..., orText texts: [String] = []) throws(TokenizerError) -> TokenID? {
            try id(names, orText: texts, of: known, tokens: count)
        }

        var special = SpecialTokens()
        special.beginOfSequence = try find("bos_token_id")
        special.endOfSequence = try find("eos_token_id")
        special.unknown = try find("unknown_token_id")
        special.padding = try find("padding_token_id")
        special.endOfTurn = try find("eot_token_id", orText: KnownTokens.endOfTurn)
        special.endOfMessage = try find("eom_token_id", orText: KnownTokens.endOfMessage)

        var middle = FillInMiddleTokens()
        middle.prefix = try find("fim_pre_token_id", "prefix_token_id", orText: KnownTokens.prefix)
        middle.suffix = try find("fim_suf_token_id", "suffix_token_id", orText: KnownTokens.suffix)
        middle.middle = try find("fim_mid_token_id", "middle_token_id", orText: KnownTokens.middle)
        middle.padding = try find("fim_pad_token_id", orText: KnownTokens.padding)
        middle.repositoryName = try find("fim_rep_token_id", orText: KnownTokens.repositoryName)
        middle.fileSeparator = try find("fim_sep_token_id", orText: KnownTokens.fileSeparator)
        special.fillInMiddle = middle

        let roles = [
            special.endOfSequence, special.endOfTurn, special.endOfMessage,
            // A model that has filled in the middle goes on with padding or the next file.
            middle.padding, middle.repositoryName, middle.fileSeparator,
        ]
        special.endOfGeneration = Set(roles.compactMap(\.self) + KnownTokens.ends.compactMap { known[$0] })
        return special
    }
}

/// The texts of special tokens that models are known to use, for files that do not name the ids.
private enum KnownTokens {
    static let endOfTurn = [
        "<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<|EOT|>", "<EOT>", "▁<EOT>", "[EOT]",
    ]
    static let endOfMessage = ["<|eom_id|>"]
    static let prefix = [
        "<|fim_prefix|>", "<fim_prefix>", "<fim-prefix>", "<｜fim▁begin｜>", "▁<PRE>", "<PRE>", "[PREFIX]",
    ]
    static let suffix = [
        "<|fim_suffix|>", "<fim_suffix>", "<fim-suffix>", "<｜fim▁hole｜>", "▁<SUF>", "<SUF>", "[SUFFIX]",
    ]
    static let middle = [
        "<|fim_middle|>", "<fim_middle>", "<fim-middle>", "<｜fim▁end｜>", "▁<MID>", "<MID>", "[MIDDLE]",
    ]
    static let padding = ["<|fim_pad|>", "<fim_pad>", "<fim-pad>"]
    static let repositoryName = ["<|repo_name|>", "<repo_name>", "<reponame>"]
    static let fileSeparator = ["<|file_sep|>", "<file_sep>"]
    /// What ends a generation besides the ids that the file names.
    static let ends =
        endOfTurn + endOfMessage + [
            "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "</s>", "<｜end▁of▁sentence｜>", "<|return|>", "<|call|>",
            "[EOS]",
        ]

    static let all = Set(
        endOfTurn + endOfMessage + prefix + suffix + middle + padding + repositoryName + fileSeparator + ends)
}
