import CodeGraph
import JSON
import MCP

struct ReadTool: GraphTool {
    static let offer = ServerTool(
        name: "read", title: "Read lines of a file",
        description: """
            Shows the exact text of a file with line numbers (number, tab, text). Give the lines that another tool named; \
            without them the first 300 are shown.
            """,
        inputSchema: [
            "type": "object",
            "properties": [
                "path": ["type": "string", "description": "File, from the repository's root."],
                "lines": ["type": "string", "description": "10-40, or 10 for one line, or 10- for what follows."],
            ],
            "required": ["path"],
        ])

    /// Lines when none are named, and at most.
    private static let usualLines = 300

    private let path: String
    private let first: Int
    private let last: Int?

    init(_ arguments: ToolArguments) throws {
        path = try arguments.required("path", "file", "file_path", example: "src/store.py")
        if let text = try arguments.text("lines", "range") {
            (first, last) = try Self.lines(text)
        } else {
            first = try arguments.number("start", in: 1...Int.max) ?? 1
            last = try arguments.number("end", in: 1...Int.max)
        }
    }

    /// `10-40`, `10:40`, `10`, `10-`.
    private static func lines(_ text: String) throws -> (first: Int, last: Int?) {
        let parts = text.split(omittingEmptySubsequences: false) { "-:,–".contains($0) }
            .map { $0.filter { !$0.isWhitespace && $0 != "L" } }
        guard (1...2).contains(parts.count), let first = Int(parts[0]) else {
            throw ArgumentError.wrongForm(name: "lines", found: text, example: "10-40")
        }
        if parts.count == 1 { return (max(1, first), max(1, first)) }
        if parts[1].isEmpty { return (max(1, first), nil) }
        guard let last = Int(parts[1]) else {
            throw ArgumentError.wrongForm(name: "lines", found: text, example: "10-40")
        }
        return (max(1, min(first, last)), max(1, first, last))
    }

    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer {
        let id = try ToolTargets(graph: graph, root: surroundings.root).file(path)
        guard let file = try graph.reader.store.file(id) else { throw GraphToolError.notIndexed(path: path) }
        if FileTraits(rawValue: file.traits).isIndexedByPathOnly {
            return .failure("\(file.path) is binary, minified or very large: only its path is indexed, not its text.")
        }
        let lines = SourceLines(file.text)
        guard first <= max(lines.count, 1) else {
            return .failure("\(file.path) has \(lines.count) lines; there is no line \(first).")
        }
        guard lines.count > 0 else {
            return ToolAnswer("\(file.path) is empty.\n", structured: ["path": .string(file.path), "lineCount": 0])
        }
        let wanted = first...min(max(first, last ?? first + Self.usualLines - 1), lines.count)
        let (text, shown) = lines.numbered(wanted, characterLimit: 2 * ToolAnswer.characterLimit)
        var answer = "\(file.path), lines \(first)-\(shown) of \(lines.count)\n" + text
        if shown < lines.count, last == nil || shown < wanted.upperBound {
            answer += "More follows: ask for lines \(shown + 1)-\(min(lines.count, shown + Self.usualLines)).\n"
        }
        return ToolAnswer(
            answer,
            structured: [
                "path": .string(file.path), "firstLine": .integer(first), "lastLine": .integer(shown),
                "lineCount": .integer(lines.count),
                "text": .string((first...max(first, shown)).map { lines[$0] }.joined(separator: "\n")),
            ])
    }
}
