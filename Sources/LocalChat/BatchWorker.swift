import Chat
import Generation
import Tokenization

/// What the thread of a `BatchedTextGenerator` does: lets the scheduler decide, the engine evaluate, and each request's
/// writer draw its tokens.
final class BatchWorker {
    /// A request that waits or runs.
    struct Job {
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
    let engine: BatchEngine
    private let prefixes: PrefixCache?
    private(set) var scheduler: BatchScheduler
    private(set) var jobs: [Int: Job] = [:]
    /// Tokens of requests that have ended.
    var finished = (read: 0, generated: 0)
    /// Nil where answers go without drafts.
    private var speculation: LookupSpeculation?
    private let board: StatusBoard
    private var lastID = 0
    private let clock = ContinuousClock()
    private let origin = ContinuousClock.now

    /// - Parameters:
    ///   - prefixes: what outlives the slots; nil for nothing.
    ///   - speculates: whether running answers get drafts of what was read and written before.
    init(
        _ model: LoadedModel, _ engine: BatchEngine, _ limits: BatchLimits, _ prefixes: PrefixCache? = nil,
        speculates: Bool, _ board: StatusBoard
    ) {
        self.model = model
        self.engine = engine
        self.prefixes = prefixes
        speculation = speculates ? LookupSpeculation() : nil
        var limits = limits
        limits.prefixesOutliveSlots = prefixes != nil
        scheduler = BatchScheduler(limits)
        self.board = board
    }

    /// Works until the mailbox is closed.
    func run(_ mailbox: Mailbox) {
        while let requests = mailbox.take(waits: scheduler.isIdle) {
            requests.forEach(admit)
            for (id, job) in jobs where job.request.isCancelled() { end(id, .cancelled) }
            place()
            board.publish(status)
            evaluate(scheduler.nextStep(at: now, drafts: drafts()), mailbox)
            board.publish(status)
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
            // Whether there is room comes before anything that costs time.
            try scheduler.submit(
                BatchRequest(
                    id: lastID, prompt: request.prompt, priority: request.options.priority.schedulerPriority,
                    client: request.options.client),
                at: now)
            let writer = try AnswerWriter(model, request.prompt, request.options, request.rules)
            jobs[lastID] = Job(request: request, writer: writer)
        } catch AdmissionError.queueFull(let waiting) {
            request.finish(.failure(LocalChatError.busy(waiting: waiting)))
        } catch {
            scheduler.finish(lastID)
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
            speculation?.begin(placement.id, prompt: job.request.prompt)
            reportReading(placement.id, in: placement.slot)
        }
    }

    /// What answers are expected to go on with.
    private func drafts() -> [Int: [Int32]] {
        guard speculation != nil else { return [:] }
        let candidates = scheduler.draftable.map { id, slot in
            // The last token of an answer needs no pass.
            let wanted = (jobs[id]?.writer.tokensLeft ?? 0) - 1
            let room = min(engine.mostDrafts, engine.capacity - engine.position(of: slot) - 1, wanted)
            return LookupSpeculation.Candidate(id: id, room: max(0, room))
        }
        return speculation!.plan(candidates, within: scheduler.draftSeconds)
    }

    /// What a pass brought an answer: drafts that were confirmed, and what was drawn behind the last of them.
    private struct Drawing {
        let input: Int
        var confirmed: [Int32] = []
        var last: Result<AnswerWriter.Step, any Error>
    }

    private func evaluate(_ inputs: [SlotInput], _ mailbox: Mailbox) {
        guard !inputs.isEmpty else { return }
        let ids = inputs.map { scheduler.request(in: $0.slot)! }
        let start = clock.now
        var drawings: [Drawing] = []
        do {
            // A pass is worth finishing for anybody who still listens.
            try engine.evaluate(
                inputs, goOn: { !mailbox.isClosed && ids.contains { jobs[$0]?.request.isCancelled() == false } }
            ) { input, logits in
                if drawings.last?.input != input {
                    drawings.append(Drawing(input: input, last: Result { try draw(ids[input], logits) }))
                } else if let token = confirmedDraft(drawings.last!, of: inputs[input]) {
                    drawings[drawings.count - 1].confirmed.append(token)
                    drawings[drawings.count - 1].last = Result { try draw(ids[input], logits) }
                }
            }
        } catch {
            for input in inputs { scheduler.begin(slot: input.slot, holding: engine.position(of: input.slot)) }
            if error != .cancelled { for id in ids { fail(id, error) } }
            return
        }
        let seconds = (clock.now - start) / .seconds(1)
        scheduler.finishStep(seconds: seconds)
        if inputs.allSatisfy({ $0.ids.count == $0.drafts + 1 }) {
            speculation?.record(rows: inputs.reduce(0) { $0 + $1.ids.count }, seconds: seconds)
        }
        for (input, id) in zip(inputs, ids) where !input.wantsLogits { reportReading(id, in: input.slot) }
        keepPrompts(ids)
        for drawing in drawings {
            let (input, id) = (inputs[drawing.input], ids[drawing.input])
            if input.drafts > 0 {
                let unconfirmed = input.drafts - drawing.confirmed.count
                let held = engine.truncate(input.slot, to: engine.position(of: input.slot) - unconfirmed)
                scheduler.confirm(drawing.confirmed, of: id, holding: held)
            }
            follow(id, drawing.last)
        }
    }

    /// The draft that the logits at hand follow, if it is what was drawn and all before it were too.
    private func confirmedDraft(_ drawing: Drawing, of input: SlotInput) -> Int32? {
        guard case .success(.token(let token)) = drawing.last, drawing.confirmed.count < input.drafts,
            input.ids[input.ids.count - input.drafts + drawing.confirmed.count] == token
        else { return nil }
        return token
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
        speculation?.finish(id)
    }

    private func draw(_ id: Int, _ logits: UnsafeMutableBufferPointer<Float>) throws -> AnswerWriter.Step {
        let report = jobs[id]!.request.report
        if jobs[id]!.firstToken == nil { jobs[id]!.firstToken = clock.now }
        let step = try jobs[id]!.writer.next(logits, report: report)
        if case .token(let token) = step { speculation?.append(token, to: id) }
        return step
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
        countWork(of: id, job)
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
        countWork(of: id, job)
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
