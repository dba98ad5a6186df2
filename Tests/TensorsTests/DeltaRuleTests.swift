import Foundation
import Tensors
import Testing

@Suite("The gated delta rule as layers use it")
struct DeltaRuleTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)
    private let shape = DeltaShape(keyHeads: 2, heads: 4, keyDim: 32, valueDim: 64, taps: 4)
    private let keyHead = [0, 1, 0, 1]
    private let tokens = 150
    private let mixed, rates, gates, taps, decay, bias, norm: [Float]

    init() {
        var random = RandomNumbers(seed: 41)
        mixed = random.floats(tokens * shape.channels, in: -2...2)
        rates = random.floats(tokens * 2 * shape.heads, in: -3...3)
        gates = random.floats(tokens * shape.valueWidth, in: -2...2)
        taps = random.floats(shape.taps * shape.channels)
        // From heads that forget within a token to ones that keep for hundreds.
        decay = [-8, -1, -0.1, -0.003]
        bias = random.floats(shape.heads)
        norm = random.floats(shape.valueDim, in: 0.5...1.5)
    }

    private func vector(_ values: [Float]) -> Vector {
        values.withUnsafeBytes { Vector(type: .f32, count: values.count, data: $0)! }
    }

    private var weights: DeltaWeights {
        DeltaWeights(
            convolution: vector(taps), decay: vector(decay), decayBias: vector(bias), keyHead: keyHead,
            ratePlace: [0, 1, 2, 3], decayPlace: [4, 5, 6, 7])
    }

    /// [tokens, valueWidth], in batches of the given sizes, the last of which repeats.
    private func run(_ level: KernelLevel, threads: Int = 2, batches: [Int]) -> [Float] {
        let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
        let (state, norm) = (DeltaState(shape)!, vector(norm))
        let weights = weights
        var (mixed, rates, gates) = (mixed, rates, gates)
        var output = [Float](repeating: 0, count: tokens * shape.valueWidth)
        var (first, sizes) = (0, batches[...])
        while first < tokens {
            let count = min(sizes.first!, tokens - first)
            mixed.withUnsafeMutableBufferPointer { mixed in
                rates.withUnsafeMutableBufferPointer { rates in
                    gates.withUnsafeMutableBufferPointer { gates in
                        output.withUnsafeMutableBufferPointer { output in
                            func heads(_ rows: UnsafeMutableBufferPointer<Float>) -> HeadRows {
                                HeadRows(
                                    rows.baseAddress! + first * shape.valueWidth, heads: shape.heads,
                                    dim: shape.valueDim)
                            }
                            compute.deltaRule(
                                DeltaInput(
                                    mixed: mixed.baseAddress! + first * shape.channels, mixedStride: shape.channels,
                                    rates: rates.baseAddress! + first * 2 * shape.heads, rateStride: 2 * shape.heads,
                                    position: first, tokens: count),
                                weights, state: state,
                                into: DeltaOutput(
                                    heads: heads(output), gates: heads(gates), norm: norm.pointer, epsilon: 1e-6))
                        }
                    }
                }
            }
            first += count
            if sizes.count > 1 { sizes = sizes.dropFirst() }
        }
        return output
    }

    /// The same, token by token in double precision.
    private func reference() -> [Double] {
        func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }
        func convolved(_ token: Int, _ channel: Int) -> Double {
            silu(
                (0..<shape.taps).reduce(0.0) { sum, tap in
                    let row = token - shape.taps + 1 + tap
                    guard row >= 0 else { return sum }
                    return sum + Double(taps[tap * shape.channels + channel])
                        * Double(mixed[row * shape.channels + channel])
                })
        }
        func unit(_ token: Int, from channel: Int) -> [Double] {
            let row = (0..<shape.keyDim).map { convolved(token, channel + $0) }
            let length = (row.reduce(0) { $0 + $1 * $1 } + 1e-6).squareRoot()
            return row.map { $0 / length }
        }
        var output = [Double](repeating: 0, count: tokens * shape.valueWidth)
        for head in 0..<shape.heads {
            var state = [Double](repeating: 0, count: shape.keyDim * shape.valueDim)
            for token in 0..<tokens {
                let query = unit(token, from: keyHead[head] * shape.keyDim)
                    .map { $0 / Double(shape.keyDim).squareRoot() }
                let key = unit(token, from: (shape.keyHeads + keyHead[head]) * shape.keyDim)
                let rate = 1 / (1 + exp(-Double(rates[token * 8 + head])))
                let step = log1p(exp(Double(rates[token * 8 + 4 + head]) + Double(bias[head])))
                let left = exp(Double(decay[head]) * step)
                var read = [Double](repeating: 0, count: shape.valueDim)
                for column in 0..<shape.valueDim {
                    let value = convolved(
                        token, 2 * shape.keyHeads * shape.keyDim + head * shape.valueDim + column)
                    var found = 0.0
                    for i in 0..<shape.keyDim {
                        state[i * shape.valueDim + column] *= left
                        found += state[i * shape.valueDim + column] * key[i]
                    }
                    for i in 0..<shape.keyDim {
                        state[i * shape.valueDim + column] += key[i] * rate * (value - found)
                        read[column] += state[i * shape.valueDim + column] * query[i]
                    }
                }
                let mean = read.reduce(0) { $0 + $1 * $1 } / Double(shape.valueDim)
                for column in 0..<shape.valueDim {
                    let place = token * shape.valueWidth + head * shape.valueDim + column
                    output[place] =
                        read[column] / (mean + 1e-6).squareRoot() * Double(norm[column]) * silu(Double(gates[place]))
                }
            }
        }
        return output
    }

    @Test("any cut into batches gives what the recurrence gives", arguments: levels)
    func cuts(_ level: KernelLevel) {
        let expected = reference()
        for batches in [[150], [1], [64], [63, 65, 22], [16], [17], [2, 80, 1, 67]] {
            let found = run(level, batches: batches)
            var deviation = Deviation()
            for i in expected.indices {
                // The norm enlarges what the rounding of small reads leaves.
                deviation.note(Double(found[i]), expected: expected[i], within: 1e-4) { "element \(i), \(batches)" }
            }
            #expect(deviation.isAcceptable, "\(deviation)")
            #expect(firstDifference(found, run(level, batches: [150])) == nil, "\(batches)")
        }
    }

    @Test("results have the same bits whatever the threads", arguments: levels)
    func threads(_ level: KernelLevel) {
        for batches in [[150], [1]] {
            let found = (1...3).map { run(level, threads: $0, batches: batches) }
            #expect(firstDifference(found[1], found[0]) == nil && firstDifference(found[2], found[0]) == nil)
        }
    }

    @Test("a copied state goes on like its original")
    func copies() {
        let (first, second) = (DeltaState(shape)!, DeltaState(shape)!)
        first.clear()
        second.copy(from: first)
        #expect(first.shape == second.shape)
    }
}
