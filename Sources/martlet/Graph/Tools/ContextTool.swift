import CodeGraph
import JSON
import MCP

struct ContextTool: GraphTool {
    static let offer = ServerTool(
        name: "context", title: "Gather the code for a task",
        description: """
            Gathers what a task is about in one answer: the functions that its words lead to, whole where they are short \
            enough; what calls them, what they use and what tests them, in a line each; and the outline of what they are \
            in, each with the reason why it is there. Use it once at the start of a task; then 'search', 'relations' and \
            'read' for the rest.
            """,
        inputSchema: [
            "type": "object",
            "properties": [
                "task": [
                    "type": "string", "description": "The task in words: let load give up after three retries",
                ],
                "tokens": [
                    "type": "integer", "description": "Tokens at most, 100 to 50000. Default: 6000.",
                ],
            ],
            "required": ["task"],
        ])

    private let task: String
    private let tokens: Int

    init(_ arguments: ToolArguments) throws {
        task = try arguments.required(
            "task", "query", "question", "description", example: "let load give up after three retries")
        tokens = try arguments.number("tokens", in: 100...50_000) ?? 6000
    }

    func needs(in root: RepositoryRoot) -> Set<ToolNeed> { [.tokenCounter] }

    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer {
        let packet = try ContextPacket(graph).packet(for: task, budget: tokens, counter: surroundings.counter)
        guard !packet.items.isEmpty else {
            return .nothing("Nothing in the repository has these words and fits. Try others, or more tokens.")
        }
        return ToolAnswer(
            "\(packet.text)(\(packet.size(by: surroundings.counter)))\n", structured: packet.json(surroundings.counter))
    }
}
