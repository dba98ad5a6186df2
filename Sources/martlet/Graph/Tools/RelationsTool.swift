import CodeGraph
import Foundation
import JSON
import MCP

struct RelationsTool: GraphTool {
    enum Kind: String, CaseIterable {
        case callers, callees, references, implementers, overrides, imports

        /// Other words that models use.
        private static let others: [String: Kind] = [
            "caller": .callers, "calledby": .callers, "incomingcalls": .callers, "callee": .callees, "calls": .callees,
            "outgoingcalls": .callees, "reference": .references, "uses": .references, "usages": .references,
            "users": .references, "implementer": .implementers, "implementations": .implementers,
            "implementors": .implementers, "subclasses": .implementers, "subtypes": .implementers,
            "override": .overrides, "import": .imports,
        ]

        init?(named text: String) {
            let word = text.lowercased().filter(\.isLetter)
            guard let kind = Kind(rawValue: word) ?? Self.others[word] else { return nil }
            self = kind
        }
    }

    static let offer = ServerTool(
        name: "relations", title: "Follow a symbol",
        description: """
            Shows what a symbol has to do with others, by the code's own scopes, imports and types instead of by text. \
            kind: callers (what calls it), callees (what it calls), references (every use), implementers (types that \
            inherit from or implement it), overrides (methods that stand in for it), imports (what a file imports; give its \
            path as symbol). Each line says how sure it is: exact, import-resolved, type-inferred, unique-name. Use it \
            before changing a signature, and to follow a call.
            """,
        inputSchema: [
            "type": "object",
            "properties": [
                "symbol": [
                    "type": "string", "description": "load, Store.load, src/store.py:load, or src/store.py:12",
                ],
                "kind": [
                    "type": "string", "enum": .array(Kind.allCases.map { .string($0.rawValue) }),
                    "description": "Which relation. Default: references.",
                ],
                "ambiguous": [
                    "type": "boolean",
                    "description": "Also uses that may mean another symbol of that name. Default: false.",
                ],
                "precise": [
                    "type": "boolean",
                    "description": """
                    Have a language server check each use, which takes seconds: what it confirms is exact, what it \
                    contradicts is left out. Default: false.
                    """,
                ],
                "limit": ["type": "integer", "description": "Answers at most, 1 to 200. Default: 30."],
            ],
            "required": ["symbol"],
        ])

    private let symbol: String
    private let kind: Kind
    private let showsAmbiguous: Bool
    private let isPrecise: Bool
    private let limit: Int

    init(_ arguments: ToolArguments) throws {
        symbol = try arguments.required("symbol", "name", "path", example: "Store.load")
        let word = try arguments.text("kind", "relation", "type") ?? Kind.references.rawValue
        guard let kind = Kind(named: word) else {
            throw ArgumentError.unknownChoice(name: "kind", found: word, choices: Kind.allCases.map(\.rawValue))
        }
        self.kind = kind
        showsAmbiguous = try arguments.flag("ambiguous")
        isPrecise = try arguments.flag("precise")
        limit = try arguments.number("limit", in: 1...200) ?? 30
    }

    /// Imports are written down; there is nothing to check.
    func needs(in root: RepositoryRoot) -> Set<ToolNeed> { isPrecise && kind != .imports ? [.languageServers] : [] }

    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer {
        let targets = ToolTargets(graph: graph, root: surroundings.root)
        if kind == .imports { return try imports(graph, targets) }
        let found = try targets.symbols(symbol)
        guard !found.isEmpty else {
            return .nothing("There is no symbol '\(symbol.prefix(200))'. The tool 'search' finds places by words.")
        }
        let all = try answers(about: found, graph, surroundings.pass)
        let sure = showsAmbiguous ? all : all.filter { $0.provenance != Provenance.ambiguous.name }
        var notes: [String] = []
        if found.count > 1 {
            let names = try found.prefix(5).map { try GraphAnswer($0, graph) }.map { "\($0.path):\($0.line)" }
            let list = names.joined(separator: ", ") + (found.count > 5 ? ", …" : "")
            notes.append("'\(symbol)' names \(found.count) symbols (\(list)); these are the \(kind.rawValue) of all.")
        }
        if sure.count < all.count {
            notes.append("\(all.count - sure.count) more may be meant, by their name only: ask with ambiguous=true.")
        }
        if let note = surroundings.pass?.note, !note.isEmpty { notes.append("Checked: \(note)") }
        guard !sure.isEmpty else {
            return .nothing((["There are no \(kind.rawValue) of '\(symbol)'."] + notes).joined(separator: " "))
        }
        return ToolAnswer(
            Array(sure.prefix(limit)), total: sure.count, more: "Ask for more with 'limit' (up to 200).", notes: notes)
    }

    private func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer] {
        switch kind {
        case .callers: try CallersCommand.answers(about: symbols, graph, pass)
        case .callees: try CalleesCommand.answers(about: symbols, graph, pass)
        case .references: try ReferencesCommand.answers(about: symbols, graph, pass)
        case .implementers: try ImplementersCommand.answers(about: symbols, graph, pass)
        case .overrides: try OverridesCommand.answers(about: symbols, graph, pass)
        case .imports: []
        }
    }

    /// What a file imports: the file of that path, or the one that the symbol is in.
    private func imports(_ graph: GraphQueries, _ targets: ToolTargets) throws -> ToolAnswer {
        let files: [Int]
        do {
            files = [try targets.file(symbol)]
        } catch let error as RepositoryPathError {
            guard case .notFound = error else { throw error }
            files = Set(try targets.symbols(symbol).map(\.file)).sorted()
        }
        var answers: [GraphAnswer] = []
        for id in files {
            guard let file = try graph.reader.file(id), let stored = try graph.reader.store.file(id) else { continue }
            let lines = SourceLines(stored.text)
            var last: UInt32 = 0
            for item in file.facts.imports where item.line != last {
                last = item.line
                answers.append(
                    GraphAnswer(
                        path: file.path, line: Int(item.line), symbol: file.facts.names[item.module], kind: "import",
                        code: lines[Int(item.line)].trimmingCharacters(in: .whitespaces)))
            }
        }
        guard !answers.isEmpty else { return .nothing("Nothing is imported in '\(symbol.prefix(200))'.") }
        return ToolAnswer(
            Array(answers.prefix(limit)), total: answers.count, more: "Ask for more with 'limit' (up to 200).")
    }
}
