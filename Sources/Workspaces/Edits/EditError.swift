/// What is wrong with the edits of an answer, said so that whoever wrote them can do better.
package enum EditError: Error, Hashable, CustomStringConvertible {
    /// A line of a file, counted from 1.
    package struct Line: Hashable, Sendable {
        package var number: Int
        package var text: String
    }

    case noPath(line: Int)
    case unfinished(line: Int, missing: String)
    case outside(path: String)
    case noSuchFile(path: String)
    case emptySearch(path: String)
    case notFound(path: String, search: String, nearest: [Line])
    case ambiguous(path: String, search: String, lines: [Int])

    package var description: String {
        switch self {
        case .noPath(let line):
            """
            the block that begins on line \(line) of the answer has no path. Write the file's path on the line before \
            its fence.
            """
        case .unfinished(let line, let missing):
            "the block that begins on line \(line) of the answer has no '\(missing)'. Close every block."
        case .outside(let path):
            "'\(path)' is no path within the repository. Write paths from the repository's root, without '..'."
        case .noSuchFile(let path):
            "there is no file \(path) to search in. To make a file, write its path and its whole text in a fence."
        case .emptySearch(let path):
            "a block for \(path) searches for nothing. Copy the lines that are to be replaced after <<<<<<< SEARCH."
        case .notFound(let path, let search, let nearest):
            """
            \(path) does not have the lines that begin with '\(search)'. Copy the lines to replace exactly as they are\
            \(nearest.isEmpty ? "." : "; the nearest are:" + nearest.map { "\n\($0.number): \($0.text)" }.joined())
            """
        case .ambiguous(let path, let search, let lines):
            """
            \(path) has the lines that begin with '\(search)' more than once, at lines \
            \(lines.map(String.init).joined(separator: ", ")). Search for more lines, so that one place is meant.
            """
        }
    }
}
