internal import CKernels

extension MatrixBank {
    /// The matrices on their side, in memory of their own: floats as they are, quantised ones as 16-bit floats.
    /// - Returns: nil when the system refuses the memory.
    package func transposed() -> MatrixBank? {
        let type = first.isFloat ? first.type : .f16
        let (rows, columns) = (first.rows, first.columns)
        let width = type.bytesPerBlock
        guard let memory = AlignedMemory(byteCount: count * rows * columns * width),
            let row = AlignedMemory(byteCount: columns * 4),
            let kernels = unsafe mk_kernels_at(KernelLevel.best.rawValue)
        else { return nil }
        let floats = unsafe row.floats()
        for index in 0..<count {
            let to = unsafe memory.bytes.baseAddress! + index * rows * columns * width
            for r in 0..<rows {
                unsafe kernels.pointee.dequantize(
                    Int32(first.type.rawValue), self[index].row(r), Int32(columns), floats)
                for c in 0..<columns {
                    let place = (c * rows + r) * width
                    switch type {
                    case .f32: unsafe to.storeBytes(of: floats[c], toByteOffset: place, as: Float.self)
                    case .bf16:
                        let bits = unsafe UInt16(truncatingIfNeeded: floats[c].bitPattern >> 16)
                        unsafe to.storeBytes(of: bits, toByteOffset: place, as: UInt16.self)
                    default: unsafe to.storeBytes(of: Float16(floats[c]), toByteOffset: place, as: Float16.self)
                    }
                }
            }
        }
        return MatrixBank(type: type, count: count, rows: columns, columns: rows, owning: memory)
    }
}

/// Room for matrices that are turned on their side for the time of one operation.
package final class TransposedBank {
    private let buffer = FloatBuffer()

    package init() {}

    fileprivate func reserve(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
        buffer.reserve((byteCount + 3) / 4)
        return unsafe UnsafeMutableRawBufferPointer(start: buffer.pointer, count: byteCount)
    }
}

extension Compute {
    /// The matrices of `bank` on their side, valid until the next call for the same room: float32 where they are
    /// floats, else Q8_0. 32 divides their rows and 16 their columns.
    package func transpose(_ bank: MatrixBank, into room: TransposedBank) -> MatrixBank {
        let (rows, columns) = (bank.first.rows, bank.first.columns)
        precondition(rows % 32 == 0 && columns % 16 == 0)
        let type: TensorType = bank.first.isFloat ? .f32 : .q8_0
        let matrixBytes = type.rowBytes(rows)! * columns
        let memory = unsafe room.reserve(bank.count * matrixBytes)
        reserveScratch(rows * columns)
        pool.run(bank.count) { index, thread in
            let floats = unsafe scratch(of: thread)
            for row in 0..<rows { unsafe decodeRow(row, of: bank[index], into: floats + row * columns) }
            let to = unsafe memory.baseAddress! + index * matrixBytes
            if type == .f32 {
                unsafe kernels.pointee.transpose(
                    floats, columns, Int32(rows), Int32(columns), to.assumingMemoryBound(to: Float.self), rows)
            } else {
                unsafe kernels.pointee.transpose_q8(
                    floats, Int32(rows), Int32(columns), to.assumingMemoryBound(to: UInt8.self))
            }
        }
        return unsafe MatrixBank(
            type: type, count: bank.count, rows: columns, columns: rows, data: UnsafeRawBufferPointer(memory))!
    }
}
