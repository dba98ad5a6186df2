/// A model that tells what texts and conversations become before it reads them.
package protocol PromptInspection: Sendable {
    /// The conversation as the model reads it, up to where its answer begins.
    func promptText(of messages: [Message], tools: [ToolDefinition]) async throws -> String
    /// Tokens of that text.
    func tokenCount(of messages: [Message], tools: [ToolDefinition]) async throws -> Int
    /// - Parameters:
    ///   - addsSequenceTokens: whether those that begin and end texts come with it, where the model has them.
    ///   - readsControlTokens: whether the names of control tokens stand for these; otherwise they are text.
    func tokens(of text: String, addsSequenceTokens: Bool, readsControlTokens: Bool) async throws -> [TextToken]
    /// Control tokens by their names; nil where an id is none of the model's.
    func bytes(of tokens: [Int32]) async throws -> [UInt8]?
    var facts: ModelFacts { get }
}

/// A token and what it stands for.
package struct TextToken: Hashable, Sendable {
    package var id: Int32
    /// Need not be whole characters.
    package var bytes: [UInt8]

    package init(id: Int32, bytes: [UInt8]) {
        self.id = id
        self.bytes = bytes
    }
}

/// What a model is, for those who ask.
package struct ModelFacts: Hashable, Sendable {
    /// Of its (first) file.
    package var path = ""
    package var byteCount = 0
    /// Seconds since 1970 when the file was last written.
    package var modified = 0
    /// Such as `qwen2`.
    package var architecture = ""
    package var parameterCount = 0
    /// Such as `Q4_K_M`.
    package var quantization = ""
    /// Tokens that it was trained for.
    package var trainedContext = 0
    package var vocabularyCount = 0
    package var embeddingLength = 0
    /// Jinja; nil for a base model.
    package var chatTemplate: String?
    package var beginOfSequence: String?
    package var endOfSequence: String?
    /// Whether it was trained to fill in the middle.
    package var fillsInMiddle = false

    package init() {}
}
