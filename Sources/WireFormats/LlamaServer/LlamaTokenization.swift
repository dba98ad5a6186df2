package import Chat
package import JSON

/// The body of llama-server's `POST /tokenize`.
package struct TokenizeRequest: Hashable, Sendable {
    package var text: String
    package var addsSequenceTokens: Bool
    package var readsControlTokens: Bool
    /// The answer has the text of each token.
    package var tellsPieces: Bool

    package init(_ fields: RequestFields) throws(APIError) {
        guard let text = try fields.string("content") else { throw fields.wrong("content", expected: "a string") }
        self.text = text
        addsSequenceTokens = try fields.bool("add_special") ?? false
        readsControlTokens = try fields.bool("parse_special") ?? true
        tellsPieces = try fields.bool("with_pieces") ?? false
    }

    /// A piece that is no whole text is a list of its bytes.
    package func body(_ tokens: [TextToken]) -> JSONValue {
        [
            "tokens": .array(
                tokens.map { token in
                    guard tellsPieces else { return .integer(Int(token.id)) }
                    let piece: JSONValue =
                        String(validating: token.bytes, as: UTF8.self).map { .string($0) }
                        ?? .array(token.bytes.map { .integer(Int($0)) })
                    return ["id": .integer(Int(token.id)), "piece": piece]
                })
        ]
    }
}

/// The body of llama-server's `POST /detokenize`.
package struct DetokenizeRequest: Hashable, Sendable {
    package var tokens: [Int32]

    package init(_ fields: RequestFields) throws(APIError) {
        let ids = fields["tokens"]?.array?.compactMap { $0.integer.flatMap { Int32(exactly: $0) } }
        guard let ids, ids.count == fields["tokens"]?.array?.count else {
            throw fields.wrong("tokens", expected: "a list of ids")
        }
        tokens = ids
    }
}
