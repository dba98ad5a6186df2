package import Architectures
internal import Tensors

/// Tokens to append to the sequence of a slot.
package struct SlotInput: Hashable, Sendable {
    package var slot: Int
    package var ids: [Int32]
    /// Whether the logits after the last of them are wanted.
    package var wantsLogits: Bool
    /// How many of the ids, at the end, are guesses: logits are wanted after each, and after the id before them.
    package var drafts: Int

    package init(slot: Int, ids: [Int32], wantsLogits: Bool, drafts: Int = 0) {
        precondition(drafts == 0 || wantsLogits && drafts < ids.count)
        self.slot = slot
        self.ids = ids
        self.wantsLogits = wantsLogits
        self.drafts = drafts
    }
}

/// Several sequences of tokens that a model reads and continues together. Not for use from several threads at a time.
///
/// Each sequence has a slot: caches of its own. Matrix products, norms and experts work on the rows of all sequences at
/// once, so that weights are read once for all of them. Which tokens go into a pass is the caller's decision, usually
/// `BatchScheduler`'s. See Docs/Decisions/0014-batching.md.
package final class BatchEngine {
    package let model: LanguageModel
    /// Tokens that fit into a slot.
    package let capacity: Int
    package let threads: Int
    var slots: [Slot]
    let compute: Compute
    private let workspace = Workspace()

    struct Slot {
        let caches: [any LayerCache]
        /// Ids that the caches hold, in order.
        var tokens: [Int32] = []
    }

    /// - Parameter options: what it says of drafts is not obeyed: passes of several sequences have none.
    package init(_ model: LanguageModel, _ options: SessionOptions, slots count: Int) throws(SessionError) {
        precondition(count >= 1)
        var options = options
        options.drafts = 0
        self.model = model
        capacity = options.capacity(for: model)
        slots = try options.makeCaches(for: model, sequences: count).map { Slot(caches: $0) }
        compute = options.makeCompute()
        threads = compute.pool.threadCount
    }

    package var slotCount: Int { slots.count }

    /// Drafts that a slot can take back one by one after a pass.
    package var mostDrafts: Int { slots[0].caches.revocableTokens - 1 }

    /// Ids that the caches of a slot hold, in order.
    package func tokens(of slot: Int) -> [Int32] { slots[slot].tokens }

    /// Tokens in a slot: where its next one goes.
    package func position(of slot: Int) -> Int { slots[slot].tokens.count }

    /// Forgets what a slot holds from `position` on.
    /// - Returns: how many tokens it holds then: fewer where a recurrent state cannot go back to just there.
    @discardableResult
    package func truncate(_ slot: Int, to position: Int) -> Int {
        guard position < slots[slot].tokens.count else { return slots[slot].tokens.count }
        let held = slots[slot].caches.truncate(to: position)
        slots[slot].tokens.removeSubrange(held...)
        return held
    }

    /// Whether a slot could take so many tokens of a sequence, whatever it holds now.
    package func check(_ ids: [Int32]) throws(SessionError) { try check(ids, position: 0) }

    private func check(_ ids: [Int32], position: Int) throws(SessionError) {
        guard !ids.isEmpty else { throw .emptyPrompt }
        guard ids.count <= capacity - position else {
            throw .contextFull(position: position, adding: ids.count, capacity: capacity)
        }
        let vocabulary = model.hyperparameters.vocabulary
        for id in ids where id < 0 || Int(id) >= vocabulary { throw .tokenOutOfRange(id, vocabulary: vocabulary) }
    }

    /// Appends tokens to some slots in one pass through the model.
    ///
    /// Memory for intermediate results grows with the tokens of all inputs: some hundreds make full use of the machine.
    /// - Parameters:
    ///   - inputs: at most one for each slot.
    ///   - goOn: asked before each layer; false cancels the pass, and the slots go back to where they were, or further
    ///     where a recurrent state has to.
    ///   - report: receives the logits, [vocabulary], after the last token of each input that wants them, or after the
    ///     last and each draft, in order; the caller may change them. Indices are those of `inputs`. All drafts stay in
    ///     their slots: the caller truncates what it does not confirm.
    package func evaluate(
        _ inputs: [SlotInput], goOn: () -> Bool = { true },
        report: (_ input: Int, _ logits: UnsafeMutableBufferPointer<Float>) -> Void
    ) throws(SessionError) {
        precondition(Set(inputs.map(\.slot)).count == inputs.count, "a slot takes part in a pass once")
        guard !inputs.isEmpty else { return }
        for input in inputs { try check(input.ids, position: position(of: input.slot)) }
        var wanted: [(row: Int, input: Int)] = []
        var rows = 0
        for (index, input) in inputs.enumerated() {
            rows += input.ids.count
            if input.wantsLogits { wanted += (rows - 1 - input.drafts..<rows).map { ($0, index) } }
        }
        var next = 0
        let finished = inputs.flatMap(\.ids).withUnsafeBufferPointer { ids in
            let pass = Pass(
                ids: ids, sequences: inputs.map { ($0.ids.count, position(of: $0.slot)) }, compute: compute,
                workspace: workspace)
            return model.decoder.forward(
                pass, sequences: inputs.map { slots[$0.slot].caches }, wanted: wanted.map(\.row), goOn: goOn
            ) { _, logits in
                report(wanted[next].input, logits)
                next += 1
            }
        }
        for input in inputs {
            if finished {
                slots[input.slot].tokens += input.ids
            } else {
                let held = slots[input.slot].caches.truncate(to: position(of: input.slot))
                slots[input.slot].tokens.removeSubrange(held...)
            }
        }
        if !finished { throw .cancelled }
    }
}
