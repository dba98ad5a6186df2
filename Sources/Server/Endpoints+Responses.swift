import Chat
import JSON
import WireFormats

/// OpenAI's responses: conversations that this server remembers.
enum ResponsesRoute: Hashable, Sendable {
    case create
    case get(id: String)
    case delete(id: String)
}

extension Endpoints {
    func answer(
        _ incoming: IncomingRequest, _ route: ResponsesRoute, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        switch route {
        case .create: return try await createResponse(incoming, writer)
        case .get(let id):
            guard let entry = responses[id, for: incoming.client] else { throw Self.noResponse(id) }
            try await writer.send(status: 200, entry.body)
        case .delete(let id):
            guard responses.remove(id, for: incoming.client) else { throw Self.noResponse(id) }
            try await writer.send(["id": .string(id), "object": "response.deleted", "deleted": true])
        }
        return nil
    }

    private func createResponse(
        _ incoming: IncomingRequest, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        let fields = try RequestFields(body: incoming.body)
        let served = try find(fields.string("model"))
        let request = try ResponsesRequest(fields, defaults: served.defaults)
        let earlier =
            try request.previousID.map { id throws(APIError) in try conversation(of: id, incoming.client) } ?? []
        let identity = AnswerIdentity(id: "resp_\(RequestID.random())", created: Self.now, model: served.name)
        let remember: @Sendable (ResponseObject, ResponseSummary) -> Void = { [responses] object, summary in
            guard request.isStored else { return }
            responses.save(
                ResponseStore.Entry(
                    messages: earlier + request.input + [object.message], body: object.body(summary).bytes,
                    client: incoming.client),
                id: identity.id)
        }
        var object = ResponseObject(identity, request)
        let events = served.model.respond(to: request.messages(after: earlier), options: request.options)
        if request.streams {
            return try await stream(events, as: ResponsesStream(object, finished: remember), writer)
        }
        let summary = try await collect(events) { object.accept($0) }
        remember(object, summary)
        try await writer.send(object.body(summary))
        return summary
    }

    private func conversation(of id: String, _ client: String) throws(APIError) -> [Message] {
        guard let entry = responses[id, for: client] else {
            throw .badRequest(
                "There is no response '\(id.prefix(100))' here: it was not stored, or had to make room for later ones.",
                parameter: "previous_response_id", code: "previous_response_not_found")
        }
        return entry.messages
    }

    private static func noResponse(_ id: String) -> APIError {
        APIError(
            status: 404, kind: .invalidRequest, message: "There is no response '\(id.prefix(100))' here.",
            code: "not_found")
    }
}
