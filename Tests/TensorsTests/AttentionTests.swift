import Foundation
import Tensors
import Testing

/// One layer's attention: shapes, windows and sinks.
private struct AttentionCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var heads = 6
    var kvHeads = 2
    var keyDim = 32
    var valueDim = 32
    var sharesRows = false
    var window: Int?
    var hasSinks = false
    var scale: Float?

    init(_ name: String, _ change: (inout Self) -> Void = { _ in }) {
        testDescription = name
        change(&self)
    }

    var shape: KVShape { KVShape(heads: kvHeads, keyDim: keyDim, valueDim: valueDim, sharesRows: sharesRows) }

    static let all = [
        AttentionCase("grouped heads"),
        AttentionCase("a factor of its own") { $0.scale = 0.3 },
        AttentionCase("a window of one token") { $0.window = 1 },
        AttentionCase("a window of 7") { $0.window = 7 },
        AttentionCase("a window of 128") { $0.window = 128 },
        AttentionCase("a window longer than the sequence") { $0.window = 5000 },
        AttentionCase("sinks") { $0.hasSinks = true },
        AttentionCase("sinks and a window of 20") { ($0.hasSinks, $0.window) = (true, 20) },
        AttentionCase("keys wider than values") { ($0.heads, $0.kvHeads, $0.keyDim) = (4, 4, 96) },
        AttentionCase("values wider than keys") { ($0.valueDim, $0.kvHeads) = (64, 3) },
        AttentionCase("widths that are padded") { ($0.keyDim, $0.valueDim, $0.kvHeads) = (20, 12, 6) },
        AttentionCase("rows that serve as keys and values") {
            ($0.heads, $0.kvHeads, $0.keyDim, $0.valueDim, $0.sharesRows) = (20, 1, 96, 64, true)
        },
        AttentionCase("shared rows in a window with sinks") {
            ($0.heads, $0.kvHeads, $0.keyDim, $0.valueDim, $0.sharesRows) = (4, 2, 64, 64, true)
            ($0.window, $0.hasSinks) = (40, true)
        },
    ]
}

/// Inputs of a case, and what comes out in double precision.
private struct AttentionInputs {
    static let total = 400
    let setup: AttentionCase
    let queries: [Float]  // [total, heads, keyDim]
    let keys: [Float]  // [total, kvHeads, keyDim]
    let values: [Float]  // [total, kvHeads, valueDim]; of shared rows the beginnings of the keys
    let sinks: [Float]?  // [heads]

    init(_ setup: AttentionCase) {
        var random = RandomNumbers(seed: 23)
        self.setup = setup
        queries = random.floats(Self.total * setup.heads * setup.keyDim, in: -2...2)
        let keys = random.floats(Self.total * setup.kvHeads * setup.keyDim, in: -2...2)
        let values = random.floats(Self.total * setup.kvHeads * setup.valueDim)
        self.keys = keys
        self.values =
            setup.sharesRows
            ? (0..<Self.total * setup.kvHeads).flatMap { row in
                Array(keys[row * setup.keyDim..<row * setup.keyDim + setup.valueDim])
            } : values
        sinks = setup.hasSinks ? random.floats(setup.heads, in: -1...6) : nil
    }

    /// Softmax of the scaled scores of the visible keys and the sink, times the values: [heads, valueDim].
    func expected(_ token: Int) -> [Double] {
        let s = setup
        let scale = s.scale.map(Double.init) ?? 1 / Double(s.keyDim).squareRoot()
        let first = max(0, token + 1 - (s.window ?? .max / 2))
        return (0..<s.heads).flatMap { head -> [Double] in
            let kv = head / (s.heads / s.kvHeads)
            let scores = (first...token).map { key in
                (0..<s.keyDim).reduce(0.0) {
                    $0 + Double(queries[(token * s.heads + head) * s.keyDim + $1])
                        * Double(keys[(key * s.kvHeads + kv) * s.keyDim + $1])
                } * scale
            }
            let weights = scores.map { exp($0) }
            let sum = weights.reduce(0, +) + (sinks.map { exp(Double($0[head])) } ?? 0)
            return (0..<s.valueDim).map { i in
                zip(first...token, weights).reduce(0.0) {
                    $0 + $1.1 / sum * Double(values[($1.0 * s.kvHeads + kv) * s.valueDim + i])
                }
            }
        }
    }

