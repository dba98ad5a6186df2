internal import CKernels

/// The experts of one layer: gated feed-forward blocks of one shape.
package struct ExpertBanks: Sendable {
    /// [hidden, width] each
    package var gate: MatrixBank
    /// [hidden, width] each
    package var up: MatrixBank
    /// [width, hidden] each
    package var down: MatrixBank
    /// [experts, hidden], [experts, hidden], [experts, width]
    package var gateBias: Vector?
    package var upBias: Vector?
    package var downBias: Vector?
    package var activation: Activation

    package init(gate: MatrixBank, up: MatrixBank, down: MatrixBank, activation: Activation = .silu()) {
        self.gate = gate
        self.up = up
        self.down = down
        self.activation = activation
    }
}

/// Buffers of a mixture of experts, reused from layer to layer.
package final class ExpertState {
    package let choice = ExpertChoice()
    /// Input rows in the order of the experts that read them.
    fileprivate let gathered: Activations
    /// One row for each token and expert.
    fileprivate let hidden: Activations
    /// What each expert makes of each of its rows.
    fileprivate let products = FloatBuffer()

    package init(width: Int, hidden: Int) {
        gathered = Activations(width: width)
        self.hidden = Activations(width: hidden)
    }
}

/// Which rows each expert works on: a counting sort of (token, place) by expert.
private struct ExpertGroups {
    /// Experts that have rows, ascending, with the range of their rows.
    var experts: [(id: Int, rows: Range<Int>)] = []
    var tokens: [Int]
    var weights: [Float]

    init(_ choice: ExpertChoice, tokens count: Int, experts expertCount: Int) {
        var starts = [Int](repeating: 0, count: expertCount + 1)
        for token in 0..<count {
            for place in 0..<choice.used { starts[choice.id(place, of: token) + 1] += 1 }
        }
        for expert in 0..<expertCount { starts[expert + 1] += starts[expert] }
        for expert in 0..<expertCount where starts[expert] < starts[expert + 1] {
            experts.append((expert, starts[expert]..<starts[expert + 1]))
        }
        tokens = [Int](repeating: 0, count: count * choice.used)
        weights = [Float](repeating: 0, count: count * choice.used)
        for token in 0..<count {
            for place in 0..<choice.used {
                let expert = choice.id(place, of: token)
                tokens[starts[expert]] = token
                weights[starts[expert]] = choice.weight(place, of: token)
                starts[expert] += 1
            }
        }
    }
}

extension Compute {
    /// Adds to each row of `output`, [tokens, width], what its experts make of the input's row, by their weights.
    ///
    /// Few tokens read each chosen expert's rows once a token; many are sorted by expert, so that each expert's weights
    /// are unpacked once. The order in which experts add up is that of their numbers, whatever the threads.
    /// - SeeAlso: Shazeer et al. 2017, arXiv:1701.06538.
    package func mixExperts(
        _ input: Activations, tokens: Int, _ banks: ExpertBanks, _ state: ExpertState,
        into output: UnsafeMutablePointer<Float>
    ) {
        let groups = ExpertGroups(state.choice, tokens: tokens, experts: banks.gate.count)
        let pairs = groups.tokens.count
        state.hidden.reserve(tokens: pairs)
        // A single token is every expert's only row.
        let gathered = tokens == 1 ? input : state.gathered
        if tokens > 1 {
            gathered.reserve(tokens: pairs)
            let readsFloats = banks.gate.first.isFloat || banks.up.first.isFloat || observer != nil
            forEachToken(pairs) { gathered.copyRow($0, from: groups.tokens[$0], of: input, floats: readsFloats) }
        }
        let rows = unsafe tokens == 1 ? gathered.rows.every(0, from: 0) : gathered.rows
        let widest = groups.experts.map(\.rows.count).max() ?? 0
        for (id, range) in groups.experts {
            unsafe announce(
                rows.every(1, from: range.lowerBound), tokens: range.count, to: [banks.gate[id], banks.up[id]])
        }
        let goesByRows = [banks.gate, banks.up, banks.down].allSatisfy { isRowwise($0.first, tokens: widest) }
        if goesByRows {
            unsafe expandRowwise(groups, rows, banks, state, widest: widest)
        } else {
            unsafe expandTiles(groups, rows, banks, state, widest: widest)
        }
        quantize(state.hidden, tokens: pairs)
        for (id, range) in groups.experts {
            let hidden = unsafe state.hidden.rows.every(1, from: range.lowerBound)
            unsafe announce(hidden, tokens: range.count, to: [banks.down[id]])
        }
        if goesByRows {
            unsafe contractRowwise(groups, banks, state, widest: widest, into: output, width: input.width)
        } else {
            unsafe contractTiles(groups, banks, state, widest: widest, into: output, width: input.width)
        }
    }

    /// hidden = f(gate x, up x), streaming through the experts' rows.
    private func expandRowwise(
        _ groups: ExpertGroups, _ input: InputRows, _ banks: ExpertBanks, _ state: ExpertState, widest: Int
    ) {
        let plan = ChunkPlan(groups.experts.map { banks.gate[$0.id] }, rowwise: true)
        reserveTiles(tokens: 2 * widest, rowsPerChunk: plan.widestRange)
        plan.run(on: pool) { index, range, thread in
            unsafe expand(groups.experts[index], range, input, banks, state, scratch: scratch(of: thread))
        }
    }

