package import Architectures
package import Tensors

/// What a session is made with.
package struct SessionOptions: Sendable {
    /// Tokens that the session can hold; nil takes the model's own context, at most 8,192.
    package var context: Int?
    package var kv: KVType = .f16
    /// Threads; nil takes all cores that this process may use.
    package var threads: Int?
    package var level: KernelLevel = .best
    /// Corrections of the model's matrices.
    package var adapters: AdapterSet?

    package init() {}
}

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
    private let caches: [any LayerCache]
    private let workspace = Workspace()
    private let compute: Compute
    private var last: [Float] = []

    /// Tokens of a prompt that go through the model together: enough to amortise unpacking the weights.
    package static let batch = 512

    package init(_ model: LanguageModel, _ options: SessionOptions = SessionOptions()) throws(SessionError) {
        let p = model.hyperparameters
        self.model = model
        capacity = max(32, options.context ?? min(p.context, 8192))
        threads = max(1, options.threads ?? Machine.usableCores)
        guard model.decoder.supports(options.kv) else { throw .cacheTypeNeedsWiderHeads(headDim: p.headDim) }
        let needed = Self.memoryNeeded(model, context: capacity, kv: options.kv)
        if let available = Machine.availableMemory, needed > available {
            throw .notEnoughMemory(needed: needed, available: available, context: capacity)
        }
        guard let caches = model.decoder.makeCaches(capacity: capacity, kv: options.kv) else {
            throw .notEnoughMemory(needed: needed, available: Machine.availableMemory ?? 0, context: capacity)
        }
        self.caches = caches
        compute = Compute(level: options.level, pool: ComputePool(threadCount: threads))
        compute.adapters = options.adapters
    }

    /// Bytes that a full session takes besides the weights.
    package static func memoryNeeded(_ model: LanguageModel, context: Int, kv: KVType) -> Int {
        let p = model.hyperparameters
        let cache = model.decoder.cacheByteCount(capacity: context, kv: kv)
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
        tokens.removeSubrange(position...)
        rewind()
    }

    /// Takes the caches back to the tokens that are left, or as far before as they can go together.
    private func rewind() {
        held = caches.reduce(min(held, tokens.count)) { min($0, $1.truncate(to: $0)) }
        for cache in caches { held = min(held, cache.truncate(to: held)) }
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
        try evaluate(ids, wanted: ids.count - 1..<ids.count, goOn: goOn) { [self] _, logits in
            if last.count != logits.count { last = [Float](repeating: 0, count: logits.count) }
            last.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: logits) }
        }
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
        try run(Array(tokens[held...]), wanted: 0..<0, goOn: { goOn(0) }) { _, _ in }
        for first in stride(from: 0, to: ids.count, by: Self.batch) {
            let batch = ids[first..<min(ids.count, first + Self.batch)]
            let rows = wanted.clamped(to: batch.indices)
            try run(
                Array(batch), wanted: rows.lowerBound - first..<rows.upperBound - first, goOn: { goOn(first) }
            ) { row, logits in report(first + row, logits) }
            tokens.append(contentsOf: batch)
        }
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
                model.decoder.forward(
                    Pass(ids: batch, position: held, compute: compute, workspace: workspace), caches: caches,
                    wanted: rows.lowerBound - first..<rows.upperBound - first, goOn: goOn
                ) { row, logits in report(first + row, logits) }
            }
            guard finished else {
                rewind()
                throw .cancelled
            }
            held += batch.count
        }
    }
}
