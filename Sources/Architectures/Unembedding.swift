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
    /// - Parameter rows: makes a block of rows of the residual stream, [count, width].
    func report(
        _ pass: Pass, wanted: Range<Int>, rows: (Range<Int>) -> UnsafePointer<Float>,
        to report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        let vocabulary = matrix.rows
        let normalized = pass.workspace.activations(.normalized, width: matrix.columns)
        for first in stride(from: wanted.lowerBound, to: wanted.upperBound, by: 32) {
            let block = first..<min(wanted.upperBound, first + 32)
            let logits = unsafe pass.workspace.floats(.logits, block.count * vocabulary)
            unsafe norm.apply(rows(block), tokens: block.count, pass.compute, into: normalized)
            unsafe pass.compute.project(normalized, tokens: block.count, [Projection(matrix, output: logits)])
            for row in 0..<block.count {
                unsafe report(
                    first + row, UnsafeMutableBufferPointer(start: logits + row * vocabulary, count: vocabulary))
            }
        }
    }
}
