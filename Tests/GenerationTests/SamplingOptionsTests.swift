import Foundation
import Generation
import Testing

@Suite("Sampling options")
struct SamplingOptionsTests {
    @Test(
        "values without sense are refused with a sentence",
        arguments: [
            ("temperature", options { $0.temperature = -1 }), ("temperature", options { $0.temperature = .nan }),
            ("temperature", options { $0.temperature = .infinity }), ("top-k", options { $0.topK = -1 }),
            ("top-p", options { $0.topP = 0 }), ("top-p", options { $0.topP = 1.1 }),
            ("top-p", options { $0.topP = .nan }),
            ("min-p", options { $0.minP = -0.1 }), ("min-p", options { $0.minP = 2 }),
            ("typical-p", options { $0.typicalP = 0 }), ("typical-p", options { $0.typicalP = 2 }),
            ("repetition-penalty", options { $0.repetitionPenalty = 0 }),
            ("repetition-penalty", options { $0.repetitionPenalty = .infinity }),
            ("frequency-penalty", options { $0.frequencyPenalty = .nan }),
            ("presence-penalty", options { $0.presencePenalty = .infinity }),
            ("penalty-window", options { $0.penaltyWindow = -2 }),
            ("dry-multiplier", options { $0.dry.multiplier = -1 }),
            ("dry-base", options { $0.dry.base = 0.5 }), ("dry-allowed-length", options { $0.dry.allowedLength = -1 }),
            ("dry-window", options { $0.dry.window = -2 }),
            ("logit-bias of token 5", options { $0.logitBias = [5: .nan] }),
        ])
    func validation(name: String, options: SamplingOptions) {
        let error = #expect(throws: SamplingError.self) { try Sampler(options) }
        #expect(error.map { "\($0)" }?.hasPrefix("\(name) is ") == true)
    }

    @Test("the defaults and the greedy options are valid") func defaults() throws {
        try SamplingOptions().validate()
        try SamplingOptions.greedy.validate()
    }

    @Test("JSON keeps every option, and what it leaves out keeps its default") func coding() throws {
        let all = options {
            ($0.temperature, $0.topK, $0.topP, $0.minP, $0.typicalP) = (0.5, 40, 0.9, 0.05, 0.8)
            ($0.repetitionPenalty, $0.frequencyPenalty, $0.presencePenalty, $0.penaltyWindow) = (1.1, 0.2, 0.3, -1)
            ($0.dry.multiplier, $0.dry.base, $0.dry.allowedLength, $0.dry.window) = (0.8, 1.5, 3, 100)
            ($0.dry.breakers, $0.logitBias, $0.seed) = ([[1, 2], [3]], [5: -100, 7: 1.5], .max)
        }
        #expect(try JSONDecoder().decode(SamplingOptions.self, from: JSONEncoder().encode(all)) == all)
        let partial = Data(#"{"topK": 5, "dry": {"multiplier": 1}, "logitBias": {"12": -1}}"#.utf8)
        var expected = SamplingOptions()
        (expected.topK, expected.dry.multiplier, expected.logitBias) = (5, 1, [12: -1])
        #expect(try JSONDecoder().decode(SamplingOptions.self, from: partial) == expected)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(SamplingOptions.self, from: Data(#"{"logitBias": {"x": 1}}"#.utf8))
        }
    }
}
