/// Why runs cannot be compared.
package enum ComparisonError: Error, Hashable, CustomStringConvertible {
    case tooFewRuns(Int)
    case differentSuites(String, String)
    /// - Parameter versions: nil where the tasks have their own words.
    case differentPrompts(suite: String, models: [String], versions: [Int?])
    case noSharedTask(suite: String, models: [String])

    package var description: String {
        switch self {
        case .tooFewRuns(let count):
            """
            a comparison needs two runs of a suite; there \(count == 1 ? "is one" : "are \(count)"). Run another model.
            """
        case .differentSuites(let first, let second):
            "one run is of \(first), the other of \(second); only runs of the same suite have tasks to compare."
        case .differentPrompts(let suite, let models, let versions):
            """
            \(models.joined(separator: " and ")) were asked \(suite) in different words (\
            \(versions.map { $0.map { "version \($0)" } ?? "none of the suite's" }.joined(separator: ", "))). \
            Run the one with the older words again.
            """
        case .noSharedTask(let suite, let models):
            """
            \(models.joined(separator: " and ")) have no task of \(suite) in common. Was one run with --limit, or \
            interrupted? Start it again, and it goes on.
            """
        }
    }
}
