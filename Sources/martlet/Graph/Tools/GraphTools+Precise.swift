import CodeGraph
import MCP

extension GraphTools {
    /// How long language servers live when nobody asks: they hold memory.
    private static let idleTime = Duration.seconds(600)

    /// An answer that language servers have checked. Of the index nothing is held while they think.
    func checkedAnswer(
        of tool: any GraphTool, _ store: GraphStore, _ surroundings: ToolSurroundings,
        _ report: @escaping @Sendable (CallProgress) -> Void
    ) async throws -> ToolAnswer {
        guard let servers else {
            return .failure("This server may not ask language servers (--no-precise): leave out 'precise'.")
        }
        idleEnd?.cancel()
        defer { endServersLater() }
        let verifier = try servers.verifier(for: store)
        while true {
            let answer = try store.snapshot {
                var surroundings = surroundings
                let graph = GraphQueries(store)
                surroundings.pass = verifier.pass(over: graph)
                return try tool.answer(graph, surroundings)
            }
            guard verifier.isWaiting else { return answer }
            try await servers.ask(verifier, report)
        }
    }

    private func endServersLater() {
        idleEnd = Task {
            try? await Task.sleep(for: Self.idleTime)
            if !Task.isCancelled { servers?.end() }
        }
    }
}
