import Synchronization

/// The next thing that a stream has to react to.
enum StreamInput<Event: Sendable>: Sendable {
    case event(Event)
    /// Some time has passed.
    case beat
}

/// Hands the events to `body` as they come, and a beat every `interval`, one after another. At most one beat waits.
///
/// - Parameter onStall: called when `body` has taken nothing for about `stallLimit`; it should make it fail.
func withHeartbeat<Event: Sendable>(
    _ events: AsyncThrowingStream<Event, any Error>, every interval: Duration, stallLimit: Duration,
    onStall: @escaping @Sendable () -> Void, _ body: (StreamInput<Event>) async throws -> Void
) async throws {
    try await withHeartbeat(
        every: interval, stallLimit: stallLimit, onStall: onStall,
        { report in for try await event in events { report(event) } }, body)
}

/// The same for events that `source` reports until it returns.
func withHeartbeat<Event: Sendable>(
    every interval: Duration, stallLimit: Duration, onStall: @escaping @Sendable () -> Void,
    _ source: @escaping @Sendable (@escaping @Sendable (Event) -> Void) async throws -> Void,
    _ body: (StreamInput<Event>) async throws -> Void
) async throws {
    let (inputs, queue) = AsyncThrowingStream<StreamInput<Event>, any Error>.makeStream()
    let pulse = Pulse()
    let mostBeats = max(1, Int(stallLimit / interval))
    try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask {
            do {
                try await source { queue.yield(.event($0)) }
                queue.finish()
            } catch {
                queue.finish(throwing: error)
            }
        }
        group.addTask {
            while true {
                try await Task.sleep(for: interval)
                if pulse.beginBeat() { queue.yield(.beat) }
                if pulse.missedBeats > mostBeats { onStall() }
            }
        }
        for try await input in inputs {
            if case .beat = input { pulse.endBeat() }
            try await body(input)
            pulse.advance()
        }
    }
}

/// Whether a beat waits to be taken, and for how long nothing was.
private final class Pulse: Sendable {
    private let isWaiting = Atomic<Bool>(false)
    private let missed = Atomic<Int>(0)

    /// Whether another beat may wait.
    func beginBeat() -> Bool {
        missed.add(1, ordering: .relaxed)
        return !isWaiting.exchange(true, ordering: .relaxed)
    }

    func endBeat() { isWaiting.store(false, ordering: .relaxed) }
    func advance() { missed.store(0, ordering: .relaxed) }
    var missedBeats: Int { missed.load(ordering: .relaxed) }
}
