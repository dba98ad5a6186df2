import Tensors

/// Activation-aware quantisation: eight 4-bit outputs in a word, in an order of their own, for each input.
/// - SeeAlso: Lin et al. 2023, arXiv:2306.00978.
struct AWQWeight: StoredWeight {
    private let weights: SafetensorsTensor  // [inputs, outputs / 8] words
    private let zeros: SafetensorsTensor  // [groups, outputs / 8] words
    private let scales: SafetensorsTensor  // [groups, outputs]
    private let groupSize: Int
    let shape: [Int]
    let type: TensorType

    /// Where in a word each of eight outputs lies, in units of 4 bits.
    private static let places: [UInt32] = [0, 4, 1, 5, 2, 6, 3, 7]

    init(
        weights: SafetensorsTensor, zeros: SafetensorsTensor, scales: SafetensorsTensor
    ) throws(RecipeError) {
        self.weights = weights
        self.zeros = zeros
        self.scales = scales
        type = scales.type == .bf16 ? .bf16 : .f16
        guard weights.type == .i32, zeros.type == .i32, weights.shape.count == 2, scales.shape.count == 2,
            weights.elementCount > 0, scales.elementCount > 0
        else { throw RecipeError(reason: "its AWQ parts have unexpected types or shapes") }
        let (inputs, outputs, groups) = (weights.shape[0], weights.shape[1] * 8, scales.shape[0])
        groupSize = (inputs + groups - 1) / groups
        guard scales.shape == [groups, outputs], zeros.shape == [groups, outputs / 8], inputs % groups == 0 else {
            throw RecipeError(
                reason: "scales \(scales.shape) and zero points \(zeros.shape) do not fit weights \(weights.shape)")
        }
        shape = [outputs, inputs]
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let (words, shift) = (shape[0] / 8, 4 * Self.places[row % 8])
        var (zero, scale): (Float, Float) = (0, 0)
        for input in target.indices {
            if input % groupSize == 0 {
                let group = input / groupSize
                zero = Float(zeros.word(group * words + row / 8) >> shift & 15)
                scale = scales.float(group * shape[0] + row)
            }
            unsafe target[input] = (Float(weights.word(input * words + row / 8) >> shift & 15) - zero) * scale
        }
    }
}
