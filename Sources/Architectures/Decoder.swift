package import Tensors

/// A model family's forward pass over tokens of one sequence, or of several at once.
package protocol Decoder: Sendable {
    var hyperparameters: Hyperparameters { get }

    /// What looks at other tokens, layer by layer.
    var mixers: [any TokenMixer] { get }

    /// The layer that predicts the token after next, where the file has one.
    var nextTokenHead: NextTokenHead? { get }

    /// Whether it obeys `Pass.hidden`.
    var leavesHiddenRows: Bool { get }

    /// Runs `pass` and reports the logits of the rows in `wanted`.
    ///
    /// - Parameters:
    ///   - sequences: for each segment of the pass the caches of its sequence, one a layer.
    ///   - wanted: rows of the pass whose logits `report` receives, ascending; [vocabulary] each, valid during the call.
    ///   - goOn: asked before each layer; false stops there, and what the caches hold from their segment's position on
    ///     is void.
    /// - Returns: whether it came to the end.
    func forward(
        _ pass: Pass, sequences: [[any LayerCache]], wanted: [Int], goOn: () -> Bool,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool
}

extension Decoder {
    package var nextTokenHead: NextTokenHead? { nil }
    package var leavesHiddenRows: Bool { false }

    /// The same for tokens of one sequence.
    package func forward(
        _ pass: Pass, caches: [any LayerCache], wanted: Range<Int>, goOn: () -> Bool,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool {
        unsafe forward(pass, sequences: [caches], wanted: Array(wanted), goOn: goOn, report: report)
    }

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

/// Consecutive tokens of one sequence among the rows of a pass.
package struct Segment: Hashable, Sendable {
    /// Rows of the pass.
    package let rows: Range<Int>
    /// Of the first row's token in its sequence; the others follow.
    package let position: Int

    var tokens: Int { rows.count }
    /// One more than the position of the last token.
    var end: Int { position + rows.count }
}

/// A batch of tokens on its way through the layers.
///
/// What works on each token by itself sees rows only; what looks at other tokens goes by segments, each of which has
/// caches of its own.
@safe
package struct Pass {
    /// [tokens], each within the vocabulary.
    package let ids: UnsafeBufferPointer<Int32>
    /// Cover all rows in order.
    package let segments: [Segment]
    package let compute: Compute
    package let workspace: Workspace
    /// [tokens, width]: receives the normalised rows that the unembedding reads, for a `NextTokenHead` and for vectors
    /// of texts.
    package var hidden: UnsafeMutablePointer<Float>?

    /// Tokens of one sequence, from `position` on.
    package init(
        ids: UnsafeBufferPointer<Int32>, position: Int, compute: Compute, workspace: Workspace
    ) {
        unsafe self.init(
            ids: ids, sequences: [(tokens: ids.count, position: position)], compute: compute, workspace: workspace)
    }

    /// Tokens of several sequences, one behind the other.
    /// - Parameter sequences: how many of `ids` belong to each, and where the first of them goes.
    package init(
        ids: UnsafeBufferPointer<Int32>, sequences: [(tokens: Int, position: Int)], compute: Compute,
        workspace: Workspace
    ) {
        unsafe self.ids = ids
        self.compute = compute
        self.workspace = workspace
        var first = 0
        segments = sequences.map { tokens, position in
            defer { first += tokens }
            return Segment(rows: first..<first + tokens, position: position)
        }
        precondition(first == ids.count, "segments cover the rows")
    }

    var tokens: Int { unsafe ids.count }

    /// Of every row.
    func rotations(_ table: RotaryTable) -> Rotations {
        workspace.rotations(table, segments.map { $0.position..<$0.end })
    }

    /// Segments with their caches.
    func parts<Cache>(_ caches: [any LayerCache], as: Cache.Type = Cache.self) -> [(segment: Segment, cache: Cache)] {
        precondition(caches.count == segments.count, "every segment has a cache")
        return zip(segments, caches).map { segment, cache in
            guard let cache = cache as? Cache else { preconditionFailure("another layer's cache") }
            return (segment, cache)
        }
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

    /// - Parameter caches: one for each segment of the pass.
    func mix(_ input: Activations, _ pass: Pass, caches: [any LayerCache], into output: Output)
}

/// The part of a layer that works on each token by itself.
protocol ChannelMixer: Sendable {
    func mix(_ input: Activations, _ pass: Pass, into output: Output)
}
