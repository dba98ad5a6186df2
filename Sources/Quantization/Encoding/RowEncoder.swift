package import Tensors

/// Encodes rows of floats as one of the types that model files hold.
package struct RowEncoder: Sendable {
    package let type: TensorType
    package let columns: Int
    package let rowBytes: Int

    /// The types that can be written.
    package static let types: Set<TensorType> = [
        .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_nl, .iq4_xs,
        .mxfp4,
    ]

    /// Nil where rows of `columns` are no whole blocks, or the type can only be read.
    package init?(_ type: TensorType, columns: Int) {
        guard Self.types.contains(type), columns > 0, let rowBytes = type.rowBytes(columns) else { return nil }
        self.type = type
        self.columns = columns
        self.rowBytes = rowBytes
    }

    /// What one thread needs for its work.
    package final class Scratch {
        let block = BlockScratch()
        package init() {}
    }

    /// Why a row cannot be encoded.
    package enum Defect: Error, Hashable, Sendable {
        case notFinite
        /// Beyond 65,504, what 16-bit floats hold.
        case tooLarge(Float)
    }

    /// - Parameters:
    ///   - row: [columns]
    ///   - importance: [columns], the mean squared input of each column, or nil.
    ///   - target: receives `rowBytes` bytes; undefined when the row is defective.
    package func encode(
        _ row: UnsafePointer<Float>, importance: UnsafePointer<Float>? = nil, to target: UnsafeMutableRawPointer,
        _ scratch: Scratch
    ) -> Defect? {
        switch type {
        case .f32:
            unsafe target.copyMemory(from: row, byteCount: rowBytes)
            return nil
        case .bf16:
            unsafe storeBrainFloats(row, to: target)
            return nil
        default: break
        }
        if let defect = unsafe defect(of: row) { return defect }
        if type == .f16 {
            for i in 0..<columns {
                unsafe target.storeBytes(
                    of: Float16(row[i]).bitPattern.littleEndian, toByteOffset: 2 * i, as: UInt16.self)
            }
            return nil
        }
        let size = type.elementsPerBlock
        // Blocks of 32 are too small to tell what is usual around them.
        let whole = unsafe BlockInput(values: row, importance: importance, count: columns)
        let variance = unsafe importance != nil && size == 32 ? whole.meanSquare : 0
        for index in 0..<columns / size {
            unsafe encodeBlock(
                whole.part(index * size, size), variance: variance, to: target + index * type.bytesPerBlock,
                scratch.block)
        }
        return nil
    }

    private func encodeBlock(
        _ input: BlockInput, variance: Float, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch
    ) {
        switch type {
        case .q4_0: unsafe PlainBlocks.encodeSymmetric(input, bits: 4, variance: variance, to: block, scratch)
        case .q5_0: unsafe PlainBlocks.encodeSymmetric(input, bits: 5, variance: variance, to: block, scratch)
        case .q4_1: unsafe PlainBlocks.encodeAffine(input, bits: 4, variance: variance, to: block, scratch)
        case .q5_1: unsafe PlainBlocks.encodeAffine(input, bits: 5, variance: variance, to: block, scratch)
        case .q8_0: unsafe PlainBlocks.encodeBytes(input, to: block)
        case .q2_K: unsafe AffineSuperBlock.encodeQ2(input, to: block, scratch)
        case .q3_K: unsafe SymmetricSuperBlock.encodeQ3(input, to: block, scratch)
        case .q4_K: unsafe AffineSuperBlock.encodeQ4(input, to: block, scratch)
        case .q5_K: unsafe AffineSuperBlock.encodeQ5(input, to: block, scratch)
        case .q6_K: unsafe SymmetricSuperBlock.encodeQ6(input, to: block, scratch)
        case .iq4_nl: unsafe LookupBlocks.encodeNL(input, variance: variance, to: block, scratch)
        case .iq4_xs: unsafe LookupBlocks.encodeXS(input, to: block, scratch)
        case .mxfp4: unsafe MicroscaledBlocks.encode(input, variance: variance, to: block, scratch)
        default: preconditionFailure("\(type.name) cannot be encoded")
        }
    }

    private func defect(of row: UnsafePointer<Float>) -> Defect? {
        var largest: Float = 0
        var vector = Lanes.zero
        let lanes = columns / 8 * 8
        var sum = Lanes.zero
        for i in stride(from: 0, to: lanes, by: 8) {
            let x = unsafe row.lanes(i)
            let magnitude = x.magnitudes
            vector = vector.replacing(with: magnitude, where: magnitude .> vector)
            // Zero times anything finite is zero.
            sum += x * 0
        }
        largest = vector.max()
        for i in lanes..<columns {
            largest = unsafe Swift.max(largest, abs(row[i]))
            unsafe sum[0] += row[i] * 0
        }
        guard sum.sum() == 0, largest.isFinite else { return .notFinite }
        return largest > 65_504 && type != .mxfp4 ? .tooLarge(largest) : nil
    }

    /// The nearest, ties to even; of numbers that are none, the upper half with the bit that keeps them quiet.
    private func storeBrainFloats(_ row: UnsafePointer<Float>, to target: UnsafeMutableRawPointer) {
        for i in 0..<columns {
            let bits = unsafe row[i].bitPattern
            let half = unsafe row[i].isNaN ? bits >> 16 | 64 : (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16
            unsafe target.storeBytes(
                of: UInt16(truncatingIfNeeded: half).littleEndian, toByteOffset: 2 * i, as: UInt16.self)
        }
    }
}
