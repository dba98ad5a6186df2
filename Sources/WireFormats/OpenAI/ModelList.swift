/// A model as `GET /v1/models` lists it.
package struct ModelCard: Hashable, Sendable, Encodable {
    package var id: String
    let object = "model"
    /// Seconds since 1970.
    package var created: Int
    let ownedBy = "martlet"
    /// Tokens that prompt and answer may have together; more than OpenAI tells, as other local servers do.
    package var maxModelLen: Int
    /// Whether it is in memory, as llama-server's router tells it: `loaded`, `unloaded`, or on its way.
    package var status: Status
    /// Of an adapter: the model that it corrects.
    package var parent: String?

    package struct Status: Hashable, Sendable, Encodable {
        package var value: String
    }

    package init(id: String, created: Int, contextLength: Int, status: String = "loaded") {
        self.id = id
        self.created = created
        maxModelLen = contextLength
        self.status = Status(value: status)
    }

    /// The same model with an adapter of that name.
    package func adapted(by name: String) -> ModelCard {
        var card = self
        (card.id, card.parent) = (name, id)
        return card
    }

    private enum CodingKeys: CodingKey { case id, object, created, ownedBy, maxModelLen, status, parent }
}

/// The answer of `GET /v1/models`.
package struct ModelList: Hashable, Sendable, Encodable {
    let object = "list"
    package var data: [ModelCard]

    package init(_ data: [ModelCard]) { self.data = data }

    private enum CodingKeys: CodingKey { case object, data }
}
