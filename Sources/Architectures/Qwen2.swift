internal import Tensors

/// Qwen2 and Qwen2.5(-Coder): biases on queries, keys and values, rotation of halves.
/// - SeeAlso: Yang et al. 2024, arXiv:2407.10671; Hui et al. 2024, arXiv:2409.12186.
enum Qwen2 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader, vocabulary: Int) throws(ModelError)
        -> DenseDecoder
    {
        try DenseDecoder(reader.decoder(vocabulary: vocabulary), weights: weights, pairing: .halves)
    }
}
