import Foundation
import Tensors
import Testing

/// A mixture of experts with its weights at hand.
private struct Experts {
    static let (count, used) = (7, 3)
    let gate: RandomWeights
    let up: RandomWeights
    let down: RandomWeights
    let gateBias: [Float]?
    let upBias: [Float]?
    let downBias: [Float]?
    let activation: Activation
    /// Whether `gate` holds both, expert by expert.
    let isFused: Bool
    var width: Int { gate.columns }
    var hidden: Int { down.columns }

    init(_ type: TensorType, biases: Bool, activation: Activation, fused: Bool = false, _ random: inout RandomNumbers) {
        let whole = type.elementsPerBlock == 256
        let (width, hidden) = whole ? (256, 256) : (96, 64)
        let rows = Self.count * hidden
        isFused = fused
        gate = RandomWeights(type, rows: fused ? 2 * rows : rows, columns: width, &random)
        up = fused ? gate : RandomWeights(type, rows: rows, columns: width, &random)
        down = RandomWeights(type, rows: Self.count * width, columns: hidden, &random)
        gateBias = biases ? random.floats(rows) : nil
        upBias = biases ? random.floats(rows) : nil
        downBias = biases ? random.floats(Self.count * width) : nil
        self.activation = activation
    }

    var banks: ExpertBanks {
        func vector(_ values: [Float]?) -> Vector? {
            values.flatMap { values in
                values.withUnsafeBytes { Vector(type: .f32, count: values.count, data: $0) }
            }
        }
        var banks = ExpertBanks(
            gate: isFused ? gate.bank(Self.count, part: 0..<hidden) : gate.bank(Self.count),
            up: isFused ? up.bank(Self.count, part: hidden..<2 * hidden) : up.bank(Self.count),
            down: down.bank(Self.count), activation: activation)
        (banks.gateBias, banks.upBias, banks.downBias) = (vector(gateBias), vector(upBias), vector(downBias))
        return banks
    }

    /// What one expert makes of `x`.
    func output(_ expert: Int, _ x: [Double]) -> [Double] {
        let inner = (0..<hidden).map { row -> Double in
            let place = expert * hidden + row
            let (g, u) = isFused ? (expert * 2 * hidden + row, (expert * 2 + 1) * hidden + row) : (place, place)
            let gated = gate.product(g, x) + Double(gateBias?[place] ?? 0)
            let upped = up.product(u, x) + Double(upBias?[place] ?? 0)
            return activation.reference(gated, upped)
        }
        return (0..<width).map {
            down.product(expert * width + $0, inner) + Double(downBias?[expert * width + $0] ?? 0)
        }
    }
}

