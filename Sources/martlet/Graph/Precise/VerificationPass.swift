import CodeGraph
import LanguageServers

/// One way through an answer, with what language servers have said so far. All that it reads of the index is of one moment.
final class VerificationPass {
    private let verifier: UseVerifier
    private let graph: GraphQueries
    private let judge: DefinitionJudge
    private var root: RepositoryRoot { verifier.source.root }
    private var files: [Int: (file: DefinitionQuestion.File, text: [UInt8], digest: Int)] = [:]
    /// Open beside those that are asked about, for servers that need that.
    private static let companionLimit = 8

    init(_ verifier: UseVerifier, _ graph: GraphQueries) {
        self.verifier = verifier
        self.graph = graph
        judge = DefinitionJudge(graph.reader)
    }

    /// What has come of it, on one line, if this pass is the last.
    var note: String { (verifier.sentences + [verifier.tally.leftOut].compactMap { $0 }).joined(separator: " ") }

    /// The uses that are right, as far as servers know: these with what they mean exactly. What is not asked about and
    /// what no server could tell stays as it is; what has to be asked first is left out and noted.
    /// - Parameter meant: only uses of these are wanted; nil for uses of anything.
    func checked(_ uses: [GraphQueries.Use], meaning meant: Set<SymbolID>?) throws -> [GraphQueries.Use] {
        var checked: [GraphQueries.Use?] = uses
        var groups: [(server: LanguageServerSource.Server, files: [Int], indexes: [Int: [Int]])] = []
        var room = verifier.left
        let likeliest = uses.indices.sorted { a, b in
            (uses[a].provenance, uses[a].targets.count, a) < (uses[b].provenance, uses[b].targets.count, b)
        }
        for index in likeliest {
            let use = uses[index]
            guard let known = try graph.reader.file(use.file), let language = known.language else { continue }
            guard verifier.mayKnow(path(known.path)) else {
                verifier.tally.notAsked += 1
                continue
            }
            guard let server = verifier.source.server(for: language) else {
                verifier.tally.missing[language, default: 0] += 1
                continue
            }
            let question = try question(about: use)
            if let answer = verifier.answer(to: question) {
                checked[index] = try outcome(use, answer, meant, server.entry)
                continue
            }
            let isNoted = verifier.isNoted(question)
            guard isNoted || room > 0 else {
                verifier.tally.notAsked += 1
                continue
            }
            checked[index] = nil
            if isNoted { continue }
            room -= 1
            let place = groups.firstIndex { $0.server.entry == server.entry } ?? groups.endIndex
            if place == groups.endIndex { groups.append((server, [], [:])) }
            if groups[place].indexes[use.file] == nil { groups[place].files.append(use.file) }
            groups[place].indexes[use.file, default: []].append(index)
        }
        for group in groups {
            try note(group.server, group.files.flatMap { group.indexes[$0] ?? [] }.map { uses[$0] })
        }
        return checked.compactMap { $0 }
    }

    // MARK: What to ask

    private func note(_ server: LanguageServerSource.Server, _ uses: [GraphQueries.Use]) throws {
        let companions = server.entry.readsOpenFilesOnly ? try companions(of: uses) : []
        let ids = Set(uses.map(\.file)).union(companions)
        var texts: [String: [UInt8]] = [:]
        for id in ids {
            let shown = try file(id)
            texts[shown.file.path] = shown.text
        }
        var folders: [String] = []
        if verifier.source.needsIncludeFolders(server.entry) {
            folders = try graph.includeFolders(of: ids).map { $0.isEmpty ? root.path : path($0) }
        }
        verifier.note(
            ServerQuestions(
                server: server, questions: try uses.map { try question(about: $0) }, texts: texts,
                companions: try companions.map { try file($0).file }, includeFolders: folders))
    }

    private func question(about use: GraphQueries.Use) throws -> UseQuestion {
        let shown = try file(use.file)
        return UseQuestion(question: .init(file: shown.file, offset: use.start), digest: shown.digest)
    }

    private func file(_ id: Int) throws -> (file: DefinitionQuestion.File, text: [UInt8], digest: Int) {
        if let known = files[id] { return known }
        let file = try graph.reader.file(id)
        let text = try graph.reader.text(id)
        let shown = (
            file: DefinitionQuestion.File(path: path(file?.path ?? ""), language: file?.language ?? ""), text: text,
            digest: text.hashValue
        )
        files[id] = shown
        return shown
    }

    private func path(_ relative: String) -> String { root.path + "/" + relative }

    /// The files that define what most of these uses may mean.
    private func companions(of uses: [GraphQueries.Use]) throws -> [Int] {
        var counts: [Int: Int] = [:]
        for target in uses.flatMap(\.targets) {
            guard let (file, fact) = try graph.reader.symbol(target), !fact.isDeclaration,
                !file.path.hasSuffix(".h")
            else { continue }
            counts[target.file, default: 0] += 1
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.companionLimit).map(\.key)
    }

    // MARK: Judging

    /// The use with what is known now; nil when it is none of those that are wanted.
    private func outcome(
        _ use: GraphQueries.Use, _ answer: DefinitionAnswer, _ meant: Set<SymbolID>?, _ entry: ServerEntry
    ) throws -> GraphQueries.Use? {
        guard case .places(let places, let encoding) = answer else {
            if case .unanswered(let silence) = answer { verifier.tally.note(entry, silence) }
            return use
        }
        let targets: [SymbolID]
        var provenance = Provenance.exact
        switch try judge.judge(use, definedAt: places.map { try place($0, encoding) }) {
        case .unsettled:
            verifier.tally.noteOpen(entry, "the answer does not tell")
            return use
        case .narrowed(let symbols):
            targets = symbols
            provenance = use.provenance
        case .confirmed(let symbols): targets = symbols
        case .contradicted(let symbols): targets = symbols
        }
        let isWanted = meant.map { !$0.isDisjoint(with: targets) } ?? !targets.isEmpty
        if isWanted, provenance != .exact {
            verifier.tally.noteOpen(entry, "several may be meant")
        } else {
            verifier.tally.note(entry, isRight: isWanted)
        }
        guard isWanted else { return nil }
        var checked = use
        checked.targets = targets
        checked.provenance = provenance
        return checked
    }

    private func place(_ place: DefinitionPlace, _ encoding: PositionEncoding) throws -> DefinitionJudge.Place {
        let name = place.path?.split(separator: "/").last.map(String.init)
        guard let path = place.path, let relative = try? root.relativePath(of: path),
            let id = try graph.reader.fileID(path: relative),
            let offset = LineTable(try graph.reader.text(id)).offset(of: place.position, encoding)
        else { return .elsewhere(name: name) }
        return .file(id, offset: offset)
    }
}
