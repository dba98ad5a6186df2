import Chat
import Generation
import Tokenization

/// What the thread of a `BatchedTextGenerator` does: lets the scheduler decide, the engine evaluate, and each request's
/// writer draw its tokens.
final class BatchWorker {
    /// A request that waits or runs.
    private struct Job {
        let request: TextRequest
        var writer: AnswerWriter
        var reused = 0
        /// When it got a slot, and when its first token was there.
        var start: ContinuousClock.Instant?
        var firstToken: ContinuousClock.Instant?
        /// Whether enough of the prompt is new for reports on the way.
        var isLong = false
    }

    private let model: LoadedModel
    private let engine: BatchEngine
    private let prefixes: PrefixCache?
    private var scheduler: BatchScheduler
    private var jobs: [Int: Job] = [:]
    private var lastID = 0
    private let clock = ContinuousClock()
    private let origin = ContinuousClock.now

    init(_ model: LoadedModel, _ engine: BatchEngine, _ limits: BatchLimits, _ prefixes: PrefixCache? = nil) {
        self.model = model
        self.engine = engine
        self.prefixes = prefixes
        var limits = limits
        limits.prefixesOutliveSlots = prefixes != nil
        scheduler = BatchScheduler(limits)
    }

    /// Works until the mailbox is closed.
    func run(_ mailbox: Mailbox) {
        while let requests = mailbox.take(waits: scheduler.isIdle) {
            requests.forEach(admit)
            for (id, job) in jobs where job.request.isCancelled() { end(id, .cancelled) }
            place()
            evaluate(scheduler.nextStep(at: now), mailbox)
        }
        for id in jobs.keys { end(id, .cancelled) }
        for request in mailbox.drain() { request.finish(.failure(SessionError.cancelled)) }
    }

    /// Seconds.
    private var now: Double { (clock.now - origin) / .seconds(1) }

    private func admit(_ request: TextRequest) {
        lastID += 1
        do {
            try engine.check(request.prompt)
            let writer = try AnswerWriter(model, request.prompt, request.options, ends: request.ends)
            try scheduler.submit(
                BatchRequest(
                    id: lastID, prompt: request.prompt, priority: request.options.priority.schedulerPriority,
                    client: request.options.client),
                at: now)
            jobs[lastID] = Job(request: request, writer: writer)
        } catch AdmissionError.queueFull(let waiting) {
            request.finish(.failure(LocalChatError.busy(waiting: waiting)))
        } catch {
            request.finish(.failure(error))
        }
    }

    private func place() {
        while let placement = scheduler.place(at: now) {
            var held = engine.truncate(placement.slot, to: placement.shared)
            guard var job = jobs[placement.id] else { continue }
            if let prefixes { held = prefixes.fill(placement.slot, for: job.request.prompt) }
            scheduler.begin(slot: placement.slot, holding: held)
            (job.reused, job.start) = (held, clock.now)
            job.isLong = job.request.prompt.count - held > Session.batch
            jobs[placement.id] = job
            reportReading(placement.id, in: placement.slot)
        }
    }

    private func evaluate(_ inputs: [SlotInput], _ mailbox: Mailbox) {
        guard !inputs.isEmpty else { return }
        let ids = inputs.map { scheduler.request(in: $0.slot)! }
        let start = clock.now
        var drawn: [(id: Int, step: Result<AnswerWriter.Step, any Error>)] = []
        do {
            // A pass is worth finishing for anybody who still listens.
            try engine.evaluate(
                inputs, goOn: { !mailbox.isClosed && ids.contains { jobs[$0]?.request.isCancelled() == false } }
            ) { input, logits in
                drawn.append((ids[input], Result { try draw(ids[input], logits) }))
            }
        } catch {
            for input in inputs { scheduler.begin(slot: input.slot, holding: engine.position(of: input.slot)) }
            if error != .cancelled { for id in ids { fail(id, error) } }
            return
        }
        scheduler.finishStep(seconds: (clock.now - start) / .seconds(1))
        for (input, id) in zip(inputs, ids) where !input.wantsLogits { reportReading(id, in: input.slot) }
        keepPrompts(ids)
        for (id, step) in drawn { follow(id, step) }
    }

    /// Lets others share what has been read of prompts.
    private func keepPrompts(_ ids: [Int]) {
        guard let prefixes else { return }
        for id in ids {
            guard let prompt = jobs[id]?.request.prompt.count, let slot = scheduler.slot(of: id),
                engine.position(of: slot) <= prompt
            else { continue }
            prefixes.keep(slot, engine.position(of: slot) == prompt ? .read : .reading)
        }
    }

    /// Gives the slot of a request back and keeps what it holds.
    private func leave(_ id: Int) {
        if let slot = scheduler.slot(of: id) { prefixes?.keep(slot, .done) }
        scheduler.finish(id)
    }

    private func draw(_ id: Int, _ logits: UnsafeMutableBufferPointer<Float>) throws -> AnswerWriter.Step {
        let report = jobs[id]!.request.report
        if jobs[id]!.firstToken == nil { jobs[id]!.firstToken = clock.now }
        return try jobs[id]!.writer.next(logits, report: report)
    }

    private func follow(_ id: Int, _ step: Result<AnswerWriter.Step, any Error>) {
        switch step {
        case .success(.end(let reason)): end(id, reason)
        case .success(.token(let token)):
            scheduler.append(token, to: id)
            // The drawn token has no place in the slot any more.
            if let slot = scheduler.slot(of: id), engine.position(of: slot) == engine.capacity { end(id, .contextFull) }
        case .failure(let error): fail(id, error)
        }
    }

    private func reportReading(_ id: Int, in slot: Int) {
        guard let job = jobs[id], job.isLong, job.firstToken == nil else { return }
        job.request.report(.reading(done: engine.position(of: slot), total: job.request.prompt.count))
    }

    /// Ends a request with what it has; its slot is free from the next pass on.
    private func end(_ id: Int, _ reason: ResponseSummary.Reason) {
        guard var job = jobs.removeValue(forKey: id) else { return }
        leave(id)
        let report = job.request.report
        do { try job.writer.finish(report) } catch { return job.request.finish(.failure(error)) }
        let end = clock.now
        let start = job.start ?? end
        let firstToken = job.firstToken ?? end
        job.request.finish(
            .success(
                job.writer.summary(
                    reason, reused: job.reused, reading: firstToken - start, generating: end - firstToken)))
    }

    private func fail(_ id: Int, _ error: any Error) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        leave(id)
        job.request.finish(.failure(error))
    }
}

extension ResponseOptions.Priority {
    fileprivate var schedulerPriority: RequestPriority {
        switch self {
        case .interactive: .interactive
        case .batch: .batch
        }
    }
}
