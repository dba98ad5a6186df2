import Foundation

/// A share of things counted, with its Wilson interval.
package struct Share: Hashable, Sendable {
    package var part: Int
    package var whole: Int

    package init(_ part: Int = 0, of whole: Int = 0) {
        self.part = part
        self.whole = whole
    }

    package var value: Double { whole == 0 ? .nan : Double(part) / Double(whole) }

    /// Of 95 %: Wilson, 1927.
    package var interval: ClosedRange<Double> {
        guard whole > 0 else { return 0...1 }
        let z = 1.959964
        let n = Double(whole)
        let middle = value + z * z / (2 * n)
        let reach = z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return max(0, (middle - reach) / scale)...min(1, (middle + reach) / scale)
    }

    package static func + (a: Self, b: Self) -> Self { Share(a.part + b.part, of: a.whole + b.whole) }
}

/// How the edges of one kind compare with a reference.
package struct EdgeScore: Hashable, Sendable {
    /// Right ones of those claimed, import-resolved and type-inferred together.
    package var precision = Share()
    /// Found ones of those that the reference leads to something in the repository.
    package var recall = Share()
    /// Right ones of those claimed, by what they rest on.
    package var byProvenance: [String: Share] = [:]
    /// Found, when edges that rest on a name being the only one count, too.
    package var recallWithNames = Share()
    /// Claimed where the reference says nothing; in no share.
    package var undecided = 0

    package init() {}

    package static func + (a: Self, b: Self) -> Self {
        var sum = a
        sum.precision = a.precision + b.precision
        sum.recall = a.recall + b.recall
        sum.byProvenance.merge(b.byProvenance) { $0 + $1 }
        sum.recallWithNames = a.recallWithNames + b.recallWithNames
        sum.undecided += b.undecided
        return sum
    }
}
