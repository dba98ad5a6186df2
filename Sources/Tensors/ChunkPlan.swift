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
