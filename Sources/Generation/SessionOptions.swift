internal import Architectures
package import Tensors

/// What a session is made with.
package struct SessionOptions: Sendable {
    /// Tokens that the session can hold; nil takes the model's own context, at most 8,192.
    package var context: Int?
    package var kv: KVType = .f16
    /// Threads; nil takes all cores that this process may use.
    package var threads: Int?
    package var level: KernelLevel = .best
    /// Tokens that the model's own head for further tokens may draft at a time; 0 for none. Without such a head it does
    /// nothing.
    package var drafts = 0
    /// Whether generators draft tokens from what was read and written before. Engines and sessions leave it to them.
    package var lookup = false
    /// Corrections of the model's matrices in every sequence that is given no other.
    package var adapters = AdapterSelection.none

    package init() {}
}

extension SessionOptions {
    /// Tokens that a sequence can hold.
    func capacity(for model: LanguageModel) -> Int { max(32, context ?? min(model.hyperparameters.context, 8192)) }

    /// Empty caches for so many sequences, one for each layer, where the machine has room for them when they are full.
    func makeCaches(for model: LanguageModel, sequences: Int) throws(SessionError) -> [[any LayerCache]] {
        guard model.decoder.supports(kv) else {
            throw .cacheTypeNeedsWiderHeads(headDim: model.hyperparameters.headDim)
        }
        let capacity = capacity(for: model)
        let needed = Session.memoryNeeded(model, context: capacity, kv: kv, drafts: drafts, sequences: sequences)
        if let available = Machine.availableMemory, needed > available {
            throw .notEnoughMemory(needed: needed, available: available, context: capacity)
        }
        var all: [[any LayerCache]] = []
        for _ in 0..<sequences {
            guard let caches = model.decoder.makeCaches(capacity: capacity, kv: kv) else {
                throw .notEnoughMemory(needed: needed, available: Machine.availableMemory ?? 0, context: capacity)
            }
            all.append(caches)
        }
        return all
    }

    func makeCompute() -> Compute {
        let threads = max(1, threads ?? Machine.usableCores)
        let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
        compute.adapters = AdapterRuns(everywhere: adapters)
        return compute
    }
}
