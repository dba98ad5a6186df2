#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An integer or a float under Python's arithmetic. Integers beyond 64 bits are an error.
enum Number {
    case int(Int)
    case float(Double)

    var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        }
    }

    var value: Value {
        switch self {
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        }
    }

    static func == (left: Number, right: Number) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        // Exact, where converting the integer could round it.
        case (.int(let integer), .float(let float)), (.float(let float), .int(let integer)):
            Int(exactly: float) == integer
        }
    }

    static func < (left: Number, right: Number) -> Bool {
        if case .int(let left) = left, case .int(let right) = right { return left < right }
        return left.double < right.double
    }

    static let overflow = RenderFailure.evaluation("an integer exceeds 64 bits")

    private static func checked(_ result: (partialValue: Int, overflow: Bool)) throws(RenderFailure) -> Number {
        if result.overflow { throw overflow }
        return .int(result.partialValue)
    }

    static func add(_ left: Number, _ right: Number) throws(RenderFailure) -> Number {
        guard case (.int(let a), .int(let b)) = (left, right) else { return .float(left.double + right.double) }
        return try checked(a.addingReportingOverflow(b))
    }

    static func subtract(_ left: Number, _ right: Number) throws(RenderFailure) -> Number {
        guard case (.int(let a), .int(let b)) = (left, right) else { return .float(left.double - right.double) }
        return try checked(a.subtractingReportingOverflow(b))
    }

    static func multiply(_ left: Number, _ right: Number) throws(RenderFailure) -> Number {
        guard case (.int(let a), .int(let b)) = (left, right) else { return .float(left.double * right.double) }
        return try checked(a.multipliedReportingOverflow(by: b))
    }

    static func divide(_ left: Number, _ right: Number) throws(RenderFailure) -> Number {
        guard right.double != 0 else { throw .evaluation("division by zero") }
        return .float(left.double / right.double)
    }

    /// Rounds down, as Python does.
    static func floorDivide(_ left: Number, _ right: Number) throws(RenderFailure) -> Number {
        guard right.double != 0 else { throw .evaluation("division by zero") }
        guard case (.int(let a), .int(let b)) = (left, right) else {
            let remainder = try modulo(left, right).double
            return .float(((left.double - remainder) / right.double).rounded())
        }
        let (quotient, overflow) = a.dividedReportingOverflow(by: b)
        if overflow { throw Self.overflow }
        return .int(a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient)
    }

    /// The result has the sign of `right`, as in Python.
    static func modulo(_ left: Number, _ right: Number) throws(RenderFailure) -> Number {
        guard right.double != 0 else { throw .evaluation("division by zero") }
        if case (.int(let a), .int(let b)) = (left, right) {
            let (remainder, overflow) = a.remainderReportingOverflow(dividingBy: b)
            if overflow { return .int(0) }
            return .int(remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder)
        }
        var remainder = fmod(left.double, right.double)
        if remainder == 0 {
            remainder = right.double < 0 ? -0.0 : 0.0
        } else if (remainder < 0) != (right.double < 0) {
            remainder += right.double
        }
        return .float(remainder)
    }

    static func power(_ base: Number, _ exponent: Number) throws(RenderFailure) -> Number {
        guard case (.int(let base), .int(let exponent)) = (base, exponent), exponent >= 0 else {
            let (base, exponent) = (base.double, exponent.double)
            if base == 0, exponent < 0 { throw .evaluation("division by zero") }
            guard base >= 0 || exponent == exponent.rounded() else {
                throw .evaluation("a negative number has no such root")
            }
            let result = pow(base, exponent)
            if result.isInfinite, base.isFinite, exponent.isFinite { throw .evaluation("a float is out of range") }
            return .float(result)
        }
        var result = 1
        var factor = base
        var remaining = exponent
        while remaining > 0 {
            if remaining & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: factor)
                if overflow { throw Self.overflow }
                result = product
            }
            remaining >>= 1
            if remaining > 0 {
                let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
                if overflow { throw Self.overflow }
                factor = square
            }
        }
        return .int(result)
    }

    func negated() throws(RenderFailure) -> Number {
        switch self {
        case .int(let value):
            if value == .min { throw Self.overflow }
            return .int(-value)
        case .float(let value): return .float(-value)
        }
    }

    /// Python's `round(value, digits)`: half to even on the exact decimal expansion.
    func rounded(digits: Int) throws(RenderFailure) -> Number {
        switch self {
        case .float(let value):
            guard value.isFinite, digits < 400 else { return self }
            guard digits >= 0 else {
                guard digits > -400 else { return .float(value.sign == .minus ? -0.0 : 0) }
                let scale = pow(10, Double(-digits))
                return .float((value / scale).rounded(.toNearestOrEven) * scale)
            }
            return .float(Double(formatFloat(value, conversion: "f", precision: digits)) ?? value)
        case .int(let value):
            guard digits < 0 else { return self }
            guard digits > -19 else { return .int(0) }
            var scale = 1
            for _ in 0..<(-digits) { scale *= 10 }
            let remainder = ((value % scale) + scale) % scale
            let (floor, overflow) = value.subtractingReportingOverflow(remainder)
            if overflow { throw Self.overflow }
            let roundsUp = remainder * 2 > scale || (remainder * 2 == scale && (floor / scale) % 2 != 0)
            return try Self.add(.int(floor), .int(roundsUp ? scale : 0))
        }
    }
}

/// C's `%.*f`, `%.*e` or `%.*g`.
/// - Parameter precision: at most 400.
func formatFloat(_ value: Double, conversion: Character, precision: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 1024)
    let written = withVaList([Int32(clamping: min(precision, 400)), value]) { arguments in
        vsnprintf(&buffer, buffer.count, "%.*\(conversion)", arguments)
    }
    return String(decoding: buffer.prefix(max(0, Int(written))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
