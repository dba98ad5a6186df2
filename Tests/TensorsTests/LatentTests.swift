import Foundation
import Tensors
import Testing

/// Rows that are keys and values of many heads at once, read in several ways.
@Suite("Latent rows")
struct LatentTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)
    private let heads = 5
    private let latent = 64
    /// Elements of a key that each head makes for itself, and those that all share.
    private let own = 32
    private let shared = 16
    private let valueDim = 48

    /// Attention of `tokens` tokens behind `position` others to cached rows, in double precision.
    private struct Reference {
        var rows: [Float]  // [position + tokens, latent + shared]
        var queries: [Float]  // [tokens, heads, own + shared]
        var keyWeights: RandomWeights  // heads of [own, latent]
        var valueWeights: RandomWeights  // heads of [valueDim, latent]
    }

    private func cache(_ compute: Compute, _ rows: [Float], type: KVType) throws -> KVCache {
        let dim = latent + shared
        let shape = KVShape(heads: 1, keyDim: dim, valueDim: latent, sharesRows: true)
        let cache = try #require(KVCache(shape, capacity: rows.count / dim, type: type))
        var rows = rows
        rows.withUnsafeMutableBufferPointer { buffer in
            compute.store(
                keys: HeadRows(buffer.baseAddress!, heads: 1, dim: dim), values: nil, tokens: buffer.count / dim,
                position: 0, in: cache)
        }
        return cache
    }

    private func expected(_ r: Reference, position: Int, scale: Double) -> [Double] {
        let (dim, keyDim) = (latent + shared, own + shared)
        let tokens = r.queries.count / heads / keyDim
        let rows = (0..<position + tokens).map { row in (0..<dim).map { Double(r.rows[row * dim + $0]) } }
        return (0..<tokens).flatMap { token in
            (0..<heads).flatMap { head -> [Double] in
                let query = (0..<keyDim).map { Double(r.queries[(token * heads + head) * keyDim + $0]) }
                // Keys through the latent space: the query's own part is taken there.
                var absorbed = [Double](repeating: 0, count: dim)
                for i in 0..<own {
                    for j in 0..<latent {
                        absorbed[j] += query[i] * Double(r.keyWeights.values[(head * own + i) * latent + j])
                    }
                }
                for i in 0..<shared { absorbed[latent + i] = query[own + i] }
                let scores = (0...position + token).map { key in
                    scale * (0..<dim).reduce(0.0) { $0 + absorbed[$1] * rows[key][$1] }
                }
                let largest = scores.max()!
                let weights = scores.map { exp($0 - largest) }
                let sum = weights.reduce(0, +)
                var mixed = [Double](repeating: 0, count: latent)
                for (key, weight) in weights.enumerated() {
                    for j in 0..<latent { mixed[j] += weight / sum * rows[key][j] }
                }
                return (0..<valueDim).map { r.valueWeights.product(head * valueDim + $0, mixed) }
            }
        }
    }

    @Test(
        "keys and values made for every head give what wide rows give", arguments: levels,
        [TensorType.f32, .f16, .q8_0])
    func expanded(_ level: KernelLevel, _ type: TensorType) throws {
        for (position, tokens) in [(0, 1), (0, 33), (300, 64), (2100, 70)] {
            var random = RandomNumbers(seed: UInt64(position + tokens))
            let reference = Reference(
                rows: random.floats((position + tokens) * (latent + shared)),
                queries: random.floats(tokens * heads * (own + shared)),
                keyWeights: RandomWeights(type, rows: heads * own, columns: latent, &random),
                valueWeights: RandomWeights(type, rows: heads * valueDim, columns: latent, &random))
            let expansion = LatentExpansion(
                keys: reference.keyWeights.bank(heads), values: reference.valueWeights.bank(heads))
            let expected = expected(reference, position: position, scale: 0.1)
            var results: [[Float]] = []
            for threads in 1...3 {
                let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                let cache = try cache(compute, reference.rows, type: .f32)
                var (queries, out) = (reference.queries, [Float](repeating: 0, count: tokens * heads * valueDim))
                let state = LatentState(latent: latent)
                compute.attendExpanded(
                    AttentionInput(
                        queries: HeadRows(&queries, heads: heads, dim: own + shared), position: position,
                        tokens: tokens, scale: 0.1),
                    cache: cache, expansion, state, into: HeadRows(&out, heads: heads, dim: valueDim))
                results.append(out)
            }
            #expect(firstDifference(results[1], results[0]) == nil && firstDifference(results[2], results[0]) == nil)
            // Rows meet quantised weights rounded to 8 bits.
            let tolerance = type == .q8_0 ? 0.05 : 1e-5
            #expect(relativeError(results[0], expected) < tolerance, "\(tokens) tokens at \(position)")
        }
    }

    @Test("matrices on their side", arguments: levels, [TensorType.f32, .bf16, .q8_0, .q4_0])
    func transposed(_ level: KernelLevel, _ type: TensorType) throws {
        let compute = Compute(level: level, pool: ComputePool(threadCount: 2))
        var random = RandomNumbers(seed: 36)
        let weights = RandomWeights(type, rows: 3 * 64, columns: 32, &random)
        let room = TransposedBank()
        for bank in [compute.transpose(weights.bank(3), into: room), try #require(weights.bank(3).transposed())] {
            #expect(bank.count == 3 && bank.first.rows == 32 && bank.first.columns == 64)
            var row = [Float](repeating: 0, count: 64)
            var values: [Float] = []
            var expected: [Double] = []
            for head in 0..<3 {
                for i in 0..<32 {
                    compute.decodeRow(i, of: bank[head], into: &row)
                    values += row
                    expected += (0..<64).map { Double(weights.values[(head * 64 + $0) * 32 + i]) }
                }
            }
            #expect(relativeError(values, expected) < (weights.matrix.isFloat ? 1e-7 : 0.006))
        }
    }

    @Test("attention to selected rows is attention to those rows alone", arguments: levels, KVType.allCases)
    func selected(_ level: KernelLevel, _ type: KVType) throws {
        let (dim, keys) = (96, 500)
        let shape = KVShape(heads: 1, keyDim: dim, valueDim: 64, sharesRows: true)
        for tokens in [1, 3, 20] {
            var random = RandomNumbers(seed: UInt64(tokens))
            var (rows, queries) = (random.floats(keys * dim), random.floats(tokens * heads * dim, in: -3...3))
            let sinks = random.floats(heads)
            let lists = (0..<tokens).map { token in
                (0..<(token == 1 ? 0 : 40 + 90 * token % 400)).map { _ in Int.random(in: 0..<keys, using: &random) }
            }
            var results: [[Float]] = []
            for threads in 1...3 {
                let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
                // Even rows lie in one cache, odd ones in the other.
                let caches = try (0..<2).map { _ in try #require(KVCache(shape, capacity: keys, type: type)) }
                for cache in caches {
                    compute.store(
                        keys: HeadRows(&rows, heads: 1, dim: dim), values: nil, tokens: keys, position: 0, in: cache)
                }
                let selection = RowSelection()
                selection.reserve(tokens: tokens, stride: 440)
                for (token, list) in lists.enumerated() {
                    for (place, row) in list.enumerated() {
                        selection.rows(of: token)[place] = row % 2 == 0 ? Int32(row) : ~Int32(row)
                    }
                    selection.setCount(of: token, list.count)
                }
                var out = [Float](repeating: 0, count: tokens * heads * 64)
                sinks.withUnsafeBufferPointer { sinks in
                    compute.attendSelected(
                        AttentionInput(
                            queries: HeadRows(&queries, heads: heads, dim: dim), position: 0, tokens: tokens,
                            sinks: sinks.baseAddress),
                        selection, cache: caches[0], other: caches[1], into: HeadRows(&out, heads: heads, dim: 64),
                        partials: FloatBuffer())
                }
                results.append(out)
            }
            #expect(firstDifference(results[1], results[0]) == nil && firstDifference(results[2], results[0]) == nil)
            var expected: [Double] = []
            for token in 0..<tokens {
                for head in 0..<heads {
                    let scores = lists[token].map { row in
                        (0..<dim).reduce(0.0) {
                            $0 + Double(queries[(token * heads + head) * dim + $1]) * Double(rows[row * dim + $1])
                        } / Double(dim).squareRoot()
                    }
                    let largest = max(scores.max() ?? -.infinity, Double(sinks[head]))
                    let weights = scores.map { exp($0 - largest) }
                    let sum = weights.reduce(exp(Double(sinks[head]) - largest), +)
                    for i in 0..<64 {
                        expected.append(
                            zip(lists[token], weights).reduce(0.0) {
                                $0 + $1.1 / sum * Double(rows[$1.0 * dim + i])
                            })
                    }
                }
            }
            let tolerance = [KVType.f32: 1e-5, .f16: 1e-3, .q8_0: 0.03][type]!
            #expect(relativeError(results[0], expected) < tolerance, "\(tokens) tokens")
        }
    }

    @Test("an indexer lists the keys of highest score", arguments: levels)
    func indexer(_ level: KernelLevel) throws {
        let (indexHeads, dim, keys, tokens, count) = (4, 32, 700, 40, 50)
        var random = RandomNumbers(seed: 37)
        var (rows, queries) = (random.floats(keys * dim), random.floats(tokens * indexHeads * dim))
        let weights = random.floats(tokens * indexHeads)
        let compute = Compute(level: level, pool: ComputePool(threadCount: 2))
        let cache = try #require(
            KVCache(KVShape(heads: 1, keyDim: dim, valueDim: 0), capacity: keys, type: .f32))
        compute.store(keys: HeadRows(&rows, heads: 1, dim: dim), values: nil, tokens: keys, position: 0, in: cache)
        let selection = RowSelection()
        weights.withUnsafeBufferPointer { weights in
            compute.selectKeys(
                IndexQuery(
                    queries: HeadRows(&queries, heads: indexHeads, dim: dim), weights: weights.baseAddress!,
                    tokens: tokens),
                keys: cache, count: count, visible: { 17 * ($0 + 1) }, IndexState(), into: selection, extra: 1,
                append: { token, rows in
                    rows[0] = ~Int32(token)
                    return 1
                })
        }
        for token in 0..<tokens {
            let visible = 17 * (token + 1)
            let scores = (0..<visible).map { key in
                (0..<indexHeads).reduce(0.0) { sum, head in
                    let product = (0..<dim).reduce(0.0) {
                        $0 + Double(queries[(token * indexHeads + head) * dim + $1]) * Double(rows[key * dim + $1])
                    }
                    return sum + Double(weights[token * indexHeads + head]) * max(0, product)
                }
            }
            let best = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(count).sorted()
            #expect(selection.count(of: token) == 1 + best.count)
            let listed = (0..<selection.count(of: token)).map { Int(selection.rows(of: token)[$0]) }
            #expect(listed == [~token] + best)
        }
    }
}
