import CKernels
import Foundation
import Tensors
import Testing

@Suite("Attention kernels")
struct KernelAttentionTests {
    private static let dims = [16, 32, 64, 80, 128, 256]
    private static let keyCounts = [1, 31, 32, 33, 127, 128, 129, 300]
    /// Scores of size 10 carry a rounding of some 1e-6, and so do their exponentials; values are below 1.
    private let tolerance = 2e-5

    @Test("keys are stored transposed in blocks of 32, values in rows", arguments: KernelTable.all, KVType.allCases)
    func storing(_ table: KernelTable, _ type: KVType) {
        var random = RandomNumbers(seed: 18)
        for dim in Self.dims where type != .q8_0 || dim % 32 == 0 {
            // A sub-block of zeros has no scale.
            let setup = AttentionSetup(dim: dim, keys: 70, rows: 1, type: type) { count in
                var values = random.floats(count)
                for i in 0..<min(32, count) { values[i] = 0 }
                return values
            }
            let cache = setup.store(table)
            let (keys, values) = (setup.stored(setup.keys), setup.stored(setup.values))
            for key in 0..<70 {
                for i in 0..<dim {
                    let keyPlace = (key / 32 * dim + i) * 32 + key % 32
                    let keyScale = (key / 32 * (dim / 32) + i / 32) * 32 + key % 32
                    let place = key * dim + i
                    guard
                        element(cache.keys, cache.keyScales, keyPlace, scale: keyScale, type) == keys[place],
                        element(cache.values, cache.valueScales, place, scale: place / 32, type) == values[place]
                    else {
                        Issue.record("element \(i) of key or value \(key), \(dim) wide, is not what was stored")
                        return
                    }
                }
            }
        }
    }

