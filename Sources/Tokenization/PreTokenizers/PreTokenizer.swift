/// How byte-level BPE cuts text into words before merging.
package enum PreTokenizer: Hashable, Sendable, CaseIterable {
    case gpt2
    /// Every number on its own, then GPT-2: StarCoder, SmolLM, Refact.
    case starCoder
    case qwen2
    case qwen35
    case llama3
    case deepSeekLLM
    case deepSeekCoder
    case deepSeekV3
    /// Mistral's Tekken.
    case tekken
    /// OpenAI's o200k: gpt-oss, MiniMax M2, Llama 4.
    case o200k
    case seed
    case kimi

    /// The pre-tokenizer that a GGUF file names in `tokenizer.ggml.pre`.
    package init?(ggufName name: String) {
        switch name {
        case "gpt-2", "phi-2", "jina-v2-code", "roberta-bpe", "mpt", "olmo", "exaone4", "mellum":
            self = .gpt2
        case "starcoder", "smollm", "refact", "codeshell", "command-r", "exaone", "minerva-7b", "mellum2":
            self = .starCoder
        case "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "solar-open", "grok-2", "megrez":
            self = .qwen2
        case "qwen35":
            self = .qwen35
        case "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "lfm2", "dbrx", "smaug-bpe",
            "chatglm-bpe", "glm4", "glm5":
            self = .llama3
        case "deepseek-llm": self = .deepSeekLLM
        case "deepseek-coder": self = .deepSeekCoder
        case "deepseek-v3", "hunyuan-dense": self = .deepSeekV3
        case "tekken": self = .tekken
        case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2": self = .o200k
        case "seed-coder": self = .seed
        case "kimi-k2": self = .kimi
        default: return nil
        }
    }
}

extension PreTokenizer {
    /// The words of `text`, as lengths in bytes from its start on.
    package func wordLengths(in text: UnsafeBufferPointer<UInt8>) -> [Int] {
        struct Lengths: WordSink {
            var lengths: [Int] = []
            mutating func add(_ word: UnsafePointer<UInt8>, length: Int, readable: Int) { lengths.append(length) }
        }
        var sink = Lengths()
        cut(text, into: &sink)
        return sink.lengths
    }

    /// Hands every word of `text` to `sink`.
    func cut(_ text: UnsafeBufferPointer<UInt8>, into sink: inout some WordSink & ~Copyable) {
        switch self {
        case .gpt2: GPT2Words().cut(text, into: &sink)
        case .starCoder:
            Chain(Isolating(Run(member: ClassSet(classes: .number), longest: 1)), GPT2Words()).cut(text, into: &sink)
        case .qwen2: GPT4Words(longestNumber: 1).cut(text, into: &sink)
        case .qwen35: GPT4Words(longestNumber: 1, letters: .letterOrMark).cut(text, into: &sink)
        case .llama3: GPT4Words(longestNumber: 3).cut(text, into: &sink)
        case .deepSeekLLM: DeepSeekWords.llm().cut(text, into: &sink)
        case .deepSeekCoder: DeepSeekWords.coder().cut(text, into: &sink)
        case .deepSeekV3: DeepSeekWords.v3().cut(text, into: &sink)
        case .tekken: CasedWords.tekken.cut(text, into: &sink)
        case .o200k: CasedWords.o200k.cut(text, into: &sink)
        case .seed: GPT4Words(longestNumber: 1, takesLineBreaks: false).cut(text, into: &sink)
        case .kimi: CasedWords.kimi.cut(text, into: &sink)
        }
    }
}
