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
        default: return nil
        }
    }
}
