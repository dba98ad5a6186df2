internal import Tensors

/// Intermediate results of a forward pass, reused from one to the next.
package final class DecoderState {
    private let parameters: Hyperparameters
    let residual = FloatBuffer()
    let queries = FloatBuffer()
    let keys = FloatBuffer()
    let values = FloatBuffer()
    let logits = FloatBuffer()
    let normalized: Activations
    let attended: Activations
    let gated: Activations
    let attention = AttentionState()

    package init(_ parameters: Hyperparameters) {
        self.parameters = parameters
        normalized = Activations(width: parameters.width)
        attended = Activations(width: parameters.heads * parameters.headDim)
        gated = Activations(width: parameters.feedForward)
    }

    func reserve(tokens: Int) {
        residual.reserve(tokens * parameters.width)
        queries.reserve(tokens * parameters.heads * parameters.headDim)
        keys.reserve(tokens * parameters.kvHeads * parameters.headDim)
        values.reserve(tokens * parameters.kvHeads * parameters.headDim)
    }
}
