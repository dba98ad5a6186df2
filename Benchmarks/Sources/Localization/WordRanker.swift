import Foundation

/// The baseline: BM25 over the words of paths and texts. It is told which files can be meant: source files that are no tests.
/// - SeeAlso: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond".
package struct WordRanker: Ranker {
    package let name = "BM25 + path"
    private static let saturation = 1.2
    private static let lengthShare = 0.75
    /// A path's words count as if they stood in the text so often.
    private static let pathRepetitions = 3

    package init() {}

    package func rankings(
        of tasks: [LocalizationTask], clones: String, progress: (Int) -> Void
    ) throws -> [Ranking] {
        try tasks.enumerated().map { index, task in
            progress(index)
            let folder = clones + "/" + task.repository
            let paths = try CommitHistory.run(["-C", folder, "ls-tree", "-r", "--name-only", task.parent])
                .split(separator: "\n").map(String.init)
                .filter { TaskRules.isSource($0) && !TaskRules.isTestOrExample($0) }
            try CommitHistory.checkOut(task.parent, in: folder)
            let documents = paths.map { path in
                let text = FileManager.default.contents(atPath: folder + "/" + path).map {
                    String(decoding: $0, as: UTF8.self)
                }
                let pathWords = Self.words(path)
                return (0..<Self.pathRepetitions).flatMap { _ in pathWords } + Self.words(text ?? "")
            }
            return Ranking(
                files: Self.order(documents, for: Set(Self.words(task.question))).prefix(20).map { paths[$0] })
        }
    }

    /// Indexes of documents, the best first.
    package static func order(_ documents: [[String]], for question: Set<String>) -> [Int] {
        let counts = documents.map { words in
            words.reduce(into: [String: Int]()) { if question.contains($1) { $0[$1, default: 0] += 1 } }
        }
        let average = Double(documents.reduce(0) { $0 + $1.count }) / Double(max(1, documents.count))
        var having: [String: Int] = [:]
        for count in counts { for word in count.keys { having[word, default: 0] += 1 } }
        let scores = documents.indices.map { index in
            let length = 1 - lengthShare + lengthShare * Double(documents[index].count) / average
            return counts[index].sorted { $0.key < $1.key }.reduce(0.0) { sum, item in
                let rarity = Double(documents.count - having[item.key]!) + 0.5
                let weight = log(rarity / (Double(having[item.key]!) + 0.5) + 1)
                let frequency = Double(item.value)
                return sum + weight * frequency * (saturation + 1) / (frequency + saturation * length)
            }
        }
        return documents.indices.filter { scores[$0] > 0 }.sorted { (scores[$1], $0) < (scores[$0], $1) }
    }

    /// Words in lower case: identifiers as they are, and their parts.
    package static func words(_ text: String) -> [String] {
        text.matches(of: #/[A-Za-z0-9_]+/#).flatMap { match -> [String] in
            let whole = match.output.lowercased()
            let parts = match.output.matches(of: #/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/#).map { $0.output.lowercased() }
            return parts == [whole] ? parts : [whole] + parts
        }
    }
}
