internal import Tensors

/// What a gated delta rule layer remembers: its state, some earlier states, and the inputs of the latest tokens.
///
/// A state cannot be undone. Going back takes the nearest state before and runs the inputs that lie between again: for
/// the latest tokens they are in the journal (drafts that were not accepted, a cancelled pass); farther back the
/// session runs them through the whole model. See Docs/Decisions/0011-recurrent-state.md.
final class RecurrentCache: LayerCache {
    /// States that are kept besides the current one.
    static let checkpoints = 6
    /// Tokens that the journal holds.
    static let journalTokens = 32
    /// Longer batches leave no journal: a state is kept before them.
    static let shortBatch = 16

    let shape: DeltaShape
    /// Tokens that the layer has seen.
    private(set) var position = 0
    /// Behind `position` only while `replay` is not empty.
    private let state: DeltaState
    /// Parallel to the schedule's positions.
    private var kept: [DeltaState] = []
    private var spare: [DeltaState] = []
    private var schedule = CheckpointSchedule(capacity: RecurrentCache.checkpoints)

    /// Inputs of tokens from `journalStart` on, [journalTokens, journalWidth]; a row is what the convolution takes and
    /// the rates.
    private let journal: AlignedMemory
    private var journalCount = 0
    /// A position whose state is kept, or 0; nil where tokens after the last kept state are not in the journal.
    private var journalStart: Int? = 0
    /// Rows of the journal that `state` has yet to see.
    private var isBehind = false
    /// What the latest tokens were run with: catching up takes the same.
    private var latest: (weights: DeltaWeights, compute: Compute)?

    static func byteCount(_ shape: DeltaShape) -> Int {
        (1 + checkpoints) * shape.byteCount + journalTokens * journalWidth(shape) * 4
    }

    /// - Returns: nil when the system refuses the memory.
    init?(_ shape: DeltaShape) {
        guard let state = DeltaState(shape),
            let journal = AlignedMemory(byteCount: Self.journalTokens * Self.journalWidth(shape) * 4)
        else { return nil }
        for _ in 0..<Self.checkpoints {
            guard let checkpoint = DeltaState(shape) else { return nil }
            spare.append(checkpoint)
        }
        self.shape = shape
        self.state = state
        self.journal = journal
    }

    var revocableTokens: Int { Self.shortBatch }

    func truncate(to target: Int) -> Int {
        guard target < position else { return position }
        // States behind the target serve nobody any more.
        schedule.removeBehind(target)
        while kept.count > schedule.positions.count { spare.append(kept.removeLast()) }
        if let start = journalStart, start <= target, start == schedule.positions.last ?? 0 {
            journalCount = target - start
            position = target
        } else {
            position = schedule.positions.last ?? 0
            (journalStart, journalCount) = (position, 0)
        }
        if let last = kept.last { state.copy(from: last) } else { state.clear() }
        isBehind = journalCount > 0
        return position
    }

    var contents: CacheContents { .state(byteCount: shape.byteCount) }

    func copyState(to bytes: UnsafeMutableRawPointer) -> Bool {
        if isBehind {
            guard let latest else { return false }
            catchUp(latest.weights, latest.compute)
        }
        unsafe state.copy(to: bytes)
        return true
    }

    func setState(from bytes: UnsafeRawPointer, position: Int) {
        schedule.removeBehind(0)
        spare += kept
        kept = []
        unsafe state.copy(from: bytes)
        self.position = position
        (journalStart, journalCount, isBehind) = (position, 0, false)
        checkpoint()
    }

    /// Takes the state over the tokens of `input`, which follow those that it has seen.
    func advance(_ input: DeltaInput, _ weights: DeltaWeights, _ compute: Compute, into output: DeltaOutput) {
        unsafe precondition(input.position == position, "a recurrent layer sees every token once, in order")
        latest = (weights, compute)
        catchUp(weights, compute)
        unsafe prepare(for: input)
        unsafe compute.deltaRule(input, weights, state: state, into: output)
        unsafe position += input.tokens
    }

    /// Makes sure that the layer can come back to where it is now, and to each token of a short batch.
    private func prepare(for input: DeltaInput) {
        guard unsafe input.tokens <= Self.shortBatch else {
            checkpoint()
            (journalStart, journalCount) = (nil, 0)
            return
        }
        if unsafe journalStart == nil || journalCount + input.tokens > Self.journalTokens {
            checkpoint()
            (journalStart, journalCount) = (position, 0)
        }
        for token in unsafe 0..<input.tokens {
            let row = unsafe journalRow(journalCount + token)
            unsafe row.update(from: input.mixed + token * input.mixedStride, count: shape.channels)
            unsafe (row + shape.channels).update(from: input.rates + token * input.rateStride, count: 2 * shape.heads)
        }
        unsafe journalCount += input.tokens
    }

    /// Keeps the current state.
    private func checkpoint() {
        guard position > schedule.positions.last ?? 0 else { return }
        if let dropped = schedule.insert(position) { spare.append(kept.remove(at: dropped)) }
        let copy = spare.removeLast()
        copy.copy(from: state)
        kept.append(copy)
    }

    /// Runs what the journal holds through a state that was taken back.
    private func catchUp(_ weights: DeltaWeights, _ compute: Compute) {
        guard isBehind, let journalStart else { return }
        isBehind = false
        let width = Self.journalWidth(shape)
        let rows = unsafe journalRow(0)
        let input = unsafe DeltaInput(
            mixed: rows, mixedStride: width, rates: rows + shape.channels, rateStride: width, position: journalStart,
            tokens: journalCount)
        unsafe compute.deltaRule(input, weights, state: state, into: nil)
    }

    private static func journalWidth(_ shape: DeltaShape) -> Int { shape.channels + 2 * shape.heads }

    private func journalRow(_ index: Int) -> UnsafeMutablePointer<Float> {
        unsafe journal.floats() + index * Self.journalWidth(shape)
    }
}
