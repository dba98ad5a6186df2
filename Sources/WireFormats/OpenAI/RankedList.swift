package import Chat

/// The answer of `POST /v1/rerank`: the best documents first.
package struct RankedList: Hashable, Sendable, Encodable {
    struct Item: Hashable, Sendable, Encodable {
        struct Document: Hashable, Sendable, Encodable {
            var text: String
        }

        /// In the request.
        var index: Int
        /// A logit.
        var relevanceScore: Float
        var document: Document?
    }

    struct Usage: Hashable, Sendable, Encodable {
        var promptTokens: Int
        var totalTokens: Int
    }

    let object = "list"
    var model: String
    var results: [Item]
    var usage: Usage

    package init(_ scores: PairScores, of request: RerankRequest, model: String) {
        self.model = model
        usage = Usage(promptTokens: scores.tokens, totalTokens: scores.tokens)
        let order = scores.scores.indices.sorted { (scores.scores[$1], $0) < (scores.scores[$0], $1) }
        results = order.prefix(request.limit).map { index in
            Item(
                index: index, relevanceScore: scores.scores[index],
                document: request.returnsDocuments ? Item.Document(text: request.documents[index]) : nil)
        }
    }

    private enum CodingKeys: CodingKey { case object, model, results, usage }
}
