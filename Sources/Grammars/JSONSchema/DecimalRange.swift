/// A decimal number, exactly.
struct Decimal: Hashable, Sendable {
    static let digitLimit = 40

    var isNegative = false
    /// Digits before the point, without leading zeros but for a single one.
    var whole: [UInt8]
    /// Digits after the point, without trailing zeros.
    var fraction: [UInt8]

    static let zero = Decimal(isNegative: false, whole: [0], fraction: [])

    private init(isNegative: Bool, whole: [UInt8], fraction: [UInt8]) {
        (self.isNegative, self.whole, self.fraction) = (isNegative, whole, fraction)
    }

    /// - Parameter text: a number as JSON writes it.
    init?(_ text: String) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard let mantissa = parts.first, parts.count < 3 else { return nil }
        if parts.count == 2 {
            guard let value = Int(parts[1]), abs(value) <= 400 else { return nil }
            exponent = value
        }
        for byte in mantissa.utf8.drop(while: { $0 == 0x2D }) {
            if byte == 0x2E {
                point = digits.count
            } else {
                guard (0x30...0x39).contains(byte) else { return nil }
                digits.append(byte - 0x30)
            }
        }
        var split = (point ?? digits.count) + exponent
        if split < 0 {
            digits = [UInt8](repeating: 0, count: -split) + digits
            split = 0
        }
        if split > digits.count { digits += [UInt8](repeating: 0, count: split - digits.count) }
        whole = Array(digits[..<split].drop { $0 == 0 })
        fraction = Array(digits[split...])
        while fraction.last == 0 { fraction.removeLast() }
        if whole.isEmpty { whole = [0] }
        isNegative = mantissa.hasPrefix("-") && (whole != [0] || !fraction.isEmpty)
        guard whole.count + fraction.count <= Self.digitLimit else { return nil }
    }

    var magnitude: Decimal { Decimal(isNegative: false, whole: whole, fraction: fraction) }

    static func < (first: Decimal, second: Decimal) -> Bool {
        if first.isNegative != second.isNegative { return first.isNegative }
        let (small, large) = first.isNegative ? (second, first) : (first, second)
        if small.whole.count != large.whole.count { return small.whole.count < large.whole.count }
        return (small.whole + small.fraction).lexicographicallyPrecedes(large.whole + large.fraction)
    }
}

/// The numbers between two bounds, without exponents.
struct DecimalRange: Sendable {
    struct Bound: Sendable {
        var value: Decimal
        var isExclusive: Bool
    }

    let isWhole: Bool
    private(set) var lowest: Bound?
    private(set) var highest: Bound?

    init(isWhole: Bool) { self.isWhole = isWhole }

    var isBounded: Bool { lowest != nil || highest != nil }

    mutating func raise(to value: Decimal, isExclusive: Bool) {
        if let bound = lowest, value < bound.value || value == bound.value && bound.isExclusive { return }
        lowest = Bound(value: value, isExclusive: isExclusive)
    }

    mutating func lower(to value: Decimal, isExclusive: Bool) {
        if let bound = highest, bound.value < value || value == bound.value && bound.isExclusive { return }
        highest = Bound(value: value, isExclusive: isExclusive)
    }

    func expression(in builder: inout GrammarBuilder) -> GrammarBuilder.Expression {
        var choices: [GrammarBuilder.Expression] = []
        let zero = Bound(value: .zero, isExclusive: false)
        if highest.map({ !$0.value.isNegative }) ?? true {
            let from = lowest.map { $0.value.isNegative ? zero : $0 } ?? zero
            choices.append(Self.magnitudes(from, highest, isWhole: isWhole, &builder))
        }
        if lowest.map({ $0.value.isNegative }) ?? true {
            // Zero has no sign here.
            let nothing = Bound(value: .zero, isExclusive: true)
            let from = highest.map { $0.value.isNegative ? $0.magnitude : nothing } ?? nothing
            let minus = builder.literal("-")
            let magnitudes = Self.magnitudes(from, lowest?.magnitude, isWhole: isWhole, &builder)
            choices.append(builder.sequence([minus, magnitudes]))
        }
        return builder.choice(choices)
    }

    private static func magnitudes(
        _ low: Bound, _ high: Bound?, isWhole: Bool, _ builder: inout GrammarBuilder
    ) -> GrammarBuilder.Expression {
        if let high, high.value < low.value { return builder.never() }
        var choices: [GrammarBuilder.Expression] = []
        for count in low.value.whole.count...max(low.value.whole.count, high?.value.whole.count ?? 0) {
            let automaton = DecimalAutomaton(low: low, high: high, count: count, isWhole: isWhole)
            if let state = automaton.add(to: &builder.automata) { choices.append(builder.automaton(state)) }
        }
        if high == nil {
            // Numbers with more digits than the bound.
            let digit = builder.character(.digits)
            let first = builder.character(CodePointSet([0x31...0x39]))
            var parts = [first, builder.repetition(digit, low.value.whole.count, nil)]
            if !isWhole {
                let fraction = builder.sequence([builder.literal("."), builder.repetition(digit, 1, nil)])
                parts.append(builder.optional(fraction))
            }
            choices.append(builder.sequence(parts))
        }
        return builder.choice(choices)
    }
}

extension DecimalRange.Bound {
    fileprivate var magnitude: Self { Self(value: value.magnitude, isExclusive: isExclusive) }
}
