import Tensors

/// GPTQ: inputs packed into words, low bits first, for each output; groups of inputs share scale and zero point.
///
/// Files of the first version store zero points minus one. With act-order the inputs of a group lie anywhere, and
/// `g_idx` names the group of each.
/// - SeeAlso: Frantar et al. 2022, arXiv:2210.17323.
struct GPTQWeight: StoredWeight {
    private let weights: SafetensorsTensor  // [inputs * bits / 32, outputs] words
    private let zeros: SafetensorsTensor  // [groups, outputs * bits / 32] words
    private let scales: SafetensorsTensor  // [groups, outputs]
    private let groupIndices: SafetensorsTensor?  // [inputs]
    /// Inputs of a group where no list says which.
    private let groupSize: Int
    private let bits: Int
    private let zeroOffset: UInt32
    let shape: [Int]
    let type: TensorType

    init(
        weights: SafetensorsTensor, zeros: SafetensorsTensor, scales: SafetensorsTensor,
        groupIndices: SafetensorsTensor?, bits: Int, storesZerosMinusOne: Bool
    ) throws(RecipeError) {
        self.weights = weights
        self.zeros = zeros
        self.scales = scales
        self.groupIndices = groupIndices
        self.bits = bits
        zeroOffset = storesZerosMinusOne ? 1 : 0
        type = scales.type == .bf16 ? .bf16 : .f16
        guard weights.type == .i32, zeros.type == .i32, weights.shape.count == 2, scales.shape.count == 2,
            weights.elementCount > 0, scales.elementCount > 0
        else { throw RecipeError(reason: "its GPTQ parts have unexpected types or shapes") }
        let (inputs, outputs, count) = (weights.shape[0] * 32 / bits, weights.shape[1], scales.shape[0])
        guard scales.shape[1] == outputs, zeros.shape == [count, (outputs * bits + 31) / 32] else {
            throw RecipeError(
                reason: "scales \(scales.shape) and zero points \(zeros.shape) do not fit weights \(weights.shape)")
        }
        if let groupIndices {
            guard groupIndices.holdsIndices(inputs, below: count) else {
                throw RecipeError(reason: "its g_idx does not name one of \(count) groups for each input")
            }
            groupSize = inputs
        } else {
            guard inputs % count == 0 else {
                throw RecipeError(reason: "\(count) groups do not divide \(inputs) inputs")
            }
            groupSize = inputs / count
        }
        shape = [outputs, inputs]
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let (outputs, perWord, mask) = (shape[0], 32 / bits, UInt32(1) << UInt32(bits) - 1)
        let zeroWords = (outputs * bits + 31) / 32
        let zeroShift = UInt32(row % perWord * bits)
        for input in target.indices {
            let group = groupIndices.map { Int($0.word(input)) } ?? input / groupSize
            let stored = zeros.word(group * zeroWords + row / perWord) >> zeroShift
            let zero = (stored &+ zeroOffset) & mask
            let value = weights.word(input / perWord * outputs + row) >> UInt32(input % perWord * bits) & mask
            unsafe target[input] = (Float(value) - Float(zero)) * scales.float(group * outputs + row)
        }
    }
}
