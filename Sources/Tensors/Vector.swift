/// A float32 vector of weights: norms, biases.
package final class Vector: @unchecked Sendable {
    // Unchecked: written only in init.
    package let count: Int
    private let memory: AlignedMemory

    /// Copies `count` floats of 16 or 32 bits; nil for another type or too little data.
    package init?(type: TensorType, count: Int, data: UnsafeRawBufferPointer) {
        guard type.isFloat, let bytes = type.rowBytes(count), data.count >= bytes,
            let memory = AlignedMemory(byteCount: count * 4)
        else { return nil }
        self.count = count
        self.memory = memory
        let floats = unsafe memory.floats()
        for i in 0..<count {
            switch type {
            case .f32: unsafe floats[i] = unsafe data.loadUnaligned(fromByteOffset: 4 * i, as: Float.self)
            case .bf16:
                let half = unsafe data.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
                unsafe floats[i] = Float(bitPattern: UInt32(half) << 16)
            default:
                unsafe floats[i] = Float(
                    Float16(bitPattern: data.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)))
            }
        }
    }

    package var pointer: UnsafePointer<Float> { unsafe UnsafePointer(memory.floats()) }
    package var values: [Float] { unsafe Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// The same elements with rows and columns exchanged: [columns, rows] of what is [rows, columns] here.
    package func transposed(rows: Int, columns: Int) -> Vector? {
        precondition(rows * columns == count)
        guard let memory = AlignedMemory(byteCount: count * 4) else { return nil }
        let (from, to) = unsafe (pointer, memory.floats())
        for row in 0..<rows {
            for column in 0..<columns { unsafe to[column * rows + row] = unsafe from[row * columns + column] }
        }
        return Vector(count: count, memory: memory)
    }

    private init(count: Int, memory: AlignedMemory) {
        self.count = count
        self.memory = memory
    }
}
