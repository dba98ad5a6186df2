package import Chat
import JSON

/// The body of llama-server's `POST /completion` and `POST /infill`. Unknown fields are ignored.
/// - SeeAlso: llama.cpp, tools/server/README.md.
package struct LlamaCompletionRequest: Hashable, Sendable {
    /// At least one.
    package var prompts: [TextPrompt]
    package var options: ResponseOptions
    package var streams: Bool
    /// The answer has the ids of its tokens.
    package var tellsTokens: Bool
    /// The answer has the probabilities of its tokens.
    package var tellsProbabilities: Bool

    /// - Parameter defaults: for what the request leaves open.
    package init(completion fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        try self.init(fields, try fields.prompts("prompt").map { TextPrompt($0) }, defaults)
    }

    /// What is written already between prefix and suffix comes as `prompt`.
    /// - Parameter defaults: for what the request leaves open.
    package init(infill fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        guard let prefix = try fields.string("input_prefix") else {
            throw fields.wrong("input_prefix", expected: "a string")
        }
        guard let suffix = try fields.string("input_suffix") else {
            throw fields.wrong("input_suffix", expected: "a string")
        }
        let begun = try fields.string("prompt") ?? ""
        var files: [TextPrompt.File] = []
        for file in try fields.objects("input_extra") ?? [] {
            guard let text = try file.string("text") else { throw file.wrong("text", expected: "a string") }
            files.append(TextPrompt.File(path: try file.string("filename") ?? "tmp", text: text))
        }
        try self.init(fields, [TextPrompt(prefix + begun, suffix: suffix, otherFiles: files)], defaults)
    }

    private init(_ fields: RequestFields, _ prompts: [TextPrompt], _ defaults: ResponseOptions) throws(APIError) {
        self.prompts = prompts
        streams = try fields.bool("stream") ?? false
        options = defaults
        try options.applyTurn(fields)
        try options.applyLlamaNames(fields)
        try options.applyLlamaServerNames(fields)
        options.format = try ResponseFormat(fields) ?? .text
        for key in ["max_tokens", "n_predict"] {
            if let limit = try fields.integer(key, in: -2...Int.max) { options.maxTokens = limit < 0 ? nil : limit }
        }
        let rivals = try fields.integer("n_probs", in: 0...20) ?? 0
        tellsTokens = try fields.bool("return_tokens") ?? false
        tellsProbabilities = rivals > 0
        // Only answers with probabilities tell their tokens.
        options.logProbabilities = tellsTokens || tellsProbabilities ? rivals : nil
        try Self.refuseUnsupported(fields)
    }

    private static func refuseUnsupported(_ fields: RequestFields) throws(APIError) {
        if let mode = try fields.integer("mirostat", in: 0...2), mode > 0 {
            throw .unsupported("This server has no mirostat: 'mirostat' must be 0.", parameter: "mirostat")
        }
        if try fields.bool("ignore_eos") ?? false {
            throw .unsupported(
                "Answers end where the model ends them: 'ignore_eos' must be false.", parameter: "ignore_eos")
        }
    }
}
