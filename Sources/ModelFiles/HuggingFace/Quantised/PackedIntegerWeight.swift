import Tensors

/// compressed-tensors' `pack-quantized`: signed integers of 2, 4 or 8 bits, offset to be unsigned and packed along
/// the row into words, low bits first; zero points are packed along the column.
struct PackedIntegerWeight: StoredWeight {
    private let words: SafetensorsTensor  // [rows, columns * bits / 32]
    private let scales: SafetensorsTensor  // [rows, groups]
    private let zeros: SafetensorsTensor?  // [rows * bits / 32, groups] words
    private let groupIndices: SafetensorsTensor?  // [columns]
    /// Columns of a group where no list says which.
    private let groupSize: Int
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
        self.scales = scales
        self.zeros = zeros
        self.groupIndices = groupIndices
        let count = groupCount
        self.groupSize = count == 1 ? columns : groupSize ?? (columns + count - 1) / count
        if let groupIndices {
            guard groupIndices.holdsIndices(columns, below: count) else {
                throw RecipeError(reason: "its weight_g_idx does not name one of \(count) groups for each column")
            }
        } else if (columns + self.groupSize - 1) / self.groupSize != count {
            throw RecipeError(reason: "\(count) groups of \(self.groupSize) do not make \(columns) columns")
        }
        if let zeros {
            guard zeros.type == .i32, zeros.shape == [(rows + perWord - 1) / perWord, count] else {
                throw RecipeError(reason: "zero points of shape \(zeros.shape) do not fit \(extents)")
            }
        }
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let (perWord, mask, perRow) = (32 / bits, UInt32(1) << UInt32(bits) - 1, words.shape[1])
        let zeroShift = UInt32(row % perWord * bits)
        // The offsets of value and zero point cancel.
        func zero(_ group: Int) -> Float {
            guard let zeros else { return Float(UInt32(1) << UInt32(bits - 1)) }
            return Float(zeros.word(row / perWord * groupCount + group) >> zeroShift & mask)
        }
        var last = -1
        var (offset, scale): (Float, Float) = (0, 0)
        for column in target.indices {
            let group = groupIndices.map { Int($0.word(column)) } ?? column / groupSize
            if group != last { (last, offset, scale) = (group, zero(group), scales.float(row * groupCount + group)) }
            let word = words.word(row * perRow + column / perWord)
            let value = word >> UInt32(column % perWord * bits) & mask
            unsafe target[column] = (Float(value) - offset) * scale
        }
    }
}
