internal import CKernels

/// One matrix product of an operation that shares its input: out = W x (+ bias) (+ out).
@unsafe
package struct Projection {
    package var matrix: Matrix
    /// [rows]
    package var bias: UnsafePointer<Float>?
    /// Adds to what `output` holds: a residual connection.
    package var accumulates = false
    /// [tokens, stride], of which the first `matrix.rows` elements of each row are written.
    package var output: UnsafeMutablePointer<Float>
    package var stride: Int

    package init(
        _ matrix: Matrix, bias: UnsafePointer<Float>? = nil, accumulates: Bool = false,
        output: UnsafeMutablePointer<Float>, stride: Int? = nil
    ) {
        unsafe self.matrix = matrix
        unsafe self.bias = bias
        unsafe self.accumulates = accumulates
        unsafe self.output = output
        unsafe self.stride = stride ?? matrix.rows
    }
}

/// What stands between the two halves of a feed-forward block.
package enum Activation: Sendable {
    /// silu(gate) * up; with a limit, the gate is cut above it and `up` on both sides.
    case silu(limit: Float = 0)
    /// gelu(gate) * up in the tanh form.
    case gelu
    /// gelu(gate) * up by the error function, as first defined.
    case exactGELU
    /// gate * sigmoid(1.702 gate) * (up + 1), cut like `silu`.
    case swigluOAI(limit: Float)

    package var code: Int32 {
        switch self {
        case .silu: Int32(MK_SILU)
        case .gelu: Int32(MK_GELU)
        case .exactGELU: Int32(MK_GELU_ERF)
        case .swigluOAI: Int32(MK_SWIGLU_OAI)
        }
    }

    package var limit: Float {
        switch self {
        case .silu(let limit), .swigluOAI(let limit): limit
        case .gelu, .exactGELU: 0
        }
    }
}

extension Compute {
    /// All `projections` of the same `tokens` rows of `input`.
    /// - Parameter wanted: which rows of the pass these are, ascending; nil for all, in order.
    package func project(
        _ input: Activations, tokens: Int, of wanted: ArraySlice<Int>? = nil, _ projections: [Projection]
    ) {
        let rows = unsafe input.rows
        unsafe announce(rows, tokens: tokens, to: projections.map(unsafe \.matrix))
        let plan = unsafe chunkPlan(projections.map(unsafe \.matrix), tokens: tokens)
        reserveTiles(tokens: tokens, rowsPerChunk: plan.widestRange)
        plan.run(on: pool) { index, range, thread in
            unsafe multiply(projections[index], range, rows, tokens: tokens, scratch: scratch(of: thread))
        }
        unsafe adapt(input, tokens: tokens, rows: wanted, projections)
    }

    /// For each head a matrix of its own: output[token, head] = bank[head] * input[token, head].
    /// - Parameters:
    ///   - input: one row for each token and head, [tokens * heads.count, columns].
    ///   - heads: receives [tokens, heads, rows].
    package func projectHeads(_ input: Activations, tokens: Int, _ bank: MatrixBank, into heads: HeadRows) {
        unsafe precondition(bank.count == heads.heads && bank.first.rows == heads.dim)
        let matrices = (0..<bank.count).map { bank[$0] }
        for (head, matrix) in matrices.enumerated() {
            unsafe announce(input.rows.every(bank.count, from: head), tokens: tokens, to: [matrix])
        }
        let plan = chunkPlan(matrices, tokens: tokens)
        reserveTiles(tokens: tokens, rowsPerChunk: plan.widestRange)
        plan.run(on: pool) { head, range, thread in
            let rows = unsafe input.rows.every(bank.count, from: head)
            let projection = unsafe Projection(matrices[head], output: heads.head(head, of: 0), stride: heads.stride)
            unsafe multiply(projection, range, rows, tokens: tokens, scratch: scratch(of: thread))
        }
    }

    private func chunkPlan(_ matrices: [Matrix], tokens: Int) -> ChunkPlan {
        ChunkPlan(matrices, rowwise: matrices.allSatisfy { isRowwise($0, tokens: tokens) })
    }

