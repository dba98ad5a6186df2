import CodeGraph
import MCP

/// A question that models ask about a repository.
protocol GraphTool: Sendable {
    /// What models are told of it.
    static var offer: ServerTool { get }
    init(_ arguments: ToolArguments) throws
    /// What has to be at hand for the answer.
    func needs(in root: RepositoryRoot) -> Set<ToolNeed>
    /// Asked again, with what servers have said meanwhile, as long as a pass has questions to them.
    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer
}

extension GraphTool {
    func needs(in root: RepositoryRoot) -> Set<ToolNeed> { [] }
}

enum ToolNeed {
    case languageServers
    /// The links between files, as they are now.
    case links
    /// The tokenizer that counts; without it tokens are estimated.
    case tokenCounter
}

/// What tools are given beside the index.
struct ToolSurroundings {
    let root: RepositoryRoot
    var counter = TokenCounter.estimate
    /// Checks uses; nil where nobody asks for that.
    var pass: VerificationPass?
}

/// What tools themselves find wrong.
enum GraphToolError: Error, Equatable, CustomStringConvertible {
    case noSymbol(String)
    case notIndexed(path: String)
    case aFolder(path: String)
    case severalFiles(path: String, found: [String])

    var description: String {
        switch self {
        case .noSymbol(let text):
            "'\(text.prefix(200))' names no symbol. Name one as load, Store.load, src/store.py:load or src/store.py:12."
        case .notIndexed(let path):
            "'\(path)' is there, but not in the index: git ignores it, or it is no regular file."
        case .aFolder(let path): "'\(path)' is a folder. The tool 'outline' lists what is in it."
        case .severalFiles(let path, let found):
            "'\(path)' may be \(found.joined(separator: ", ")). Name one of them."
        }
    }
}

/// Finds what models name.
struct ToolTargets {
    let graph: GraphQueries
    let root: RepositoryRoot

    enum Place {
        case file(id: Int)
        /// From the repository's root, empty for itself.
        case folder(path: String)
    }

    /// - Parameter given: absolute, from the root, or the end of a path.
    func place(_ given: String) throws -> Place {
        var given = given[...]
        while given.count > 1, given.last == "/" { given.removeLast() }
        guard let path = try relativePath(String(given)) else {
            return .file(id: try file(pathEnding: String(given)))
        }
        if let id = try graph.reader.fileID(path: path) { return .file(id: id) }
        let isFolder = try graph.reader.store.knownFiles().keys.contains { $0.hasPrefix(path + "/") }
        guard path.isEmpty || isFolder else {
            throw GraphToolError.notIndexed(path: path)
        }
        return .folder(path: path)
    }

    func file(_ given: String) throws -> Int {
        switch try place(given) {
        case .file(let id): return id
        case .folder(let path): throw GraphToolError.aFolder(path: path.isEmpty ? "." : path)
        }
    }

    /// Nil where there is no such file.
    private func relativePath(_ given: String) throws -> String? {
        do {
            return try root.relativePath(of: given)
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    private func file(pathEnding given: String) throws -> Int {
        let found = try graph.reader.fileIDs(pathEnding: given)
        if found.count == 1 { return found[0] }
        guard !found.isEmpty else { throw RepositoryPathError.notFound(path: given) }
        throw GraphToolError.severalFiles(
            path: given, found: try found.prefix(10).compactMap { try graph.reader.file($0)?.path })
    }

    func symbols(_ text: String) throws -> [SymbolID] {
        guard let pattern = SymbolPattern(text) else { throw GraphToolError.noSymbol(text) }
        return try graph.symbols(pattern)
    }
}
