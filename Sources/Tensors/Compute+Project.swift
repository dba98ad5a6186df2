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

extension Compute {
    /// Multiplies up to this many tokens row by row; more are worth unpacking tiles for.
    private static let rowwiseTokens = 3
    private static let tileRows = Int(MK_TILE_ROWS)
    /// Groups that one pass of a tile covers: 32 rows x 1,024 bytes stay in the first-level cache.
    private static let tileGroups = 4

    /// All `projections` of the same `tokens` rows of `input`.
    package func project(_ input: Activations, tokens: Int, _ projections: [Projection]) {
        let plan = unsafe ChunkPlan(projections.map(unsafe \.matrix), rowwise: tokens <= Self.rowwiseTokens)
        reserveTiles(tokens: tokens, rowsPerChunk: plan.widestRange)
        plan.run(on: pool) { index, rows, thread in
            let projection = unsafe projections[index]
            let tile = unsafe scratch(of: thread)
            let width = unsafe tileWidth(projection.matrix, rows: rows, tokens: tokens)
            unsafe multiply(
                projection.matrix, rows: rows, input, tokens: tokens, into: tile, scratch: tile + tokens * width)
            for token in 0..<tokens {
                let from = unsafe tile + token * width
                let to = unsafe projection.output + token * projection.stride + rows.lowerBound
                let count = Int32(rows.count)
                if let bias = unsafe projection.bias {
                    unsafe kernels.pointee.add(from, bias + rows.lowerBound, count, from)
                }
                if unsafe projection.accumulates {
                    unsafe kernels.pointee.add(from, to, count, to)
                } else {
                    unsafe to.update(from: from, count: rows.count)
                }
            }
        }
    }

    /// The gated feed-forward's first half: output = silu(gate x) * (up x), quantised for the product that follows.
    /// - SeeAlso: Shazeer 2020, arXiv:2002.05202.
    package func projectGated(
        _ input: Activations, tokens: Int, gate: Matrix, up: Matrix, into output: Activations
    ) {
        precondition(gate.rows == up.rows && output.width == gate.rows)
        output.reserve(tokens: tokens)
        precondition(gate.isFloat == up.isFloat, "a gated product mixes float and quantised matrices")
        let plan = ChunkPlan([gate], rowwise: tokens <= Self.rowwiseTokens)
        reserveTiles(tokens: 2 * tokens, rowsPerChunk: plan.widestRange)
        plan.run(on: pool) { _, rows, thread in
            let gateTile = unsafe scratch(of: thread)
            let width = max(
                tileWidth(gate, rows: rows, tokens: tokens), tileWidth(up, rows: rows, tokens: tokens))
            let upTile = unsafe gateTile + tokens * width
            let scratch = unsafe upTile + tokens * width
            unsafe multiply(gate, rows: rows, input, tokens: tokens, into: gateTile, scratch: scratch)
            unsafe multiply(up, rows: rows, input, tokens: tokens, into: upTile, scratch: scratch)
            for token in 0..<tokens {
                let offset = token * width
                unsafe kernels.pointee.silu_multiply(
                    gateTile + offset, upTile + offset, Int32(rows.count), output.row(token) + rows.lowerBound)
            }
        }
        quantize(output, tokens: tokens)
    }

    private func reserveTiles(tokens: Int, rowsPerChunk: Int) {
        let packed = Self.tileGroups * Self.tileRows * (Int(MK_GROUP) / 4 + 1)
        reserveScratch(tokens * max(rowsPerChunk, Self.tileRows) + packed + 64)
    }

    /// Row stride of the tile that `multiply` fills.
    private func tileWidth(_ matrix: Matrix, rows: Range<Int>, tokens: Int) -> Int {
        tokens <= Self.rowwiseTokens || matrix.isFloat ? rows.count : Self.tileRows
    }

