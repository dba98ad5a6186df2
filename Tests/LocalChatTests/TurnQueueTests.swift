import LocalChat
import Synchronization
import Testing

@Suite("Turn queue")
struct TurnQueueTests {
    /// What happened, in order.
    private final class Diary: Sendable {
        private let lines = Mutex<[String]>([])
        func write(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
        func waitFor(_ line: String) async { while !all.contains(line) { await Task.yield() } }
    }

    /// Holds the turn until told to let go.
    private func hold(_ queue: TurnQueue, _ diary: Diary) -> (task: Task<Void, any Error>, release: () -> Void) {
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await queue.withTurn {
                diary.write("held")
                for await _ in gate {}
            }
        }
        return (task, { opener.finish() })
    }

    @Test("serves in the order of asking, one at a time")
    func order() async throws {
        let (queue, diary) = (TurnQueue(), Diary())
        let (first, release) = hold(queue, diary)
        await diary.waitFor("held")
        var tasks = [first]
        for index in 0..<20 {
            // Each asks only when the one before waits: its number is then the next ticket.
            let task = Task {
                try await queue.withTurn {
                    diary.write("begin \(index)")
                    await Task.yield()
                    diary.write("end \(index)")
                }
            }
            tasks.append(task)
            while queue.waitingCount <= index { await Task.yield() }
        }
        release()
        for task in tasks { try await task.value }
        #expect(diary.all == ["held"] + (0..<20).flatMap { ["begin \($0)", "end \($0)"] })
    }

    @Test("as many have turns at a time as it is wide, and no more")
    func width() async throws {
        let (queue, diary) = (TurnQueue(width: 3, limit: 1), Diary())
        let holders = (0..<3).map { _ in hold(queue, diary) }
        while diary.all.count < 3 { await Task.yield() }
        let fourth = Task { try await queue.withTurn { diary.write("fourth") } }
        while queue.waitingCount < 1 { await Task.yield() }
        await #expect(throws: LocalChatError.self) { try await queue.withTurn { diary.write("fifth") } }
        #expect(diary.all == ["held", "held", "held"])
        holders[1].release()
        try await fourth.value
        for holder in holders { holder.release() }
        for holder in holders { try await holder.task.value }
        #expect(diary.all == ["held", "held", "held", "fourth"] && queue.waitingCount == 0)
    }

    @Test("who is cancelled leaves at once, also while others wait behind")
    func cancellation() async throws {
        let (queue, diary) = (TurnQueue(), Diary())
        let (first, release) = hold(queue, diary)
        await diary.waitFor("held")
        let second = Task { try await queue.withTurn { diary.write("second") } }
        while queue.waitingCount < 1 { await Task.yield() }
        let third = Task { try await queue.withTurn { diary.write("third") } }
        while queue.waitingCount < 2 { await Task.yield() }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        release()
        try await first.value
        try await third.value
        #expect(diary.all == ["held", "third"])
    }

    @Test("an error in a turn ends it")
    func error() async throws {
        struct Failure: Error {}
        let queue = TurnQueue()
        await #expect(throws: Failure.self) { try await queue.withTurn { throw Failure() } }
        #expect(try await queue.withTurn { 1 } == 1)
    }
}
