import ArgumentParser
import CodeGraph
import Foundation

struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Index a repository for 'search', 'symbol', 'callers' and their like.",
        discussion: """
            Those commands bring the index up to date themselves; this one shows what is in it. Files that git ignores are \
            left out. The index is kept in the cache folder, and only what changed is read again.
            """)

    @Argument(help: "Repository, or a folder or file in it. Default: the current folder's.", completion: .directory)
    var path: String?

    @Flag(help: "Make the index anew.")
    var rebuild = false

    @Flag(help: "Go on, and bring the index up to date whenever something changes, until Ctrl-C.")
    var watch = false

    @Flag(help: "Measure indexing and answers, on a copy of the repository in the temporary folder.")
    var bench = false

    @OptionGroup var rules: IgnoreRuleOptions
    @OptionGroup var grammars: GrammarStoreOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        var options = RepositoryOptions()
        options.repo = path
        options.rules = rules
        options.grammars = grammars
        let target = try IndexTarget(options)
        guard !watch else { return try await follow(target) }
        guard !bench else { return try await measure(target) }
        let index = try await RepositoryIndex.update(target, rebuild: rebuild)
        try index.noteProblems()
        let result = try IndexReport(index)
        if report.json {
            try TextOutput.results.print(json: result)
        } else {
            try TextOutput.results.write(result.text)
        }
    }

    func validate() throws {
        guard !watch || !report.json else { throw ValidationError("--watch prints lines, and no --json.") }
        guard !bench || !(watch || rebuild) else {
            throw ValidationError("--bench has an index of its own: leave out --watch and --rebuild.")
        }
    }

    private func measure(_ target: IndexTarget) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withInterruption {
            var bench = try GraphBench(of: target, in: folder)
            let result = try await bench.run { try TextOutput.notes.print("martlet: \($0)") }
            if report.json {
                try TextOutput.results.print(json: result)
            } else {
                try TextOutput.results.write(result.text)
            }
        }
    }

    private func follow(_ target: IndexTarget) async throws {
        let rebuild = rebuild
        try await withInterruption {
            let watch = IndexWatch(target: target) { index, milliseconds in
                let summary = index.summary
                let changes = summary.isEmpty ? "\(summary.files) files: nothing changed" : summary.changes
                try TextOutput.results.print("\(changes), \(Int(milliseconds.rounded())) ms")
            }
            try await watch.run(rebuild: rebuild)
        }
    }
}

/// What `index --json` prints.
private struct IndexReport: Encodable {
    struct Language: Encodable {
        var language: String
        var files: Int
        var lines: Int
        /// Why it is indexed by words only.
        var problem: String?
    }

    var repository: String
    var index: String
    var files: Int
    var added: Int
    var changed: Int
    var removed: Int
    var unreadable: Int
    var ignored: Int
    var lines: Int
    var symbols: Int
    var languages: [Language]

    init(_ index: RepositoryIndex) throws {
        repository = index.root.path
        self.index = index.path
        files = index.summary.files
        added = index.summary.added
        changed = index.summary.changed
        removed = index.summary.removed
        unreadable = index.summary.unreadable + index.leftOut.count(.unreadable)
        ignored = index.leftOut.count(.ignored)
        symbols = try index.store.symbolCount()
        let sizes = try index.store.sizes()
        let missing = try index.target.missing(in: index.store)
        lines = sizes.reduce(0) { $0 + $1.lines }
        languages = sizes.compactMap { size in
            size.language.map { language in
                Language(
                    language: language, files: size.files, lines: size.lines,
                    problem: missing.first { $0.language == language }?.reason)
            }
        }
    }

    var text: String {
        var table = Table(.left, .right, .right, .left)
        for language in languages {
            table.add(
                language.language, "\(language.files) files", "\(language.lines) lines",
                language.problem == nil ? "" : "words only")
        }
        var changes = ["\(added) added", "\(changed) changed", "\(removed) removed"].joined(separator: ", ")
        if unreadable > 0 { changes += ", \(unreadable) unreadable" }
        return table.text + "\(files) files (\(changes)), \(lines) lines with code, \(symbols) symbols\n\(index)\n"
    }
}
