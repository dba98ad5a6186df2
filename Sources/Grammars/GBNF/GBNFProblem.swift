/// What is wrong at a place of a GBNF grammar.
package enum GBNFProblem: Error, Hashable, Sendable {
    case expectedRuleName
    case expectedDefinition
    case expectedEndOfRule
    case expectedClosing(Character)
    case nothingToRepeat
    case malformedRepetition
    case repetitionTooLarge(limit: Int)
    case unknownEscape(String)
    case reversedRange
    case tokenReference
    case duplicateRule(String)
    case noRoot(String)
    case tooDeep(limit: Int)
}

extension GBNFProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .expectedRuleName: "expected the name of a rule"
        case .expectedDefinition: "expected '::=' after the name of a rule"
        case .expectedEndOfRule: "expected an expression or the end of the rule"
        case .expectedClosing(let bracket): "expected a closing \(bracket)"
        case .nothingToRepeat: "there is nothing before the repetition"
        case .malformedRepetition: "a repetition is written {m}, {m,}, {,n} or {m,n} with m at most n"
        case .repetitionTooLarge(let limit): "a repetition counts to \(limit) at most"
        case .unknownEscape(let escape): "the escape '\(escape)' is not known"
        case .reversedRange: "a range of characters goes from the lower to the higher"
        case .tokenReference: "tokens by name or number (<...>) are not supported; write their text in quotes"
        case .duplicateRule(let name): "the rule '\(name)' is defined twice"
        case .noRoot(let name): "there is no rule '\(name)' to begin with"
        case .tooDeep(let limit): "parentheses nest more than \(limit) levels deep"
        }
    }
}
