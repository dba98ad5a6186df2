import Foundation
import Tensors
import Testing

@Suite("Operations on several threads")
struct ComputeTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    /// Weights in memory that ends at an inaccessible page, as a file's last tensor may.
    private struct Weights {
        let bytes: GuardedArray<UInt8>
        let matrix: Matrix
        let values: [Float]  // [rows, columns]

        init(_ type: TensorType, rows: Int, columns: Int, _ random: inout RandomNumbers) {
            let encoded = random.blocks(type, rows: rows, columns: columns)
            bytes = GuardedArray(encoded)
            values = ReferenceBlocks.decode(type, encoded)
            let buffer = UnsafeRawBufferPointer(start: bytes.pointer, count: bytes.count)
            matrix = Matrix(type: type, rows: rows, columns: columns, data: buffer)!
        }
    }

    private func activations(_ compute: Compute, _ x: [Float], width: Int) -> Activations {
        let activations = Activations(width: width)
        activations.reserve(tokens: x.count / width)
        activations.values.update(from: x, count: x.count)
        compute.quantize(activations, tokens: x.count / width)
        return activations
    }

    /// Root mean square of the difference, as a share of that of `expected`.
    private func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
        var (difference, size) = (0.0, 0.0)
        for (found, expected) in zip(found, expected) {
            difference += (Double(found) - expected) * (Double(found) - expected)
            size += expected * expected
        }
        return (difference / size).squareRoot()
    }

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
                    Weights(type, rows: rows, columns: columns, &random),
                    Weights(.f16, rows: 5, columns: columns, &random)
                )
                let (x, bias) = (random.floats(tokens * columns), random.floats(rows))
                let residual = random.floats(tokens * rows)
                var results: [[Float]] = []
                for threads in 1...3 {
                    let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                    let input = activations(compute, x, width: columns)
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
            let gate = Weights(type, rows: rows, columns: columns, &random)
            let up = Weights(type, rows: rows, columns: columns, &random)
            let x = random.floats(tokens * columns, in: -0.1...0.1)
            var results: [[Float]] = []
            for threads in 1...3 {
                let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                let input = activations(compute, x, width: columns)
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

    @Test("attention over a growing cache, in batches of any size", arguments: levels, KVType.allCases)
    func attention(_ level: KernelLevel, _ type: KVType) throws {
        let (heads, kvHeads, dim, total) = (6, 2, 32, 150)
        var random = RandomNumbers(seed: 23)
        let queries = random.floats(total * heads * dim, in: -2...2)
        let keys = random.floats(total * kvHeads * dim, in: -2...2)
        let values = random.floats(total * kvHeads * dim)
        let table = RotaryTable(dimensions: dim, base: 10_000, scaling: .none)
        func run(threads: Int, batch: Int) throws -> [Float] {
            let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
            let cache = try #require(KVCache(layers: 2, heads: kvHeads, dim: dim, capacity: total, type: type))
            let (state, output) = (AttentionState(), Activations(width: heads * dim))
            var result: [Float] = []
            for first in stride(from: 0, to: total, by: batch) {
                let tokens = min(batch, total - first)
                var q = Array(queries[first * heads * dim..<(first + tokens) * heads * dim])
                var k = Array(keys[first * kvHeads * dim..<(first + tokens) * kvHeads * dim])
                var v = Array(values[first * kvHeads * dim..<(first + tokens) * kvHeads * dim])
                q.withUnsafeMutableBufferPointer { q in
                    k.withUnsafeMutableBufferPointer { k in
                        v.withUnsafeMutableBufferPointer { v in
                            let input = AttentionInput(
                                queryHeads: heads, dim: dim, queries: q.baseAddress!, keys: k.baseAddress!,
                                values: v.baseAddress!, position: first, tokens: tokens, layer: 1)
                            compute.prepareRotation(table, positions: first..<first + tokens, state)
                            compute.rotateAndStore(input, pairing: .halves, table: table, cache: cache, state)
                            compute.attend(input, cache: cache, into: output, state)
                        }
                    }
                }
                result += UnsafeBufferPointer(start: output.values, count: tokens * heads * dim)
            }
            return result
        }
        let whole = try run(threads: 1, batch: total)
        #expect(try firstDifference(run(threads: 3, batch: total), whole) == nil)
        #expect(try firstDifference(run(threads: 2, batch: 1), run(threads: 1, batch: 1)) == nil)
        let expected = reference(queries, keys, values, heads: heads, kvHeads: kvHeads, dim: dim, total: total)
        // 16-bit keys with scores of size 10: 5e-3. 8-bit ones: eight times that at most.
        let tolerance = type == .q8_0 ? 0.02 : 0.002
        for batch in [total, 1, 7, 64] {
            #expect(try relativeError(run(threads: 2, batch: batch), expected) < tolerance, "batches of \(batch)")
        }
    }

    private func reference(
        _ queries: [Float], _ keys: [Float], _ values: [Float], heads: Int, kvHeads: Int, dim: Int, total: Int
    ) -> [Double] {
        func rotated(_ rows: [Float], _ token: Int, _ head: Int, of count: Int) -> [Double] {
            let start = (token * count + head) * dim
            var out = rows[start..<start + dim].map { Double($0) }
            for i in 0..<dim / 2 {
                let angle = Double(token) * pow(10_000, -2 * Double(i) / Double(dim))
                let (a, b) = (out[i], out[i + dim / 2])
                out[i] = a * cos(angle) - b * sin(angle)
                out[i + dim / 2] = a * sin(angle) + b * cos(angle)
            }
            return out
        }
        let rotatedKeys = (0..<total).map { token in (0..<kvHeads).map { rotated(keys, token, $0, of: kvHeads) } }
        var result: [Double] = []
        for token in 0..<total {
            for head in 0..<heads {
                let q = rotated(queries, token, head, of: heads)
                let kv = head / (heads / kvHeads)
                let weights = (0...token).map { key in
                    exp(zip(q, rotatedKeys[key][kv]).reduce(0) { $0 + $1.0 * $1.1 } / Double(dim).squareRoot())
                }
                let sum = weights.reduce(0, +)
                for i in 0..<dim {
                    result.append(
                        (0...token).reduce(0.0) {
                            $0 + weights[$1] / sum * Double(values[($1 * kvHeads + kv) * dim + i])
                        })
                }
            }
        }
        return result
    }
}