    /// All tokens in batches of `batch`: [total, heads, valueDim].
    func attend(_ level: KernelLevel, _ type: KVType, threads: Int, batch: Int) throws -> [Float] {
        let s = setup
        let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
        let cache = try #require(KVCache(s.shape, capacity: Self.total, type: type))
        let partials = FloatBuffer()
        var (q, k, v, result) = (queries, keys, values, [Float]())
        for first in stride(from: 0, to: Self.total, by: batch) {
            let tokens = min(batch, Self.total - first)
            var out = [Float](repeating: .nan, count: tokens * s.heads * s.valueDim)
            q.withUnsafeMutableBufferPointer { q in
                k.withUnsafeMutableBufferPointer { k in
                    v.withUnsafeMutableBufferPointer { v in
                        out.withUnsafeMutableBufferPointer { out in
                            compute.store(
                                keys: HeadRows(
                                    k.baseAddress! + first * s.kvHeads * s.keyDim, heads: s.kvHeads, dim: s.keyDim),
                                values: HeadRows(
                                    v.baseAddress! + first * s.kvHeads * s.valueDim, heads: s.kvHeads,
                                    dim: s.valueDim),
                                tokens: tokens, position: first, in: cache)
                            (sinks ?? [0]).withUnsafeBufferPointer { sinks in
                                compute.attend(
                                    AttentionInput(
                                        queries: HeadRows(
                                            q.baseAddress! + first * s.heads * s.keyDim, heads: s.heads,
                                            dim: s.keyDim),
                                        position: first, tokens: tokens, scale: s.scale, window: s.window,
                                        sinks: s.hasSinks ? sinks.baseAddress! : nil),
                                    cache: cache,
                                    into: HeadRows(out.baseAddress!, heads: s.heads, dim: s.valueDim),
                                    partials: partials)
                            }
                        }
                    }
                }
            }
            result += out
        }
        return result
    }
}

@Suite("Attention over caches")
struct AttentionTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    /// The first tokens, then one of every few: each is compared with a reference that takes its time.
    private static let compared = Array(0..<40) + Array(stride(from: 40, to: AttentionInputs.total, by: 19)) + [399]

    @Test("is softmax over what a token sees, in batches of any size", arguments: AttentionCase.all)
    private func attention(_ setup: AttentionCase) throws {
        let inputs = AttentionInputs(setup)
        let width = setup.heads * setup.valueDim
        let expected = Self.compared.flatMap { inputs.expected($0) }
        for type in KVType.allCases where setup.shape.fits(type) {
            // f32: sums in another order. 16-bit keys with scores of size 10: 5e-3. 8-bit ones: eight times that.
            let tolerance = type == .f32 ? 2e-6 : type == .f16 ? 0.002 : 0.02
            for level in Self.levels {
                for batch in [AttentionInputs.total, 1, 7, 64] {
                    let found = try inputs.attend(level, type, threads: 2, batch: batch)
                    let rows = Self.compared.flatMap { found[$0 * width..<($0 + 1) * width] }
                    #expect(relativeError(rows, expected) < tolerance, "\(level), \(type), batches of \(batch)")
                }
            }
        }
    }

    @Test("gives the same bits whatever the threads", arguments: AttentionCase.all)
    private func threads(_ setup: AttentionCase) throws {
        let inputs = AttentionInputs(setup)
        for batch in [AttentionInputs.total, 5, 1] {
            let one = try inputs.attend(.best, .f32, threads: 1, batch: batch)
            #expect(try firstDifference(inputs.attend(.best, .f32, threads: 3, batch: batch), one) == nil)
        }
    }

    @Test("caches refuse shapes that a type cannot hold")
    func shapes() {
        #expect(KVCache(KVShape(heads: 2, keyDim: 48, valueDim: 64), capacity: 32, type: .q8_0) == nil)
        #expect(KVCache(KVShape(heads: 2, keyDim: 64, valueDim: 80), capacity: 32, type: .q8_0) == nil)
        #expect(
            KVCache(KVShape(heads: 1, keyDim: 64, valueDim: 40, sharesRows: true), capacity: 32, type: .f16) == nil)
        #expect(KVCache(KVShape(heads: 1, keyDim: 40, valueDim: 24), capacity: 32, type: .f16) != nil)
    }

    @Test("what a cache takes is what its shape says", arguments: KVType.allCases)
    func size(_ type: KVType) {
        let separate = KVShape(heads: 3, keyDim: 64, valueDim: 32)
        let perToken = [KVType.f16: 2 * 96, .f32: 4 * 96, .q8_0: 96 + 6][type]!
        #expect(separate.byteCount(capacity: 33, type: type) == 3 * 64 * perToken)
        let shared = KVShape(heads: 1, keyDim: 96, valueDim: 64, sharesRows: true)
        #expect(shared.byteCount(capacity: 32, type: type) == 32 * type.rowBytes(dim: 96))
    }
}
