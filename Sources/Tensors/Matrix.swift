/// A weight matrix as it lies in the model file: rows of blocks, one output element a row.
///
/// The memory belongs to the mapped file, which must outlive the matrix.
@safe
package struct Matrix: @unchecked Sendable {
    // Unchecked: the bytes are read-only for as long as the file is mapped.
    package let type: TensorType
    /// Output elements.
    package let rows: Int
    /// Input elements.
    package let columns: Int
    package let data: UnsafeRawPointer
    package let rowBytes: Int

    /// - Returns: nil when `columns` is not a whole number of blocks or `data` is too small.
    package init?(type: TensorType, rows: Int, columns: Int, data: UnsafeRawBufferPointer) {
        guard type != .i32, let rowBytes = type.rowBytes(columns), rows > 0, columns > 0, let start = data.baseAddress,
            data.count / rowBytes >= rows
        else { return nil }
        self.type = type
        self.rows = rows
        self.columns = columns
        unsafe self.data = start
        self.rowBytes = rowBytes
    }

    package var isFloat: Bool { type.isFloat }

    func row(_ index: Int) -> UnsafePointer<UInt8> {
        unsafe (data + index * rowBytes).assumingMemoryBound(to: UInt8.self)
    }

    private init(_ other: Matrix, data: UnsafeRawPointer, rows: Int? = nil) {
        type = other.type
        self.rows = rows ?? other.rows
        columns = other.columns
        rowBytes = other.rowBytes
        unsafe self.data = data
    }

    /// The matrix of the same shape that lies `bytes` further on; the caller knows that there is one.
    func moved(by bytes: Int) -> Matrix { unsafe Matrix(self, data: data + bytes) }

    /// Some of the rows as a matrix of their own.
    package func part(_ range: Range<Int>) -> Matrix {
        precondition(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= rows)
        return unsafe Matrix(self, data: data + range.lowerBound * rowBytes, rows: range.count)
    }
}
