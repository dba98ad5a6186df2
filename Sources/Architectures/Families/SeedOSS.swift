/// Seed-OSS: the layers of Qwen2, with a norm under another name in files.
/// - SeeAlso: the model's card, ByteDance-Seed/Seed-OSS-36B-Instruct.
enum SeedOSS {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try Qwen2.decoder(reader, weights, feedForwardNorm: "post_attention_norm")
    }
}
