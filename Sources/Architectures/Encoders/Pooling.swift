#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How the rows of a text's tokens become one vector.
package enum Pooling: Hashable, Sendable {
    case mean
    /// The row of the first token.
    case first
    /// The row of the last token.
    case last
}

/// The pooled vector of one text, whose rows may come in several passes.
package struct PooledVector: Sendable {
    private let pooling: Pooling
    private var sum: [Float]
    private var rows = 0

    package init(_ pooling: Pooling, width: Int) {
        self.pooling = pooling
        sum = [Float](repeating: 0, count: width)
    }

    /// Takes the next rows, [count, width].
    package mutating func add(_ start: UnsafePointer<Float>, count: Int) {
        let width = sum.count
        switch pooling {
        case .mean:
            for row in 0..<count {
                for i in 0..<width { unsafe sum[i] += start[row * width + i] }
            }
        case .first where rows == 0 && count > 0:
            for i in 0..<width { unsafe sum[i] = start[i] }
        case .last where count > 0:
            for i in 0..<width { unsafe sum[i] = start[(count - 1) * width + i] }
        case .first, .last: break
        }
        rows += count
    }

    /// The vector at length 1; the mean and the sum of rows point the same way.
    package var normalized: [Float] { sum.normalized }
}

extension [Float] {
    /// The same direction at length 1; a vector without one stays as it is.
    package var normalized: [Float] {
        let square = reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square > 0, square.isFinite else { return self }
        let scale = Float(1 / square.squareRoot())
        return map { $0 * scale }
    }
}
