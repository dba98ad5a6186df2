/// What is wrong with a data set.
package enum SuiteError: Error, Hashable, CustomStringConvertible {
    case notJSON(line: Int)
    case missing(field: String, line: Int)
    case otherLanguage(String, expected: String, line: Int)
    case empty
    case noTrack(folder: String)
    case brokenExercise(String, reason: String)
    case unknown(suite: String, known: [String])
    case unknownLanguage(String, known: [String])

    package var description: String {
        switch self {
        case .notJSON(let line):
            "line \(line) of the data set is no JSON object. Is it a file of JSON Lines, decompressed?"
        case .missing(let field, let line):
            "line \(line) of the data set has no text '\(field)'. Is it the data set of another suite?"
        case .otherLanguage(let found, let expected, let line):
            "line \(line) of the data set is of the language '\(found)', not '\(expected)'. Is it another file's?"
        case .empty: "the data set has no tasks."
        case .noTrack(let folder):
            "\(folder) has no exercises/practice with exercises. Give a copy of one of Exercism's tracks, such as exercism/python."
        case .brokenExercise(let slug, let reason):
            """
            the solution of \(slug) that the track itself has does not pass here: \(reason). Is what the language needs \
            there? See --readable and --env.
            """
        case .unknown(let suite, let known):
            """
            there is no suite '\(suite)'. Known are \(known.joined(separator: ", ")), and files of your own tasks, which \
            'martlet eval init' makes.
            """
        case .unknownLanguage(let language, let known):
            "there is no language '\(language)'. Known are \(known.joined(separator: ", "))."
        }
    }
}
