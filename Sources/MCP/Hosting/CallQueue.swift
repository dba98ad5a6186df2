internal import Synchronization

/// Answers calls one after the other, in the order in which they came.
package final class CallQueue: Sendable {
    /// Answers a call, and tells how far it is. Stops early when its task is cancelled.
    package typealias Work = @Sendable (ToolCall, @escaping @Sendable (CallProgress) -> Void) async -> ToolAnswer
    package typealias Ticket = Int

    private struct Job: Sendable {
        var ticket: Ticket
        var call: ToolCall
        var report: @Sendable (CallProgress) -> Void
        var finish: @Sendable (ToolAnswer?) async -> Void
    }

    /// What callers and the worker share.
    private final class Register: Sendable {
        struct State {
            var lastTicket = 0
            var unfinished: Set<Ticket> = []
            var cancelled: Set<Ticket> = []
            var current: (ticket: Ticket, task: Task<ToolAnswer, Never>)?
        }
        let state = Mutex(State())
    }

    private let register = Register()
    private let jobs: AsyncStream<Job>.Continuation
    private let worker: Task<Void, Never>

    package init(_ work: @escaping Work) {
        let (stream, continuation) = AsyncStream<Job>.makeStream()
        jobs = continuation
        worker = Task { [register] in
            for await job in stream { await Self.run(job, work, register) }
        }
    }

    private static func run(_ job: Job, _ work: @escaping Work, _ register: Register) async {
        let task: Task<ToolAnswer, Never>? = register.state.withLock { state in
            guard !state.cancelled.contains(job.ticket) else { return nil }
            let task = Task { await work(job.call, job.report) }
            state.current = (job.ticket, task)
            return task
        }
        let answer = await task?.value
        let isCancelled = register.state.withLock { state in
            state.current = nil
            state.unfinished.remove(job.ticket)
            return state.cancelled.remove(job.ticket) != nil
        }
        await job.finish(isCancelled ? nil : answer)
    }

    /// - Parameter finish: told the answer once, nil when the call was cancelled.
    package func submit(
        _ call: ToolCall, report: @escaping @Sendable (CallProgress) -> Void,
        finish: @escaping @Sendable (ToolAnswer?) async -> Void
    ) -> Ticket {
        let ticket = register.state.withLock { state in
            state.lastTicket += 1
            state.unfinished.insert(state.lastTicket)
            return state.lastTicket
        }
        jobs.yield(Job(ticket: ticket, call: call, report: report, finish: finish))
        return ticket
    }

    package func cancel(_ ticket: Ticket) {
        register.state.withLock { state in
            guard state.unfinished.contains(ticket) else { return }
            state.cancelled.insert(ticket)
            if state.current?.ticket == ticket { state.current?.task.cancel() }
        }
    }

    /// Cancels all calls that came so far.
    package func cancelAll() {
        register.state.withLock { state in
            state.cancelled.formUnion(state.unfinished)
            state.current?.task.cancel()
        }
    }

    /// Takes no more calls, and returns when all that came are answered.
    package func close() async {
        jobs.finish()
        await worker.value
    }
}
