package import Architectures
package import Tensors

/// One sequence of tokens that a model reads and continues. Not for use from several threads at a time.
package final class Session {
    package let model: LanguageModel
    /// Tokens that fit.
    package let capacity: Int
    package let threads: Int
    /// Ids that the cache holds, in order.
    package private(set) var tokens: [Int32] = []
    /// How many of them the caches really hold: fewer after going back further than a recurrent state can.
    private var held = 0
    private let clock = ContinuousClock()
    private let caches: [any LayerCache]
    private let workspace = Workspace()
    private let compute: Compute
    /// Corrections of the model's matrices. With others, what was read before is void.
    package var adapters: AdapterSelection {
        didSet {
            guard adapters != oldValue else { return }
            truncate(to: 0)
            compute.adapters = AdapterRuns(everywhere: adapters)
        }
    }
    private var last: [Float] = []
    private let drafter: NextTokenDrafter?
    private var draftLength: DraftLength
    private var lookahead = Lookahead()
    /// What the lookahead came from; nil once its drafts that were not confirmed are forgotten.
    private var step: Step?

    private enum Step {
        /// Drafts of the caller.
        case given
        /// Drafts of the model's own head, and how long the step took.
        case own(seconds: Double)
    }

    /// Tokens of a prompt that go through the model together: enough to amortise unpacking the weights.
    package static let batch = 512

    package init(_ model: LanguageModel, _ options: SessionOptions = SessionOptions()) throws(SessionError) {
        self.model = model
        capacity = options.capacity(for: model)
        caches = try options.makeCaches(for: model, sequences: 1)[0]
        drafter =
            options.drafts > 0
            ? model.decoder.nextTokenHead.flatMap { [capacity] in
                NextTokenDrafter($0, capacity: capacity, kv: options.kv)
            } : nil
        draftLength = DraftLength(maximum: drafter == nil ? 0 : min(options.drafts, 8))
        compute = options.makeCompute()
        adapters = options.adapters
        threads = compute.pool.threadCount
    }

    /// Bytes that full sessions take besides the weights.
    /// - Parameter sequences: those that one engine evaluates together.
    package static func memoryNeeded(
        _ model: LanguageModel, context: Int, kv: KVType, drafts: Int = 0, sequences: Int = 1
    ) -> Int {
        let p = model.hyperparameters
        var cache = sequences * model.decoder.cacheByteCount(capacity: context, kv: kv)
        if drafts > 0, let head = model.decoder.nextTokenHead {
            cache += NextTokenDrafter.byteCount(head, capacity: context, kv: kv)
        }
        let rows = min(batch, context)
        let perRow = 3 * p.width + 3 * p.heads * p.headDim + 2 * p.feedForward
        return cache + rows * perRow * 4 + p.vocabulary * 8 + (16 << 20)
    }

    /// Lets `observer` see what enters the model's matrices from now on; nil ends it.
    package func observe(with observer: (any ProductObserver)?) { compute.observer = observer }

    /// Tokens in the cache: where the next one goes.
    package var position: Int { tokens.count }

    /// Forgets everything from `position` on.
    package func truncate(to position: Int) {
        guard position < tokens.count else { return }
        finishStep()
        tokens.removeSubrange(position...)
        rewind()
    }

    /// Takes the caches back to the tokens that are left, or as far before as they can go together.
    private func rewind() {
        held = min(held, tokens.count)
        drafter?.truncate(to: held)
        held = caches.truncate(to: held)
    }

    /// Logits after the last token that was evaluated, [vocabulary]; the caller may change them.
    package func withLogits<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R {
        try last.withUnsafeMutableBufferPointer { try body($0) }
    }

    /// Appends `ids` and computes the logits after the last of them.
    ///
    /// - Parameters:
    ///   - goOn: asked several times a batch with the number of ids done so far; false cancels, and the session
    ///     then holds whole batches only.
    package func evaluate(_ ids: [Int32], goOn: (Int) -> Bool = { _ in true }) throws(SessionError) {
        guard !ids.isEmpty else { throw .emptyPrompt }
        if ids.count == 1 {
            try evaluate(ids[0], goOn: goOn) { [] }
        } else {
            try evaluate(ids, wanted: ids.count - 1..<ids.count, goOn: goOn) { [self] _, logits in keep(logits) }
        }
    }

    /// Drafts that a pass can take back one by one.
    package var mostDrafts: Int { caches.revocableTokens - 1 }

    /// Tokens per second that the model's own head brings; 0 without one.
    package var ownDraftRate: Double { drafter == nil ? 0 : draftLength.bestRate }

    /// Rows of the latest pass that was made for a single token, its drafts among them.
    package private(set) var stepRows = 0

    /// Appends `id` and computes the logits after it, and with them those after drafts of what follows. What the caller
    /// asks for next decides which of these count, so that any way of choosing tokens keeps its distribution.
    ///
    /// - Parameter drafts: asked for guesses when the logits are not there yet; there is room for `mostDrafts` at most,
    ///   and for what is left of the capacity behind `id`. Without any, the model's own head makes some.
    /// - Returns: whether a pass was made.
    /// - SeeAlso: Leviathan et al. 2023, arXiv:2211.17192; Stern et al. 2018, arXiv:1811.03115.
    @discardableResult
    package func evaluate(
        _ id: Int32, goOn: (Int) -> Bool = { _ in true }, drafts: () -> [Int32]
    ) throws(SessionError) -> Bool {
        if lookahead.confirm(id, swapping: &last) {
            tokens.append(id)
            return false
        }
        finishStep()
        let given = drafts()
        if !given.isEmpty {
            try evaluate(id, with: given, goOn: goOn)
            step = .given
        } else if let drafter {
            try evaluate(id, drafter, goOn: goOn)
        } else {
            try evaluate([id], wanted: 0..<1, goOn: goOn) { [self] _, logits in keep(logits) }
        }
        stepRows = 1 + lookahead.ids.count
        return true
    }

    private func keep(_ logits: UnsafeMutableBufferPointer<Float>) {
        if last.count != logits.count { last = [Float](repeating: 0, count: logits.count) }
        last.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: logits) }
    }

    /// Evaluates `id` with what the model's own head expects to follow: reading some tokens together costs little more
    /// than reading one.
    private func evaluate(_ id: Int32, _ drafter: NextTokenDrafter, goOn: (Int) -> Bool) throws(SessionError) {
        let start = clock.now
        let room = capacity - position - 1
        var drafts: [Int32] = []
        if held == tokens.count, id >= 0, Int(id) < model.hyperparameters.vocabulary {
            drafts = drafter.draft(
                after: tokens, id, count: min(draftLength.count(), room), compute, workspace)
        }
        try evaluate(id, with: drafts, goOn: goOn)
        step = .own(seconds: (clock.now - start) / .seconds(1))
    }

    /// Evaluates `id` and the drafts behind it, whose logits wait to be asked for.
    private func evaluate(_ id: Int32, with drafts: [Int32], goOn: (Int) -> Bool) throws(SessionError) {
        let confirmed = position + 1
        lookahead.begin(drafts)
        do {
            try evaluate([id] + drafts, wanted: 0..<drafts.count + 1, goOn: goOn) { [self] row, logits in
                if row == 0 { keep(logits) } else { lookahead.store(logits, afterDraft: row - 1) }
            }
        } catch {
            lookahead.discard()
            throw error
        }
        tokens.removeSubrange(confirmed...)
    }

    /// Forgets drafts that were not confirmed.
    private func finishStep() {
        guard let step else { return }
        if case .own(let seconds) = step {
            draftLength.record(drafts: lookahead.ids.count, accepted: [lookahead.accepted], seconds: seconds)
        }
        self.step = nil
        lookahead.discard()
        rewind()
    }

    /// Appends `ids` and hands the logits after each of `wanted` (indices into `ids`) to `report`.
    package func evaluate(
        _ ids: [Int32], wanted: Range<Int>, goOn: (Int) -> Bool = { _ in true },
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) throws(SessionError) {
        guard !ids.isEmpty else { throw .emptyPrompt }
        guard ids.count <= capacity - position else {
            throw .contextFull(position: position, adding: ids.count, capacity: capacity)
        }
        let vocabulary = model.hyperparameters.vocabulary
        for id in ids where id < 0 || Int(id) >= vocabulary { throw .tokenOutOfRange(id, vocabulary: vocabulary) }
        finishStep()
        try catchUp { goOn(0) }
        for first in stride(from: 0, to: ids.count, by: Self.batch) {
            let batch = ids[first..<min(ids.count, first + Self.batch)]
            let rows = wanted.clamped(to: batch.indices)
            try run(
                Array(batch), wanted: rows.lowerBound - first..<rows.upperBound - first, goOn: { goOn(first) }
            ) { row, logits in report(first + row, logits) }
            tokens.append(contentsOf: batch)
        }
    }

    /// Runs the tokens again that the caches lost when going back farther than a recurrent state can. The next
    /// evaluation would do so.
    package func catchUp(goOn: () -> Bool = { true }) throws(SessionError) {
        finishStep()
        try run(Array(tokens[held...]), wanted: 0..<0, goOn: goOn) { _, _ in }
    }

    /// Takes `ids` through the model behind what the caches hold.
    private func run(
        _ ids: [Int32], wanted: Range<Int>, goOn: () -> Bool,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) throws(SessionError) {
        for first in stride(from: 0, to: ids.count, by: Self.batch) {
            let batch = ids[first..<min(ids.count, first + Self.batch)]
            let rows = wanted.clamped(to: batch.indices)
            let finished = batch.withUnsafeBufferPointer { batch in
                var pass = Pass(ids: batch, position: held, compute: compute, workspace: workspace)
                pass.hidden = drafter?.room(at: held, after: tokens[..<held], compute, workspace)
                return model.decoder.forward(
                    pass, caches: caches,
                    wanted: rows.lowerBound - first..<rows.upperBound - first, goOn: goOn
                ) { row, logits in report(first + row, logits) }
            }
            guard finished else {
                rewind()
                throw .cancelled
            }
            held += batch.count
            drafter?.append(batch.count)
        }
    }
}
