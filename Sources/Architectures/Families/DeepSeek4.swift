internal import Tensors

/// DeepSeek-V4 (Flash, Pro): several residual streams that every block mixes, attention to a window and to compressed rows,
/// experts in all layers, which the first layers choose by the token alone.
///
/// The reference implementation turns keys by a Hadamard matrix for the sake of 8-bit rounding; like transformers, this
/// does not.
/// - SeeAlso: DeepSeek-AI 2026, "DeepSeek-V4: Towards Highly Efficient Million-Token Context Intelligence".
struct DeepSeek4: Decoder {
    struct Layer: Sendable {
        var attentionStreams: HyperConnection
        var attentionNorm: Norm
        var attention: CompressedAttention
        var feedForwardStreams: HyperConnection
        var feedForwardNorm: Norm
        var feedForward: ExpertMixture
    }

    let hyperparameters: Hyperparameters
    let embedding: Matrix  // [vocabulary, width]
    let streams: Int
    let layers: [Layer]
    let outputStreams: HyperConnection
    let unembedding: Unembedding

    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try DeepSeek4(reader, weights)
    }

    var mixers: [any TokenMixer] { layers.map(\.attention) }

    func forward(
        _ pass: Pass, sequences: [[any LayerCache]], wanted: [Int], goOn: () -> Bool,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool {
        let (width, all) = (hyperparameters.width, streams * hyperparameters.width)
        let residual = unsafe pass.workspace.floats(.residual, pass.tokens * all)  // [tokens, streams, width]
        for unsafe(row, id) in unsafe pass.ids.enumerated() {
            let start = unsafe residual + row * all
            unsafe pass.compute.decodeRow(Int(id), of: embedding, into: start)
            for stream in 1..<max(1, streams) { unsafe (start + stream * width).update(from: start, count: width) }
        }
        for (index, layer) in layers.enumerated() {
            guard goOn() else { return false }
            unsafe mix(residual, pass, layer.attentionStreams, layer.attentionNorm) { input, output in
                layer.attention.mix(input, pass, caches: sequences.map { $0[index] }, into: output)
            }
            unsafe mix(residual, pass, layer.feedForwardStreams, layer.feedForwardNorm) { input, output in
                layer.feedForward.mix(input, pass, into: output)
            }
        }
        unsafe unembedding.report(
            pass, wanted: wanted, of: residual, width: all,
            rows: { unsafe collapse($0, $1, pass, outputStreams).rows },
            to: unsafe report)
        return true
    }

    private func collapse(
        _ residual: UnsafePointer<Float>, _ tokens: Int, _ pass: Pass, _ connection: HyperConnection
    ) -> (rows: UnsafePointer<Float>, coefficients: UnsafePointer<Float>) {
        let width = hyperparameters.width
        let rows = unsafe pass.workspace.floats(.collapsed, tokens * width)
        let coefficients = unsafe pass.workspace.floats(.coefficients, tokens * connection.weights.rows)
        unsafe pass.compute.collapseStreams(
            residual, tokens: tokens, connection, normed: pass.workspace.activations(.streams, width: streams * width),
            coefficients: coefficients, into: rows)
        return unsafe (UnsafePointer(rows), UnsafePointer(coefficients))
    }

    /// One block between the streams.
    private func mix(
        _ residual: UnsafeMutablePointer<Float>, _ pass: Pass, _ connection: HyperConnection, _ norm: Norm,
        block: (Activations, Output) -> Void
    ) {
        let width = hyperparameters.width
        let (rows, coefficients) = unsafe collapse(residual, pass.tokens, pass, connection)
        let normalized = pass.workspace.activations(.normalized, width: width)
        unsafe norm.apply(rows, tokens: pass.tokens, pass.compute, into: normalized)
        let mixed = unsafe pass.workspace.floats(.mixed, pass.tokens * width)
        unsafe block(normalized, Output(rows: mixed, accumulates: false))
        unsafe pass.compute.mixStreams(
            residual, tokens: pass.tokens, width: width, connection, coefficients: coefficients, adding: mixed)
    }
}
