#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum ElementChange: Sendable {
    case plusOne
    /// -exp(x)
    case minusExponential

    func apply(_ values: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .plusOne: for i in values.indices { unsafe values[i] += 1 }
        case .minusExponential: for i in values.indices { unsafe values[i] = -Self.exponential(values[i]) }
        }
    }

    /// Rounded from double precision.
    private static func exponential(_ x: Float) -> Float { Float(exp(Double(x))) }
}
