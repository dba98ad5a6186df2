extension Operation {
    private static let events = "text/event-stream"
    private static let lines = "application/x-ndjson"

    /// Every route of the server.
    static let all: [Operation] = [
        Operation(
            "POST /v1/chat/completions", "OpenAI", "Answer a conversation.", body: "ChatRequest", answer: "ChatAnswer",
            stream: events),
        Operation(
            "POST /v1/completions", "OpenAI", "Continue a text, or fill in before a suffix.", body: "CompletionRequest",
            answer: "CompletionAnswer", stream: events),
        Operation(
            "POST /v1/responses", "OpenAI", "Answer, and remember the conversation.", body: "ResponsesRequest",
            answer: "Object", stream: events),
        Operation("GET /v1/responses/{id}", "OpenAI", "A response that is remembered.", answer: "Object"),
        Operation("DELETE /v1/responses/{id}", "OpenAI", "Forget a response.", answer: "Object"),
        Operation(
            "POST /v1/embeddings", "OpenAI", "The vectors of texts.", body: "EmbeddingRequest",
            answer: "EmbeddingAnswer"),
        Operation("GET /v1/models", "OpenAI", "The models.", answer: "ModelList"),
        Operation("GET /v1/models/{id}", "OpenAI", "One model.", answer: "Model"),
        Operation("GET /health", "martlet", "Whether the server works.", answer: "Object", needsKey: false),
        Operation("GET /metrics", "martlet", "Counters and histograms for Prometheus.", answerType: "text/plain"),
        Operation("GET /v1/status", "martlet", "What every model is doing.", answer: "Object"),
        Operation("GET /", "martlet", "The page for people.", answerType: "text/html", needsKey: false),
        Operation("GET /page/{id}", "martlet", "A file of the page.", answerType: "*/*", needsKey: false),
        Operation("GET /openapi.json", "martlet", "This document.", answer: "Object"),
        Operation(
            "POST /v1/messages", "Anthropic", "Answer a conversation.", body: "MessagesRequest", answer: "Object",
            stream: events),
        Operation(
            "POST /v1/messages/count_tokens", "Anthropic", "How many tokens a conversation has.",
            body: "MessagesRequest",
            answer: "Object"),
        Operation(
            "POST /completion", "llama-server", "Continue a text.", body: "LlamaRequest", answer: "Object",
            stream: events),
        Operation(
            "POST /completions", "llama-server", "Continue a text.", body: "LlamaRequest", answer: "Object",
            stream: events),
        Operation(
            "POST /infill", "llama-server", "Fill in between two texts.", body: "InfillRequest", answer: "Object",
            stream: events),
        Operation(
            "POST /tokenize", "llama-server", "The tokens of a text.", body: "TokenizeRequest", answer: "Object"),
        Operation(
            "POST /detokenize", "llama-server", "The text of tokens.", body: "DetokenizeRequest", answer: "Object"),
        Operation(
            "POST /apply-template", "llama-server", "The prompt that a conversation becomes.", body: "ChatRequest",
            answer: "Object"),
        Operation("GET /props", "llama-server", "What the model is and how it answers.", answer: "Object"),
        Operation("GET /slots", "llama-server", "The sequences that the engine works on."),
        Operation(
            "POST /slots/{id}", "llama-server", "Save, restore or erase a slot.", body: "SlotFile", answer: "Object"),
        Operation(
            "POST /rerank", "llama-server", "Documents in the order that a question has for them.",
            body: "RerankRequest", answer: "Object"),
        Operation(
            "POST /v1/rerank", "llama-server", "Documents in the order that a question has for them.",
            body: "RerankRequest", answer: "Object"),
        Operation("GET /lora-adapters", "llama-server", "The adapters that are loaded."),
        Operation(
            "POST /lora-adapters", "llama-server", "Say which adapters are in force.", body: "AdapterScales",
            answer: "Object"),
        Operation(
            "POST /v1/load_lora_adapter", "vLLM", "Load an adapter.", body: "AdapterLoading",
            answerType: "text/plain"),
        Operation(
            "POST /v1/unload_lora_adapter", "vLLM", "End an adapter.", body: "AdapterLoading",
            answerType: "text/plain"),
        Operation(
            "POST /models/load", "llama-server", "Bring a model into memory.", body: "LoadRequest", answer: "Object"),
        Operation(
            "POST /models/unload", "llama-server", "Let a model leave memory.", body: "LoadRequest", answer: "Object"),
        Operation(
            "POST /api/chat", "Ollama", "Answer a conversation.", body: "OllamaChatRequest", answer: "Object",
            stream: lines),
        Operation(
            "POST /api/generate", "Ollama", "Answer a prompt.", body: "OllamaGenerateRequest", answer: "Object",
            stream: lines),
        Operation("GET /api/tags", "Ollama", "The models.", answer: "Object"),
        Operation("POST /api/show", "Ollama", "One model.", body: "OllamaName", answer: "Object"),
        Operation("GET /api/version", "Ollama", "The version.", answer: "Object"),
        Operation("GET /api/ps", "Ollama", "The models in memory.", answer: "Object"),
        Operation(
            "POST /api/pull", "Ollama", "Fetch a model.", body: "OllamaName", answer: "Object", stream: lines),
    ]
}
