package import Architectures
package import Tensors

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
/// once, so that weights are read once for all of them; what adapters add comes on top for the rows of those who have
/// them. Which tokens go into a pass is the caller's decision, usually `BatchScheduler`'s. See
/// Docs/Decisions/0014-batching.md and 0023-adapters.md.
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
        /// What corrected the model while it read them.
        var adapters: AdapterSelection
    }

    /// - Parameter options: what it says of drafts is not obeyed: passes of several sequences have none.
    package init(_ model: LanguageModel, _ options: SessionOptions, slots count: Int) throws(SessionError) {
        precondition(count >= 1)
        var options = options
        options.drafts = 0
        self.model = model
        capacity = options.capacity(for: model)
        let caches = try options.makeCaches(for: model, sequences: count)
        slots = caches.map { Slot(caches: $0, adapters: options.adapters) }
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

    /// What corrects the model where it reads the tokens of a slot.
    package func adapters(of slot: Int) -> AdapterSelection { slots[slot].adapters }

    /// Lets `adapters` correct the model where it reads the tokens of a slot. What was read with others is forgotten.
    package func adapt(_ slot: Int, with adapters: AdapterSelection) {
        if slots[slot].adapters != adapters { truncate(slot, to: 0) }
        slots[slot].adapters = adapters
    }

    /// Lets go of the adapters of a slot, but not of what it holds: `adapt` comes before its next pass.
    package func rest(_ slot: Int) { rest(slot, of: slots[slot].adapters.key) }

    /// The same for a slot whose content came from elsewhere, and was read with the adapters of a key.
    func rest(_ slot: Int, of adapters: String) {
        slots[slot].adapters = AdapterSelection(withoutWeights: adapters)
    }

    /// The inputs in an order in which those that share adapters are neighbours.
    private func passOrder(_ inputs: [SlotInput]) -> [Int] {
        var places: [AdapterSelection: Int] = [:]
        let ranks = inputs.map { input in
            let selection = slots[input.slot].adapters
            let rank = places[selection] ?? places.count
            places[selection] = rank
            return rank
        }
        guard places.count > 1 else { return Array(inputs.indices) }
        return inputs.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
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
    ///     last and each draft, in order; the caller may change them. Indices are those of `inputs`, whose own order is kept
    ///     unless their adapters differ. All drafts stay in their slots: the caller truncates what it does not confirm.
    package func evaluate(
        _ inputs: [SlotInput], goOn: () -> Bool = { true },
        report: (_ input: Int, _ logits: UnsafeMutableBufferPointer<Float>) -> Void
    ) throws(SessionError) {
        precondition(Set(inputs.map(\.slot)).count == inputs.count, "a slot takes part in a pass once")
        guard !inputs.isEmpty else { return }
        for input in inputs { try check(input.ids, position: position(of: input.slot)) }
        precondition(inputs.allSatisfy { slots[$0.slot].adapters.hasWeights }, "a slot that rests has no adapters")
        let order = passOrder(inputs)
        let ordered = order.map { inputs[$0] }
        var wanted: [(row: Int, input: Int)] = []
        var rows = 0
        for (index, input) in zip(order, ordered) {
            rows += input.ids.count
            if input.wantsLogits { wanted += (rows - 1 - input.drafts..<rows).map { ($0, index) } }
        }
        defer { compute.adapters = nil }
        compute.adapters = AdapterRuns(ordered.map { ($0.ids.count, slots[$0.slot].adapters) })
        var next = 0
        let finished = ordered.flatMap(\.ids).withUnsafeBufferPointer { ids in
            let pass = Pass(
                ids: ids, sequences: ordered.map { ($0.ids.count, position(of: $0.slot)) }, compute: compute,
                workspace: workspace)
            return model.decoder.forward(
                pass, sequences: ordered.map { slots[$0.slot].caches }, wanted: wanted.map(\.row), goOn: goOn
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
