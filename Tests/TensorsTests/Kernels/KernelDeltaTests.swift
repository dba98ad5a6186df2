import CKernels
import Foundation
import Tensors
import Testing

@Suite("Gated delta rule kernels")
struct KernelDeltaTests {
    /// Tokens of one head.
    fileprivate struct Setup {
        let (tokens, keyDim, valueDim): (Int, Int, Int)
        let queries, keys, values, decays, rates, state: [Float]

        init(_ tokens: Int, _ keyDim: Int, _ valueDim: Int, decays: ClosedRange<Float>, _ random: inout RandomNumbers) {
            (self.tokens, self.keyDim, self.valueDim) = (tokens, keyDim, valueDim)
            func rows() -> [Float] {
                (0..<tokens).flatMap { _ in
                    let row = random.floats(keyDim)
                    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                    return row.map { $0 / length }
                }
            }
            queries = rows()
            // Some keys come back: what was written for them is found and corrected.
            var keys = rows()
            for token in stride(from: 3, to: tokens, by: 5) {
                keys.replaceSubrange(
                    token * keyDim..<(token + 1) * keyDim, with: keys[(token - 3) * keyDim..<(token - 2) * keyDim])
            }
            self.keys = keys
            values = random.floats(tokens * valueDim)
            self.decays = random.floats(tokens, in: decays)
            rates = random.floats(tokens, in: 0...1)
            state = random.floats(keyDim * valueDim)
        }

        /// Element (key, value) in panels of 32 values.
        func place(_ key: Int, _ value: Int) -> Int { (value / 32 * keyDim + key) * 32 + value % 32 }

        func run(_ function: (UnsafePointer<mk_delta>?) -> Void) -> (out: [Float], state: [Float]) {
            let (q, k, v) = (GuardedArray(queries), GuardedArray(keys), GuardedArray(values))
            let (d, b, s) = (GuardedArray(decays), GuardedArray(rates), GuardedArray(state))
            let out = GuardedArray<Float>(count: tokens * valueDim)
            var task = mk_delta()
            (task.tokens, task.key_dim, task.value_dim) = (Int32(tokens), Int32(keyDim), Int32(valueDim))
            task.q = UnsafePointer(q.pointer)
            task.k = UnsafePointer(k.pointer)
            task.v = UnsafePointer(v.pointer)
            task.decay = UnsafePointer(d.pointer)
            task.beta = UnsafePointer(b.pointer)
            (task.state, task.out) = (s.pointer, out.pointer)
            function(&task)
            return (out.values, s.values)
        }

        func reference() -> (out: [Double], state: [Double]) {
            var s = state.map(Double.init)
            var out: [Double] = []
            for t in 0..<tokens {
                for column in 0..<valueDim {
                    var found = 0.0
                    for key in 0..<keyDim {
                        s[place(key, column)] *= Double(decays[t])
                        found += s[place(key, column)] * Double(keys[t * keyDim + key])
                    }
                    let fresh = Double(rates[t]) * (Double(values[t * valueDim + column]) - found)
                    var read = 0.0
                    for key in 0..<keyDim {
                        s[place(key, column)] += fresh * Double(keys[t * keyDim + key])
                        read += s[place(key, column)] * Double(queries[t * keyDim + key])
                    }
                    out.append(read)
                }
            }
            return (out, s)
        }
    }

    private func compare(_ setup: Setup, _ found: (out: [Float], state: [Float]), _ deviation: inout Deviation) {
        let expected = setup.reference()
        // Reads and states have the size of 1; sums have up to 128 terms, and errors of old tokens fade slowly.
        for i in expected.out.indices {
            deviation.note(Double(found.out[i]), expected: expected.out[i], within: 1e-5) {
                "output \(i) of \(setup.tokens) tokens, \(setup.keyDim) x \(setup.valueDim)"
            }
        }
        for i in expected.state.indices {
            deviation.note(Double(found.state[i]), expected: expected.state[i], within: 1e-5) {
                "state \(i) after \(setup.tokens) tokens, \(setup.keyDim) x \(setup.valueDim)"
            }
        }
    }

    private static let dims = [(32, 32), (64, 32), (32, 96), (128, 128)]

    @Test("tokens one by one follow the recurrence", arguments: KernelTable.all)
    func sweep(_ table: KernelTable) {
        var random = RandomNumbers(seed: 31)
        var deviation = Deviation()
        for (keyDim, valueDim) in Self.dims {
            for tokens in [1, 2, 33, 100] {
                for decays in [0...1, 0.99...1, 0...0] as [ClosedRange<Float>] {
                    let setup = Setup(tokens, keyDim, valueDim, decays: decays, &random)
                    compare(setup, setup.run { table.functions.pointee.delta_rule($0) }, &deviation)
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("a token that forgets everything leaves no trace of those before it", arguments: KernelTable.all)
    func forgetting(_ table: KernelTable) {
        var random = RandomNumbers(seed: 33)
        let plain = Setup(40, 32, 32, decays: 0.9...1, &random)
        var decays = plain.decays
        decays[25] = 0
        var deviation = Deviation()
        let setup = Setup(plain, decays: decays)
        compare(setup, setup.run { table.functions.pointee.delta_rule($0) }, &deviation)
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("rows are scaled to a length", arguments: KernelTable.all)
    func length(_ table: KernelTable) {
        var random = RandomNumbers(seed: 34)
        var deviation = Deviation()
        for count in [1, 15, 16, 31, 32, 33, 128] {
            let (x, out) = (GuardedArray(random.floats(count, in: -5...5)), GuardedArray<Float>(count: count))
            table.functions.pointee.l2_norm(x.pointer, 0.25, 1e-6, Int32(count), out.pointer)
            let sum = x.values.reduce(0) { $0 + Double($1) * Double($1) }
            for i in 0..<count {
                let expected = 0.25 * Double(x[i]) / (sum + 1e-6).squareRoot()
                deviation.note(Double(out[i]), expected: expected, within: 1e-6 * abs(expected)) {
                    "element \(i) of \(count)"
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("each channel is convolved with its own taps and passes a SiLU", arguments: KernelTable.all)
    func convolution(_ table: KernelTable) {
        var random = RandomNumbers(seed: 35)
        var deviation = Deviation()
        for count in [1, 15, 16, 17, 32, 33, 100] {
            for taps in [2, 4, 5] {
                let rows = (0..<taps).map { _ in GuardedArray(random.floats(count, in: -3...3)) }
                let weight = GuardedArray(random.floats((taps - 1) * (count + 3) + count))
                let out = GuardedArray<Float>(count: count)
                let pointers = rows.map { UnsafePointer<Float>?.some(UnsafePointer($0.pointer)) }
                table.functions.pointee.convolve(
                    pointers, weight.pointer, count + 3, Int32(taps), Int32(count), out.pointer)
                for i in 0..<count {
                    let sum = (0..<taps).reduce(0.0) { $0 + Double(rows[$1][i]) * Double(weight[$1 * (count + 3) + i]) }
                    deviation.note(Double(out[i]), expected: sum / (1 + exp(-sum)), within: 5e-6) {
                        "channel \(i) of \(count), \(taps) taps"
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }
}

extension KernelDeltaTests.Setup {
    fileprivate init(_ other: Self, decays: [Float]) {
        (tokens, keyDim, valueDim) = (other.tokens, other.keyDim, other.valueDim)
        (queries, keys, values) = (other.queries, other.keys, other.values)
        (self.decays, rates, state) = (decays, other.rates, other.state)
    }
}
