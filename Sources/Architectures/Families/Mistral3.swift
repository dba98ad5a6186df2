internal import ModelFiles
internal import Tensors

/// Ministral 3, Devstral Small 2 and Mistral Small 3.1 under their own GGUF name: Llama's layers, YaRN whose temperature
/// the file cancels, and queries that grow with the logarithm of their position beyond the first context.
/// - SeeAlso: Peng et al. 2023, arXiv:2309.00071; for the growing queries, Nakanishi 2025, arXiv:2501.19399.
enum Mistral3 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        var p = try reader.decoder()
        p.ropeScaling = try scaling(p.ropeScaling, reader)
        let rotary = try weights.rotaryTable(p)
        let temperature = try temperature(p, reader)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            try Llama.layer(p, reader, weights, block, rotary: rotary, temperature: temperature)
        }
    }

    /// The file gives what the method's own temperature, 0.1 ln(factor) + 1, is divided by: the same with a multiplier
    /// of the logarithm.
    private static func scaling(
        _ scaling: RotaryScaling, _ reader: HyperparameterReader
    ) throws(ModelError) -> RotaryScaling {
        let key = "rope.scaling.yarn_log_multiplier"
        guard case .yarn(let factor, let context, let betaFast, let betaSlow, let temperature) = scaling,
            reader.has(key)
        else { return scaling }
        let divisor = RotaryScaling.yarnTemperature(factor: factor, multiplier: Double(try reader.float(key)))
        return .yarn(
            factor: factor, originalContext: context, betaFast: betaFast, betaSlow: betaSlow,
            temperature: temperature / divisor)
    }

    private static func temperature(
        _ p: Hyperparameters, _ reader: HyperparameterReader
    ) throws(ModelError) -> QueryTemperature? {
        let key = "attention.temperature_scale"
        guard let slope = reader.metadata.float("\(p.architecture).\(key)"), slope != 0 else { return nil }
        let length = try reader.integer(
            "rope.scaling.original_context_length", in: 1...1 << 30, default: p.context)
        return QueryTemperature(slope: try reader.float(key), length: length)
    }
}
