internal import CKernels

/// A correction of a matrix by the product of two small ones: W x + scale * b (a x).
/// - SeeAlso: Hu et al. 2021, arXiv:2106.09685.
package final class LowRankAdapter: @unchecked Sendable {
    // Unchecked: written only in init.
    /// [rank, columns]
    let a: Matrix
    /// [rows, rank], with the scale in it
    let b: Matrix
    private let memory: AlignedMemory

    package var rank: Int { a.rows }
    package var rows: Int { b.rows }
    package var columns: Int { a.columns }

    /// Copies both as float32.
    /// - Parameters:
    ///   - rows: the rows of `b` that make up the correction, in order; nil for all.
    /// - Returns: nil when the shapes do not fit together.
    package init?(a: Matrix, b: Matrix, scale: Float, rows: [Int]? = nil) {
        let rows = rows ?? Array(0..<b.rows)
        guard a.rows == b.columns, rows.allSatisfy({ $0 >= 0 && $0 < b.rows }) else { return nil }
        let (aCount, bCount) = (a.rows * a.columns, rows.count * b.columns)
        guard let memory = AlignedMemory(byteCount: (aCount + bCount) * 4),
            let kernels = unsafe mk_kernels_at(KernelLevel.scalar.rawValue)
        else { return nil }
        let start = unsafe memory.floats()
        func copy(_ matrix: Matrix, row: Int, to target: UnsafeMutablePointer<Float>) {
            unsafe kernels.pointee.dequantize(
                Int32(matrix.type.rawValue), matrix.row(row), Int32(matrix.columns), target)
        }
        for row in 0..<a.rows { unsafe copy(a, row: row, to: start + row * a.columns) }
        for (row, source) in rows.enumerated() { unsafe copy(b, row: source, to: start + aCount + row * b.columns) }
        for i in aCount..<aCount + bCount { unsafe start[i] *= scale }
        let bytes = unsafe UnsafeRawBufferPointer(memory.bytes)
        guard
            let ownA = unsafe Matrix(
                type: .f32, rows: a.rows, columns: a.columns,
                data: UnsafeRawBufferPointer(rebasing: bytes[..<(4 * aCount)])),
            let ownB = unsafe Matrix(
                type: .f32, rows: rows.count, columns: b.columns,
                data: UnsafeRawBufferPointer(rebasing: bytes[(4 * aCount)...].prefix(4 * bCount)))
        else { return nil }
        (self.a, self.b, self.memory) = (ownA, ownB, memory)
    }
}

/// The adapters in force, by the matrix that they correct.
package struct AdapterSet: Sendable {
    private var adapters: [UInt: [LowRankAdapter]] = [:]
    /// One text for each adapter: the same for the same corrections, whenever and wherever they are loaded.
    package private(set) var identities: [String] = []

    package init() {}

    /// Takes note of an adapter whose corrections are added.
    package mutating func identify(_ adapter: String) { identities.append(adapter) }

    package var isEmpty: Bool { adapters.isEmpty }

    /// - Parameter matrix: the first byte of the corrected matrix.
    package mutating func add(_ adapter: LowRankAdapter, to matrix: UnsafeRawPointer) {
        adapters[UInt(bitPattern: matrix), default: []].append(adapter)
    }

    subscript(matrix: Matrix) -> [LowRankAdapter]? { unsafe adapters[UInt(bitPattern: matrix.data)] }
}

extension Compute {
    /// Adds the corrections of each projection's matrix to what it has written.
    func adapt(_ input: Activations, tokens: Int, _ projections: [Projection]) {
        guard let adapters else { return }
        for index in unsafe projections.indices {
            let projection = unsafe projections[index]
            // The first rows of a larger matrix begin where it does.
            let matrix = unsafe projection.matrix
            for adapter in adapters[matrix] ?? [] where adapter.rows == matrix.rows {
                let reduced = reducedRows(width: adapter.rank)
                reduced.reserve(tokens: tokens)
                unsafe project(input, tokens: tokens, [Projection(adapter.a, output: reduced.values)])
                unsafe project(
                    reduced, tokens: tokens,
                    [
                        Projection(
                            adapter.b, accumulates: true, output: projection.output, stride: projection.stride)
                    ])
            }
        }
    }

    func isAdapted(_ matrix: Matrix) -> Bool { adapters?[matrix] != nil }
}
