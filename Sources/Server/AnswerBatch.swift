import Chat
import WireFormats

/// The answers to one request, made side by side as far as the model does that.
///
/// An answer begins when there is room for it beside its siblings: a request with many does not fill the queue that others
/// wait in, too.
struct AnswerBatch: Sendable {
    typealias Events = AsyncThrowingStream<ChatEvent, any Error>

    let count: Int
    /// Answers to each prompt.
    let candidates: Int
    /// Answers at a time.
    private let width: Int
    private let make: @Sendable (Int) -> Events

    /// One that is being made already.
    init(_ events: Events) {
        (count, candidates, width) = (1, 1, 1)
        make = { _ in events }
    }

    /// As many answers to each prompt as a request wants, in the order of the prompts.
    /// - Parameter answer: makes one to the prompt of an index.
    init(
        _ form: AnswerForm, _ options: ResponseOptions, prompts: Int = 1, by served: ServedModel,
        _ answer: @escaping @Sendable (Int, ResponseOptions) -> Events
    ) {
        let candidates = form.candidates
        count = prompts * candidates
        self.candidates = candidates
        width = max(1, served.sequences)
        var options = options
        // The probabilities decide which are kept.
        if candidates > form.count, options.logProbabilities == nil { options.logProbabilities = 0 }
        let start = ContinuousClock.now
        make = { [options, width] index in
            var options = options
            // With the same seed all answers to a prompt would be the same.
            options.seed = options.seed.map { $0 &+ UInt64(index % candidates) }
            // The time is the request's, also for those that waited for others.
            if index >= width, let limit = options.timeLimit {
                options.timeLimit = max(0.001, limit - (ContinuousClock.now - start) / .seconds(1))
            }
            return answer(index / candidates, options)
        }
    }

    /// What `read` makes of the events of each answer, in order.
    func map<R: Sendable>(_ read: @escaping @Sendable (Int, Events) async throws -> R) async throws -> [R] {
        try await withThrowingTaskGroup(of: (Int, R).self) { group in
            var results: [Int: R] = [:]
            for index in 0..<count {
                if index >= width, let (done, result) = try await group.next() { results[done] = result }
                // Answers that were cancelled end like others; nobody waits for the next ones.
                try Task.checkCancellation()
                group.addTask { (index, try await read(index, make(index))) }
            }
            for try await (done, result) in group { results[done] = result }
            return (0..<count).compactMap { results[$0] }
        }
    }
}

/// What happens while an answer of a batch is made.
struct BatchEvent: Sendable {
    /// Of the answer.
    var index: Int
    var event: ChatEvent
}
