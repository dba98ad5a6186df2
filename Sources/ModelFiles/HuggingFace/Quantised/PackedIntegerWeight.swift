import Tensors

/// compressed-tensors' `pack-quantized`: signed integers of 2, 4 or 8 bits, offset to be unsigned and packed along
/// the row into words, low bits first; zero points are packed along the column.
struct PackedIntegerWeight: StoredWeight {
    private let words: SafetensorsTensor  // [rows, columns * bits / 32]
    private let scales: [Float]  // [rows, groups]
    private let zeros: [Float]  // [rows, groups], or none
    private let groups: [Int]  // [columns]
    private let groupCount: Int
    private let bits: Int
    let shape: [Int]
    let type: TensorType

    init(
        words: SafetensorsTensor, scales: SafetensorsTensor, zeros: SafetensorsTensor?,
        groupIndices: SafetensorsTensor?, shape: SafetensorsTensor, bits: Int, groupSize: Int?, type: TensorType
    ) throws(RecipeError) {
        guard [2, 4, 8].contains(bits) else { throw RecipeError(reason: "its packed weights have \(bits) bits") }
        guard let extents = shape.integers(), extents.count == 2, extents.allSatisfy({ $0 > 0 && $0 < 1 << 31 })
        else { throw RecipeError(reason: "its weight_shape is no shape of a matrix") }
        let (rows, columns, perWord) = (extents[0], extents[1], 32 / bits)
        guard words.type == .i32, words.shape == [rows, (columns + perWord - 1) / perWord] else {
            throw RecipeError(reason: "packed words of shape \(words.shape) do not hold \(extents) of \(bits) bits")
        }
        groupCount = scales.shape.count == 2 ? scales.shape[1] : 1
        guard scales.shape.first == rows, scales.elementCount == rows * groupCount, groupCount > 0 else {
            throw RecipeError(reason: "scales of shape \(scales.shape) do not fit \(extents)")
        }
        self.words = words
        self.shape = extents
        self.bits = bits
        self.type = type
        self.scales = scales.floats()
        if let groupIndices {
            let count = groupCount
            guard let indices = groupIndices.integers(), indices.count == columns,
                indices.allSatisfy({ $0 >= 0 && $0 < count })
            else { throw RecipeError(reason: "its weight_g_idx does not name one of \(count) groups for each column") }
            groups = indices
        } else {
            let size = groupCount == 1 ? columns : groupSize ?? (columns + groupCount - 1) / groupCount
            guard (columns + size - 1) / size == groupCount else {
                throw RecipeError(reason: "\(groupCount) groups of \(size) do not make \(columns) columns")
            }
            groups = (0..<columns).map { $0 / size }
        }
        if let zeros {
            guard zeros.type == .i32, zeros.shape == [(rows + perWord - 1) / perWord, groupCount] else {
                throw RecipeError(reason: "zero points of shape \(zeros.shape) do not fit \(extents)")
            }
            let count = groupCount
            self.zeros = (0..<rows * count).map { index in
                let (row, group) = (index / count, index % count)
                let word = zeros.word(row / perWord * count + group)
                return Float(word >> UInt32(row % perWord * bits) & (UInt32(1) << UInt32(bits) - 1))
            }
        } else {
            self.zeros = []
        }
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let (perWord, mask, perRow) = (32 / bits, UInt32(1) << UInt32(bits) - 1, words.shape[1])
        let offset = Float(UInt32(1) << UInt32(bits - 1))
        for column in target.indices {
            let word = words.word(row * perRow + column / perWord)
            let value = Float(word >> UInt32(column % perWord * bits) & mask)
            let group = row * groupCount + groups[column]
            // The offsets of value and zero point cancel.
            unsafe target[column] = (value - (zeros.isEmpty ? offset : zeros[group])) * scales[group]
        }
    }
}
