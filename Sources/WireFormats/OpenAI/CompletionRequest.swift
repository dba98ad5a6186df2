package import Chat
import JSON

/// The body of `POST /v1/completions`. Unknown fields are ignored; `model` is read before.
/// - SeeAlso: OpenAI API reference, "Create completion" (legacy).
package struct CompletionRequest: Hashable, Sendable {
    /// At least one.
    package var prompts: [TextPrompt]
    /// Whether the answer begins with the prompt.
    package var echoes: Bool
    package var options: ResponseOptions
    package var form: AnswerForm

    /// Tokens of an answer whose request does not say.
    package static let usualLimit = 16

    /// - Parameter defaults: for what the request leaves open.
    package init(_ fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        form = try AnswerForm(fields)
        let given = try fields.string("suffix")
        let suffix = given?.isEmpty == false ? given : nil
        prompts = try fields.prompts("prompt").map { TextPrompt($0, suffix: suffix) }
        echoes = try fields.bool("echo") ?? false
        options = defaults
        try options.apply(fields)
        if let format = try ResponseFormat(fields) {
            guard suffix == nil else {
                throw .unsupported("What stands before a suffix can't be held to a format.", parameter: "suffix")
            }
            options.format = format
        }
        options.maxTokens =
            try fields.integer("max_tokens", in: 0...Int.max) ?? defaults.maxTokens ?? Self.usualLimit
        options.logProbabilities = try fields.integer("logprobs", in: 0...20)
        if echoes, options.logProbabilities != nil {
            throw .unsupported("The prompt's own probabilities are not told: leave out 'echo'.", parameter: "echo")
        }
    }
}
