import ArgumentParser
import GrammarFiles
import ModelFiles

struct GrammarListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the grammars on this machine, and whether each is intact.")

    @OptionGroup var storeOptions: GrammarStoreOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        let store = try storeOptions.store()
        let grammars = store.status()
        let state = store.bundleState()
        if case .broken(let error) = state { try TextOutput.notes.print("martlet: \(error)") }
        if report.json {
            try TextOutput.results.print(json: GrammarListReport(store, state, grammars))
            return
        }
        if case .absent = state {
            try TextOutput.notes.print(
                """
                The bundle of grammars is not on this machine. Try: martlet grammar pull
                Libraries of your own belong in \(store.ownFolder)
                """)
        }
        var table = Table(.left, .right, .left, .left)
        for grammar in grammars {
            table.add(
                grammar.name, "\(ByteCount(grammar.byteCount))", grammar.origin == .own ? "own" : "",
                grammar.problem ?? "intact")
        }
        try TextOutput.results.write(table.text)
        if grammars.contains(where: { $0.origin == .bundle && $0.problem != nil }) {
            try TextOutput.notes.print("Some grammars need to be fetched again. Try: martlet grammar pull")
        }
    }
}

/// What `grammar list --json` prints.
private struct GrammarListReport: Encodable {
    struct Entry: Encodable {
        var name: String
        var path: String
        var bytes: Int
        var origin: String
        var intact: Bool
        var problem: String?
    }

    /// The bundle's version that this program uses, whether or not it is here.
    var bundle: String
    var installed: Bool
    var folder: String
    var ownFolder: String
    var grammars: [Entry]

    init(_ store: GrammarStore, _ state: GrammarBundleState, _ grammars: [GrammarStatus]) {
        bundle = store.bundle.title
        if case .installed = state { installed = true } else { installed = false }
        folder = store.folder
        ownFolder = store.ownFolder
        self.grammars = grammars.map {
            Entry(
                name: $0.name, path: $0.path, bytes: $0.byteCount, origin: $0.origin.rawValue,
                intact: $0.problem == nil, problem: $0.problem)
        }
    }
}
