import ArgumentParser
import CodeGraph

/// A question about what a symbol has to do with others.
protocol RelationCommand: AsyncParsableCommand {
    var arguments: RelationArguments { get }
    /// What there is none of: "calls".
    static var relation: String { get }
    /// - Parameter pass: checks the uses that the answer is made of; nil to take them as they are.
    static func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer]
}

struct RelationArguments: ParsableArguments {
    @OptionGroup var symbol: SymbolArgument

    @Flag(help: "Also what is known by name only, where several symbols have that name.")
    var ambiguous = false

    @Flag(inversion: .prefixedNo, help: "Only what is in tests; or only what is not.")
    var tests: Bool?

    @OptionGroup var precision: PreciseOptions
    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var answers: GraphAnswerOptions
}

extension RelationCommand {
    func run() async throws {
        // Servers may take their time, and others must not wait for it.
        try await RepositoryIndex.ask(arguments.repository, releasesLock: arguments.precision.precise) { index in
            let graph = GraphQueries(index.store)
            let symbols = try arguments.symbol.find(in: graph)
            guard !symbols.isEmpty else {
                try GraphAnswerPrinter(options: arguments.answers).print([], none: arguments.symbol.nothing(in: index))
                return
            }
            let found = try arguments.precision.checked(graph, index.root) { pass in
                try Self.answers(about: symbols, graph, pass)
            }
            let all = found.filter { answer in arguments.tests.map { $0 == (answer.test ?? false) } ?? true }
            let sure = arguments.ambiguous ? all : all.filter { $0.provenance != Provenance.ambiguous.name }
            if sure.count < all.count {
                try TextOutput.notes.print(
                    "\(all.count - sure.count) more may be meant, by their name only. To see them: --ambiguous")
            }
            if sure.count > arguments.answers.limit {
                try TextOutput.notes.print(
                    "\(sure.count) in all; the first \(arguments.answers.limit) are shown. To see more: --limit")
            }
            try GraphAnswerPrinter(options: arguments.answers).print(
                Array(sure.prefix(arguments.answers.limit)),
                none: "There are no \(Self.relation) of '\(arguments.symbol.symbol)' in \(index.root.path).")
        }
    }
}

struct CallersCommand: RelationCommand {
    static let configuration = CommandConfiguration(
        commandName: "callers", abstract: "Show what calls a function, or makes an instance of a type.",
        discussion: SymbolArgument.discussion + """

            What frameworks call is here, too: routes, and what is injected or bound; and functions in fields of structs. \
            The reason says which.
            """)
    static let relation = "callers"
    @OptionGroup var arguments: RelationArguments

    static func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer] {
        let uses = try graph.callers(of: symbols)
        let checked = try pass?.checked(uses, meaning: Set(symbols)) ?? uses
        return try checked.map { try GraphAnswer(user: $0, graph) }
    }
}

struct CalleesCommand: RelationCommand {
    static let configuration = CommandConfiguration(
        commandName: "callees", abstract: "Show what a function calls.", discussion: SymbolArgument.discussion)
    static let relation = "callees"
    @OptionGroup var arguments: RelationArguments

    static func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer] {
        let uses = try symbols.flatMap { try graph.callees(of: $0) }
        let checked = try pass?.checked(uses, meaning: nil) ?? uses
        return try checked.flatMap { use in
            try use.targets.map { try GraphAnswer(target: $0, of: use, graph) }
        }
    }
}

struct ReferencesCommand: RelationCommand {
    static let configuration = CommandConfiguration(
        commandName: "references", abstract: "Show where a symbol is used, in any way.",
        discussion: SymbolArgument.discussion)
    static let relation = "references"
    @OptionGroup var arguments: RelationArguments

    static func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer] {
        let uses = try graph.uses(of: symbols)
        let checked = try pass?.checked(uses, meaning: Set(symbols)) ?? uses
        return try checked.map { use in
            var answer = try GraphAnswer(user: use, graph)
            answer.reason = "\(use.role)" + (use.note.map { ", " + $0 } ?? "")
            return answer
        }
    }
}

struct ImplementersCommand: RelationCommand {
    static let configuration = CommandConfiguration(
        commandName: "implementers", abstract: "Show the types that inherit from a type or implement it.",
        discussion: SymbolArgument.discussion)
    static let relation = "implementers"
    @OptionGroup var arguments: RelationArguments

    static func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer] {
        guard let pass else { return try graph.implementers(of: symbols).map { try GraphAnswer($0, graph) } }
        let heirs = try graph.implementers(of: symbols, checkedBy: { try pass.checked($0, meaning: $1) })
        return try heirs.map { try GraphAnswer($0, graph) }
    }
}

struct OverridesCommand: RelationCommand {
    static let configuration = CommandConfiguration(
        commandName: "overrides", abstract: "Show the methods of subtypes that stand in for a method.",
        discussion: SymbolArgument.discussion)
    static let relation = "overrides"
    @OptionGroup var arguments: RelationArguments

    static func answers(
        about symbols: [SymbolID], _ graph: GraphQueries, _ pass: VerificationPass?
    ) throws -> [GraphAnswer] {
        guard let pass else {
            return try symbols.flatMap { try graph.overrides(of: $0) }.map { try GraphAnswer($0, graph) }
        }
        let heirs = try symbols.flatMap { method in
            try graph.overrides(of: method, checkedBy: { try pass.checked($0, meaning: $1) })
        }
        return try heirs.map { try GraphAnswer($0, graph) }
    }
}
