import ArgumentParser
import CodeGraph
import Foundation
import MCP
import SQLite

/// Answers the calls of models about one repository. One call at a time: `CallQueue` sees to that.
actor GraphTools {
    private static var all: [any GraphTool.Type] {
        [
            SearchTool.self, ContextTool.self, SymbolTool.self, RelationsTool.self, OutlineTool.self, ReadTool.self,
        ]
    }

    static var offers: [ServerTool] { all.map { $0.offer } }

    static func server(_ root: RepositoryRoot) -> ServerDescription {
        ServerDescription(
            name: "martlet", title: "Martlet code graph", version: Martlet.configuration.version,
            instructions: """
                Answers questions about the code in \(root.path) from an index of its symbols that follows every edit. \
                Begin with 'outline' when you do not know the repository and with 'search' when you do not know where \
                something is, take 'symbol' for a name, 'relations' for who calls or uses it, 'outline' and 'read' for files. Paths are relative to the repository.
                """,
            tools: offers)
    }

    let target: IndexTarget
    /// Nil where none may be asked.
    let servers: SessionServers?
    /// Ends them when nobody asks for a while.
    var idleEnd: Task<Void, Never>?
    private let loadCounter: @Sendable () throws -> TokenCounter
    /// Once it was needed.
    private var counter: TokenCounter?
    private var store: GraphStore?
    private var hasNoted = false
    private var preparation: Task<Void, Never>?
    /// Told how far the index is, when it has to be brought up to date.
    private var report: (@Sendable (CallProgress) -> Void)?

    /// - Parameters:
    ///   - asksServers: whether language servers may be started.
    ///   - counter: called once, when tokens have to be counted.
    init(_ target: IndexTarget, asksServers: Bool, counter: @escaping @Sendable () throws -> TokenCounter) {
        self.target = target
        loadCounter = counter
        servers = asksServers ? SessionServers(target.root) : nil
    }

    /// - Parameter report: told how far the index is, when it has to be brought up to date, and how far language servers.
    func answer(_ call: ToolCall, _ report: @escaping @Sendable (CallProgress) -> Void) async -> ToolAnswer {
        self.report = report
        defer { self.report = nil }
        await preparation?.value
        preparation = nil
        do {
            guard let kind = Self.all.first(where: { $0.offer.name == call.name }) else {
                return .failure("There is no tool '\(call.name)'.")
            }
            let tool = try kind.init(call.arguments)
            let needs = tool.needs(in: target.root)
            let store = try await refresh(links: needs.contains(.links))
            var surroundings = ToolSurroundings(root: target.root)
            if needs.contains(.tokenCounter) { surroundings.counter = try tokenCounter() }
            if needs.contains(.languageServers) {
                return try await checkedAnswer(of: tool, store, surroundings, report)
            }
            // Other processes change the index too, so nothing that was read of it before is kept.
            return try store.snapshot {
                try tool.answer(GraphQueries(store, vectors: target.vectors.vectors), surroundings)
            }
        } catch let error as any CustomStringConvertible where !(error is NSError) {
            return .failure("\(error)")
        } catch {
            return .failure(error.localizedDescription)
        }
    }

    /// Begins to bring the index up to date, so that the first answer comes at once. What goes wrong, that says.
    func prepare() {
        target.vectors.prepare()
        preparation = Task { _ = try? await refresh() }
    }

    /// Gives up what `prepare` began.
    func cancelPreparation() { preparation?.cancel() }

    /// Ends all that this has started. Once no call is under way any more.
    func stop() {
        idleEnd?.cancel()
        servers?.end()
    }

    private func tokenCounter() throws -> TokenCounter {
        let counter = try self.counter ?? loadCounter()
        self.counter = counter
        return counter
    }

    /// - Parameter links: whether the links between files are asked for, too.
    private func refresh(links: Bool = false) async throws -> GraphStore {
        // While another process brings it up to date, answers come from what that has committed.
        let lock = try await target.lock(wait: .seconds(1))
        defer { withExtendedLifetime(lock) {} }
        do {
            return try await lock == nil ? opened() : updated(links: links)
        } catch let error as SQLiteError where error.isCorrupt && lock != nil {
            try TextOutput.notes.print(
                "martlet: the index \(target.path) cannot be used (\(error.message)); it is made again.")
            store = nil
            IndexLocation.remove(target.path)
            return try await updated(links: links)
        }
    }

    private func opened() throws -> GraphStore {
        // Somebody may have deleted it, which they are told they can.
        if !FileManager.default.fileExists(atPath: target.path) { store = nil }
        let store = try self.store ?? GraphStore(path: target.path)
        self.store = store
        return store
    }

    private func updated(links: Bool) async throws -> GraphStore {
        let store = try opened()
        _ = try await target.indexer.update(store, with: target.scan()) { state in
            guard state.filesToDo > 0 else { return }
            report?(CallProgress(done: state.filesDone, total: state.filesToDo, message: "reading changed files"))
        }
        if links { try LinkTable(GraphReader(store)).update() }
        try noteMissing(store)
        return store
    }

    private func noteMissing(_ store: GraphStore) throws {
        guard !hasNoted, let first = try target.missing(in: store).first else { return }
        hasNoted = true
        try TextOutput.notes.print("martlet: \(first.language): indexed by words only. \(first.reason)")
    }
}