    private func multiply(
        _ projection: Projection, _ range: Range<Int>, _ input: InputRows, tokens: Int,
        scratch tile: UnsafeMutablePointer<Float>
    ) {
        let width = unsafe tileWidth(projection.matrix, rows: range, tokens: tokens)
        unsafe multiply(
            projection.matrix, rows: range, input, tokens: tokens, into: tile, scratch: tile + tokens * width)
        for token in 0..<tokens {
            let from = unsafe tile + token * width
            let to = unsafe projection.output + token * projection.stride + range.lowerBound
            let count = Int32(range.count)
            if let bias = unsafe projection.bias {
                unsafe kernels.pointee.add(from, bias + range.lowerBound, count, from)
            }
            if unsafe projection.accumulates {
                unsafe kernels.pointee.add(from, to, count, to)
            } else {
                unsafe to.update(from: from, count: range.count)
            }
        }
    }

    /// The gated feed-forward's first half: output = f(gate x, up x), quantised for the product that follows.
    /// - SeeAlso: Shazeer 2020, arXiv:2002.05202.
    package func projectGated(
        _ input: Activations, tokens: Int, gate: Matrix, up: Matrix, activation: Activation = .silu(),
        into output: Activations
    ) {
        precondition(gate.rows == up.rows && output.width == gate.rows)
        output.reserve(tokens: tokens)
        if isAdapted(gate) || isAdapted(up) {
            return projectApart(input, tokens: tokens, gate: gate, up: up, activation: activation, into: output)
        }
        let rows = unsafe input.rows
        unsafe announce(rows, tokens: tokens, to: [gate, up])
        let plan = ChunkPlan([gate], rowwise: [gate, up].allSatisfy { isRowwise($0, tokens: tokens) })
        reserveTiles(tokens: 2 * tokens, rowsPerChunk: plan.widestRange)
        plan.run(on: pool) { _, range, thread in
            unsafe multiplyGated(
                gate, up, range, rows, tokens: tokens, activation: activation, into: output.values,
                stride: output.width, scratch: scratch(of: thread))
        }
        quantize(output, tokens: tokens)
    }

    /// The same where adapters correct the halves before the activation.
    private func projectApart(
        _ input: Activations, tokens: Int, gate: Matrix, up: Matrix, activation: Activation, into output: Activations
    ) {
        halves.reserve(2 * tokens * gate.rows)
        let (gates, ups) = unsafe (halves.pointer, halves.pointer + tokens * gate.rows)
        unsafe project(input, tokens: tokens, [Projection(gate, output: gates), Projection(up, output: ups)])
        forEachToken(tokens) { token in
            let offset = token * gate.rows
            unsafe kernels.pointee.activate(
                activation.code, gates + offset, ups + offset, activation.limit, Int32(gate.rows), output.row(token))
        }
        quantize(output, tokens: tokens)
    }

    /// `output` [tokens, stride] receives the elements of `range`. `scratch` takes two tiles and unpacked weights.
    func multiplyGated(
        _ gate: Matrix, _ up: Matrix, _ range: Range<Int>, gateBias: UnsafePointer<Float>? = nil,
        upBias: UnsafePointer<Float>? = nil, _ input: InputRows, tokens: Int, activation: Activation,
        into output: UnsafeMutablePointer<Float>, stride: Int, scratch gateTile: UnsafeMutablePointer<Float>
    ) {
        let gateWidth = tileWidth(gate, rows: range, tokens: tokens)
        let upWidth = tileWidth(up, rows: range, tokens: tokens)
        let upTile = unsafe gateTile + tokens * gateWidth
        let scratch = unsafe upTile + tokens * upWidth
        unsafe multiply(gate, rows: range, input, tokens: tokens, into: gateTile, scratch: scratch)
        unsafe multiply(up, rows: range, input, tokens: tokens, into: upTile, scratch: scratch)
        let count = Int32(range.count)
        for token in 0..<tokens {
            let (g, u) = unsafe (gateTile + token * gateWidth, upTile + token * upWidth)
            if let gateBias = unsafe gateBias { unsafe kernels.pointee.add(g, gateBias + range.lowerBound, count, g) }
            if let upBias = unsafe upBias { unsafe kernels.pointee.add(u, upBias + range.lowerBound, count, u) }
            unsafe kernels.pointee.activate(
                activation.code, g, u, activation.limit, count, output + token * stride + range.lowerBound)
        }
    }

    /// Applies `activation` without a gated partner to rows of `activations`, in place, and quantises them.
    package func activate(_ activations: Activations, tokens: Int, _ activation: Activation) {
        forEachToken(tokens) { token in
            let row = unsafe activations.row(token)
            let width = Int32(activations.width)
            unsafe kernels.pointee.activate(activation.code, row, nil, activation.limit, width, row)
            unsafe kernels.pointee.quantize(row, width, activations.groups(of: token))
        }
    }
}
