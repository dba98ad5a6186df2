import CodeGraph
import Synchronization
import TestSupport
import Testing

/// Vectors made up of a few meanings, and how often they were asked for.
final class MadeUpVectors: TextVectors {
    let width = 8
    private let asked = Mutex(0)
    var count: Int { asked.withLock { $0 } }

    private static let meanings: [String: Int] = [
        "delete": 0, "remove": 0, "erase": 0, "car": 1, "vehicle": 1, "paint": 2, "colour": 2, "wheel": 3,
    ]

    func add(_ word: UnsafeBufferPointer<UInt8>, to sum: UnsafeMutableBufferPointer<Float>) -> Int {
        asked.withLock { $0 += 1 }
        let text = String(decoding: word, as: UTF8.self).lowercased()
        // What has no meaning here points away from everything that has.
        let place = Self.meanings[text] ?? 4 + text.utf8.reduce(0) { ($0 + Int($1)) % 4 }
        if place < sum.count { sum[place] += 1 }
        return 1
    }
}

@Suite("Searching by meaning")
struct MeaningTests {
    private static let cars = [
        "garage.py": "def remove_vehicle(vehicle):\n    return remove(vehicle)\n",
        "shop.py": "def colour_vehicle(vehicle):\n    return vehicle\n",
        "sums.py": "def add(a, b):\n    return a + b\n",
    ]

    private func paths(
        _ question: String, in repository: SampleRepository, _ vectors: MadeUpVectors?,
        _ weights: [String: Double] = [:]
    ) throws -> [String] {
        var settings = RankingSettings()
        for (name, value) in weights {
            let isKnown = settings.set(name, value)
            #expect(isKnown)
        }
        let graph = GraphQueries(repository.graph.reader.store, vectors: { vectors })
        return try Searcher(graph.reader, settings: settings).files(SearchQuery(question), limit: 10).compactMap {
            try graph.reader.file($0.file)?.path
        }
    }

    @Test("what is said in other words is found, though no word is shared")
    func otherWords() async throws {
        let repository = try await SampleRepository(Self.cars)
        let vectors = MadeUpVectors()
        #expect(try paths("delete a car", in: repository, nil) == [])
        #expect(try paths("delete a car", in: repository, vectors).first == "garage.py")
        #expect(try paths("paint the car", in: repository, vectors).first == "shop.py")
        let graph = GraphQueries(repository.graph.reader.store, vectors: { vectors })
        let hit = try #require(try Searcher(graph.reader).symbols(SearchQuery("delete a car"), limit: 1).first)
        #expect(hit.reason == "says the like in other words")
    }

    @Test("what means nothing of the question is no answer")
    func nothing() async throws {
        let repository = try await SampleRepository(Self.cars)
        for question in ["wheel", "", "?", "the"] {
            #expect(try paths(question, in: repository, MadeUpVectors()) == [], "\(question)")
        }
    }

    @Test("of files with the question's words, the one that means it comes first")
    func decides() async throws {
        // Both have "entry" as often, in as many words.
        let repository = try await SampleRepository([
            "a.py": "def entry_paint(entry):\n    return colour(entry)\n",
            "b.py": "def entry_erase(entry):\n    return remove(entry)\n",
        ])
        #expect(try paths("delete entry", in: repository, MadeUpVectors()).first == "b.py")
        #expect(try paths("colour entry", in: repository, MadeUpVectors()).first == "a.py")
    }

    @Test("a file is as like a question as its best window is, wherever that stands", arguments: [0, 15, 400, 3000])
    func windows(_ line: Int) async throws {
        let other = Array(repeating: "number = number + 1", count: line)
        let right = other + Array(repeating: "erase(entry)", count: 12) + other
        let wrong = other + Array(repeating: "paint(entry)", count: 12) + other
        let repository = try await SampleRepository([
            "right.py": right.joined(separator: "\n"), "wrong.py": wrong.joined(separator: "\n"),
        ])
        #expect(try paths("delete entry", in: repository, MadeUpVectors()).first == "right.py")
    }

    @Test("symbols are compared, too")
    func symbols() async throws {
        // Ten lines each, as they are compared.
        let filler = String(repeating: "    number = number + 1\n", count: 8)
        let repository = try await SampleRepository([
            "a.py": "def first(entry):\n\(filler)    colour(entry)\ndef second(entry):\n\(filler)    remove(entry)\n"
        ])
        let graph = GraphQueries(repository.graph.reader.store, vectors: { MadeUpVectors() })
        func first(_ question: String, _ weight: Double) throws -> String? {
            var settings = RankingSettings()
            let isKnown = settings.set("symbolVectors", weight)
            #expect(isKnown)
            let hits = try Searcher(graph.reader, settings: settings).symbols(SearchQuery(question), limit: 1)
            return try hits.first?.symbol.flatMap { try graph.reader.file($0.file)?.qualifiedName($0.ordinal) }
        }
        #expect(try first("erase entry", 1) == "second")
        #expect(try first("paint entry", 1) == "first")
        #expect(try first("erase entry", 0) == "first")
    }

    @Test("weights of 0 ask for no vector, and rank as without")
    func off() async throws {
        let repository = try await SampleRepository(Self.cars)
        let vectors = MadeUpVectors()
        let found = try paths("vehicle", in: repository, vectors, ["vectors": 0, "symbolVectors": 0])
        #expect(try found == paths("vehicle", in: repository, nil))
        #expect(vectors.count == 0)
    }

    @Test("the same question has the same answers")
    func same() async throws {
        let repository = try await SampleRepository(Self.cars)
        func hits() throws -> [Searcher.Hit] {
            let graph = GraphQueries(repository.graph.reader.store, vectors: { MadeUpVectors() })
            return try Searcher(graph.reader).symbols(SearchQuery("delete or paint a car"), limit: 10)
        }
        #expect(try hits() == hits())
    }

    @Test("any text is compared, with more words than there is room for at first", arguments: 0..<4 as Range<UInt64>)
    func manyWords(_ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let words = (0..<12_000).map { _ in
            String((0..<(1 + random.below(7))).map { _ in Character(Unicode.Scalar(UInt8(97 + random.below(26)))) })
        }
        var lines: [String] = []
        var rest = words[...]
        // Some lines are longer than all that is read of one.
        while !rest.isEmpty {
            let count = min(rest.count, random.below(8) == 0 ? 600 : 6)
            lines.append(rest.prefix(count).joined(separator: " "))
            rest = rest.dropFirst(count)
        }
        let repository = try await SampleRepository([
            "many.py": lines.joined(separator: "\n") + "\nerase(car)", "one.py": "erase(car)\n", "empty.py": "",
        ])
        #expect(try paths("delete vehicle", in: repository, MadeUpVectors()).first == "one.py")
    }
}