    private func element(
        _ codes: GuardedArray<UInt8>, _ scales: GuardedArray<UInt16>, _ place: Int, scale: Int, _ type: KVType
    ) -> Double {
        if type == .f32 {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(codes[4 * place + $1]) << UInt32(8 * $1) }
            return Double(Float(bitPattern: bits))
        }
        guard type == .q8_0 else {
            return Double(Float16(bitPattern: UInt16(codes[2 * place]) | UInt16(codes[2 * place + 1]) << 8))
        }
        return Double(Int8(bitPattern: codes[place])) * Double(Float16(bitPattern: scales[scale]))
    }

    @Test("attention is softmax(q k) v over the visible keys", arguments: KernelTable.all, KVType.allCases)
    func attention(_ table: KernelTable, _ type: KVType) {
        var random = RandomNumbers(seed: 19)
        var deviation = Deviation()
        for dim in Self.dims where type != .q8_0 || dim % 32 == 0 {
            for keys in Self.keyCounts {
                for rows in Array(1...9) + [48] {
                    let setup = AttentionSetup(dim: dim, keys: keys, rows: rows, type: type) { random.floats($0) }
                    // Causal limits: every row sees another number of keys, one only the first.
                    let limits = (0..<rows).map {
                        $0 == 0 ? Int32(1) : Int32.random(in: 1...Int32(keys), using: &random)
                    }
                    let state = setup.attend(table, limits: limits, range: 0..<keys)
                    let expected = setup.reference(limits: limits)
                    for i in 0..<rows * dim {
                        deviation.note(
                            Double(state.out[i]) / Double(state.sum[i / dim]), expected: expected[i], within: tolerance
                        ) { "\(dim) wide, \(keys) keys, row \(i / dim) of \(rows)" }
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    /// Widths of keys and values, and whether a row is both.
    private static let shapes = [
        (48, 16, false), (64, 128, false), (192, 128, false), (96, 64, true), (64, 64, true), (576, 512, true),
        (80, 48, true),
    ]

    @Test("keys and values of different widths, or one row for both", arguments: KernelTable.all, KVType.allCases)
    func widths(_ table: KernelTable, _ type: KVType) {
        var random = RandomNumbers(seed: 24)
        var deviation = Deviation()
        for (dim, valueDim, shares) in Self.shapes {
            guard type != .q8_0 || (dim % 32 == 0 && valueDim % 32 == 0) else { continue }
            for keys in [1, 31, 33, 128, 161] {
                for rows in [1, 3, 9, 17] {
                    let setup = AttentionSetup(
                        dim: dim, valueDim: valueDim, sharesRows: shares, keys: keys, rows: rows, type: type
                    ) { random.floats($0, in: -0.5...0.5) }
                    let limits = (0..<rows).map { _ in Int32.random(in: 1...Int32(keys), using: &random) }
                    let state = setup.attend(table, limits: limits, range: 0..<keys)
                    let expected = setup.reference(limits: limits)
                    for i in 0..<rows * valueDim {
                        deviation.note(
                            Double(state.out[i]) / Double(state.sum[i / valueDim]), expected: expected[i],
                            within: tolerance
                        ) { "\(dim) and \(valueDim) wide, shared: \(shares), \(keys) keys, \(rows) rows" }
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("rows see no key before their first", arguments: KernelTable.all, KVType.allCases)
    func windows(_ table: KernelTable, _ type: KVType) {
        var random = RandomNumbers(seed: 25)
        var deviation = Deviation()
        for (dim, shares) in [(32, false), (64, true)] {
            for keys in [1, 32, 129, 300] {
                for rows in [1, 2, 8, 9, 33] {
                    let setup = AttentionSetup(dim: dim, sharesRows: shares, keys: keys, rows: rows, type: type) {
                        random.floats($0)
                    }
                    let limits = (0..<rows).map { _ in Int32.random(in: 1...Int32(keys), using: &random) }
                    let firsts = limits.map { Int32.random(in: 0..<$0, using: &random) }
                    let state = setup.attend(table, limits: limits, firsts: firsts, range: 0..<keys)
                    let expected = setup.reference(limits: limits, firsts: firsts)
                    for i in 0..<rows * dim {
                        deviation.note(
                            Double(state.out[i]) / Double(state.sum[i / dim]), expected: expected[i], within: tolerance
                        ) { "\(dim) wide, \(keys) keys, row \(i / dim) of \(rows)" }
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("ranges of keys join to the whole", arguments: KernelTable.all, KVType.allCases)
    func ranges(_ table: KernelTable, _ type: KVType) {
        var random = RandomNumbers(seed: 20)
        var deviation = Deviation()
        for (dim, rows) in [(32, 1), (64, 6), (128, 9)] {
            let setup = AttentionSetup(dim: dim, keys: 300, rows: rows, type: type) { random.floats($0) }
            let limits = (0..<rows).map { _ in Int32.random(in: 1...300, using: &random) }
            let expected = setup.reference(limits: limits)
            for width in [32, 96, 256] {
                let states = stride(from: 0, to: 300, by: width).map {
                    setup.attend(table, limits: limits, range: $0..<min(300, $0 + width))
                }
                for i in 0..<rows * dim {
                    let row = i / dim
                    let largest = states.map { $0.maximum[row] }.max()!
                    // A range that the row does not see leaves its state alone.
                    let weights = states.map { Double(exp($0.maximum[row] - largest)) }
                    let total = zip(states, weights).reduce(0.0) { $0 + Double($1.0.sum[row]) * $1.1 }
                    let out = zip(states, weights).reduce(0.0) { $0 + Double($1.0.out[i]) * $1.1 }
                    deviation.note(out / total, expected: expected[i], within: tolerance) {
                        "\(dim) wide, ranges of \(width) keys, row \(row) of \(rows)"
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("scores beyond exp's range neither overflow nor vanish", arguments: KernelTable.all)
    func largeScores(_ table: KernelTable) {
        var random = RandomNumbers(seed: 21)
        var deviation = Deviation()
        let setup = AttentionSetup(dim: 64, keys: 200, rows: 4, type: .f16) { random.floats($0, in: -20...20) }
        let limits: [Int32] = [200, 150, 33, 1]
        let state = setup.attend(table, limits: limits, range: 0..<200)
        let expected = setup.reference(limits: limits)
        for i in 0..<4 * 64 {
            // Scores of size 10,000 round to 1e-3, values reach 20.
            deviation.note(
                Double(state.out[i]) / Double(state.sum[i / 64]), expected: expected[i], within: 0.1
            ) { "row \(i / 64)" }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }
}
