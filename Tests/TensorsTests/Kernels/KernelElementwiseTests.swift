import CKernels
import Foundation
import Tensors
import Testing

@Suite("Elementwise kernels")
struct KernelElementwiseTests {
    private static let lengths = Array(1...35) + [63, 64, 65, 127, 129, 576, 1536]

    @Test("activations are quantised to the nearest of 127 steps of each group", arguments: KernelTable.all)
    func quantize(_ table: KernelTable) {
        var random = RandomNumbers(seed: 8)
        for count in [16, 32, 48, 240, 256, 272, 288, 512, 576, 1536] {
            var x = random.floats(count, in: -3...3)
            if count > 256 { for i in 0..<256 { x[i] = 0 } }
            let input = GuardedArray(x)
            let groups = GuardedArray<mk_group>(count: (count + 255) / 256)
            // What was there before must not shine through, not even in the padding.
            UnsafeMutableRawBufferPointer(start: groups.pointer, count: groups.count * MemoryLayout<mk_group>.stride)
                .initializeMemory(as: UInt8.self, repeating: 0x55)
            table.functions.pointee.quantize(input.pointer, Int32(count), groups.pointer)
            for (index, group) in groups.values.enumerated() {
                let part = Array(x[index * 256..<min(count, index * 256 + 256)])
                let largest = part.map { abs($0) }.max()!
                let inverse = largest > 0 ? 127 / largest : 0
                var codes = part.map { Int8(($0 * inverse).rounded(.toNearestOrEven)) }
                codes += [Int8](repeating: 0, count: 256 - codes.count)
                let isRight = group.scale == largest / 127 && group.codes == codes
                #expect(isRight, "group \(index) of \(count) elements")
                #expect(group.sixteens == sums(codes, of: 16).map { Int16($0) })
                #expect(group.thirtyTwos == sums(codes, of: 32).map { Int16($0) })
                #expect(Int(group.sum) == sums(codes, of: 256)[0])
            }
        }
    }

    private func sums(_ codes: [Int8], of width: Int) -> [Int] {
        stride(from: 0, to: codes.count, by: width).map { codes[$0..<$0 + width].reduce(0) { $0 + Int($1) } }
    }

