internal import Tensors

/// The end of a decoder: a norm and the matrix from the residual stream to logits.
struct Unembedding: Sendable {
    var norm: Norm
    var matrix: Matrix  // [vocabulary, width]

    /// Loads the usual names; models without a matrix of their own use the embedding's.
    /// - Parameter norm: nil for the RMS norm of the usual name.
    init(
        _ p: Hyperparameters, _ weights: WeightLoader, norm: Norm? = nil, embedding: Matrix
    ) throws(ModelError) {
        if let norm { self.norm = norm } else { self.norm = try weights.rootMeanSquareNorm("output_norm", p) }
        matrix = try weights.optionalMatrix("output.weight", rows: p.vocabulary, columns: p.width) ?? embedding
    }

    /// Reports the logits of the rows in `wanted`, in blocks of rows: a full batch would take hundreds of megabytes.
    /// - Parameters:
    ///   - residual: [tokens, width]; what is wanted of it is moved together.
    ///   - rows: makes what the norm reads, [count, columns of the matrix], of so many rows of the residual stream.
    func report(
        _ pass: Pass, wanted: [Int], of residual: UnsafeMutablePointer<Float>, width: Int,
        rows: (_ start: UnsafePointer<Float>, _ count: Int) -> UnsafePointer<Float>,
        to report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        for (place, row) in wanted.enumerated() where place != row {
            unsafe (residual + place * width).update(from: residual + row * width, count: width)
        }
        let vocabulary = matrix.rows
        let normalized = pass.workspace.activations(.normalized, width: matrix.columns)
        for first in stride(from: 0, to: wanted.count, by: 32) {
            let block = first..<min(wanted.count, first + 32)
            let logits = unsafe pass.workspace.floats(.logits, block.count * vocabulary)
            unsafe norm.apply(
                rows(residual + first * width, block.count), tokens: block.count, pass.compute, into: normalized)
            unsafe pass.compute.project(
                normalized, tokens: block.count, of: wanted[block], [Projection(matrix, output: logits)])
            for row in 0..<block.count {
                unsafe report(
                    wanted[first + row], UnsafeMutableBufferPointer(start: logits + row * vocabulary, count: vocabulary)
                )
            }
        }
    }
}
