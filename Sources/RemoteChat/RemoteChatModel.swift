package import Chat
package import HTTP
import JSON
import Synchronization

/// A model behind an address.
package final class RemoteChatModel: ChatModel {
    package let endpoint: Endpoint
    private let client: HTTPClient
    private let dialect: any RemoteDialect
    /// Seconds before a request that failed in passing is sent again, one after the other.
    private let pauses: [Double]

    /// - Parameter pauses: between attempts, in seconds, while nothing of an answer has come.
    package init(_ endpoint: Endpoint, client: HTTPClient, pauses: [Double] = [1, 2, 4, 8, 16]) {
        self.endpoint = endpoint
        self.client = client
        self.pauses = pauses
        dialect =
            switch endpoint.dialect {
            case .openai: OpenAIDialect()
            case .anthropic: AnthropicDialect()
            }
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await answer(messages, options) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func answer(
        _ messages: [Message], _ options: ResponseOptions, _ report: @escaping @Sendable (ChatEvent) -> Void
    ) async throws {
        // Those that the upstream would not take all of are looked for here.
        let cutsHere = options.stops.count > dialect.mostStops
        var request = try dialect.request(
            to: endpoint, messages, options, stops: cutsHere ? [] : options.stops)
        request.stallTimeoutSeconds = 900
        if let limit = options.timeLimit { request.totalTimeoutSeconds = max(1, Int(limit)) }
        var pauses = pauses[...]
        while true {
            let exchange = RemoteExchange(
                url: request.url, reader: dialect.reader(), stops: cutsHere ? options.stops : [], report: report)
            do throws(RemoteChatError) {
                try await exchange.perform(request, client)
                return
            } catch {
                guard error.isTransient, !exchange.hasAnswered, let pause = pauses.popFirst() else { throw error }
                var seconds = pause
                if case .refused(_, _, _, let asked?) = error { seconds = max(pause, min(asked, 60)) }
                try await Task.sleep(for: .seconds(seconds))
            }
        }
    }
}
