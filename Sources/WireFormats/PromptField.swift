import Chat
import JSON

extension RequestFields {
    /// Texts of one request, here as in `EmbeddingRequest`.
    private static let promptLimit = EmbeddingRequest.inputLimit

    /// The prompts of a request: a text, a list of token ids with texts among them, or a list of such.
    func prompts(_ key: String) throws(APIError) -> [[TextPrompt.Piece]] {
        switch self[key] {
        case .string(let text)?: return [[.text(text)]]
        case .array(let values)?:
            guard !values.isEmpty else {
                throw .badRequest("'\(name(key))' is empty.", parameter: name(key), code: "invalid_value")
            }
            // A number makes the list one prompt: a list of texts alone has a prompt in each.
            if values.contains(where: { $0.number != nil }) { return [try pieces(values, key)] }
            guard values.count <= Self.promptLimit else {
                throw .badRequest(
                    "'\(name(key))' has \(values.count) prompts, and a request may have \(Self.promptLimit).",
                    parameter: name(key), code: "invalid_value")
            }
            var prompts: [[TextPrompt.Piece]] = []
            for value in values {
                switch value {
                case .string(let text): prompts.append([.text(text)])
                case .array(let values): prompts.append(try pieces(values, key))
                default: throw wrongPrompt(key)
                }
            }
            return prompts
        default: throw wrongPrompt(key)
        }
    }

    /// Ids that follow one another are one piece.
    private func pieces(_ values: [JSONValue], _ key: String) throws(APIError) -> [TextPrompt.Piece] {
        guard !values.isEmpty else {
            throw .badRequest("'\(name(key))' has an empty prompt.", parameter: name(key), code: "invalid_value")
        }
        var pieces: [TextPrompt.Piece] = []
        var ids: [Int32] = []
        for value in values {
            if case .string(let text) = value {
                if !ids.isEmpty { pieces.append(.tokens(ids)) }
                ids = []
                pieces.append(.text(text))
            } else if let integer = value.integer, let id = Int32(exactly: integer) {
                ids.append(id)
            } else {
                throw wrongPrompt(key)
            }
        }
        if !ids.isEmpty { pieces.append(.tokens(ids)) }
        return pieces
    }

    private func wrongPrompt(_ key: String) -> APIError {
        wrong(key, expected: "a string, a list of token ids, or a list of such")
    }
}
