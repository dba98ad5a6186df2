package import Chat
import Foundation

/// The answer of `POST /v1/embeddings`.
package struct EmbeddingList: Hashable, Sendable, Encodable {
    struct Item: Hashable, Sendable, Encodable {
        let object = "embedding"
        var index: Int
        var embedding: Vector

        private enum CodingKeys: CodingKey { case object, index, embedding }
    }

    enum Vector: Hashable, Sendable, Encodable {
        case floats([Float])
        case base64(String)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .floats(let floats): try container.encode(floats)
            case .base64(let text): try container.encode(text)
            }
        }
    }

    struct Usage: Hashable, Sendable, Encodable {
        var promptTokens: Int
        var totalTokens: Int
    }

    let object = "list"
    var data: [Item]
    var model: String
    var usage: Usage

    /// - Parameter dimensions: elements to keep of each vector, which is then brought back to length 1.
    package init(
        _ embeddings: Embeddings, model: String, encoding: EmbeddingRequest.Encoding, dimensions: Int?
    ) {
        self.model = model
        usage = Usage(promptTokens: embeddings.tokens, totalTokens: embeddings.tokens)
        data = embeddings.vectors.enumerated().map { index, vector in
            let kept = dimensions.map { Self.shortened(vector, to: $0) } ?? vector
            return Item(index: index, embedding: encoding == .float ? .floats(kept) : .base64(Self.base64(kept)))
        }
    }

    private static func shortened(_ vector: [Float], to count: Int) -> [Float] {
        guard count < vector.count else { return vector }
        let kept = vector.prefix(count)
        let square = kept.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square > 0 else { return Array(kept) }
        return kept.map { Float(Double($0) / square.squareRoot()) }
    }

    private static func base64(_ vector: [Float]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * vector.count)
        for value in vector {
            let bits = value.bitPattern
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
            }
        }
        return Data(bytes).base64EncodedString()
    }

    private enum CodingKeys: CodingKey { case object, data, model, usage }
}
