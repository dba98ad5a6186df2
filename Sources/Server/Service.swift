import Chat
import WireFormats

/// What a server offers, whichever connection asks for it.
protocol Service: Sendable {
    /// - Throws: 404 and 405 with what there is instead.
    func route(method: String, target: String) throws(APIError) -> Route
    func answer(
        _ request: IncomingRequest, _ route: Route, _ writer: ResponseWriter
    ) async throws -> ResponseSummary?
    /// A request is over.
    func note(_ record: RequestRecord)
}

extension Endpoints: Service {
    func route(method: String, target: String) throws(APIError) -> Route {
        try Route.find(method: method, target: target)
    }

    func note(_ record: RequestRecord) { metrics.note(record) }
}