    private func expandTiles(
        _ groups: ExpertGroups, _ input: InputRows, _ banks: ExpertBanks, _ state: ExpertState, widest: Int
    ) {
        let rows = banks.gate.first.rows
        let tileRows = Int(MK_TILE_ROWS)
        let tiles = (rows + tileRows - 1) / tileRows
        reserveTiles(tokens: 2 * widest, rowsPerChunk: tileRows)
        pool.run(groups.experts.count * tiles) { task, thread in
            let first = task % tiles * tileRows
            unsafe expand(
                groups.experts[task / tiles], first..<min(rows, first + tileRows), input, banks, state,
                scratch: scratch(of: thread))
        }
    }

    private func expand(
        _ expert: (id: Int, rows: Range<Int>), _ range: Range<Int>, _ input: InputRows, _ banks: ExpertBanks,
        _ state: ExpertState, scratch: UnsafeMutablePointer<Float>
    ) {
        let hidden = banks.gate.first.rows
        unsafe multiplyGated(
            banks.gate[expert.id], banks.up[expert.id], range,
            gateBias: banks.gateBias.map { unsafe $0.pointer + expert.id * hidden },
            upBias: unsafe banks.upBias.map { unsafe $0.pointer + expert.id * hidden },
            unsafe input.every(1, from: expert.rows.lowerBound), tokens: expert.rows.count,
            activation: banks.activation, into: unsafe state.hidden.row(expert.rows.lowerBound),
            stride: state.hidden.width,
            scratch: unsafe scratch)
    }

    /// output += weight * (down hidden), streaming through the experts' rows. The products wait in a buffer of their own
    /// until all are there, so that they add up in the same order whatever the threads.
    private func contractRowwise(
        _ groups: ExpertGroups, _ banks: ExpertBanks, _ state: ExpertState, widest: Int,
        into output: UnsafeMutablePointer<Float>, width: Int
    ) {
        let plan = ChunkPlan(groups.experts.map { banks.down[$0.id] }, rowwise: true)
        reserveTiles(tokens: widest, rowsPerChunk: plan.widestRange)
        state.products.reserve(groups.tokens.count * width)
        let products = unsafe state.products.pointer
        plan.run(on: pool) { index, range, thread in
            let expert = groups.experts[index]
            let tile = unsafe scratch(of: thread)
            unsafe multiplyDown(expert, range, banks, state, tile: tile)
            for (row, pair) in expert.rows.enumerated() {
                unsafe (products + pair * width + range.lowerBound).update(
                    from: tile + row * range.count, count: range.count)
            }
        }
        let columns = 512
        pool.run((width + columns - 1) / columns) { chunk, _ in
            let first = chunk * columns
            let count = Int32(min(columns, width - first))
            for (pair, token) in groups.tokens.enumerated() {
                unsafe kernels.pointee.add_scaled(
                    products + pair * width + first, groups.weights[pair], count, output + token * width + first)
            }
        }
    }

    /// The same where every thread owns some of the output's columns and goes through all experts.
    private func contractTiles(
        _ groups: ExpertGroups, _ banks: ExpertBanks, _ state: ExpertState, widest: Int,
        into output: UnsafeMutablePointer<Float>, width: Int
    ) {
        let tileRows = Int(MK_TILE_ROWS)
        reserveTiles(tokens: widest, rowsPerChunk: tileRows)
        pool.run((width + tileRows - 1) / tileRows) { chunk, thread in
            let range = chunk * tileRows..<min(width, (chunk + 1) * tileRows)
            let tile = unsafe scratch(of: thread)
            for expert in groups.experts {
                let tileWidth = unsafe multiplyDown(expert, range, banks, state, tile: tile)
                for (row, pair) in expert.rows.enumerated() {
                    unsafe kernels.pointee.add_scaled(
                        tile + row * tileWidth, groups.weights[pair], Int32(range.count),
                        output + groups.tokens[pair] * width + range.lowerBound)
                }
            }
        }
    }

    /// tile[rows, stride] = down hidden + bias for some of the output's columns; returns the stride.
    @discardableResult
    private func multiplyDown(
        _ expert: (id: Int, rows: Range<Int>), _ range: Range<Int>, _ banks: ExpertBanks, _ state: ExpertState,
        tile: UnsafeMutablePointer<Float>
    ) -> Int {
        let matrix = banks.down[expert.id]
        let count = expert.rows.count
        let stride = tileWidth(matrix, rows: range, tokens: count)
        unsafe multiply(
            matrix, rows: range, state.hidden.rows.every(1, from: expert.rows.lowerBound), tokens: count, into: tile,
            scratch: tile + count * stride)
        if let bias = banks.downBias {
            let bias = unsafe bias.pointer + expert.id * matrix.rows + range.lowerBound
            for row in 0..<count {
                unsafe kernels.pointee.add(tile + row * stride, bias, Int32(range.count), tile + row * stride)
            }
        }
        return stride
    }
}
