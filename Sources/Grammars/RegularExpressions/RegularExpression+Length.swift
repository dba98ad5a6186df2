extension RegularExpression {
    /// How many code points the texts have that match as a whole; no upper bound is nil.
    var length: (minimum: Int, maximum: Int?) {
        switch self {
        case .characters: return (1, 1)
        case .start, .end: return (0, 0)
        case .sequence(let parts):
            return parts.lazy.map(\.length).reduce((0, 0)) { sum, next in
                (Self.sum(sum.0, next.minimum), Self.add(sum.1, next.maximum))
            }
        case .choice(let choices):
            let lengths = choices.map(\.length)
            let hasBound = lengths.allSatisfy { $0.maximum != nil }
            return (
                lengths.lazy.map(\.minimum).min() ?? 0, hasBound ? lengths.lazy.compactMap(\.maximum).max() ?? 0 : nil
            )
        case .repetition(let body, let minimum, let maximum):
            let inner = body.length
            let least = inner.minimum.multipliedReportingOverflow(by: minimum)
            var most: Int?
            if let maximum, let bound = inner.maximum {
                let product = bound.multipliedReportingOverflow(by: maximum)
                most = product.overflow ? nil : product.partialValue
            }
            return (least.overflow ? .max : least.partialValue, most)
        }
    }

    /// The same for an expression that need match only a part of the text.
    var searchLength: (minimum: Int, maximum: Int?) {
        let isAnchored = topAlternatives.allSatisfy { $0.first == .start && $0.last == .end && $0.count > 1 }
        return (length.minimum, isAnchored ? length.maximum : nil)
    }

    private static func sum(_ first: Int, _ second: Int) -> Int {
        let sum = first.addingReportingOverflow(second)
        return sum.overflow ? .max : sum.partialValue
    }

    private static func add(_ first: Int?, _ second: Int?) -> Int? {
        guard let first, let second else { return nil }
        let sum = first.addingReportingOverflow(second)
        return sum.overflow ? nil : sum.partialValue
    }
}
