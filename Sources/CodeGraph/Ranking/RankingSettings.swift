/// The weights of ranking; Docs/Experiments/search-ranking.md has what they were chosen by.
struct RankingSettings: Sendable {
    /// Of a file's path, symbols, documentation and body.
    var columns: [Double] = [4, 3, 2, 1]
    /// Files whose symbols are looked at.
    var candidateFiles = 60
    /// Of a symbol's name, signature, documentation and body.
    var name = 3.0
    var signature = 1.5
    var doc = 1.5
    var body = 1.0
    /// BM25's saturation of repeated terms, and how much long bodies are held down.
    var saturation = 1.2
    var lengthShare = 0.6
    /// What the best symbol adds to its file, and the file to its symbols.
    var symbolShare = 1.0
    var fileShare = 0.7
    var test = 0.6
    var vendored = 0.4
    var generated = 0.4
    /// Prose says in the words of a question what code says in its own.
    var documentation = 0.3

    func factor(_ traits: FileTraits) -> Double {
        var factor = 1.0
        if traits.contains(.test) { factor *= test }
        if traits.contains(.vendored) { factor *= vendored }
        if traits.contains(.generated) { factor *= generated }
        if traits.contains(.documentation) { factor *= documentation }
        return factor
    }
}
