/// What is left out keeps its default; ids in `logitBias` are written as JSON keys.
extension SamplingOptions {
    private enum CodingKeys: String, CodingKey {
        case temperature, topK, topP, minP, typicalP, repetitionPenalty, frequencyPenalty, presencePenalty
        case penaltyWindow, dry, logitBias, seed
    }

    package init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.temperature, &temperature)
        try read(.topK, &topK)
        try read(.topP, &topP)
        try read(.minP, &minP)
        try read(.typicalP, &typicalP)
        try read(.repetitionPenalty, &repetitionPenalty)
        try read(.frequencyPenalty, &frequencyPenalty)
        try read(.presencePenalty, &presencePenalty)
        try read(.penaltyWindow, &penaltyWindow)
        try read(.dry, &dry)
        seed = try values.decodeIfPresent(UInt64.self, forKey: .seed)
        for (key, bias) in try values.decodeIfPresent([String: Float].self, forKey: .logitBias) ?? [:] {
            guard let id = Int32(key) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .logitBias, in: values, debugDescription: "'\(key)' is no token id")
            }
            logitBias[id] = bias
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(temperature, forKey: .temperature)
        try values.encode(topK, forKey: .topK)
        try values.encode(topP, forKey: .topP)
        try values.encode(minP, forKey: .minP)
        try values.encode(typicalP, forKey: .typicalP)
        try values.encode(repetitionPenalty, forKey: .repetitionPenalty)
        try values.encode(frequencyPenalty, forKey: .frequencyPenalty)
        try values.encode(presencePenalty, forKey: .presencePenalty)
        try values.encode(penaltyWindow, forKey: .penaltyWindow)
        try values.encode(dry, forKey: .dry)
        try values.encode(
            Dictionary(uniqueKeysWithValues: logitBias.map { (String($0.key), $0.value) }), forKey: .logitBias)
        try values.encodeIfPresent(seed, forKey: .seed)
    }
}

extension DRYOptions {
    private enum CodingKeys: String, CodingKey {
        case multiplier, base, allowedLength, window, breakers
    }

    package init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        multiplier = try values.decodeIfPresent(Float.self, forKey: .multiplier) ?? multiplier
        base = try values.decodeIfPresent(Float.self, forKey: .base) ?? base
        allowedLength = try values.decodeIfPresent(Int.self, forKey: .allowedLength) ?? allowedLength
        window = try values.decodeIfPresent(Int.self, forKey: .window) ?? window
        breakers = try values.decodeIfPresent([[Int32]].self, forKey: .breakers) ?? breakers
    }
}
