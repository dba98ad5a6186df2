package import Chat
import JSON

/// The body of `POST /v1/embeddings`. Unknown fields are ignored; `model` is read before.
/// - SeeAlso: OpenAI API reference, "Create embeddings".
package struct EmbeddingRequest: Hashable, Sendable {
    /// How vectors go over the wire.
    package enum Encoding: String, CaseIterable, Hashable, Sendable {
        case float
        /// Float32, little-endian, in base 64.
        case base64
    }

    /// Texts of one request.
    package static let inputLimit = 2048

    package var inputs: [EmbeddingInput]
    package var encoding: Encoding
    /// Elements to keep of each vector; nil for all.
    package var dimensions: Int?

    package init(_ fields: RequestFields) throws(APIError) {
        inputs = try Self.inputs(fields)
        let name = try fields.string("encoding_format") ?? Encoding.float.rawValue
        guard let encoding = Encoding(rawValue: name) else {
            throw .unsupported(
                "'encoding_format' must be float or base64.", parameter: fields.name("encoding_format"))
        }
        self.encoding = encoding
        dimensions = try fields.integer("dimensions", in: 1...Int.max)
    }

    /// One text or list of tokens, or a list of either.
    private static func inputs(_ fields: RequestFields) throws(APIError) -> [EmbeddingInput] {
        let expected = "a string, a list of strings, a list of token ids, or a list of such lists"
        switch fields["input"] {
        case .string(let text)?: return [.text(text)]
        case .array(let values)?:
            guard !values.isEmpty else { throw .badRequest("'input' is empty.", parameter: fields.name("input")) }
            if values.allSatisfy({ $0.integer != nil }) { return [.tokens(try tokens(values, fields))] }
            guard values.count <= inputLimit else {
                throw .badRequest(
                    "'input' has \(values.count) texts, and a request may have \(inputLimit).",
                    parameter: fields.name("input"), code: "invalid_value")
            }
            var inputs: [EmbeddingInput] = []
            for value in values {
                switch value {
                case .string(let text): inputs.append(.text(text))
                case .array(let ids): inputs.append(.tokens(try tokens(ids, fields)))
                default: throw fields.wrong("input", expected: expected)
                }
            }
            return inputs
        default: throw fields.wrong("input", expected: expected)
        }
    }

    private static func tokens(_ values: [JSONValue], _ fields: RequestFields) throws(APIError) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(values.count)
        for value in values {
            guard let integer = value.integer, let id = Int32(exactly: integer) else {
                throw fields.wrong("input", expected: "texts, or lists of token ids")
            }
            ids.append(id)
        }
        return ids
    }
}
