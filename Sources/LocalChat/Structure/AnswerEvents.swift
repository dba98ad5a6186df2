import Chat
import Synchronization

/// The events of one answer on their way to whoever asked, its calls and thoughts told apart.
final class AnswerEvents: Sendable {
    private let reader: Mutex<AnswerReader?>
    private let continuation: AsyncThrowingStream<ChatEvent, any Error>.Continuation

    /// - Parameter reader: nil where the text is to be told as it is.
    init(_ reader: AnswerReader?, _ continuation: AsyncThrowingStream<ChatEvent, any Error>.Continuation) {
        self.reader = Mutex(reader)
        self.continuation = continuation
    }

    /// Passes an event on: one at a time, in their order.
    func report(_ event: ChatEvent) {
        let events = reader.withLock { $0?.read(event) } ?? [event]
        for event in events { continuation.yield(event) }
    }
}