    @Test("the norm divides by the root mean square", arguments: KernelTable.all)
    func rmsNorm(_ table: KernelTable) {
        var random = RandomNumbers(seed: 9)
        var deviation = Deviation()
        for count in Self.lengths {
            let (x, weight) = (GuardedArray(random.floats(count, in: -5...5)), GuardedArray(random.floats(count)))
            let out = GuardedArray<Float>(count: count)
            table.functions.pointee.rms_norm(x.pointer, weight.pointer, 1e-5, Int32(count), out.pointer)
            let mean = x.values.reduce(0) { $0 + Double($1) * Double($1) } / Double(count)
            for i in 0..<count {
                let expected = Double(x[i]) / (mean + Double(Float(1e-5))).squareRoot() * Double(weight[i])
                // A sum of squares loses less than the summation tolerance; three roundings follow.
                deviation.note(
                    Double(out[i]), expected: expected, within: (summationTolerance + 3e-7) * abs(expected)
                ) { "element \(i) of \(count)" }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("sums are exact, scaled sums round at most twice", arguments: KernelTable.all)
    func add(_ table: KernelTable) {
        var random = RandomNumbers(seed: 10)
        var deviation = Deviation()
        for count in Self.lengths {
            let (x, y) = (GuardedArray(random.floats(count)), GuardedArray(random.floats(count)))
            let out = GuardedArray<Float>(count: count)
            table.functions.pointee.add(x.pointer, y.pointer, Int32(count), out.pointer)
            for i in 0..<count { deviation.note(out[i], expected: x[i] + y[i], within: 0) { "sum \(i) of \(count)" } }
            table.functions.pointee.add_scaled(x.pointer, 0.3, Int32(count), y.pointer)
            for i in 0..<count {
                let before = out[i] - x[i]
                let expected = Double(before) + Double(Float(0.3)) * Double(x[i])
                // `before` itself was rebuilt by a subtraction that rounds.
                deviation.note(Double(y[i]), expected: expected, within: 4e-7) { "scaled sum \(i) of \(count)" }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("layer norms subtract the mean and divide by the deviation", arguments: KernelTable.all)
    func layerNorm(_ table: KernelTable) {
        var random = RandomNumbers(seed: 26)
        var deviation = Deviation()
        for count in Self.lengths where count > 1 {
            let (x, weight) = (GuardedArray(random.floats(count, in: -3...5)), GuardedArray(random.floats(count)))
            let bias = GuardedArray(random.floats(count))
            let out = GuardedArray<Float>(count: count)
            table.functions.pointee.layer_norm(
                x.pointer, weight.pointer, bias.pointer, 1e-5, Int32(count), out.pointer)
            let mean = x.values.reduce(0) { $0 + Double($1) } / Double(count)
            let variance = x.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count)
            for i in 0..<count {
                let scale = 1 / (variance + Double(Float(1e-5))).squareRoot()
                let expected = (Double(x[i]) - mean) * scale * Double(weight[i]) + Double(bias[i])
                // The mean of values below 5 is off by some 1e-6, which the scale enlarges.
                deviation.note(Double(out[i]), expected: expected, within: 1e-5 + 5e-6 * scale) {
                    "element \(i) of \(count)"
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("gates multiply by their sigmoid", arguments: KernelTable.all)
    func gate(_ table: KernelTable) {
        var random = RandomNumbers(seed: 27)
        var deviation = Deviation()
        for count in Self.lengths {
            let (gate, before) = (GuardedArray(random.floats(count, in: -30...30)), random.floats(count))
            let x = GuardedArray(before)
            table.functions.pointee.gate(gate.pointer, Int32(count), x.pointer)
            for i in 0..<count {
                let expected = Double(before[i]) / (1 + exp(-Double(gate[i])))
                deviation.note(Double(x[i]), expected: expected, within: 1e-6 * abs(expected)) {
                    "sigmoid(\(gate[i])), element \(i) of \(count)"
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    private static let activations: [Activation] = [
        .silu(), .silu(limit: 2), .gelu, .exactGELU, .swigluOAI(limit: 7), .swigluOAI(limit: 0.5),
    ]

    @Test(
        "activations are what they are called, from deep saturation to overflow", arguments: KernelTable.all,
        activations)
    func activate(_ table: KernelTable, _ activation: Activation) {
        var random = RandomNumbers(seed: 11)
        var deviation = Deviation()
        for count in Self.lengths {
            var inputs = random.floats(count, in: -30...30)
            let corners: [Float] = [0, -0.0, 1e-30, 100, -100, 87.9, -87.9, -88.1, 1e12, -1e12]
            if count > 32 { inputs.replaceSubrange(0..<corners.count, with: corners) }
            let (gate, up) = (GuardedArray(inputs), GuardedArray(random.floats(count, in: -8...8)))
            let out = GuardedArray<Float>(count: count)
            let isOAI = if case .swigluOAI = activation { true } else { false }
            for partner in isOAI ? [true] : [true, false] {
                table.functions.pointee.activate(
                    activation.code, gate.pointer, partner ? up.pointer : nil, activation.limit, Int32(count),
                    out.pointer)
                for i in 0..<count {
                    let expected = activation.reference(Double(gate[i]), partner ? Double(up[i]) : nil)
                    // exp is good to 2e-7, its argument to 1e-7 of itself, and what is below 1e-36 of the gate is
                    // flushed to zero; a sum with 1 rounds to 1e-7.
                    var roundings = 5e-6 * abs(expected) + 1e-6 * min(1, Double(abs(gate[i])))
                    // erf is good to 1.5e-7, half of which is multiplied by both inputs.
                    if case .exactGELU = activation {
                        roundings += 1e-7 * abs(Double(gate[i])) * (partner ? abs(Double(up[i])) : 1)
                    }
                    deviation.note(Double(out[i]), expected: expected, within: roundings) {
                        "\(activation) of \(gate[i]) and \(partner ? "\(up[i])" : "nothing"), element \(i) of \(count)"
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("pairs are rotated by their angles", arguments: KernelTable.all, [true, false])
    func rope(_ table: KernelTable, halves: Bool) {
        var random = RandomNumbers(seed: 12)
        var deviation = Deviation()
        for half in Self.lengths.filter({ $0 <= 129 }) {
            let angles = random.floats(half, in: 0...6)
            let (cosines, sines) = (GuardedArray(angles.map { cos($0) }), GuardedArray(angles.map { sin($0) }))
            let before = random.floats(2 * half)
            let x = GuardedArray(before)
            let rotate = halves ? table.functions.pointee.rope_halves! : table.functions.pointee.rope_pairs!
            rotate(x.pointer, cosines.pointer, sines.pointer, Int32(half))
            for i in 0..<half {
                let (a, b) = halves ? (i, i + half) : (2 * i, 2 * i + 1)
                let (c, s) = (Double(cosines[i]), Double(sines[i]))
                let (u, v) = (Double(before[a]), Double(before[b]))
                // Two products and a sum below 2 in size.
                deviation.note(Double(x[a]), expected: u * c - v * s, within: 4e-7) { "first of pair \(i) of \(half)" }
                deviation.note(Double(x[b]), expected: u * s + v * c, within: 4e-7) { "second of pair \(i) of \(half)" }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("reading sums whole pieces of 64 bytes", arguments: KernelTable.all)
    func read(_ table: KernelTable) {
        var random = RandomNumbers(seed: 13)
        for count in [0, 63, 64, 65, 128, 1000, 4096] {
            let bytes = GuardedArray(random.bytes(count))
            var expected: UInt32 = 0
            for i in stride(from: 0, to: count / 64 * 64, by: 4) {
                expected &+= (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) }
            }
            let sum = table.functions.pointee.read(bytes.pointer, count)
            #expect(UInt32(truncatingIfNeeded: sum) == expected, "\(count) bytes")
        }
    }
}
