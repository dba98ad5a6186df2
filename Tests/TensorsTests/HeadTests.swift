import Foundation
import Tensors
import Testing

@Suite("Operations on heads")
struct HeadTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    @Test("rotation turns a part of each head by its position, and back", arguments: levels, [true, false])
    func rotation(_ level: KernelLevel, halves: Bool) {
        let compute = Compute(level: level, pool: ComputePool(threadCount: 2))
        let (tokens, heads, dim, pitch, offset, rotated, position) = (11, 3, 24, 40, 8, 12, 5)
        var random = RandomNumbers(seed: 31)
        let before = random.floats(tokens * heads * pitch)
        let table = RotaryTable(dimensions: rotated, base: 10_000, scaling: .none)
        let rotations = Rotations(table)
        rotations.prepare(position..<position + tokens)
        var x = before
        func run(inverse: Bool) {
            x.withUnsafeMutableBufferPointer {
                compute.rotate(
                    HeadRows($0.baseAddress!, heads: heads, dim: dim, pitch: pitch), tokens: tokens, rotations,
                    pairing: halves ? .halves : .pairs, offset: offset, inverse: inverse)
            }
        }
        run(inverse: false)
        var expected = before.map(Double.init)
        for token in 0..<tokens {
            for head in 0..<heads {
                let start = (token * heads + head) * pitch + offset
                for i in 0..<rotated / 2 {
                    let angle = Double(position + token) * pow(10_000, -2 * Double(i) / Double(rotated))
                    let (a, b) = halves ? (start + i, start + i + rotated / 2) : (start + 2 * i, start + 2 * i + 1)
                    let (u, v) = (Double(before[a]), Double(before[b]))
                    expected[a] = u * cos(angle) - v * sin(angle)
                    expected[b] = u * sin(angle) + v * cos(angle)
                }
            }
        }
        #expect(relativeError(x, expected) < 1e-6)
        run(inverse: true)
        #expect(relativeError(x, before.map(Double.init)) < 1e-6)
    }

    @Test("YaRN keeps fast pairs, divides slow ones, and blends between; whole pairs or fractions of them")
    func yarn() {
        let scaling = RotaryScaling.yarn(
            factor: 4, originalContext: 32, betaFast: 4, betaSlow: 1, temperature: 0.5)
        let plain = RotaryTable(dimensions: 16, base: 10_000, scaling: .none)
        func pair(_ rotations: Double) -> Double { 16 * log(32 / (rotations * 2 * .pi)) / (2 * log(10_000)) }
        for whole in [true, false] {
            let table = RotaryTable(dimensions: 16, base: 10_000, scaling: scaling, blendsWholePairs: whole)
            let low = max(0, whole ? pair(4).rounded(.down) : pair(4))
            let high = whole ? pair(1).rounded(.up) : pair(1)
            #expect(table.magnitude == Float(0.5 * (0.1 * log(4.0) + 1)))
            for i in 0..<8 {
                let share = min(1, max(0, (Double(i) - low) / (high - low)))
                let expected = plain.frequencies[i] * (share / 4 + 1 - share)
                #expect(abs(table.frequencies[i] - expected) < 1e-12 * expected, "pair \(i), whole: \(whole)")
            }
        }
    }

    @Test("norms of heads, of whole rows, and gates between them", arguments: levels)
    func normsAndGates(_ level: KernelLevel) {
        let compute = Compute(level: level, pool: ComputePool(threadCount: 2))
        let (tokens, heads, dim) = (9, 3, 20)
        var random = RandomNumbers(seed: 32)
        let x = random.floats(tokens * heads * 2 * dim, in: -3...3)
        let weight = random.floats(dim)
        var rows = x
        rows.withUnsafeMutableBufferPointer { rows in
            let queries = HeadRows(rows.baseAddress!, heads: heads, dim: dim, pitch: 2 * dim)
            compute.normalizeHeads(queries, tokens: tokens, weight: weight, epsilon: 1e-5)
            let gates = HeadRows(rows.baseAddress! + dim, heads: heads, dim: dim, pitch: 2 * dim)
            compute.gate(queries, by: gates, tokens: tokens)
        }
        var expected = x.map(Double.init)
        for head in 0..<tokens * heads {
            let part = (0..<dim).map { Double(x[head * 2 * dim + $0]) }
            let mean = part.reduce(0) { $0 + $1 * $1 } / Double(dim)
            for i in 0..<dim {
                let gate = Double(x[head * 2 * dim + dim + i])
                expected[head * 2 * dim + i] =
                    part[i] / (mean + 1e-5).squareRoot() * Double(weight[i]) / (1 + exp(-gate))
            }
        }
        #expect(relativeError(rows, expected) < 1e-6)
    }

    @Test("a matrix for each head", arguments: levels, [TensorType.f32, .q8_0, .q4_K])
    func projectHeads(_ level: KernelLevel, _ type: TensorType) {
        let (heads, rows, columns) = (3, 33, type.elementsPerBlock == 256 ? 256 : 64)
        var random = RandomNumbers(seed: 33)
        let weights = RandomWeights(type, rows: heads * rows, columns: columns, &random)
        for tokens in [1, 3, 4, 11] {
            let x = random.floats(tokens * heads * columns)
            var results: [[Float]] = []
            for threads in 1...3 {
                let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                let input = Activations.filled(compute, x, width: columns)
                var out = [Float](repeating: 0, count: tokens * heads * rows)
                out.withUnsafeMutableBufferPointer {
                    compute.projectHeads(
                        input, tokens: tokens, weights.bank(heads),
                        into: HeadRows($0.baseAddress!, heads: heads, dim: rows))
                }
                results.append(out)
            }
            #expect(firstDifference(results[1], results[0]) == nil && firstDifference(results[2], results[0]) == nil)
            let expected = (0..<tokens * heads).flatMap { pair in
                let part = x[pair * columns..<(pair + 1) * columns].map(Double.init)
                return (0..<rows).map { weights.product(pair % heads * rows + $0, part) }
            }
            #expect(relativeError(results[0], expected) < (type == .f32 ? 1e-6 : 0.015), "\(tokens) tokens")
        }
    }
}
