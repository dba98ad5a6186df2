import CodeGraph
import JSON
import MCP

struct SymbolTool: GraphTool {
    static let offer = ServerTool(
        name: "symbol", title: "Find a definition",
        description: """
            Shows where a function, class, method, constant or other symbol is defined, with its signature, its lines and, \
            if there is one of that name and it is short, its code. Use it when you know a name; the answer is exact, \
            unlike that of a text search.
            """,
        inputSchema: [
            "type": "object",
            "properties": [
                "name": [
                    "type": "string",
                    "description": "load, Store.load, src/store.py:load, or src/store.py:12 for what is at that line",
                ],
                "limit": ["type": "integer", "description": "Answers at most, 1 to 100. Default: 20."],
            ],
            "required": ["name"],
        ])

    /// Lines of a definition that is shown whole.
    private static let shortLines = 80

    private let name: String
    private let limit: Int

    init(_ arguments: ToolArguments) throws {
        name = try arguments.required("name", "symbol", "query", example: "Store.load")
        limit = try arguments.number("limit", in: 1...100) ?? 20
    }

    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer {
        let found = try ToolTargets(graph: graph, root: surroundings.root).symbols(name)
        guard !found.isEmpty else {
            return .nothing("There is no symbol '\(name.prefix(200))'. The tool 'search' finds places by words.")
        }
        var answers: [GraphAnswer] = []
        for id in found.prefix(limit) {
            var answer = try GraphAnswer(id, graph)
            if let fact = try graph.reader.symbol(id)?.fact { answer.reason = "lines \(fact.line)-\(fact.endLine)" }
            answers.append(answer)
        }
        if found.count == 1, let (code, range) = try code(found[0], graph) {
            answers[0].code = nil
            var answer = ToolAnswer(answers[0].text + "\n" + code, structured: nil)
            answers[0].code = code
            answer.structured = [
                "answers": [answers[0].json], "total": 1, "firstLine": .integer(range.lowerBound),
                "lastLine": .integer(range.upperBound),
            ]
            return answer
        }
        return ToolAnswer(
            answers, total: found.count,
            more: "Ask for more with 'limit', or for one: Outer.name, or path:name.")
    }

    /// The text of a short definition, with the numbers of its lines.
    private func code(_ id: SymbolID, _ graph: GraphQueries) throws -> (text: String, lines: ClosedRange<Int>)? {
        guard let fact = try graph.reader.symbol(id)?.fact, let file = try graph.reader.store.file(id.file) else {
            return nil
        }
        let range = Int(fact.line)...max(Int(fact.line), Int(fact.endLine))
        guard range.count <= Self.shortLines else { return nil }
        let (text, last) = SourceLines(file.text).numbered(range, characterLimit: ToolAnswer.characterLimit)
        return last == range.upperBound ? (text, range) : nil
    }
}
