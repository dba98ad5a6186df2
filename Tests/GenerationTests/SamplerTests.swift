import Foundation
import Generation
import Statistics
import Testing

@Suite("Sampler")
struct SamplerTests {
    @Test("temperature 0 takes the best token, of equals the first") func greedy() throws {
        var sampler = try Sampler(.greedy)
        #expect(try sampler.sample([1, 3, 2]).id == 1)
        #expect(try sampler.sample([1, 3, 3, 3]).id == 1)
        #expect(try sampler.sample([.nan, -5, .nan, -.infinity]).id == 1)
        #expect(try sampler.sample([0, .infinity, .infinity]).id == 1)
        for size in [1, 15, 16, 17, 1_000] {
            var logits = [Float](repeating: -2, count: size)
            logits[size - 1] = -1
            #expect(try sampler.sample(logits).id == Int32(size - 1))
        }
    }

    @Test("without a candidate there is an error, whatever the options", arguments: SamplingFilterTests.chains.indices)
    func noCandidates(chain: Int) throws {
        var sampler = try Sampler(SamplingFilterTests.chains[chain])
        for logits in [[], [.nan], [-.infinity, .nan, -.infinity]] as [[Float]] {
            #expect(throws: SamplingError.noCandidates) { try sampler.sample(logits, alternatives: 2) }
        }
    }

    @Test("one candidate is drawn, whatever the options", arguments: SamplingFilterTests.chains.indices)
    func oneCandidate(chain: Int) throws {
        var sampler = try Sampler(SamplingFilterTests.chains[chain])
        #expect(try sampler.sample([-3]).id == 0)
        var logits = [Float](repeating: -.infinity, count: 5_000)
        logits[4_321] = -1e30
        #expect(try sampler.sample(logits).id == 4_321)
        logits[17] = .infinity
        #expect(try sampler.sample(logits).id == 17)
    }

    @Test("extreme logits and temperatures never leave the vocabulary") func extremes() throws {
        for temperature in [1e-45, 1e-40, 1e-30, 1e-6, 1, 1e6, 1e30] as [Float] {
            for chain in SamplingFilterTests.chains {
                var chain = chain
                chain.temperature = temperature
                var sampler = try Sampler(chain)
                let id = try sampler.sample([1e38, -1e38, 0, 3e38, -3e38, 1e-37]).id
                #expect((0..<6).contains(id))
            }
        }
    }

    @Test("the same seed and logits give the same tokens, on every platform") func reproducible() throws {
        var random = RandomStream(seed: 7)
        let rows = (0..<24).map { _ in random.logits(4_000) }
        func run(_ options: SamplingOptions) throws -> [Int32] {
            var sampler = try Sampler(options)
            return try rows.map { row in
                let id = try sampler.sample(row).id
                sampler.accept(id)
                return id
            }
        }
        for (chain, expected) in zip(SamplingFilterTests.chains, Self.goldens) {
            let ids = try run(chain)
            #expect(ids == (try run(chain)))
            #expect(Array(ids.prefix(6)) == expected)
        }
        let other = options { $0.seed = 2 }
        #expect(try run(other) != run(SamplingFilterTests.chains[0]))
    }

    /// The first tokens of each chain; a change here changes what users' seeds give.
    static let goldens: [[Int32]] = [
        [2216, 3234, 3509, 2027, 1465, 2121],
        [2216, 3234, 3509, 2027, 1465, 2038],
        [2249, 3016, 3855, 1732, 1704, 3083],
        [2216, 3234, 1131, 2027, 1465, 2121],
        [2216, 2326, 3279, 2027, 3405, 3349],
        [2216, 2326, 1131, 2027, 1465, 3572],
        [2216, 3234, 3509, 2027, 1465, 126],
        [2216, 3624, 1624, 2027, 778, 3349],
        [2216, 2326, 1131, 2027, 1011, 3572],
        [2216, 2326, 2952, 2027, 1465, 126],
        [2216, 3234, 3509, 2027, 1465, 2121],
        [2216, 2326, 2952, 2027, 1465, 126],
        [2216, 3234, 3509, 2027, 1465, 2121],
        [2216, 3624, 3509, 950, 778, 3572],
        [2216, 2326, 2284, 2027, 1557, 126],
        [2216, 86, 3038, 2027, 1465, 126],
        [2216, 86, 1131, 2027, 1465, 2121],
        [2216, 86, 2948, 2027, 778, 2121],
        [2216, 559, 3509, 2027, 1465, 2121],
    ]

    @Test("a copy of a sampler draws the same tokens") func copies() throws {
        var random = RandomStream(seed: 3)
        let logits = random.logits(500)
        var sampler = try Sampler(options { ($0.topP, $0.seed) = (0.9, nil) })
        for _ in 0..<5 { _ = try sampler.sample(logits) }
        var copy = sampler
        for _ in 0..<20 { #expect(try sampler.sample(logits) == copy.sample(logits)) }
        var again = try Sampler(options { ($0.topP, $0.seed) = (0.9, sampler.seed) })
        for _ in 0..<25 { _ = try again.sample(logits) }
        #expect(try again.sample(logits) == sampler.sample(logits))
    }

    @Test("log-probabilities are the model's, whatever is done to the logits") func logProbabilities() throws {
        var random = RandomStream(seed: 5)
        for size in [1, 7, 16, 1_000, 30_000] {
            let logits = random.logits(size)
            let probabilities = SamplingReference.softmax(logits.map(Double.init))
            let order = logits.indices.sorted { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }
            var sampler = try Sampler(
                options {
                    ($0.temperature, $0.topK, $0.repetitionPenalty, $0.logitBias) = (0.5, 20, 1.3, [0: -4])
                })
            sampler.accept([0, 1, 2])
            let token = try sampler.sample(logits, alternatives: 5)
            #expect(abs(Double(token.logProbability!) - log(probabilities[Int(token.id)])) < 1e-4)
            #expect(token.alternatives.map(\.id) == order.prefix(5).map { Int32($0) })
            for alternative in token.alternatives {
                #expect(abs(Double(alternative.logProbability) - log(probabilities[Int(alternative.id)])) < 1e-4)
            }
            #expect(try sampler.sample(logits).logProbability == nil)
            #expect(try sampler.sample(logits, alternatives: 0).alternatives.isEmpty)
            #expect(try sampler.sample(logits, alternatives: 100_000).alternatives.count == size)
        }
    }
}
