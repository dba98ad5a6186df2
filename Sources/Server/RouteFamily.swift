/// The routes of one family of interfaces: method and path, with a space between.
protocol RouteFamily: CaseIterable, Hashable, Sendable, RawRepresentable<String> {}

extension RouteFamily {
    var method: String { String(rawValue.prefix { $0 != " " }) }
    var pattern: String { String(rawValue.drop { $0 != " " }.dropFirst()) }
}

/// llama-server's own.
enum LlamaServerRoute: String, RouteFamily {
    case completion = "POST /completion"
    /// An older name.
    case completions = "POST /completions"
    case infill = "POST /infill"
    case tokenize = "POST /tokenize"
    case detokenize = "POST /detokenize"
    case applyTemplate = "POST /apply-template"
    case props = "GET /props"
    case slots = "GET /slots"
    case slotAction = "POST /slots/{id}"
    case adapters = "GET /lora-adapters"
    case load = "POST /models/load"
    case unload = "POST /models/unload"
    case adapterScales = "POST /lora-adapters"
}

/// vLLM's, beside OpenAI's.
enum AdapterRoute: String, RouteFamily {
    case load = "POST /v1/load_lora_adapter"
    case unload = "POST /v1/unload_lora_adapter"
}

/// Ollama's.
enum OllamaRoute: String, RouteFamily {
    case chat = "POST /api/chat"
    case generate = "POST /api/generate"
    case tags = "GET /api/tags"
    case show = "POST /api/show"
    case version = "GET /api/version"
    case ps = "GET /api/ps"
    case pull = "POST /api/pull"
}

/// Anthropic's.
enum AnthropicRoute: String, RouteFamily {
    case messages = "POST /v1/messages"
    case countTokens = "POST /v1/messages/count_tokens"
}
