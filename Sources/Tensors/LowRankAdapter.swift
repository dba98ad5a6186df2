internal import CKernels

/// A correction of a matrix by the product of two small ones: W x + scale * b (a x).
///
/// The two keep the type that they have in the file, where that is a float: they take as much memory as there, and are read
/// as fast.
/// - SeeAlso: Hu et al. 2021, arXiv:2106.09685.
package final class LowRankAdapter: @unchecked Sendable {
    // Unchecked: written only in init.
    /// [rank, columns]
    let a: Matrix
    /// [rows, width], zero behind the rank
    let b: Matrix
    /// Factor on the product of the two.
    let scale: Float
    private let memory: AlignedMemory

    /// Rows of the small product are as long as kernels read at a time.
    private static let widthStep = 16

    package var rank: Int { a.rows }
    package var rows: Int { b.rows }
    package var columns: Int { a.columns }
    /// Elements from one row of the small product to the next.
    var width: Int { b.columns }
    /// Of memory, both matrices.
    package var byteCount: Int { unsafe memory.bytes.count }

    /// Copies both, as float32 where they are quantised.
    /// - Parameters:
    ///   - rows: the rows of `b` that make up the correction, in order; nil for all.
    /// - Returns: nil when the shapes do not fit together.
    package init?(a: Matrix, b: Matrix, scale: Float, rows: [Int]? = nil) {
        let rows = rows ?? Array(0..<b.rows)
        let width = (a.rows + Self.widthStep - 1) / Self.widthStep * Self.widthStep
        let (aType, bType) = (Self.storedType(a), Self.storedType(b))
        guard a.rows == b.columns, rows.allSatisfy({ $0 >= 0 && $0 < b.rows }), let aRow = aType.rowBytes(a.columns),
            let bRow = bType.rowBytes(width), let memory = AlignedMemory(byteCount: a.rows * aRow + rows.count * bRow)
        else { return nil }
        let start = unsafe memory.bytes.baseAddress!
        for row in 0..<a.rows { unsafe Self.copy(a, row: row, to: start + row * aRow) }
        let second = unsafe start + a.rows * aRow
        for (row, source) in rows.enumerated() { unsafe Self.copy(b, row: source, to: second + row * bRow) }
        let bytes = unsafe UnsafeRawBufferPointer(memory.bytes)
        guard
            let ownA = unsafe Matrix(
                type: aType, rows: a.rows, columns: a.columns,
                data: UnsafeRawBufferPointer(rebasing: bytes[..<(a.rows * aRow)])),
            let ownB = unsafe Matrix(
                type: bType, rows: rows.count, columns: width,
                data: UnsafeRawBufferPointer(rebasing: bytes[(a.rows * aRow)...].prefix(rows.count * bRow)))
        else { return nil }
        (self.a, self.b, self.scale, self.memory) = (ownA, ownB, scale, memory)
    }

    private static func storedType(_ matrix: Matrix) -> TensorType { matrix.isFloat ? matrix.type : .f32 }

    private static func copy(_ matrix: Matrix, row: Int, to target: UnsafeMutableRawPointer) {
        let source = unsafe matrix.row(row)
        if matrix.isFloat { return unsafe target.copyMemory(from: source, byteCount: matrix.rowBytes) }
        guard let kernels = unsafe mk_kernels_at(KernelLevel.scalar.rawValue) else { return }
        unsafe kernels.pointee.dequantize(
            Int32(matrix.type.rawValue), source, Int32(matrix.columns), target.assumingMemoryBound(to: Float.self))
    }
}
