/// A set of Unicode code points, as sorted ranges with gaps between them.
package struct CodePointSet: Hashable, Sendable {
    package private(set) var ranges: [ClosedRange<UInt32>] = []

    static let lastCodePoint: UInt32 = 0x10FFFF
    static let all = CodePointSet([0...lastCodePoint])
    static let digits = CodePointSet([0x30...0x39])
    /// JavaScript's `\w`.
    static let wordCharacters = CodePointSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// JavaScript's `\s`.
    static let spaces = CodePointSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// JavaScript's line terminators.
    static let lineEnds = CodePointSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])

    /// - Parameter ranges: in any order; they may overlap.
    package init(_ ranges: [ClosedRange<UInt32>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound &+ 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    package init(_ scalar: Unicode.Scalar) { self.init([scalar.value...scalar.value]) }

    package var isEmpty: Bool { ranges.isEmpty }

    package func union(_ other: Self) -> Self { Self(ranges + other.ranges) }

    package var inverted: Self {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.lastCodePoint { result.append(next...Self.lastCodePoint) }
        return Self(result)
    }

    package func intersection(_ other: Self) -> Self { inverted.union(other.inverted).inverted }

    package func subtracting(_ other: Self) -> Self { intersection(other.inverted) }

    package func contains(_ codePoint: UInt32) -> Bool { ranges.contains { $0.contains(codePoint) } }
}
