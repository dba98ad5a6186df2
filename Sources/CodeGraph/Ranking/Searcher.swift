internal import Foundation
package import SQLite

/// Finds files and symbols for a question in words: full-text search chooses files, `FileScorer` looks at what these say.
/// A file's score and its symbols' add up.
package struct Searcher {
    let reader: GraphReader
    private let settings: RankingSettings

    package init(_ reader: GraphReader, settings: RankingSettings = RankingSettings()) {
        self.reader = reader
        self.settings = settings
    }

    package struct Hit: Hashable, Sendable {
        package var file: Int
        /// Nil when the file as a whole is meant.
        package var symbol: SymbolID?
        package var line: Int
        package var score: Double
        /// Why it is here: the terms that it has, and where.
        package var reason: String
    }

    /// Files, best first.
    package func files(_ query: SearchQuery, limit: Int) throws(SQLiteError) -> [Hit] {
        try ranked(query, limit: limit).files
    }

    /// Symbols, and files where no symbol is meant, best first.
    package func symbols(_ query: SearchQuery, limit: Int) throws(SQLiteError) -> [Hit] {
        try ranked(query, limit: limit).symbols
    }

    private func ranked(_ query: SearchQuery, limit: Int) throws(SQLiteError) -> (files: [Hit], symbols: [Hit]) {
        let likeness = likenessScorer(query)
        let ids = try candidates(query, limit: max(limit, settings.candidateFiles), isByMeaning: likeness != nil)
        let looked = try lookedAt(ids, query, likeness)
        // As much as the best by words has, where nothing else says how much that is.
        let unit = looked.map(\.words).max().flatMap { $0 > 0 ? $0 : nil } ?? 1
        let files = looked.map { candidate in
            let best = candidate.scores.symbols.max { $0.score < $1.score }
            return Hit(
                file: candidate.id, symbol: best.map { SymbolID(file: candidate.id, ordinal: $0.ordinal) },
                line: best?.line ?? 1,
                score: candidate.words + unit * candidate.factor
                    * (settings.vectors * candidate.likeness + settings.history * candidate.history),
                reason: (best?.reason ?? candidate.reason)
                    + (candidate.history > 0.5 ? "; changed by a commit that says the like" : ""))
        }
        let symbols = looked.flatMap { candidate in
            let share = settings.fileShare * candidate.share + settings.symbolHistory * candidate.history
            guard !candidate.scores.symbols.isEmpty else {
                let like = settings.symbolVectors * candidate.likeness
                return [
                    Hit(
                        file: candidate.id, symbol: nil, line: 1, score: (share + like) * candidate.factor,
                        reason: candidate.reason)
                ]
            }
            return candidate.scores.symbols.enumerated().map { index, item in
                let likeness = candidate.symbolLikeness.isEmpty ? 0 : candidate.symbolLikeness[index]
                return Hit(
                    file: candidate.id, symbol: SymbolID(file: candidate.id, ordinal: item.ordinal), line: item.line,
                    score: (item.score + share + settings.symbolVectors * likeness) * candidate.factor,
                    reason: item.reason)
            }
        }
        func best(_ hits: [Hit]) -> [Hit] {
            Array(hits.sorted { ($1.score, $0.file, $0.line) < ($0.score, $1.file, $1.line) }.prefix(limit))
        }
        return (best(files), best(symbols))
    }

    /// Nil where no vectors are wanted, where there are none, and where the question has no words.
    private func likenessScorer(_ query: SearchQuery) -> LikenessScorer? {
        guard settings.vectors != 0 || settings.symbolVectors != 0, !query.terms.isEmpty,
            let vectors = reader.vectors()
        else { return nil }
        return LikenessScorer(query, vectors, title: settings.titleVector)
    }

    private struct Candidate: Sendable {
        var id: Int
        var scores: FileScorer.Scores
        /// For tests and the like.
        var factor: Double
        /// The file's score without that of its symbols, of the best file's.
        var share = 0.0
        /// What its words make of it.
        var words = 0.0
        /// How like the question the file is, of the most that one is; 0 where it is not compared.
        var likeness = 0.0
        /// The same of each of `scores.symbols`, or nothing.
        var symbolLikeness: [Double] = []
        /// How like the question a commit is that changed the file, of the most that one is.
        var history = 0.0

        var hasWords: Bool { scores.file > 0 || !scores.symbols.isEmpty }
        /// Of an answer without a symbol.
        var reason: String { hasWords || likeness == 0 ? "the words of the file" : "says the like in other words" }
    }

    private func lookedAt(
        _ ids: [Int], _ query: SearchQuery, _ likeness: LikenessScorer?
    ) throws(SQLiteError) -> [Candidate] {
        var files: [Int: GraphStore.StoredFile] = [:]
        for id in ids { files[id] = try reader.store.file(id) }
        let averageLength = Double(files.values.reduce(0) { $0 + $1.text.count }) / Double(max(files.count, 1))
        let scorer = FileScorer(query.terms, weights: try termWeights(query), settings: settings)
        var looked = ids.compactMap { id in files[id].map { (id, $0) } }.concurrentMap(scorer) {
            [settings] scorer, item in
            let (id, file) = item
            return Candidate(
                id: id, scores: scorer.scores(file, averageLength: averageLength),
                factor: settings.factor(FileTraits(rawValue: file.traits)))
        }
        let most = max(looked.map(\.scores.file).max() ?? 0, 1e-9)
        for index in looked.indices {
            looked[index].share = looked[index].scores.file / most
            let best = looked[index].scores.symbols.map(\.score).max() ?? 0
            looked[index].words = (looked[index].share + settings.symbolShare * best) * looked[index].factor
        }
        try compareHistory(&looked, files, query)
        if let likeness { compare(&looked, files, likeness) }
        // Without its words, and without a phrase of it, a file has to be like the question.
        if likeness != nil, query.phrases.isEmpty { looked.removeAll { !$0.hasWords && $0.likeness == 0 } }
        return looked
    }

    /// Finds out how like the question that is which was said of each file's changes.
    private func compareHistory(
        _ looked: inout [Candidate], _ files: [Int: GraphStore.StoredFile], _ query: SearchQuery
    ) throws(SQLiteError) {
        guard settings.history != 0 || settings.symbolHistory != 0, !query.terms.isEmpty else { return }
        let forms = Set(query.terms.flatMap { $0.forms + WordStem.forms(of: $0.stem) }).sorted()
        let history = try CommitHistory(store: reader.store).likeness(to: Self.anyOf(forms))
        for index in looked.indices { looked[index].history = history[files[looked[index].id]?.path ?? ""] ?? 0 }
        guard let most = looked.map(\.history).max(), most > 0 else { return }
        for index in looked.indices { looked[index].history /= most }
    }

    /// Finds out how like the question the best by words are, and those without any.
    private func compare(
        _ looked: inout [Candidate], _ files: [Int: GraphStore.StoredFile], _ scorer: LikenessScorer
    ) {
        let byWords = looked.indices.filter { looked[$0].hasWords }.sorted {
            (looked[$1].words, $0) < (looked[$0].words, $1)
        }
        let compared = byWords.prefix(settings.comparedFiles) + looked.indices.filter { !looked[$0].hasWords }
        let jobs = compared.compactMap { index in
            files[looked[index].id].map { file in
                (
                    index: index, file: file,
                    symbols: settings.symbolVectors == 0 ? [] : looked[index].scores.symbols.map(\.ordinal)
                )
            }
        }
        let likenesses = jobs.concurrentMap(scorer) { scorer, job in
            scorer.likeness(of: job.file, symbols: job.symbols)
        }
        for (index, found) in zip(jobs.map(\.index), likenesses) {
            guard looked[index].hasWords || found.file >= settings.leastLikeness else { continue }
            looked[index].likeness = max(0, found.file)
            looked[index].symbolLikeness = found.symbols.map { max(0, $0) }
        }
        let most = looked.map(\.likeness).max() ?? 0
        let mostOfSymbols = looked.flatMap(\.symbolLikeness).max() ?? 0
        for index in looked.indices {
            if most > 0 { looked[index].likeness /= most }
            guard mostOfSymbols > 0 else { continue }
            looked[index].symbolLikeness = looked[index].symbolLikeness.map { $0 / mostOfSymbols }
        }
    }

    /// Files that have some of the terms and all of the phrases, the best first.
    /// - Parameter isByMeaning: whether files without any word may be meant; a small repository is then looked at as a whole.
    private func candidates(
        _ query: SearchQuery, limit: Int, isByMeaning: Bool
    ) throws(SQLiteError) -> [Int] {
        let limit = query.phrases.isEmpty ? limit : limit * 8
        var found = try files(withSome: query.terms.flatMap(\.forms), limit: limit)
        if found.count < settings.candidateFiles / 4 {
            let others = try files(withSome: query.terms.flatMap { WordStem.forms(of: $0.stem) }, limit: limit)
            found += others.filter { !found.contains($0) }
        }
        if isByMeaning, query.phrases.isEmpty, found.count < settings.candidateFiles {
            let others = try filesOfSmallRepository()
            found += others.filter { !found.contains($0) }
        }
        guard !query.phrases.isEmpty else { return Array(found.prefix(limit)) }
        var holding: Set<Int>?
        for phrase in query.phrases {
            let files = Set(try files(holding: phrase))
            holding = holding.map { $0.intersection(files) } ?? files
        }
        let kept = holding ?? []
        let best = found.filter { kept.contains($0) }
        return Array((best + kept.subtracting(best).sorted()).prefix(limit / 8))
    }

    /// All files, where they are no more than are looked at anyway.
    private func filesOfSmallRepository() throws(SQLiteError) -> [Int] {
        let statement = try reader.store.statement("SELECT id FROM files WHERE text IS NOT NULL ORDER BY id LIMIT ?1")
        try statement.bind([settings.candidateFiles + 1])
        var found: [Int] = []
        while try statement.step() { found.append(statement.int(0)) }
        return found.count <= settings.candidateFiles ? found : []
    }

    /// Files with at least one of the words, by BM25.
    private func files(withSome words: [String], limit: Int) throws(SQLiteError) -> [Int] {
        guard !words.isEmpty else { return [] }
        let weights = settings.columns.map { "\($0)" }.joined(separator: ", ")
        let statement = try reader.store.statement(
            "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY bm25(words, \(weights)), rowid LIMIT ?2")
        try statement.bind([Self.anyOf(words), limit])
        var found: [Int] = []
        while try statement.step() { found.append(statement.int(0)) }
        return found
    }

    /// The full-text query for files with at least one of the words.
    private static func anyOf(_ words: [String]) -> String { words.map { "\"\($0)\"" }.joined(separator: " OR ") }

    /// Files in whose text a string stands exactly, in order.
    package func files(holding phrase: String) throws(SQLiteError) -> [Int] {
        let wanted = Array(phrase.utf8)
        var ids: [Int] = []
        // The table knows which three bytes stand somewhere in a file; whether they do so together, the text tells.
        let parts = Trigrams(wanted).values
        if !parts.isEmpty {
            let statement = try reader.store.statement(
                "SELECT rowid FROM trigrams WHERE trigrams MATCH ?1 ORDER BY rowid")
            try statement.bind([Trigrams.query(Array(parts.suffix(40)))])
            while try statement.step() { ids.append(statement.int(0)) }
        } else {
            let statement = try reader.store.statement("SELECT id FROM files WHERE text IS NOT NULL ORDER BY id")
            try statement.bind([])
            while try statement.step() { ids.append(statement.int(0)) }
        }
        var found: [Int] = []
        for id in ids {
            if let file = try reader.store.file(id), file.text.holds(wanted) { found.append(id) }
        }
        return found
    }

    /// How telling each term is: the inverse document frequency of the word in all its forms.
    private func termWeights(_ query: SearchQuery) throws(SQLiteError) -> [Double] {
        let all = try reader.store.statement("SELECT count(*) FROM files").first { Double($0.int(0)) } ?? 0
        let count = try reader.store.statement("SELECT count(*) FROM words WHERE words MATCH ?1")
        var weights: [Double] = []
        for term in query.terms {
            let forms = Set(term.forms + WordStem.forms(of: term.stem)).sorted()
            let having = try count.first(Self.anyOf(forms)) { Double($0.int(0)) } ?? 0
            var weight = max(0.01, log((all - having + 0.5) / (having + 0.5) + 1))
            if term.isInTitle { weight *= settings.title }
            if term.isCode { weight *= settings.code }
            weights.append(weight)
        }
        return weights
    }
}
