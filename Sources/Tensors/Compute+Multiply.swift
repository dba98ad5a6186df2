internal import CKernels

/// Rows of float32 and the same rows quantised, evenly spaced: what products read.
@unsafe
struct InputRows {
    var floats: UnsafePointer<Float>
    var floatStride: Int
    var groups: UnsafePointer<mk_group>
    /// Groups from one row to the next.
    var groupStride: Int
    /// Groups of one row.
    var groupCount: Int

    /// The rows from `first` on that are `step` rows apart.
    func every(_ step: Int, from first: Int) -> InputRows {
        unsafe InputRows(
            floats: floats + first * floatStride, floatStride: step * floatStride,
            groups: groups + first * groupStride, groupStride: step * groupStride, groupCount: groupCount)
    }
}

extension Activations {
    var rows: InputRows {
        unsafe InputRows(
            floats: values, floatStride: width, groups: groups(of: 0), groupStride: groupCount, groupCount: groupCount)
    }
}

extension Compute {
    /// Multiplies up to this many tokens row by row; more are worth unpacking tiles for.
    private static let rowwiseTokens = 3
    /// The same where a kernel unpacks a row's blocks once for all tokens.
    private static let fewTokens = Int(MK_FEW_TOKENS)

    /// Whether `tokens` rows are multiplied row by row.
    func isRowwise(_ matrix: Matrix, tokens: Int) -> Bool {
        if tokens <= Self.rowwiseTokens { return true }
        return unsafe tokens <= Self.fewTokens && mk_gemv_few_of(kernels, matrix.type.rawValue) != nil
    }
    private static let tileRows = Int(MK_TILE_ROWS)
    /// Groups that one pass of a tile covers: 32 rows x 1,024 bytes stay in the first-level cache.
    private static let tileGroups = 4

    /// Makes room in each thread's scratch for the results and the unpacked weights of `multiply`.
    func reserveTiles(tokens: Int, rowsPerChunk: Int) {
        reserveScratch(tileFloats(tokens: tokens, rowsPerChunk: rowsPerChunk))
    }

    func tileFloats(tokens: Int, rowsPerChunk: Int) -> Int {
        let packed = Self.tileGroups * Self.tileRows * (Int(MK_GROUP) / 4 + 1)
        return tokens * max(rowsPerChunk, Self.tileRows) + packed + 64
    }

    /// Row stride of the tile that `multiply` fills.
    func tileWidth(_ matrix: Matrix, rows: Range<Int>, tokens: Int) -> Int {
        matrix.isFloat || isRowwise(matrix, tokens: tokens) ? rows.count : Self.tileRows
    }

    /// tile[tokens, tileWidth] = W[rows] x. `scratch` takes unpacked weights.
    func multiply(
        _ matrix: Matrix, rows: Range<Int>, _ input: InputRows, tokens: Int, into tile: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let count = Int32(rows.count)
        let columns = Int32(matrix.columns)
        let weights = unsafe matrix.row(rows.lowerBound)
        if matrix.isFloat {
            unsafe kernels.pointee.gemm_float(
                Int32(matrix.type.rawValue), weights, matrix.rowBytes, count, columns, input.floats,
                input.floatStride, Int32(tokens), tile, rows.count)
        } else if isRowwise(matrix, tokens: tokens) {
            unsafe multiplyRows(matrix, rows: rows, input, tokens: tokens, into: tile)
        } else {
            unsafe multiplyTile(matrix, rows: rows, input, tokens: tokens, into: tile, scratch: scratch)
        }
    }

    /// tile[tokens, rows.count] = W[rows] x, every element with the same bits whatever the tokens beside it.
    private func multiplyRows(
        _ matrix: Matrix, rows: Range<Int>, _ input: InputRows, tokens: Int, into tile: UnsafeMutablePointer<Float>
    ) {
        let columns = Int32(matrix.columns)
        if tokens > 1, let few = unsafe mk_gemv_few_of(kernels, matrix.type.rawValue) {
            return unsafe few(
                matrix.row(rows.lowerBound), matrix.rowBytes, Int32(rows.count), columns, input.groups,
                input.groupStride, Int32(tokens), tile, rows.count)
        }
        let gemv = unsafe mk_gemv_of(kernels, matrix.type.rawValue)!
        // Weights come from memory for the first token and from the second-level cache for the others.
        let step = tokens == 1 ? rows.count : max(2, Self.cachedBytes / matrix.rowBytes)
        for first in stride(from: 0, to: rows.count, by: max(1, step)) {
            let count = min(step, rows.count - first)
            for token in 0..<tokens {
                unsafe gemv(
                    matrix.row(rows.lowerBound + first), matrix.rowBytes, Int32(count), columns,
                    input.groups + token * input.groupStride, tile + token * rows.count + first)
            }
        }
    }

    private static let cachedBytes = 64 * 1024

    private func multiplyTile(
        _ matrix: Matrix, rows: Range<Int>, _ input: InputRows, tokens: Int, into tile: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let pack = unsafe mk_pack_of(kernels, matrix.type.rawValue)!
        let aligned = unsafe UnsafeMutableRawPointer(scratch).alignedUp(toMultipleOf: 64)
        let packed = unsafe aligned.assumingMemoryBound(to: UInt8.self)
        let scales = unsafe (aligned + Self.tileGroups * Self.tileRows * Int(MK_GROUP))
            .assumingMemoryBound(to: Float.self)
        unsafe tile.update(repeating: 0, count: tokens * Self.tileRows)
        for first in unsafe stride(from: 0, to: input.groupCount, by: Self.tileGroups) {
            let groups = unsafe min(Self.tileGroups, input.groupCount - first)
            unsafe pack(
                matrix.row(rows.lowerBound), matrix.rowBytes, Int32(rows.count), Int32(matrix.columns), Int32(first),
                Int32(groups), packed, scales)
            unsafe kernels.pointee.gemm(
                packed, scales, Int32(groups), input.groups + first, input.groupStride, Int32(tokens), tile)
        }
    }
}