    /// tile[tokens, tileWidth] = W[rows] x. `scratch` takes unpacked weights.
    private func multiply(
        _ matrix: Matrix, rows: Range<Int>, _ input: Activations, tokens: Int, into tile: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let count = Int32(rows.count)
        let columns = Int32(matrix.columns)
        let weights = unsafe matrix.row(rows.lowerBound)
        if matrix.isFloat {
            unsafe kernels.pointee.gemm_float(
                Int32(matrix.type.rawValue), weights, matrix.rowBytes, count, columns, input.values, input.width,
                Int32(tokens), tile, rows.count)
        } else if tokens <= Self.rowwiseTokens {
            let gemv = unsafe mk_gemv_of(kernels, matrix.type.rawValue)!
            for token in 0..<tokens {
                unsafe gemv(
                    weights, matrix.rowBytes, count, columns, input.groups(of: token), tile + token * rows.count)
            }
        } else {
            unsafe multiplyTile(matrix, rows: rows, input, tokens: tokens, into: tile, scratch: scratch)
        }
    }

    private func multiplyTile(
        _ matrix: Matrix, rows: Range<Int>, _ input: Activations, tokens: Int, into tile: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let pack = unsafe mk_pack_of(kernels, matrix.type.rawValue)!
        let aligned = unsafe UnsafeMutableRawPointer(scratch).alignedUp(toMultipleOf: 64)
        let packed = unsafe aligned.assumingMemoryBound(to: UInt8.self)
        let scales = unsafe (aligned + Self.tileGroups * Self.tileRows * Int(MK_GROUP))
            .assumingMemoryBound(to: Float.self)
        unsafe tile.update(repeating: 0, count: tokens * Self.tileRows)
        for first in stride(from: 0, to: input.groupCount, by: Self.tileGroups) {
            let groups = min(Self.tileGroups, input.groupCount - first)
            unsafe pack(
                matrix.row(rows.lowerBound), matrix.rowBytes, Int32(rows.count), Int32(matrix.columns), Int32(first),
                Int32(groups), packed, scales)
            unsafe kernels.pointee.gemm(
                packed, scales, Int32(groups), input.groups(of: 0) + first, input.groupCount, Int32(tokens), tile)
        }
    }
}

/// How the rows of several matrices are cut into chunks of work.
struct ChunkPlan {
    private var matrices: [Matrix]
    private var rowsPerChunk: [Int] = []
    /// First chunk of each matrix, and the end.
    private var starts: [Int] = [0]
    private let rowwise: Bool

    init(_ matrices: [Matrix], rowwise: Bool) {
        self.matrices = matrices
        self.rowwise = rowwise
        for matrix in matrices {
            // Row by row, a chunk reads about 16 KiB, and threads take ranges of chunks.
            let rows = rowwise || matrix.isFloat ? max(8, min(256, 16384 / matrix.rowBytes)) : 32
            rowsPerChunk.append(rows)
            starts.append(starts.last! + (matrix.rows + rows - 1) / rows)
        }
    }

    /// Rows that one call of the body may get at most.
    var widestRange: Int { (rowwise ? matrices.map(\.rows).max() : rowsPerChunk.max()) ?? 0 }

    /// Calls `body` with the index of a matrix and a range of its rows until all rows are done.
    func run(on pool: ComputePool, _ body: (_ matrix: Int, _ rows: Range<Int>, _ thread: Int) -> Void) {
        guard rowwise else {
            pool.run(starts.last!) { chunk, thread in forEachMatrix(chunk..<chunk + 1) { body($0, $1, thread) } }
            return
        }
        pool.runRanges(starts.last!) { chunks, thread in forEachMatrix(chunks) { body($0, $1, thread) } }
    }

    private func forEachMatrix(_ chunks: Range<Int>, _ body: (Int, Range<Int>) -> Void) {
        for (index, matrix) in matrices.enumerated() {
            let own = chunks.clamped(to: starts[index]..<starts[index + 1])
            guard !own.isEmpty else { continue }
            let first = (own.lowerBound - starts[index]) * rowsPerChunk[index]
            let end = (own.upperBound - starts[index]) * rowsPerChunk[index]
            body(index, first..<min(end, matrix.rows))
        }
    }
}
