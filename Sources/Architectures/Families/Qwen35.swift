/// Qwen3.5, dense and with experts: Qwen3-Next's layers with separate projections and the delta rule's heads of values
/// in tiled order.
///
/// The checkpoints are multimodal; their text runs here. Interleaved M-RoPE gives each pair of a head one of three
/// positions, which are the same for text: plain rotation.
/// - SeeAlso: Qwen team 2026, Qwen3.5 (transformers' `qwen3_5` and `qwen3_5_moe`).
enum Qwen35 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try Qwen3Next.decoder(reader, weights, order: .tiled)
    }
}
