import Chat
import Generation
import Tensors
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
    /// Requests whose slots are filled from the cache of prefixes, a part between two passes.
    private var filling: [Int] = []
    /// Bytes of such a part: some hundredths of a second.
    private static let fillBytes = 512 << 20
    /// Tokens of requests that have ended.
    var finished = (read: 0, generated: 0)
    /// Nil where nothing is drafted from text that occurred before.
    private var speculation: LookupSpeculation?
    /// Nil where no other model drafts.
    private let drafter: ModelDrafter?
    private let board: StatusBoard
    private let session: SessionOptions
    /// Nil where slots cannot be copied.
    private(set) lazy var archive = SlotArchive(engine, session)
    private var lastID = 0
    private let clock = ContinuousClock()
    private let origin = ContinuousClock.now

    /// - Parameters:
    ///   - prefixes: what outlives the slots; nil for nothing.
    ///   - session: whether running answers get drafts of what was read and written before, and the caches' type.
    ///   - drafter: drafts where that has nothing better; nil for none.
    init(
        _ model: LoadedModel, _ engine: BatchEngine, _ limits: BatchLimits, _ prefixes: PrefixCache? = nil,
        _ session: SessionOptions, _ drafter: ModelDrafter? = nil, _ board: StatusBoard
    ) {
        self.model = model
        self.engine = engine
        self.prefixes = prefixes
        self.session = session
        speculation = session.lookup ? LookupSpeculation() : nil
        self.drafter = drafter
        var limits = limits
        limits.prefixesOutliveSlots = prefixes != nil
        scheduler = BatchScheduler(limits)
        self.board = board
    }

    /// Works until the mailbox is closed.
    func run(_ mailbox: Mailbox) {
        var tasks: [SlotTask] = []
        while let requests = mailbox.take(waits: scheduler.isIdle) {
            requests.forEach(admit)
            for (id, job) in jobs where job.request.isCancelled() { end(id, .cancelled) }
            tasks = perform(tasks + mailbox.takeSlotTasks())
            if let id = filling.first { fill(id) }
            place()
            board.publish(status)
            evaluate(scheduler.nextStep(at: now, drafts: drafts()), mailbox)
            board.publish(status)
        }
        for id in jobs.keys { end(id, .cancelled) }
        for request in mailbox.drain() { request.finish(.failure(SessionError.cancelled)) }
        for task in tasks + mailbox.takeSlotTasks() { task.finish(.failure(SessionError.cancelled)) }
    }

    /// Takes note of what a slot holds that nobody uses, for the prompts to come.
    func noteHeld(_ slot: Int) {
        scheduler.note(slot: slot, holding: engine.tokens(of: slot), adapters: engine.adapters(of: slot).key)
        prefixes?.keep(slot, .read)
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
                    client: request.options.client, adapters: request.adapters.key),
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
            guard let request = jobs[placement.id]?.request else { continue }
            let prompt = request.prompt
            engine.adapt(placement.slot, with: request.adapters)
            let kept = engine.truncate(placement.slot, to: placement.shared)
            jobs[placement.id]!.start = clock.now
            var held = kept
            if let prefixes {
                let isAlone = scheduler.runningCount == 1
                held = prefixes.fill(placement.slot, for: prompt, bytes: isAlone ? .max : Self.fillBytes)
                if !isAlone, held > kept { filling.append(placement.id) }
            }
            begin(placement.id, in: placement.slot, holding: held)
            speculation?.begin(placement.id, prompt: prompt)
        }
    }

    /// Brings more of a prompt into its slot, as long as there is more; then the rest is read.
    private func fill(_ id: Int) {
        guard let prefixes, let slot = scheduler.slot(of: id), let prompt = jobs[id]?.request.prompt else { return }
        let before = engine.position(of: slot)
        let held = prefixes.fill(slot, for: prompt, bytes: Self.fillBytes, isMore: true)
        if held == before { filling.removeAll { $0 == id } }
        begin(id, in: slot, holding: held)
    }

    private func begin(_ id: Int, in slot: Int, holding held: Int) {
        scheduler.begin(slot: slot, holding: held, isFilling: filling.contains(id))
        jobs[id]!.reused = held
        jobs[id]!.isLong = jobs[id]!.request.prompt.count - held > Session.batch
        reportReading(id, in: slot)
    }

    /// What answers are expected to go on with: what occurred before, or what the other model makes of them.
    private func drafts() -> [Int: [Int32]] {
        guard speculation != nil || drafter != nil else { return [:] }
        let answers = scheduler.draftable.map { id, slot in
            // The last token of an answer needs no pass.
            let wanted = (jobs[id]?.writer.tokensLeft ?? 0) - 1
            let free = engine.capacity - engine.position(of: slot) - 1
            return (id: id, slot: slot, room: max(0, min(engine.mostDrafts, free, wanted)))
        }
        guard !answers.isEmpty else { return [:] }
        let limit = scheduler.draftSeconds
        let found = speculation?.plan(
            answers.map { LookupSpeculation.Candidate(id: $0.id, room: $0.room) }, within: limit,
            beating: drafter?.rate(answers: answers.count) ?? 0)
        if let found, !found.isEmpty { return found }
        let made = drafter?.draft(
            answers.map { ModelDrafter.Candidate(slot: $0.slot, tokens: scheduler.tokens(of: $0.id), room: $0.room) },
            within: limit)
        return answers.reduce(into: [:]) { drafts, answer in drafts[answer.id] = made?[answer.slot] }
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
        drafter?.record(accepted: drawings.map(\.confirmed.count), seconds: seconds)
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
        filling.removeAll { $0 == id }
        if let slot = scheduler.slot(of: id) {
            prefixes?.keep(slot, .done)
            engine.rest(slot)
        }
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
