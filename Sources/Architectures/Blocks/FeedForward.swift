internal import Tensors

/// down(f(gate x, up x)).
/// - SeeAlso: Shazeer 2020, arXiv:2002.05202.
struct GatedFeedForward: ChannelMixer {
    var gate: Matrix  // [hidden, width]
    var up: Matrix  // [hidden, width]
    var down: Matrix  // [width, hidden]
    var activation = Activation.silu()

    /// Loads `BLOCK.ffn_gate`, `ffn_up` and `ffn_down`, with `suffix` behind each.
    init(
        _ p: Hyperparameters, _ weights: WeightLoader, _ block: String, suffix: String = "", hidden: Int? = nil,
        activation: Activation = .silu()
    ) throws(ModelError) {
        let hidden = hidden ?? p.feedForward
        gate = try weights.matrix("\(block).ffn_gate\(suffix).weight", rows: hidden, columns: p.width)
        up = try weights.matrix("\(block).ffn_up\(suffix).weight", rows: hidden, columns: p.width)
        down = try weights.matrix("\(block).ffn_down\(suffix).weight", rows: p.width, columns: hidden)
        self.activation = activation
    }

    func mix(_ input: Activations, _ pass: Pass, into output: Output) {
        let hidden = pass.workspace.activations(.hidden, width: gate.rows)
        pass.compute.projectGated(
            input, tokens: pass.tokens, gate: gate, up: up, activation: activation, into: hidden)
        unsafe pass.compute.project(
            hidden, tokens: pass.tokens,
            [Projection(down, accumulates: output.accumulates, output: output.rows)])
    }
}

/// down(f(up x + bias)) + bias, the feed-forward block of the first transformers.
/// - SeeAlso: Vaswani et al. 2017, arXiv:1706.03762.
struct PlainFeedForward: ChannelMixer {
    var up: Matrix  // [hidden, width]
    var upBias: Vector?
    var down: Matrix  // [width, hidden]
    var downBias: Vector?
    var activation: Activation

    init(_ p: Hyperparameters, _ weights: WeightLoader, _ block: String, activation: Activation) throws(ModelError) {
        up = try weights.matrix("\(block).ffn_up.weight", rows: p.feedForward, columns: p.width)
        upBias = try weights.optionalVector("\(block).ffn_up.bias", count: p.feedForward)
        down = try weights.matrix("\(block).ffn_down.weight", rows: p.width, columns: p.feedForward)
        downBias = try weights.optionalVector("\(block).ffn_down.bias", count: p.width)
        self.activation = activation
    }

    func mix(_ input: Activations, _ pass: Pass, into output: Output) {
        let hidden = pass.workspace.activations(.hidden, width: up.rows)
        hidden.reserve(tokens: pass.tokens)
        unsafe pass.compute.project(
            input, tokens: pass.tokens, [Projection(up, bias: upBias?.pointer, output: hidden.values)])
        pass.compute.activate(hidden, tokens: pass.tokens, activation)
        unsafe pass.compute.project(
            hidden, tokens: pass.tokens,
            [Projection(down, bias: downBias?.pointer, accumulates: output.accumulates, output: output.rows)])
    }
}
