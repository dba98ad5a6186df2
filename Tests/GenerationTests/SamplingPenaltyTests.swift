import Generation
import Statistics
import Testing

@Suite("Sampling penalties")
struct SamplingPenaltyTests {
    /// Logits after bias and penalties: `sample` changes them in place.
    private func penalized(_ logits: [Float], _ options: SamplingOptions, history: [Int32]) throws -> [Float] {
        var sampler = try Sampler(options)
        for token in history { sampler.accept(token) }
        var logits = logits
        _ = try logits.withUnsafeMutableBufferPointer { try sampler.sample($0) }
        return logits
    }

    private func expectAgreement(_ options: SamplingOptions, history: [Int32], vocabulary: Int, seed: UInt64) throws {
        var random = RandomStream(seed: seed)
        let logits = random.logits(vocabulary)
        let expected = SamplingReference.penalized(logits, options, history: history)
        for (actual, expected) in zip(try penalized(logits, options, history: history), expected) {
            #expect(abs(actual - expected) <= 1e-5 * max(1, abs(expected)), "\(options), history \(history)")
        }
    }

    @Test("repetition, frequency and presence penalties count the window", arguments: [-1, 0, 1, 3, 64, 10_000])
    func repetition(window: Int) throws {
        var random = RandomStream(seed: UInt64(bitPattern: Int64(window)))
        for length in [0, 1, 2, 3, 4, 63, 64, 65, 300, 3_000] {
            let history = (0..<length).map { _ in Int32(random.next() % 40) }
            let options = options {
                ($0.repetitionPenalty, $0.frequencyPenalty, $0.presencePenalty) = (1.3, 0.25, -0.5)
                ($0.penaltyWindow, $0.logitBias) = (window, [3: 2, 5: -100, 99: 1, -1: 1])
            }
            try expectAgreement(options, history: history, vocabulary: 50, seed: UInt64(length))
        }
    }

    @Test("each penalty works alone") func alone() throws {
        let logits: [Float] = [2, -2, 1, 0.5]
        let history: [Int32] = [0, 1, 0]
        #expect(try penalized(logits, options { $0.repetitionPenalty = 2 }, history: history) == [1, -4, 1, 0.5])
        #expect(try penalized(logits, options { $0.frequencyPenalty = 0.5 }, history: history) == [1, -2.5, 1, 0.5])
        #expect(try penalized(logits, options { $0.presencePenalty = 0.5 }, history: history) == [1.5, -2.5, 1, 0.5])
        #expect(try penalized(logits, options { $0.logitBias = [2: -1] }, history: history) == [2, -2, 0, 0.5])
    }

    @Test("tokens outside of the vocabulary are no one's business") func foreignTokens() throws {
        let options = options { ($0.repetitionPenalty, $0.dry.multiplier) = (2, 1) }
        #expect(try penalized([1, 1], options, history: [-1, 7, .max, -1, 7, .max, .min]) == [1, 1])
    }

    @Test("DRY finds what a search of every place finds", arguments: 0..<200) func dry(seed: UInt64) throws {
        var random = RandomStream(seed: seed)
        // Few different tokens, so that there are many and long repetitions.
        let alphabet = 2 + random.next() % 4
        let history = (0..<Int(random.next() % 80)).map { _ in Int32(random.next() % alphabet) }
        let options = options {
            $0.dry.multiplier = 0.8
            $0.dry.base = [1, 1.5, 1.75][Int(random.next() % 3)]
            $0.dry.allowedLength = Int(random.next() % 4)
            $0.dry.window = [-1, -1, 5, 20, 1_000][Int(random.next() % 5)]
            if seed % 2 == 0 { $0.dry.breakers = [[1], [0, 0, 1], [2, 0]] }
            if seed % 3 == 0 { $0.dry.breakers.append([Int32(alphabet) - 1]) }
        }
        try expectAgreement(options, history: history, vocabulary: Int(alphabet) + 1, seed: seed)
    }

    @Test("DRY raises the penalty with the length of the repetition") func dryExample() throws {
        // "a b c ... a b c" makes the token that followed the first time less likely.
        let history: [Int32] = [1, 2, 3, 4, 9, 1, 2, 3]
        let options = options { ($0.dry.multiplier, $0.dry.base, $0.dry.allowedLength) = (1, 2, 2) }
        #expect(try penalized([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], options, history: history)[4] == -2)
        #expect(try penalized([0, 0, 0, 0, 0], options, history: [1, 2, 4, 1, 2])[4] == -1)
        #expect(try penalized([0, 0, 0, 0, 0], options, history: [2, 4, 2])[4] == 0)
    }

    @Test("DRY over long repetitions stays finite, and linear") func dryLong() throws {
        let options = options { $0.dry.multiplier = 1 }
        let history = [Int32](repeating: 3, count: 300_000)
        let logits = try penalized([0, 0, 0, 0], options, history: history)
        #expect(logits[3].isFinite && logits[3] < -1e20)
        #expect(logits[0] == 0)
    }
}
