import Foundation
import Tensors
import Testing

@Suite("Operations on several threads")
struct ComputeTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    /// Weights and activations are rounded to 8 bits of the largest in a group of 256: some 0.6 % each, on uniform
    /// random numbers.
    private let eightBitTolerance = 0.015

    @Test(
        "products with biases and residuals, whatever the tokens and rows", arguments: levels,
        [TensorType.q4_K, .q8_0, .q4_1, .mxfp4, .f32, .bf16])
    func project(_ level: KernelLevel, _ type: TensorType) {
        let columns = type.elementsPerBlock == 256 ? 512 : 288
        for tokens in [1, 2, 3, 4, 5, 13, 33] {
            for rows in [1, 31, 33, 300] {
                var random = RandomNumbers(seed: UInt64(tokens * rows))
                let (first, second) = (
                    RandomWeights(type, rows: rows, columns: columns, &random),
                    RandomWeights(.f16, rows: 5, columns: columns, &random)
                )
                let (x, bias) = (random.floats(tokens * columns), random.floats(rows))
                let residual = random.floats(tokens * rows)
                var results: [[Float]] = []
                for threads in 1...3 {
                    let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                    let input = Activations.filled(compute, x, width: columns)
                    var out = residual
                    var other = [Float](repeating: 0, count: tokens * 5)
                    compute.project(
                        input, tokens: tokens,
                        [
                            Projection(first.matrix, bias: bias, accumulates: true, output: &out),
                            Projection(second.matrix, output: &other),
                        ])
                    results.append(out + other)
                }
                // Bits, not numbers close by: the answer must not depend on the machine's cores.
                #expect(
                    firstDifference(results[1], results[0]) == nil && firstDifference(results[2], results[0]) == nil)
                var deviation = Deviation()
                var place = 0
                for (weights, count) in [(first, rows), (second, 5)] {
                    for token in 0..<tokens {
                        for row in 0..<count {
                            var sum = count == rows ? Double(bias[row]) + Double(residual[token * rows + row]) : 0
                            var squares = 0.0
                            for i in 0..<columns {
                                let product =
                                    Double(weights.values[row * columns + i]) * Double(x[token * columns + i])
                                sum += product
                                squares += product * product
                            }
                            // The roundings of the products are independent and their sum grows as its root: no more than
                            // six standard deviations.
                            deviation.note(
                                Double(results[0][place]), expected: sum,
                                within: 6 * eightBitTolerance * squares.squareRoot()
                            ) { "token \(token) of \(tokens), row \(row) of \(rows)" }
                            place += 1
                        }
                    }
                }
                #expect(deviation.isAcceptable, "\(deviation)")
            }
        }
    }

    @Test("the gated product is silu(gate x) * (up x)", arguments: levels, [TensorType.q6_K, .q5_0, .f16])
    func projectGated(_ level: KernelLevel, _ type: TensorType) {
        let columns = type.elementsPerBlock == 256 ? 256 : 96
        for tokens in [1, 3, 4, 9] {
            var random = RandomNumbers(seed: UInt64(tokens))
            let rows = 48
            let gate = RandomWeights(type, rows: rows, columns: columns, &random)
            let up = RandomWeights(type, rows: rows, columns: columns, &random)
            let x = random.floats(tokens * columns, in: -0.1...0.1)
            var results: [[Float]] = []
            for threads in 1...3 {
                let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                let input = Activations.filled(compute, x, width: columns)
                let output = Activations(width: rows)
                compute.projectGated(input, tokens: tokens, gate: gate.matrix, up: up.matrix, into: output)
                results.append(Array(UnsafeBufferPointer(start: output.values, count: tokens * rows)))
            }
            #expect(firstDifference(results[1], results[0]) == nil && firstDifference(results[2], results[0]) == nil)
            var expected: [Double] = []
            for token in 0..<tokens {
                for row in 0..<rows {
                    let products = [gate, up].map { weights in
                        (0..<columns).reduce(0.0) {
                            $0 + Double(weights.values[row * columns + $1]) * Double(x[token * columns + $1])
                        }
                    }
                    expected.append(products[0] / (1 + exp(-products[0])) * products[1])
                }
            }
            #expect(relativeError(results[0], expected) < 2 * eightBitTolerance, "\(tokens) tokens")
        }
    }
}
