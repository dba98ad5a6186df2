import CodeGraph
import Foundation
import TestSupport
import Testing

@Suite("Incremental updates")
struct IncrementalUpdateTests {
    @Test("equal a clean rebuild after any edits", arguments: 1...3)
    func equalRebuild(seed: Int) async throws {
        let index = try TestIndex()
        var edits = RandomEdits(root: index.repository.path, seed: seed)
        var random = SplitMix64(seed: UInt64(seed) &* 977)
        try edits.make()
        var done = 0
        var compared = 0
        let words = ["static", "return", "http", "open", "Keeps", "Grüße", "self", "stdio", "alpha", "include"]
        while done < 500 {
            for _ in 0..<(1 + random.below(6)) {
                try edits.edit()
                done += 1
            }
            try await index.update()
            let clean = try await index.rebuilt()
            let left = try IndexContents(of: index.path, words: words)
            let difference = left.difference(from: try IndexContents(of: clean, words: words))
            IndexLocation.remove(clean)
            try #require(difference == [], "after \(done) edits, the last \(edits.log.suffix(8))")
            compared += left.lines.count
        }
        #expect(compared > 10_000)
    }

    @Test("leave each string to be found where it stands, and only there")
    func strings() async throws {
        let index = try TestIndex()
        var random = SplitMix64(seed: 41)
        let letters = ["a", "b", "a", "é", "日", " ", "\n", "_", "🙂"]
        var texts: [String: [String]] = [:]
        var found = 0
        for _ in 0..<60 {
            let path = ["a.txt", "b.py", "c/d.c"][random.below(3)]
            var text = texts[path, default: []]
            let start = random.below(text.count + 1)
            let end = start + random.below(text.count - start + 1)
            text.replaceSubrange(
                start..<end, with: (0..<random.below(60)).map { _ in letters[random.below(letters.count)] })
            texts[path] = text
            try index.repository.write(text.joined(), to: path)
            try await index.update()
            let reader = try GraphReader(GraphStore(path: index.path))
            for _ in 0..<20 {
                let wanted = (0...random.below(6)).map { _ in letters[random.below(letters.count)] }.joined()
                let files = try Searcher(reader).files(holding: wanted).compactMap { try reader.file($0)?.path }
                let expected = texts.filter { Array($0.value.joined().utf8).contains(Array(wanted.utf8)) }.keys
                try #require(files.sorted() == expected.sorted(), "\(wanted.debugDescription)")
                found += files.count
            }
        }
        #expect(found > 300)
    }

    @Test("change nothing where nothing changed")
    func unchanged() async throws {
        let index = try TestIndex()
        var edits = RandomEdits(root: index.repository.path, seed: 9)
        try edits.make()
        let first = try await index.update()
        let second = try await index.update()
        #expect(first.added == first.files && first.added > 0)
        #expect(second.isEmpty && second.paths == [])
    }

    @Test("see a change that keeps size, times and inode, in the same moment as the update before")
    func sameMoment() async throws {
        let index = try TestIndex()
        let path = try index.repository.write("def even(): pass\n", to: "a.py")
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        for round in 0..<60 {
            let name = round % 2 == 0 ? "even" : "odds"
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data("def \(name)(): pass\n".utf8))
            try await index.update()
            let graph = try GraphQueries(GraphStore(path: index.path))
            let pattern = try #require(SymbolPattern(name))
            try #require(try graph.symbols(pattern).count == 1, "round \(round)")
        }
    }

    @Test("trust a stamp only when the file's clock had moved on")
    func youngStamps() {
        let stamp = FileStamp(byteCount: 1, modifiedNanoseconds: 5, changedNanoseconds: 7_000_000_001, inode: 2)
        #expect(stamp.remembered(lookedAt: 7_030_000_000) == stamp)
        #expect(stamp.remembered(lookedAt: 7_010_000_000) != stamp)
        #expect(stamp.remembered(lookedAt: 6_000_000_000) != stamp)
        var coarse = stamp
        coarse.changedNanoseconds = 7_000_000_000
        #expect(coarse.remembered(lookedAt: 8_900_000_000) != coarse)
        #expect(coarse.remembered(lookedAt: 9_100_000_000) == coarse)
    }
}
