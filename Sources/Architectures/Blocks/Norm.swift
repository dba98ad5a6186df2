internal import Tensors

/// The normalisation in front of a block.
struct Norm: Sendable {
    var weight: Vector  // [width]
    /// Nil for root-mean-square norms; with it, layer norm.
    var bias: Vector?  // [width]
    var epsilon: Float

    func apply(_ rows: UnsafePointer<Float>, tokens: Int, _ compute: Compute, into output: Activations) {
        if let bias {
            unsafe compute.layerNormalize(
                rows, tokens: tokens, weight: weight.pointer, bias: bias.pointer, epsilon: epsilon, into: output)
        } else {
            unsafe compute.normalize(rows, tokens: tokens, weight: weight.pointer, epsilon: epsilon, into: output)
        }
    }
}

extension WeightLoader {
    func rootMeanSquareNorm(_ name: String, _ p: Hyperparameters) throws(ModelError) -> Norm {
        Norm(weight: try vector("\(name).weight", count: p.width), epsilon: p.epsilon)
    }

    func layerNorm(_ name: String, _ p: Hyperparameters) throws(ModelError) -> Norm {
        Norm(
            weight: try vector("\(name).weight", count: p.width), bias: try vector("\(name).bias", count: p.width),
            epsilon: p.epsilon)
    }
}
