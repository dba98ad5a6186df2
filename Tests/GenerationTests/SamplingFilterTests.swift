import Foundation
import Generation
import Statistics
import Testing

@Suite("Sampling filters")
struct SamplingFilterTests {
    static let chains: [SamplingOptions] = [
        options { _ in },
        options { $0.temperature = 0.7 },
        options { $0.temperature = 3 },
        options { $0.topK = 3 },
        options { $0.topK = 40 },
        options { $0.topK = 1_000 },
        options { $0.topP = 0.5 },
        options { $0.topP = 0.95 },
        options { $0.topP = 0.9999 },
        options { $0.topP = 1e-6 },
        options { $0.minP = 0.05 },
        options { $0.minP = 1 },
        options { $0.minP = 1e-6 },
        options { $0.typicalP = 0.2 },
        options { $0.typicalP = 0.9 },
        options { ($0.topK, $0.topP, $0.minP, $0.temperature) = (40, 0.95, 0.05, 0.8) },
        options { ($0.topK, $0.typicalP, $0.topP, $0.minP, $0.temperature) = (100, 0.8, 0.9, 0.01, 1.3) },
        options { ($0.topP, $0.minP) = (0.9, 0.1) },
        options { ($0.typicalP, $0.topP) = (0.95, 0.7) },
    ]

    @Test("the draw is among the tokens, with the probabilities, that the definitions give", arguments: chains.indices)
    func agreeWithReference(chain: Int) throws {
        let options = Self.chains[chain]
        var random = RandomStream(seed: UInt64(chain))
        var sampler = try Sampler(options)
        for size in [1, 2, 15, 16, 17, 31, 33, 1_000, 1_023, 1_025, 20_000] {
            for spread in [0.0, 0.01, 1, 4] {
                var logits = random.logits(size, spread: spread)
                if size > 15 {
                    logits[3] = .nan
                    logits[7] = -.infinity
                    logits[11] = logits[0]
                }
                let expected = SamplingReference.distribution(logits, options)
                let actual = try sampler.distribution(logits)
                #expect(zip(actual, actual.dropFirst()).allSatisfy { $0.probability >= $1.probability })
                let drawn = Dictionary(uniqueKeysWithValues: actual.map { ($0.id, $0.probability) })
                // Tokens at the very border of a filter may fall to either side of a rounding error.
                let differing = Set(expected.keys).symmetricDifference(drawn.keys)
                let stray = differing.reduce(0) { $0 + (expected[$1] ?? 0) + (drawn[$1] ?? 0) }
                #expect(
                    differing.count <= 1 || stray < 1e-4, "size \(size), spread \(spread): \(differing.count) differ")
                for (id, probability) in expected where differing.isEmpty {
                    #expect(abs(drawn[id]! - probability) <= 2e-6 * probability + 1e-9)
                }
            }
        }
    }

    @Test("tied tokens are kept from the lowest id") func ties() throws {
        let logits = [Float](repeating: 1, count: 1_000)
        var sampler = try Sampler(options { $0.topK = 5 })
        #expect(try Set(sampler.distribution(logits).map(\.id)) == [0, 1, 2, 3, 4])
        sampler = try Sampler(options { $0.topP = 0.0035 })
        #expect(try Set(sampler.distribution(logits).map(\.id)) == [0, 1, 2, 3])
    }

    @Test("probabilities of the draw follow the distribution", arguments: chains.indices)
    func chiSquare(chain: Int) throws {
        var random = RandomStream(seed: 99)
        let logits = random.logits(300, spread: 1.2)
        var sampler = try Sampler(Self.chains[chain])
        let expected = SamplingReference.distribution(logits, Self.chains[chain])
        let draws = 40_000
        var counts: [Int32: Int] = [:]
        for _ in 0..<draws { counts[try sampler.sample(logits).id, default: 0] += 1 }
        #expect(counts.keys.allSatisfy { expected[$0] != nil })
        // Rare tokens share a cell, so that each cell expects a fair number of draws.
        var (statistic, cells, rare) = (0.0, 0, (expected: 0.0, count: 0.0))
        for (id, probability) in expected {
            let (mean, count) = (probability * Double(draws), Double(counts[id] ?? 0))
            if mean < 20 {
                rare = (rare.expected + mean, rare.count + count)
            } else {
                statistic += (count - mean) * (count - mean) / mean
                cells += 1
            }
        }
        if rare.expected > 5 {
            statistic += (rare.count - rare.expected) * (rare.count - rare.expected) / rare.expected
            cells += 1
        }
        // Wilson-Hilferty: the cube root is nearly normal; 4.5 sigma.
        let freedom = Double(max(1, cells - 1))
        let deviation = (cbrt(statistic / freedom) - (1 - 2 / (9 * freedom))) / (2 / (9 * freedom)).squareRoot()
        #expect(deviation < 4.5, "chi-square \(statistic) with \(freedom) degrees of freedom")
    }

    @Test("the first token over a whole vocabulary is never preferred by the blocks that are summed") func blocks()
        throws
    {
        var sampler = try Sampler(options { _ in })
        let logits = [Float](repeating: 0, count: 10_000)
        var perBlock = [Int](repeating: 0, count: 10)
        for _ in 0..<20_000 { perBlock[Int(try sampler.sample(logits).id) / 1_000] += 1 }
        #expect(perBlock.allSatisfy { abs($0 - 2_000) < 250 }, "\(perBlock)")
    }
}
