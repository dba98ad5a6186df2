import CodeGraph
import Foundation
import SQLite
import Statistics

/// Measures how fast a repository is indexed and questions to it are answered, on a copy: the repository itself stays as it is.
struct GraphBench {
    /// Of the copy, removed at the end by whoever made it.
    private let folder: String
    private let root: RepositoryRoot
    private let indexer: GraphIndexer
    private let languages: LanguageQueries
    private let vectors: SearchVectors
    /// From a fixed seed: the same repository gives the same questions.
    private var random = RandomStream(seed: 1)
    /// Times that each question is asked, with other names each time.
    private let rounds = 200
    private let edits = 60
    private let maps = 20

    /// Copies the files of a repository that are indexed.
    /// - Parameter folder: an empty one.
    init(of target: IndexTarget, in folder: String) throws {
        self.folder = folder
        languages = target.languages
        vectors = target.vectors
        let copy = folder + "/copy"
        for file in try target.scan().files {
            let path = copy + "/" + file.path
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: target.root.path + "/" + file.path, toPath: path)
        }
        root = try RepositoryRoot(copy)
        indexer = GraphIndexer(
            root: root.path, languages: languages, workers: ProcessInfo.processInfo.activeProcessorCount)
    }

    /// - Parameter note: called with what is measured next.
    mutating func run(_ note: (String) throws -> Void) async throws -> GraphBenchReport {
        var report = GraphBenchReport()
        let path = folder + "/index.db"
        let store = try GraphStore(path: path)
        try note("indexing")
        report.index = try await seconds { _ = try await indexer.update(store, with: scan()) }
        report.peakMemoryBytes = ProcessMemory.residentBytes
        let sizes = try store.sizes()
        report.files = sizes.reduce(0) { $0 + $1.files }
        report.lines = sizes.reduce(0) { $0 + $1.lines }
        report.databaseBytes = try (FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        try note("parsing on one core")
        for size in sizes.filter({ $0.language != nil }).prefix(3) {
            report.extraction.append(try extraction(of: size.language ?? "", in: store))
        }
        let symbols = try sampledSymbols(store)
        let graph = GraphQueries(store, vectors: vectors.vectors)
        try note("symbols and callers")
        report.symbol = try Latencies(symbols) { symbol in
            guard let pattern = SymbolPattern(symbol.name) else { return }
            _ = try graph.symbols(pattern)
        }
        report.callers = try Latencies(symbols.filter(\.isCallable)) { symbol in
            _ = try graph.callers(of: [symbol.id])
        }
        try note("searches")
        vectors.prepare()
        report.search = try Latencies(symbols) { symbol in
            _ = try Searcher(graph.reader).symbols(SearchQuery(symbol.question), limit: 10)
        }
        try note("maps")
        _ = try RepositoryMap(GraphReader(store))
        report.map = try Latencies(Array(0..<maps)) { _ in
            _ = try RepositoryMap(GraphReader(store)).packet(budget: 4000, counter: .estimate)
        }
        try note("edits")
        report.edit = try await editLatencies(store)
        return report
    }

    private func scan() throws -> RepositoryScan { try RepositoryScan(of: root, usesIgnoreRules: false) }

    private func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    // MARK: Parsing

    /// Parses and extracts up to 40 MB of a language, from memory.
    private func extraction(of id: String, in store: GraphStore) throws -> GraphBenchReport.Extraction {
        var texts: [[UInt8]] = []
        var byteCount = 0
        for path in try store.knownFiles().filter({ $0.value.language == id }).keys.sorted()
        where byteCount < 40_000_000 {
            guard let text = FileManager.default.contents(atPath: root.path + "/" + path) else { continue }
            texts.append(Array(text))
            byteCount += text.count
        }
        guard let query = Language.all.first(where: { $0.id == id }).flatMap({ languages[$0] }) else {
            return GraphBenchReport.Extraction(language: id, lines: 0, seconds: 0)
        }
        var extractor = FactExtractor()
        var lines = 0
        let start = ContinuousClock.now
        for text in texts {
            lines += text.withUnsafeBufferPointer { extractor.facts(of: $0, query).lineCount }
        }
        return GraphBenchReport.Extraction(
            language: id, lines: lines, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    // MARK: Questions

    private struct Sample {
        var id: SymbolID
        var name: String
        var isCallable: Bool
        /// What documents it, or the words of its name.
        var question: String
    }

    private mutating func sampledSymbols(_ store: GraphStore) throws -> [Sample] {
        let reader = GraphReader(store)
        let files = try store.knownFiles().values.filter { $0.language != nil }.map(\.id).sorted()
        var samples: [Sample] = []
        var attempts = 0
        while samples.count < rounds, !files.isEmpty, attempts < rounds * 20 {
            attempts += 1
            let id = files[Int.random(in: 0..<files.count, using: &random)]
            guard let file = try reader.file(id), !file.facts.symbols.isEmpty else { continue }
            let ordinal = Int.random(in: 0..<file.facts.symbols.count, using: &random)
            let symbol = file.facts.symbols[ordinal]
            let name = file.facts.names[symbol.name]
            let doc = try reader.text(id)[Int(symbol.docStart)..<max(Int(symbol.docStart), Int(symbol.docEnd))]
            let words = String(decoding: doc, as: UTF8.self).split { !$0.isLetter && $0 != "_" }.prefix(12)
            samples.append(
                Sample(
                    id: SymbolID(file: id, ordinal: ordinal), name: name, isCallable: symbol.kind.isCallable,
                    question: words.isEmpty ? name : words.joined(separator: " ")))
        }
        return samples
    }

    /// From a file's being written to an answer that knows of it: what every command does, with the look at all files.
    private mutating func editLatencies(_ store: GraphStore) async throws -> Latencies {
        let paths = try store.knownFiles().filter { $0.value.language != nil }.keys.sorted()
        var milliseconds: [Double] = []
        for round in 0..<edits where !paths.isEmpty {
            let path = paths[Int.random(in: 0..<paths.count, using: &random)]
            let word = "martlet_bench_\(round)"
            guard let file = FileHandle(forWritingAtPath: root.path + "/" + path) else { continue }
            try file.seekToEnd()
            try file.write(contentsOf: Data("\n\(word)\n".utf8))
            try file.close()
            let start = ContinuousClock.now
            _ = try await indexer.update(store, with: scan())
            let reader = GraphReader(store)
            let hits = try Searcher(reader).files(SearchQuery("\"\(word)\""), limit: 1)
            milliseconds.append((ContinuousClock.now - start) / .milliseconds(1))
            guard try hits.first.flatMap({ try reader.file($0.file)?.path }) == path else {
                throw GraphBenchError.staleAnswer(path: path)
            }
        }
        return Latencies(milliseconds: milliseconds)
    }
}

enum GraphBenchError: Error, CustomStringConvertible {
    case staleAnswer(path: String)

    var description: String {
        switch self {
        case .staleAnswer(let path):
            "after an edit of \(path) the index still answers as before. Please report this, with 'martlet index --json'."
        }
    }
}
