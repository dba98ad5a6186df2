import Chat
import Synchronization

/// Models that share a budget of memory, brought in when they are needed. `ResidencyScheduler` decides; this loads, unloads,
/// and lets requests wait.
package final class ModelPool: Sendable {
    typealias Waiter = CheckedContinuation<OpenedModel, any Error>

    struct State: Sendable {
        var scheduler: ResidencyScheduler
        var waiters: [Int: Waiter] = [:]
        var opened: [Int: OpenedModel] = [:]
        var records: [PoolRecord]
        var lastRequest = 0
        /// What wakes the pool when a model has rested for long enough, and when that is.
        var alarm: (task: Task<Void, Never>, time: Double)?
        /// Who waits until no model is left.
        var drained: [CheckedContinuation<Void, Never>] = []
        var isClosing = false
    }

    /// What leaves the lock: to be done in this order.
    private enum Effect {
        case resume(Waiter, Result<OpenedModel, any Error>)
        case load(Int)
        case unload(Int, OpenedModel)
    }

    /// The models, whose numbers are their places here.
    package let entries: [PoolEntry]
    /// Bytes that models may take together.
    package let budget: Int
    private let waitingLimit: Int
    private let report: @Sendable (PoolEvent) -> Void
    let state: Mutex<State>
    private let clock = ContinuousClock()
    private let origin = ContinuousClock.now

    /// - Parameters:
    ///   - budget: bytes that models may take together.
    ///   - keepAlive: seconds that a model stays after its last use; infinite: until others need the room.
    ///   - waitingLimit: requests that may wait for a model to be in memory; more are refused.
    ///   - report: told what happens, from any thread.
    package init(
        _ entries: [PoolEntry], budget: Int, keepAlive: Double = .infinity, waitingLimit: Int = 64,
        report: @escaping @Sendable (PoolEvent) -> Void = { _ in }
    ) {
        self.entries = entries
        self.budget = budget
        self.waitingLimit = waitingLimit
        self.report = report
        state = Mutex(
            State(
                scheduler: ResidencyScheduler(
                    byteCounts: entries.map(\.byteCount), budget: budget, keepAlive: keepAlive),
                records: entries.map { _ in PoolRecord() }))
    }

    /// Seconds since the pool began.
    var now: Double { (clock.now - origin) / .seconds(1) }

    // MARK: Using

    /// Uses a model that is in memory for as long as `body` runs, which may wait for it to get there.
    ///
    /// - Parameters:
    ///   - keepAlive: seconds that the model stays after its uses from now on; nil changes nothing.
    ///   - waitLimit: seconds to wait at most.
    /// - Throws: `ModelLoadError`, `RequestRefusal` where the model never fits, too many wait, or the time is over,
    ///   `CancellationError`, and what `body` throws.
    package func withModel<T: Sendable>(
        _ model: Int, keepAlive: Double? = nil, waitLimit: Double? = nil,
        _ body: (OpenedModel) async throws -> T
    ) async throws -> T {
        let opened = try await take(model, keepAlive: keepAlive, waitLimit: waitLimit)
        defer { change { $0.scheduler.release(model: model, at: now) } }
        return try await body(opened)
    }

    /// Lets a model go as soon as nobody uses it.
    package func dismiss(_ model: Int) {
        change { $0.scheduler.dismiss(model: model, at: now) }
    }

    /// Lets all models go, and returns when they are gone, which those in use are when their users are done. Nothing is
    /// reported any more.
    package func close() async {
        state.withLock { $0.isClosing = true }
        for model in entries.indices { dismiss(model) }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.scheduler.isEmpty { state.drained.append(continuation) }
                return state.scheduler.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func take(_ model: Int, keepAlive: Double?, waitLimit: Double?) async throws -> OpenedModel {
        let request = state.withLock { state in
            state.lastRequest += 1
            return state.lastRequest
        }
        let deadline = waitLimit.map { limit in
            Task {
                try await Task.sleep(for: .seconds(limit))
                withdraw(request, RequestRefusal.timeLimit(seconds: limit))
            }
        }
        defer { deadline?.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                if let refusal = begin(request, model, keepAlive, waiter) { waiter.resume(throwing: refusal) }
            }
        } onCancel: {
            withdraw(request, CancellationError())
        }
    }

    /// - Returns: why it cannot even wait.
    private func begin(_ request: Int, _ model: Int, _ keepAlive: Double?, _ waiter: Waiter) -> (any Error)? {
        var refusal: (any Error)?
        change { state in
            // A cancellation before this is seen here; one after it finds the request.
            if Task.isCancelled {
                refusal = CancellationError()
            } else if !state.scheduler.fits(model) {
                refusal = tooLarge(model)
            }
            guard refusal == nil else { return [] }
            let actions = state.scheduler.request(request, model: model, keepAlive: keepAlive, at: now)
            let waiting = state.scheduler.waitingForRoom
            if waiting.contains(request), waiting.count > waitingLimit,
                let more = state.scheduler.withdraw(request, at: now)
            {
                refusal = RequestRefusal.busy(waiting: waiting.count - 1)
                return actions + more
            }
            state.waiters[request] = waiter
            return actions
        }
        return refusal
    }

    private func withdraw(_ request: Int, _ error: any Error) {
        var waiter: Waiter?
        change { state in
            guard let actions = state.scheduler.withdraw(request, at: now) else { return [] }
            waiter = state.waiters.removeValue(forKey: request)
            return actions
        }
        waiter?.resume(throwing: error)
    }

    private func tooLarge(_ model: Int) -> RequestRefusal {
        let (entry, mebibyte) = (entries[model], 1 << 20)
        return .unsupported(
            reason: """
                '\(entry.name)' takes \((entry.byteCount + mebibyte - 1) / mebibyte) MiB and all models together may take \
                \(budget / mebibyte) MiB. Start the server with a larger --memory or a smaller --context.
                """)
    }

    // MARK: Doing

    /// Lets the scheduler decide, and does what it says.
    private func change(_ decide: (inout State) -> [ResidencyScheduler.Action]) {
        let effects = state.withLock { state in
            let actions = decide(&state)
            setAlarm(&state)
            let effects = Self.effects(of: actions, &state)
            if state.scheduler.isEmpty {
                for continuation in state.drained { continuation.resume() }
                state.drained = []
            }
            return effects
        }
        for effect in effects { perform(effect) }
    }

    private static func effects(of actions: [ResidencyScheduler.Action], _ state: inout State) -> [Effect] {
        actions.map { action in
            switch action {
            case .grant(let request, let model):
                // What is granted is there, and whoever waits has a continuation.
                return .resume(state.waiters.removeValue(forKey: request)!, .success(state.opened[model]!))
            case .load(let model):
                return .load(model)
            case .unload(let model):
                let opened = state.opened.removeValue(forKey: model)!
                state.records[model].noteUnload(opened)
                return .unload(model, opened)
            }
        }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .resume(let waiter, let result): waiter.resume(with: result)
        case .load(let model): Task { await load(model) }
        case .unload(let model, let opened):
            Task {
                await opened.close()
                change { $0.scheduler.finishUnload(model: model, at: now) }
                tell(.unloaded(name: entries[model].name))
            }
        }
    }

    private func load(_ model: Int) async {
        let entry = entries[model]
        let start = now
        do {
            let opened = try await entry.open(state.withLock { $0.records[model].adapters })
            let seconds = now - start
            change { state in
                state.opened[model] = opened
                state.records[model].noteLoad(opened, seconds: seconds)
                return state.scheduler.finishLoad(model: model, at: now)
            }
            tell(.loaded(name: entry.name, byteCount: entry.byteCount, seconds: seconds))
        } catch {
            let failure = ModelLoadError(name: entry.name, reason: error)
            var failed: [Waiter] = []
            change { state in
                state.records[model].failedLoads += 1
                let (requests, actions) = state.scheduler.failLoad(model: model, at: now)
                failed = requests.compactMap { state.waiters.removeValue(forKey: $0) }
                return actions
            }
            for waiter in failed { waiter.resume(throwing: failure) }
            tell(.loadFailed(failure))
        }
    }

    private func tell(_ event: PoolEvent) {
        if !state.withLock({ $0.isClosing }) { report(event) }
    }

    /// Sees to it that the scheduler is asked again when a model has rested for long enough.
    private func setAlarm(_ state: inout State) {
        let next = state.scheduler.nextExpiry
        guard next != state.alarm?.time else { return }
        state.alarm?.task.cancel()
        state.alarm = next.map { time in
            let delay = Duration.seconds(min(max(0, time - now), 1e9))
            return (
                Task { [weak self] in
                    guard (try? await Task.sleep(for: delay)) != nil else { return }
                    self?.ring()
                }, time
            )
        }
    }

    private func ring() {
        change { state in
            state.alarm = nil
            return state.scheduler.advance(to: now)
        }
    }
}
