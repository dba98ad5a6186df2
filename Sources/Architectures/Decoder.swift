package import Tensors

/// A model family's forward pass over one sequence of tokens.
package protocol Decoder: Sendable {
    var hyperparameters: Hyperparameters { get }

    /// What looks at other tokens, layer by layer.
    var mixers: [any TokenMixer] { get }

    /// The layer that predicts the token after next, where the file has one.
    var nextTokenHead: NextTokenHead? { get }

    /// Runs `pass` and reports the logits of the rows in `wanted`.
    ///
    /// - Parameters:
    ///   - wanted: rows of this batch whose logits `report` receives, [vocabulary] each, valid during the call.
    ///   - goOn: asked before each layer; false stops there, and what the caches hold from the pass's position on is
    ///     void.
    /// - Returns: whether it came to the end.
    func forward(
        _ pass: Pass, caches: [any LayerCache], wanted: Range<Int>, goOn: () -> Bool,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool
}

extension Decoder {
    package var nextTokenHead: NextTokenHead? { nil }

    /// Bytes that the caches of a sequence of `capacity` tokens take.
    package func cacheByteCount(capacity: Int, kv: KVType) -> Int {
        mixers.reduce(0) { $0 + $1.cacheByteCount(capacity: capacity, kv: kv) }
    }

    /// Empty caches for one sequence; nil when the system refuses the memory.
    package func makeCaches(capacity: Int, kv: KVType) -> [any LayerCache]? {
        var caches: [any LayerCache] = []
        for mixer in mixers {
            guard let cache = mixer.makeCache(capacity: capacity, kv: kv) else { return nil }
            caches.append(cache)
        }
        return caches
    }

    /// Whether every layer's keys and values can be kept as `kv`.
    package func supports(_ kv: KVType) -> Bool { mixers.allSatisfy { $0.supports(kv) } }
}

/// What one layer remembers of a sequence.
package protocol LayerCache: AnyObject {
    /// Forgets the tokens from `position` on.
    /// - Returns: how many it holds then: fewer than `position` where its state cannot go back that far.
    func truncate(to position: Int) -> Int
}

extension KVCache: LayerCache {
    package func truncate(to position: Int) -> Int { position }
}

/// A batch of tokens on its way through the layers.
@safe
package struct Pass {
    /// [tokens], each within the vocabulary.
    package let ids: UnsafeBufferPointer<Int32>
    /// Of the first token; the others follow.
    package let position: Int
    package let compute: Compute
    package let workspace: Workspace
    /// [tokens, width]: receives the normalised rows that the unembedding reads, for a `NextTokenHead`.
    package var hidden: UnsafeMutablePointer<Float>?

    package init(
        ids: UnsafeBufferPointer<Int32>, position: Int, compute: Compute, workspace: Workspace
    ) {
        unsafe self.ids = ids
        self.position = position
        self.compute = compute
        self.workspace = workspace
    }

    var tokens: Int { unsafe ids.count }

    func rotations(_ table: RotaryTable) -> Rotations {
        workspace.rotations(table, position..<position + tokens)
    }
}

/// Where a block writes its rows, [tokens, width].
@safe
package struct Output {
    var rows: UnsafeMutablePointer<Float>
    /// Adds to what is there: the residual connection.
    var accumulates: Bool
}

/// The part of a layer that looks at other tokens.
package protocol TokenMixer: Sendable {
    func cacheByteCount(capacity: Int, kv: KVType) -> Int
    func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)?
    func supports(_ kv: KVType) -> Bool
    func mix(_ input: Activations, _ pass: Pass, cache: any LayerCache, into output: Output)
}

/// The part of a layer that works on each token by itself.
protocol ChannelMixer: Sendable {
    func mix(_ input: Activations, _ pass: Pass, into output: Output)
}
