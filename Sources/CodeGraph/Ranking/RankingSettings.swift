/// The weights of ranking; Docs/Experiments/search-ranking.md has what they were chosen by.
package struct RankingSettings: Sendable {
    /// Files that are looked at, the best by SQLite's BM25 of their path, symbols, documentation and body.
    var candidateFiles = 80
    var columns: [Double] = [4, 3, 2, 1]

    /// What a word in another form counts of one that is written as in the question.
    var otherForm = 0.3
    /// How much more terms of a question's first line count, and terms that are written as code.
    var title = 3.0
    var code = 2.0

    /// Of a file's path and its text.
    var path = 4.0
    var text = 1.0
    /// BM25's saturation of repeated terms, and how much long texts are held down.
    var fileSaturation = 2.0
    var fileLengthShare = 0.75

    /// Of a symbol's name, signature, documentation and body.
    var name = 3.0
    var signature = 1.5
    var doc = 1.5
    var body = 1.0
    var saturation = 2.0
    var lengthShare = 0.45
    /// A body of this many bytes is neither long nor short.
    var bodyLength = 1200.0

    /// What the best symbol adds to its file, and the file to its symbols.
    var symbolShare = 1.0
    var fileShare = 0.7
    var test = 0.4
    var vendored = 0.4
    var generated = 0.4
    /// Prose says in the words of a question what code says in its own.
    var documentation = 0.3

    /// What the likeness of meaning adds to the words of files and of symbols; 0 asks for no vectors.
    var vectors = 0.7
    var symbolVectors = 0.3
    /// Files that are compared, the best by words; beyond these nothing changes.
    var comparedFiles = 30
    /// What the likeness of a commit to the question adds to the files that it changed, and to their symbols.
    var history = 0.5
    var symbolHistory = 0.4
    /// How much more words of the first line count in the vector of a question.
    var titleVector = 1.0
    /// How like the question a file is that is worth an answer without having any of its words.
    var leastLikeness = 0.3

    package init() {}

    /// Changes a weight, for experiments.
    /// - Returns: whether there is one of that name.
    package mutating func set(_ name: String, _ value: Double) -> Bool {
        guard let weight = Self.weights[name] else { return false }
        self[keyPath: weight] = value
        return true
    }

    package static var weightNames: [String] { weights.keys.sorted() }

    private static let weights: [String: any WritableKeyPath<Self, Double> & Sendable] = [
        "otherForm": \.otherForm, "title": \.title, "code": \.code, "path": \.path, "text": \.text,
        "name": \.name, "signature": \.signature, "doc": \.doc, "body": \.body,
        "symbolShare": \.symbolShare, "fileShare": \.fileShare, "test": \.test, "documentation": \.documentation,
        "vectors": \.vectors, "symbolVectors": \.symbolVectors, "titleVector": \.titleVector,
        "history": \.history, "symbolHistory": \.symbolHistory, "leastLikeness": \.leastLikeness,
    ]

    func factor(_ traits: FileTraits) -> Double {
        var factor = 1.0
        if traits.contains(.test) { factor *= test }
        if traits.contains(.vendored) { factor *= vendored }
        if traits.contains(.generated) { factor *= generated }
        if traits.contains(.documentation) { factor *= documentation }
        return factor
    }
}
