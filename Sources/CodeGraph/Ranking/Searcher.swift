internal import Foundation
package import SQLite

/// Finds files and symbols for a question in words: BM25 over the words of files, then over the symbols of the best files;
/// a file's score and its symbols' add up.
package struct Searcher {
    let reader: GraphReader
    var settings = RankingSettings()

    package init(_ reader: GraphReader) { self.reader = reader }

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
        let candidates = try candidates(query, limit: max(limit, settings.candidateFiles))
        let weights = try termWeights(query)
        var symbols: [Hit] = []
        var files: [Hit] = []
        for (place, candidate) in candidates.enumerated() {
            guard let file = try reader.store.file(candidate.id) else { continue }
            let scored = SymbolScorer(file, weights: weights, settings: settings).scores()
            let best = scored.max { $0.score < $1.score }
            let share = candidate.score / max(candidates[0].score, 1e-9)
            let factor = settings.factor(FileTraits(rawValue: file.traits))
            let fileScore = (share + settings.symbolShare * (best?.score ?? 0)) * factor
            files.append(
                Hit(
                    file: candidate.id, symbol: best.map { SymbolID(file: candidate.id, ordinal: $0.ordinal) },
                    line: best?.line ?? 1, score: fileScore,
                    reason: best?.reason ?? "rank \(place + 1) by the words of the file"))
            for item in scored {
                symbols.append(
                    Hit(
                        file: candidate.id, symbol: SymbolID(file: candidate.id, ordinal: item.ordinal),
                        line: item.line,
                        score: (item.score + settings.fileShare * share) * factor, reason: item.reason))
            }
            if scored.isEmpty {
                symbols.append(
                    Hit(
                        file: candidate.id, symbol: nil, line: 1, score: settings.fileShare * share * factor,
                        reason: "the words of the file"))
            }
        }
        func best(_ hits: [Hit]) -> [Hit] {
            Array(hits.sorted { ($1.score, $0.file, $0.line) < ($0.score, $1.file, $1.line) }.prefix(limit))
        }
        return (best(files), best(symbols))
    }

    /// Files that have some of the terms and all of the phrases, by BM25; a higher score is better.
    private func candidates(_ query: SearchQuery, limit: Int) throws(SQLiteError) -> [(id: Int, score: Double)] {
        var found: [(id: Int, score: Double)] = []
        if !query.terms.isEmpty {
            let weights = settings.columns.map { "\($0)" }.joined(separator: ", ")
            let statement = try reader.store.statement(
                "SELECT rowid, bm25(words, \(weights)) AS score FROM words WHERE words MATCH ?1 ORDER BY score LIMIT ?2"
            )
            try statement.bind([
                query.terms.map { "\"\($0)\"" }.joined(separator: " OR "), query.phrases.isEmpty ? limit : limit * 8,
            ])
            while try statement.step() { found.append((statement.int(0), -statement.real(1))) }
        }
        guard !query.phrases.isEmpty else { return found }
        var holding: Set<Int>?
        for phrase in query.phrases {
            let files = Set(try files(holding: phrase))
            holding = holding.map { $0.intersection(files) } ?? files
        }
        let kept = holding ?? []
        let scored = found.filter { kept.contains($0.id) }
        let others = kept.subtracting(scored.map(\.id)).sorted().map { (id: $0, score: 1e-6) }
        return Array((scored + others).prefix(limit))
    }

    /// Files in whose text a string stands exactly, in order.
    package func files(holding phrase: String) throws(SQLiteError) -> [Int] {
        let wanted = Array(phrase.utf8)
        var ids: [Int] = []
        // The table knows which three letters stand somewhere in a file; whether they do so together, the text tells.
        let parts = Self.trigrams(phrase)
        if !parts.isEmpty {
            let statement = try reader.store.statement(
                "SELECT rowid FROM trigrams WHERE trigrams MATCH ?1 ORDER BY rowid")
            try statement.bind([parts.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " AND ")])
            while try statement.step() { ids.append(statement.int(0)) }
        } else {
            let statement = try reader.store.statement("SELECT id FROM files WHERE text IS NOT NULL ORDER BY id")
            try statement.bind([])
            while try statement.step() { ids.append(statement.int(0)) }
        }
        var found: [Int] = []
        for id in ids {
            if let file = try reader.store.file(id), file.text.contains(wanted) { found.append(id) }
        }
        return found
    }

    /// Some of the groups of three letters in a text. A full-text query ends at a zero byte, so groups with one are left out.
    private static func trigrams(_ text: String) -> [String] {
        let letters = Array(text.unicodeScalars)
        guard letters.count >= 3 else { return [] }
        let groups = (0...(letters.count - 3)).map { letters[$0..<$0 + 3] }.filter { !$0.contains("\0") }
        return Set(groups.map { String(String.UnicodeScalarView($0)) }).sorted().suffix(40)
    }

    /// How telling each term is: its inverse document frequency.
    private func termWeights(_ query: SearchQuery) throws(SQLiteError) -> [String: Double] {
        let all = try reader.store.statement("SELECT count(*) FROM files").first { Double($0.int(0)) } ?? 0
        let count = try reader.store.statement("SELECT count(*) FROM words WHERE words MATCH ?1")
        var weights: [String: Double] = [:]
        for term in query.terms {
            let having = try count.first("\"\(term)\"") { Double($0.int(0)) } ?? 0
            weights[term] = max(0.01, log((all - having + 0.5) / (having + 0.5) + 1))
        }
        return weights
    }
}
