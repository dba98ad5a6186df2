/// The syntax tree of a regular expression over code points.
indirect enum RegularExpression: Hashable, Sendable {
    case characters(CodePointSet)
    case sequence([RegularExpression])
    case choice([RegularExpression])
    /// - Parameter maximum: nil for no bound.
    case repetition(RegularExpression, minimum: Int, maximum: Int?)
    /// `^` and `$`.
    case start, end

    static let anything = RegularExpression.repetition(.characters(.all), minimum: 0, maximum: nil)
}

/// What is wrong at a place of a regular expression, or not supported.
package enum RegularExpressionProblem: Error, Hashable, Sendable {
    case expectedClosing(Character)
    case unmatchedClosing(Character)
    case nothingToRepeat
    case reversedBounds
    case reversedRange
    case repetitionTooLarge(limit: Int)
    case unknownEscape(String)
    case unsupported(String)
    case innerAnchor
    case tooDeep(limit: Int)
}

extension RegularExpressionProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .expectedClosing(let bracket): "expected a closing \(bracket)"
        case .unmatchedClosing(let bracket): "nothing is open that this \(bracket) would close"
        case .nothingToRepeat: "there is nothing before the quantifier"
        case .reversedBounds: "a quantifier's lower bound is above its upper one"
        case .reversedRange: "a range of characters goes from the lower to the higher"
        case .repetitionTooLarge(let limit): "a quantifier counts to \(limit) at most"
        case .unknownEscape(let escape): "the escape '\(escape)' is not known"
        case .unsupported(let name): "\(name) are not supported"
        case .innerAnchor: "^ and $ are supported only where an alternative begins and ends"
        case .tooDeep(let limit): "groups nest more than \(limit) levels deep"
        }
    }
}
