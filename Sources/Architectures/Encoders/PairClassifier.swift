internal import Tensors

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The head of a cross-encoder: how well two texts that were read together belong together.
/// - SeeAlso: Nogueira and Cho 2019, arXiv:1901.04085.
struct PairClassifier: Sendable {
    /// BERT's pooler, with a tanh behind it.
    private let dense: Vector  // [width, width]
    private let denseBias: Vector  // [width]
    private let output: Vector  // [width]
    private let outputBias: Vector  // [1]
    private let width: Int

    /// Nil for models without; heads of several classes count as none.
    init?(_ p: Hyperparameters, _ weights: WeightLoader) throws(ModelError) {
        guard weights.has("cls.weight"), weights.has("cls.output.weight"),
            try weights.shape(of: "cls.output.weight")?.dropFirst().allSatisfy({ $0 == 1 }) == true
        else { return nil }
        width = p.width
        dense = try weights.vector("cls.weight", count: p.width, rows: p.width)
        denseBias = try weights.vector("cls.bias", count: p.width)
        output = try weights.vector("cls.output.weight", count: p.width)
        outputBias = try weights.vector("cls.output.bias", count: 1)
    }

    /// - Parameter row: the encoder's output for the first token of a pair, [width].
    /// - Returns: a logit.
    func score(_ row: UnsafePointer<Float>) -> Float {
        var score = unsafe outputBias.pointer[0]
        for index in 0..<width {
            let weights = unsafe dense.pointer + index * width
            var sum = unsafe denseBias.pointer[index]
            for i in 0..<width { unsafe sum += weights[i] * row[i] }
            unsafe score += output.pointer[index] * tanhf(sum)
        }
        return score
    }
}
