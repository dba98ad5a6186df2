package import Chat
import JSON

/// The body of `POST /v1/completions`. Unknown fields are ignored; `model` is read before.
/// - SeeAlso: OpenAI API reference, "Create completion" (legacy).
package struct CompletionRequest: Hashable, Sendable {
    package var prompt: TextPrompt
    /// Whether the answer begins with the prompt.
    package var echoes: Bool
    package var options: ResponseOptions
    package var form: AnswerForm

    /// Tokens of an answer whose request does not say.
    package static let usualLimit = 16

    /// - Parameter defaults: for what the request leaves open.
    package init(_ fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        form = try AnswerForm(fields)
        prompt = TextPrompt(try Self.prompt(fields))
        if let suffix = try fields.string("suffix"), !suffix.isEmpty { prompt.suffix = suffix }
        echoes = try fields.bool("echo") ?? false
        options = defaults
        try options.apply(fields)
        if let format = try ResponseFormat(fields) {
            guard prompt.suffix == nil else {
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

    /// One string, alone or in a list.
    private static func prompt(_ fields: RequestFields) throws(APIError) -> String {
        switch fields["prompt"] {
        case .string(let text)?: return text
        case .array(let values)? where values.count == 1:
            guard let text = values[0].string else { throw fields.wrong("prompt", expected: "a string") }
            return text
        default: throw fields.wrong("prompt", expected: "a string")
        }
    }
}