@Suite("Mixtures of experts")
struct ExpertTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    /// Which experts tokens take.
    enum Pattern: CaseIterable, Sendable {
        /// All the same three: many rows each, none for the others.
        case same
        /// Ever others.
        case spread
        /// Expert 0 for everyone, the rest for one or two.
        case skewed

        func id(_ token: Int, _ place: Int) -> Int {
            switch self {
            case .same: 2 * place
            case .spread: (token * 3 + place * 2 + token / 5) % 7
            case .skewed: place == 0 ? 0 : token < 2 ? place : 2 + place
            }
        }
    }

    private func mix(
        _ experts: Experts, _ x: [Float], _ logits: [Float], tokens: Int, _ pattern: Pattern, _ level: KernelLevel,
        threads: Int, start: [Float]
    ) -> (output: [Float], weights: [[Float]]) {
        let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
        let state = ExpertState(width: experts.width, hidden: experts.hidden)
        var (logits, out) = (logits, start)
        logits.withUnsafeMutableBufferPointer {
            compute.route(
                $0.baseAddress!, tokens: tokens, experts: Experts.count,
                ExpertRouting(used: Experts.used, scoring: .softmax, normalizes: true), into: state.choice,
                prescribed: pattern.id)
        }
        let input = Activations.filled(compute, x, width: experts.width)
        out.withUnsafeMutableBufferPointer {
            compute.mixExperts(input, tokens: tokens, experts.banks, state, into: $0.baseAddress!)
        }
        let weights = (0..<tokens).map { token in (0..<Experts.used).map { state.choice.weight($0, of: token) } }
        return (out, weights)
    }

    @Test(
        "add what the chosen ones make of each token", arguments: levels,
        [TensorType.f32, .bf16, .q8_0, .q4_K, .mxfp4, .q6_K])
    func mixture(_ level: KernelLevel, _ type: TensorType) {
        for tokens in [1, 2, 3, 4, 5, 8, 13, 40] {
            for pattern in Pattern.allCases {
                var random = RandomNumbers(seed: UInt64(tokens))
                let experts = Experts(
                    type, biases: tokens % 2 == 1, activation: tokens == 3 ? .swigluOAI(limit: 0.7) : .silu(),
                    fused: tokens == 5 || tokens == 40, &random)
                // Gates should be where they bend; codes of 8 bits are a hundred times as large as float weights.
                let x = random.floats(
                    tokens * experts.width, in: type.elementsPerBlock == 1 ? -0.5...0.5 : -0.01...0.01)
                let logits = random.floats(tokens * Experts.count, in: -2...2)
                let start = random.floats(tokens * experts.width)
                let runs = (1...3).map {
                    mix(experts, x, logits, tokens: tokens, pattern, level, threads: $0, start: start)
                }
                #expect(firstDifference(runs[1].output, runs[0].output) == nil)
                #expect(firstDifference(runs[2].output, runs[0].output) == nil)
                var expected: [Double] = []
                for token in 0..<tokens {
                    let row = x[token * experts.width..<(token + 1) * experts.width].map(Double.init)
                    var sum = [Double](repeating: 0, count: experts.width)
                    for (place, weight) in runs[0].weights[token].enumerated() {
                        let output = experts.output(pattern.id(token, place), row)
                        for i in sum.indices { sum[i] += Double(weight) * output[i] }
                    }
                    expected += sum
                }
                let added = zip(runs[0].output, start).map { $0 - $1 }
                // Weights and activations of 8 bits in both halves, twice as coarse where a row's scales vary at random;
                // sums near 1 lose 1e-7 of that to the start.
                let tolerance = type.elementsPerBlock == 1 ? 1e-5 : 0.08
                #expect(relativeError(added, expected) < tolerance, "\(tokens) tokens, \(pattern)")
            }
        }
    }

    @Test("banks that are too small or whose rows are no whole blocks are refused")
    func banks() {
        let bytes = [UInt8](repeating: 0, count: 34 * 4 * 3)
        bytes.withUnsafeBytes { data in
            #expect(MatrixBank(type: .q8_0, count: 3, rows: 4, columns: 32, data: data) != nil)
            #expect(MatrixBank(type: .q8_0, count: 4, rows: 4, columns: 32, data: data) == nil)
            #expect(MatrixBank(type: .q8_0, count: 3, rows: 4, columns: 33, data: data) == nil)
            #expect(MatrixBank(type: .q8_0, count: 0, rows: 4, columns: 32, data: data) == nil)
            #expect(MatrixBank(type: .q8_0, count: .max, rows: .max, columns: 32, data: data) == nil)
            let halves = MatrixBank(
                type: .q8_0, count: 3, rows: 2, columns: 32, firstRow: 2, storedRows: 4, data: data)
            #expect(halves != nil)
            #expect(
                MatrixBank(type: .q8_0, count: 3, rows: 3, columns: 32, firstRow: 2, storedRows: 4, data: data) == nil)
        }
    }
}

extension Activation {
    /// f(gate, up) in double precision.
    func reference(_ gate: Double, _ up: Double?) -> Double {
        func cut(_ x: Double, _ limit: Float) -> Double {
            limit > 0 ? min(Double(limit), max(-Double(limit), x)) : x
        }
        func cutAbove(_ x: Double, _ limit: Float) -> Double { limit > 0 ? min(Double(limit), x) : x }
        switch self {
        case .silu(let limit):
            guard let up else { return gate / (1 + exp(-gate)) }
            let g = cutAbove(gate, limit)
            return g / (1 + exp(-g)) * cut(up, limit)
        case .gelu:
            let inner = (2 / Double.pi).squareRoot() * (gate + 0.044715 * gate * gate * gate)
            return 0.5 * gate * (1 + tanh(inner)) * (up ?? 1)
        case .exactGELU: return 0.5 * gate * erfc(-gate / 2.0.squareRoot()) * (up ?? 1)
        case .swigluOAI(let limit):
            let g = cutAbove(gate, limit)
            return g / (1 + exp(-1.702 * g)) * (cut(up ?? 0, limit) + 1)
        }
    }
}
