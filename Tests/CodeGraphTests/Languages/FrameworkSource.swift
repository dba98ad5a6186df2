import Testing

/// A text that says something to a framework, and what of it is to be found.
struct FrameworkSource: Sendable, CustomTestStringConvertible {
    var language: String
    var name: String
    var text: String
    /// What is found, of the sort that is asked for.
    var found: [String]

    var testDescription: String { name }
}
