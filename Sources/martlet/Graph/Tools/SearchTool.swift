import CodeGraph
import JSON
import MCP

struct SearchTool: GraphTool {
    static let offer = ServerTool(
        name: "search", title: "Search the code",
        description: """
            Finds the places in the repository that a question or some keywords are about, best first. Use it first, when \
            you do not know the name or the file. Understands words of a sentence and parts of identifiers ('retry limit' \
            finds RETRY_LIMIT and retryLimit); text in double quotation marks has to stand in the file exactly. When you \
            know a symbol's name, use 'symbol'; to see who uses it, 'relations'.
            """,
        inputSchema: [
            "type": "object",
            "properties": [
                "query": [
                    "type": "string",
                    "description": "What to look for, in words: where are retries capped? \"retry-after\" header",
                ],
                "files": ["type": "boolean", "description": "Rank whole files instead of symbols. Default: false."],
                "limit": ["type": "integer", "description": "Answers at most, 1 to 50. Default: 10."],
            ],
            "required": ["query"],
        ])

    private let query: String
    private let ranksFiles: Bool
    private let limit: Int

    init(_ arguments: ToolArguments) throws {
        query = try arguments.required(
            "query", "question", "q", "pattern", "text", example: "where are retries capped?")
        ranksFiles = try arguments.flag("files")
        limit = try arguments.number("limit", in: 1...50) ?? 10
    }

    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer {
        let searcher = Searcher(graph.reader)
        let query = SearchQuery(query)
        // One more than wanted tells whether there are more.
        let hits =
            try ranksFiles ? searcher.files(query, limit: limit + 1) : searcher.symbols(query, limit: limit + 1)
        guard !hits.isEmpty else {
            return .nothing("Nothing in the repository has these words. Try others, or fewer.")
        }
        let answers = try hits.prefix(limit).map { hit in
            var answer = try GraphAnswer(hit, graph)
            answer.score = (hit.score * 1000).rounded() / 1000
            return answer
        }
        return ToolAnswer(
            answers, total: hits.count, isLowerBound: hits.count > limit,
            more: "Ask for more with 'limit', or more precisely with other words.")
    }
}
