import JSON

/// The body of `POST /v1/rerank`, as Jina and Cohere have it and llama-server takes it.
package struct RerankRequest: Hashable, Sendable {
    package var query: String
    package var documents: [String]
    /// How many of the best to tell.
    package var limit: Int
    package var returnsDocuments: Bool

    package init(_ fields: RequestFields) throws(APIError) {
        guard let query = try fields.string("query") else { throw fields.wrong("query", expected: "a string") }
        self.query = query
        // llama-server also takes TEI's name.
        let key = fields["documents"] == nil ? "texts" : "documents"
        guard case .array(let values)? = fields[key], !values.isEmpty else {
            throw fields.wrong("documents", expected: "a list of strings")
        }
        var documents: [String] = []
        for value in values {
            guard let text = value.string ?? value.object?["text"]?.string else {
                throw fields.wrong("documents", expected: "a list of strings")
            }
            documents.append(text)
        }
        guard documents.count <= EmbeddingRequest.inputLimit else {
            throw .badRequest(
                "'documents' has \(documents.count) texts, and a request may have \(EmbeddingRequest.inputLimit).",
                parameter: fields.name("documents"), code: "invalid_value")
        }
        self.documents = documents
        limit = try fields.integer("top_n", in: 1...Int.max) ?? documents.count
        returnsDocuments = try fields.bool("return_documents") ?? false
    }
}
