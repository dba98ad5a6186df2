/// Why a source is no grammar, or none that can be followed.
package enum GrammarError: Error, Hashable, Sendable {
    case gbnf(GBNFProblem, line: Int, column: Int)
    /// - Parameter offset: in characters.
    case regularExpression(RegularExpressionProblem, offset: Int)
    case notJSON(reason: String)
    /// - Parameter path: a JSON pointer into the schema.
    case schema(SchemaProblem, path: String)
    case undefinedRule(String)
    case leftRecursion(rule: String)
    case matchesNothing
    case tooLarge(limit: Int)
}

extension GrammarError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .gbnf(let problem, let line, let column):
            "the grammar, line \(line), column \(column): \(problem)"
        case .regularExpression(let problem, let offset):
            "the regular expression, character \(offset + 1): \(problem)"
        case .notJSON(let reason):
            "the JSON schema is not JSON: \(reason)"
        case .schema(let problem, let path):
            "the JSON schema at \(path.isEmpty ? "its root" : path.debugDescription): \(problem)"
        case .undefinedRule(let name):
            "the grammar uses the rule '\(name)' but does not define it"
        case .leftRecursion(let rule):
            "the grammar's rule '\(rule)' begins with itself; write the recursion at the right, or as a repetition"
        case .matchesNothing:
            "no text satisfies the grammar: every alternative is empty or never ends"
        case .tooLarge(let limit):
            "the grammar has more than \(limit) parts"
        }
    }
}
