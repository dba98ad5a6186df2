/// Matrices of one shape that lie one after another: the experts of a layer, or a matrix for each head.
@safe
package struct MatrixBank: @unchecked Sendable {
    // Unchecked: the bytes are read-only for as long as the file is mapped.
    package let count: Int
    /// The first of them.
    package let first: Matrix
    /// Bytes from one matrix to the next.
    private let stride: Int
    /// What keeps memory alive that no file holds.
    private var owner: AlignedMemory?

    /// - Parameters:
    ///   - rows: rows of each matrix that belong to it, from `firstRow` on; a file may store two kinds as one.
    ///   - storedRows: rows of each matrix in the file.
    /// - Returns: nil when the columns are not a whole number of blocks or `data` is too small.
    package init?(
        type: TensorType, count: Int, rows: Int, columns: Int, firstRow: Int = 0, storedRows: Int? = nil,
        data: UnsafeRawBufferPointer
    ) {
        let storedRows = storedRows ?? rows
        guard count > 0, firstRow >= 0, firstRow + rows <= storedRows, let rowBytes = type.rowBytes(columns),
            rowBytes > 0, data.count / rowBytes / storedRows >= count
        else { return nil }
        stride = storedRows * rowBytes
        let part = unsafe UnsafeRawBufferPointer(rebasing: data[(firstRow * rowBytes)...])
        guard let first = unsafe Matrix(type: type, rows: rows, columns: columns, data: part) else { return nil }
        self.first = first
        self.count = count
    }

    /// Matrices without gaps in memory of their own.
    init?(type: TensorType, count: Int, rows: Int, columns: Int, owning memory: AlignedMemory) {
        unsafe self.init(
            type: type, count: count, rows: rows, columns: columns, data: UnsafeRawBufferPointer(memory.bytes))
        owner = memory
    }

    package subscript(index: Int) -> Matrix {
        precondition(index >= 0 && index < count)
        return first.moved(by: index * stride)
    }
}
