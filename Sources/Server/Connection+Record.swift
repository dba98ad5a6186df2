import Chat
import NIOHTTP1

extension Connection {
    /// Tells whoever runs the server that a request is over.
    func record(
        _ request: IncomingRequest, route: Route?, _ writer: ResponseWriter, since start: ContinuousClock.Instant,
        _ summary: ResponseSummary? = nil, failure: String? = nil
    ) {
        let record = RequestRecord(
            id: request.id, method: request.head.method.rawValue, route: route?.pattern, status: writer.status,
            seconds: (ContinuousClock.now - start) / .seconds(1), isComplete: writer.isComplete,
            promptTokens: summary?.promptTokens, reusedTokens: summary?.reusedTokens,
            generatedTokens: summary?.generatedTokens, failure: failure,
            isRoutine: writer.isComplete && route?.isRoutine == true)
        service.note(record)
        report(.answered(record))
    }
}
