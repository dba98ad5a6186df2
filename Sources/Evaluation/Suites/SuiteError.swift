/// What is wrong with a data set.
package enum SuiteError: Error, Hashable, CustomStringConvertible {
    case notJSON(line: Int)
    case missing(field: String, line: Int)
    case empty

    package var description: String {
        switch self {
        case .notJSON(let line):
            "line \(line) of the data set is no JSON object. Is it a file of JSON Lines, decompressed?"
        case .missing(let field, let line):
            "line \(line) of the data set has no text '\(field)'. Is it the data set of another suite?"
        case .empty: "the data set has no tasks."
        }
    }
}
