internal import Tensors

/// Feed-forward blocks of which a router takes some for each token, and perhaps one that every token takes.
/// - SeeAlso: Shazeer et al. 2017, arXiv:1701.06538; Dai et al. 2024, arXiv:2401.06066 (shared experts).
struct ExpertMixture: ChannelMixer {
    var router: Matrix  // [experts, width]
    var routerBias: Vector?  // [experts]
    var routing: ExpertRouting
    /// The experts of each token of the vocabulary, where the router only weighs them.
    /// - SeeAlso: Roller et al. 2021, arXiv:2106.04426.
    var prescribed: IntegerTable?  // [vocabulary, experts of a token]
    var banks: ExpertBanks
    var shared: GatedFeedForward?
    /// Weighs the shared expert by the sigmoid of its product with the input.
    var sharedGate: Matrix?  // [1, width]

    /// Loads the usual names.
    /// - Parameter hidden: elements between an expert's halves.
    init(
        _ p: Hyperparameters, _ weights: WeightLoader, _ block: String, experts: Int, hidden: Int,
        routing: ExpertRouting, activation: Activation = .silu()
    ) throws(ModelError) {
        self.routing = routing
        router = try weights.matrix("\(block).ffn_gate_inp.weight", rows: experts, columns: p.width)
        routerBias = try weights.optionalVector("\(block).ffn_gate_inp.bias", count: experts)
        let down = try weights.bank("\(block).ffn_down_exps.weight", count: experts, rows: p.width, columns: hidden)
        let (gate, up): (MatrixBank, MatrixBank)
        if weights.has("\(block).ffn_gate_up_exps.weight") {
            func half(_ firstRow: Int) throws(ModelError) -> MatrixBank {
                try weights.bank(
                    "\(block).ffn_gate_up_exps.weight", count: experts, rows: hidden, columns: p.width,
                    firstRow: firstRow, storedRows: 2 * hidden)
            }
            (gate, up) = (try half(0), try half(hidden))
        } else {
            gate = try weights.bank("\(block).ffn_gate_exps.weight", count: experts, rows: hidden, columns: p.width)
            up = try weights.bank("\(block).ffn_up_exps.weight", count: experts, rows: hidden, columns: p.width)
        }
        banks = ExpertBanks(gate: gate, up: up, down: down, activation: activation)
        banks.gateBias = try weights.optionalVector("\(block).ffn_gate_exps.bias", count: hidden, rows: experts)
        banks.upBias = try weights.optionalVector("\(block).ffn_up_exps.bias", count: hidden, rows: experts)
        banks.downBias = try weights.optionalVector("\(block).ffn_down_exps.bias", count: p.width, rows: experts)
    }

    /// Loads the experts that every token takes, where the file has some: one block as wide as all of them.
    mutating func loadShared(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String,
        activation: Activation = .silu()
    ) throws(ModelError) {
        let count = try reader.integer("expert_shared_count", in: 0...1024, default: 0)
        guard count > 0 else { return }
        shared = try GatedFeedForward(
            p, weights, block, suffix: "_shexp", hidden: count * banks.gate.first.rows, activation: activation)
    }

    func mix(_ input: Activations, _ pass: Pass, into output: Output) {
        let (compute, tokens, width) = (pass.compute, pass.tokens, input.width)
        let state = pass.workspace.expertState(width: width, hidden: banks.gate.first.rows)
        let scores = unsafe pass.workspace.floats(.scores, tokens * (router.rows + 1))
        let gates = unsafe scores + tokens * router.rows
        var projections = unsafe [Projection(router, bias: routerBias?.pointer, output: scores)]
        if let sharedGate { unsafe projections.append(Projection(sharedGate, output: gates)) }
        unsafe compute.project(input, tokens: tokens, projections)
        unsafe compute.route(
            scores, tokens: tokens, experts: router.rows, routing, into: state.choice,
            prescribed: prescribed.map { table in { token, place in unsafe table[Int(pass.ids[token]), place] } })
        unsafe mixShared(input, pass, gates: gates, into: output)
        unsafe compute.mixExperts(input, tokens: tokens, banks, state, into: output.rows)
    }

    /// The shared expert comes first: what it writes, the others add to.
    private func mixShared(_ input: Activations, _ pass: Pass, gates: UnsafePointer<Float>, into output: Output) {
        let count = pass.tokens * input.width
        guard let shared else {
            if !output.accumulates { unsafe output.rows.update(repeating: 0, count: count) }
            return
        }
        guard sharedGate != nil else { return shared.mix(input, pass, into: output) }
        let rows = unsafe pass.workspace.floats(.expanded, count)
        unsafe shared.mix(input, pass, into: Output(rows: rows, accumulates: false))
        if !output.accumulates { unsafe output.rows.update(repeating: 0, count: count) }
        unsafe pass.compute.addGated(rows, gates: gates, tokens: pass.tokens, width: input.width, to: output.rows)
    }
}

extension WeightLoader {
    /// One gated block, or, where the file counts experts, a mixture of those that a softmax prefers.
    /// - Parameter expertHidden: elements between an expert's halves; nil for those that the file gives.
    func blockOrExperts(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ block: String, expertHidden: Int? = nil
    ) throws(ModelError) -> any ChannelMixer {
        guard let experts = try reader.experts() else { return try GatedFeedForward(p, self, block) }
        let hidden = if let expertHidden { expertHidden } else { try reader.expertHidden() }
        return try ExpertMixture(
            p, self, block, experts: experts.count, hidden: hidden,
            routing: try reader.routing(experts, scoring: .softmax, normalizes: true))
    }
}
