import JSON

/// How a tokenizer.json cuts text into words, as a list of steps to recognise.
struct TokenizerStages {
    private let steps: [String]

    init(_ json: JSONObject) {
        var steps: [String] = []
        Self.collect(json["pre_tokenizer"]?.object, depth: 0, into: &steps)
        self.steps = steps
    }

    private static func collect(_ object: JSONObject?, depth: Int, into steps: inout [String]) {
        guard let object, depth < 8 else { return }
        switch object["type"]?.string {
        case "Sequence":
            for part in object["pretokenizers"]?.array ?? [] { collect(part.object, depth: depth + 1, into: &steps) }
        case "Split":
            let pattern = object["pattern"]?.object
            steps.append(unescaped(pattern?["Regex"]?.string ?? "=" + (pattern?["String"]?.string ?? "")))
        case "Digits":
            steps.append(object["individual_digits"]?.bool == true ? "digits" : "numbers")
        case "ByteLevel":
            // With its own expression, that of GPT-2.
            if object["use_regex"]?.bool ?? true { steps.append("gpt-2") }
        case let type?: steps.append("(\(type))")
        case nil: break
        }
    }

    /// Escapes of four hexadecimal digits become the characters that they mean.
    private static func unescaped(_ pattern: String) -> String {
        var result = ""
        var rest = Substring(pattern)
        while let escape = rest.firstRange(of: "\\u") {
            result += rest[..<escape.lowerBound]
            rest = rest[escape.upperBound...]
            guard let value = UInt32(rest.prefix(4), radix: 16), let scalar = Unicode.Scalar(value) else {
                result += "\\u"
                continue
            }
            result.unicodeScalars.append(scalar)
            rest = rest.dropFirst(4)
        }
        return result + rest
    }

    /// The name that GGUF files have for these steps in `tokenizer.ggml.pre`; "unknown" where there is none.
    func ggufName(ignoresMerges: Bool) -> String {
        switch steps {
        case ["gpt-2"]: return "gpt-2"
        case ["digits", "gpt-2"]: return "starcoder"
        case [Self.qwen2]: return "qwen2"
        case [Self.qwen35]: return "qwen35"
        // GLM cuts as Llama 3 does, and merges all the same.
        case [Self.threeDigits], [Self.dbrx]: return ignoresMerges ? "llama-bpe" : "glm4"
        case [Self.tekken]: return "tekken"
        case [Self.openAI]: return "gpt-4o"
        case [Self.seed]: return "seed-coder"
        case [Self.kimi]: return "kimi-k2"
        case ["[\r\n]", #"\s?\p{L}+"#, #"\s?\p{P}+"#, Self.eastAsian, "digits"]: return "deepseek-coder"
        case [#"\p{N}{1,3}"#, "[一-龥\u{3040}-ゟ゠-ヿ]+", Self.deepSeekV3]: return "deepseek-v3"
        default: break
        }
        let isDeepSeekLLM =
            steps.count == 6 && steps[0] == "[\r\n]" && steps[1].hasPrefix(#"\s?[A-Za-zµ"#) && steps[3] == #"\s+$"#
        return isDeepSeekLLM ? "deepseek-llm" : "unknown"
    }

    private static let lines = #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let qwen2 =
        contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"# + lines
    private static let qwen35 =
        contractions + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"# + lines
    private static let threeDigits =
        contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"# + lines
    /// The same with a capture group fewer, as some files have it.
    private static let dbrx =
        #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"# + lines
    private static let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    private static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    private static let tekken =
        #"[^\r\n\p{L}\p{N}]?\#(upper)*\#(lower)+|[^\r\n\p{L}\p{N}]?\#(upper)+\#(lower)*|\p{N}"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*"# + lines
    private static let openAI =
        #"[^\r\n\p{L}\p{N}]?\#(upper)*\#(lower)+\#(contractions)?|[^\r\n\p{L}\p{N}]?\#(upper)+\#(lower)*\#(contractions)?"#
        + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*"# + lines
    private static let seed =
        contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+"# + lines
    private static let kimi: String = {
        let (upper, lower) = (Self.upper.dropLast() + #"&&[^\p{Han}]]"#, Self.lower.dropLast() + #"&&[^\p{Han}]]"#)
        return #"[\p{Han}]+|[^\r\n\p{L}\p{N}]?\#(upper)*\#(lower)+\#(contractions)?"#
            + #"|[^\r\n\p{L}\p{N}]?\#(upper)+\#(lower)*\#(contractions)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"# + lines
    }()
    private static let eastAsian = "[一-龥\u{800}-一가-\u{D7FF}]+"
    private static let deepSeekV3 =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"##
        + lines
}

extension TokenizerStages {
    /// Whether tokens are spelled in GPT-2's alphabet for bytes.
    static func hasByteLevel(_ json: JSONObject) -> Bool {
        ["pre_tokenizer", "decoder"].contains { contains("ByteLevel", json[$0]?.object, depth: 0) }
    }

    private static func contains(_ type: String, _ object: JSONObject?, depth: Int) -> Bool {
        guard let object, depth < 8 else { return false }
        if object["type"]?.string == type { return true }
        return ["pretokenizers", "decoders", "normalizers"].contains { key in
            object[key]?.array?.contains { contains(type, $0.object, depth: depth + 1) } ?? false
        }
    }

    /// Whether SentencePiece text gets a space in front.
    static func addsSpacePrefix(_ json: JSONObject) -> Bool {
        if contains("Prepend", json["normalizer"]?.object, depth: 0) { return true }
        guard let stage = json["pre_tokenizer"]?.object, stage["type"]?.string == "Metaspace" else { return false }
        return stage["prepend_scheme"]?.string.map { $0 != "never" } ?? stage["add_prefix_space"]?.bool ?? true
    }

    /// Whether a template puts a special token before and after every text; nil where there is no template.
    static func framed(_ json: JSONObject) -> (first: Bool, last: Bool)? {
        guard let processor = json["post_processor"]?.object else { return nil }
        let candidates = [processor] + (processor["processors"]?.array?.compactMap(\.object) ?? [])
        for candidate in candidates where candidate["type"]?.string == "TemplateProcessing" {
            guard let parts = candidate["single"]?.array?.compactMap(\.object), !parts.isEmpty else { continue }
            return (parts.first?["SpecialToken"] != nil, parts.count > 1 && parts.last?["SpecialToken"] != nil)
        }
        return nil
    }
}
