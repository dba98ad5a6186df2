package import SQLite

/// The most important symbols of a repository's most important files, as signatures.
package struct RepositoryMap {
    private let reader: GraphReader
    private let graph: LinkGraph

    /// Brings the links of the index up to date.
    package init(_ reader: GraphReader) throws(SQLiteError) {
        self.reader = reader
        try LinkTable(reader).update()
        graph = try LinkGraph(reader.store)
    }

    /// - Parameters:
    ///   - budget: tokens at most, of the packet's text.
    ///   - focus: files whose surroundings matter.
    ///   - folder: only what is in it; from the repository's root, empty for all.
    package func packet(
        budget: Int, focus: Set<Int> = [], folder: String = "", counter: TokenCounter
    ) throws(SQLiteError) -> Packet {
        let ranks = graph.ranks(focus: focus)
        let settings = RankingSettings()
        let weights = ranks.indices.map { ranks[$0] * Float(settings.factor(graph.traits[$0])) }
        let prefix = folder.isEmpty ? "" : folder + "/"
        let inside = weights.indices.filter { graph.paths[$0].hasPrefix(prefix) }
        let best = inside.sorted { (weights[$1], $0) < (weights[$0], $1) }
        // A signature takes 15 tokens or more, and a file is worth some.
        let chosen = best.prefix(20 + budget / 40)
        let flows = graph.flows(into: Set(chosen), ranks: ranks)
        var packer = Packer(budget: budget, counter: counter)
        var candidates: [(score: Float, order: Int, ordinal: Int, file: PackedFile)] = []
        for (order, index) in chosen.enumerated() {
            guard let file = try PackedFile(graph.files[index], reader), !file.facts.symbols.isEmpty else { continue }
            let outline = file.outline
            packer.setOutline(outline.map { Int(file.facts.symbols[$0].line) }, of: file.path)
            let hashes = FileNames.hashes(of: outline, in: file.facts, language: file.language)
            let uses = Dictionary(hashes.map { ($0, 1) }, uniquingKeysWith: +)
            let rest = focus.contains(file.id) ? Self.focusShare : Self.restShare
            let factor = Float(settings.factor(graph.traits[index]))
            for (ordinal, hash) in zip(outline, hashes) {
                let flow = (flows[index]?[hash] ?? 0) / Float(uses[hash] ?? 1)
                let score = (flow + rest * ranks[index] / Float(outline.count)) * factor
                candidates.append((score, order, ordinal, file))
            }
        }
        candidates.sort { ($1.score, $0.order, $0.ordinal) < ($0.score, $1.order, $1.ordinal) }
        var refused = 0
        for candidate in candidates where refused < Self.patience {
            if !packer.add(candidate.file.signatures(candidate.ordinal)) { refused += 1 }
        }
        return packer.packet()
    }

    /// What a file's rank gives to its symbols that nothing else uses.
    private static let restShare: Float = 0.02
    private static let focusShare: Float = 1
    /// Candidates without room, after which others are not tried.
    private static let patience = 24
}
