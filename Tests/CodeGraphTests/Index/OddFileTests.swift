import CodeGraph
import Foundation
import SQLite
import TestSupport
import Testing

@Suite("Indexing odd files")
struct OddFileTests {
    private let index: TestIndex

    init() throws { index = try TestIndex() }

    private func symbols(_ name: String) throws -> [String] {
        let graph = try GraphQueries(GraphStore(path: index.path))
        return try graph.symbols(#require(SymbolPattern(name))).compactMap { try graph.reader.symbol($0)?.file.path }
    }

    @Test("zero bytes in what begins as text harm nothing")
    func zeroBytes() async throws {
        let index = try TestIndex()
        let start = String(repeating: "text ", count: 2000)
        for round in 0..<4 {
            try index.repository.write(start + "a\u{0}b\u{0}\u{0}xyz\u{0}a\u{1}\u{0}round\(round)", to: "odd.txt")
            try index.repository.write(start + "\u{0}\u{0}\u{0}b\u{0}a", to: "other.txt")
            try await index.update()
            let searcher = try Searcher(GraphReader(GraphStore(path: index.path)))
            #expect(try searcher.files(holding: "round\(round)").count == 1)
            #expect(try searcher.files(holding: "b\u{0}a").count == 1)
            #expect(try searcher.files(holding: "round\(round + 1)").isEmpty)
        }
        _ = try IndexContents(of: index.path, words: ["text"])
    }

    @Test("goes on when a file is gone by the time it is read, and forgets what it was")
    func vanished() async throws {
        try index.repository.write("def kept(): pass\n", to: "a.py")
        let path = try index.repository.write("def gone(): pass\n", to: "b.py")
        try await index.update()
        try Data("def gone(): return 1\n".utf8).write(to: URL(fileURLWithPath: path))
        let root = try RepositoryRoot(index.repository.path)
        let scan = try RepositoryScan(of: root)
        try FileManager.default.removeItem(atPath: path)
        let indexer = GraphIndexer(root: root.path, languages: TestGrammars.queries, workers: 1)
        let summary = try await indexer.update(GraphStore(path: index.path), with: scan)
        #expect(summary.unreadable == 1)
        #expect(try symbols("gone") == [])
        #expect(try symbols("kept") == ["a.py"])
    }

    @Test("reads no pipe and no folder that took the place of a file")
    func replaced() async throws {
        for (name, replace) in [
            ("pipe.py", { (path: String) in _ = mkfifo(path, 0o600) }),
            ("folder.py", { (path: String) in _ = mkdir(path, 0o700) }),
            ("link.py", { (path: String) in _ = symlink("/etc/passwd", path) }),
        ] {
            let path = try index.repository.write("def old(): pass\n", to: name)
            let root = try RepositoryRoot(index.repository.path)
            let scan = try RepositoryScan(of: root)
            try FileManager.default.removeItem(atPath: path)
            replace(path)
            let indexer = GraphIndexer(root: root.path, languages: TestGrammars.queries, workers: 1)
            let summary = try await indexer.update(GraphStore(path: index.path), with: scan)
            #expect(summary.unreadable == 1, "\(name)")
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("takes a line of 50 MB, invalid UTF-8 and zero bytes, and finds them by their paths")
    func unparsable() async throws {
        let folder = index.repository.path + "/"
        try Data(repeating: UInt8(ascii: "x"), count: 50_000_000).write(to: URL(fileURLWithPath: folder + "long.py"))
        try Data("def short(): pass\n".utf8 + [UInt8](repeating: 120, count: 200_000)).write(
            to: URL(fileURLWithPath: folder + "line.py"))
        try Data([0xff, 0xfe, 0x80] + Array("def broken(): pass\n# text and more of it\n".utf8)).write(
            to: URL(fileURLWithPath: folder + "broken.py"))
        try Data(Array("int late;\n".utf8) + [UInt8](repeating: 10, count: 9000) + [0] + Array("int later;\n".utf8))
            .write(to: URL(fileURLWithPath: folder + "late.c"))
        try Data([0] + Array("def zero(): pass\n".utf8)).write(to: URL(fileURLWithPath: folder + "zero.py"))
        let summary = try await index.update()
        #expect(summary.added == 5)
        let store = try GraphStore(path: index.path)
        #expect(Set(try store.knownFiles().keys) == ["long.py", "line.py", "broken.py", "late.c", "zero.py"])
        #expect(try symbols("broken") == ["broken.py"])
        #expect(try symbols("zero") == [])
        // What was put in can be taken out again.
        for name in ["long.py", "line.py", "broken.py", "late.c", "zero.py"] {
            try FileManager.default.removeItem(atPath: folder + name)
        }
        try index.repository.write("def last(): pass\n", to: "last.py")
        try await index.update()
        let clean = try await index.rebuilt()
        let words = ["int", "late", "later", "broken", "text", "pass", "short"]
        let left = try IndexContents(of: index.path, words: words)
        #expect(left.difference(from: try IndexContents(of: clean, words: words)) == [])
    }

    @Test("gives up on nesting without end, and does not crash", arguments: ["c", "py"])
    func nesting(ending: String) async throws {
        let depth = 100_000
        let inner = String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
        // In lines, as what has longer ones is not parsed.
        let lines = inner.enumerated().reduce(into: "") { text, item in
            text.append(item.element)
            if item.offset % 1000 == 999 { text += "\n" }
        }
        let text = ending == "c" ? "int f(void)\n{\nreturn \(lines);\n}\n" : "def f():\n    return \(lines)\n"
        try index.repository.write(text, to: "deep.\(ending)")
        let blocks = String(repeating: "{\n", count: depth)
        try index.repository.write("int g(void)\n\(blocks)", to: "blocks.c")
        let summary = try await index.update()
        #expect(summary.added == 2)
        let second = try await index.update()
        #expect(second.isEmpty)
    }

    @Test("follows no circles of symbolic links")
    func links() async throws {
        try index.repository.write("def a(): pass\n", to: "x/a.py")
        try FileManager.default.createSymbolicLink(
            atPath: index.repository.path + "/x/up", withDestinationPath: "..")
        try FileManager.default.createSymbolicLink(
            atPath: index.repository.path + "/self.py", withDestinationPath: "self.py")
        #expect(try await index.update().files == 1)
        #expect(try symbols("a") == ["x/a.py"])
    }

    #if os(Linux)
        @Test("leaves out what may not be read, and takes it in when it may")
        func unreadable() async throws {
            let path = try index.repository.write("def secret(): pass\n", to: "secret.py")
            try await index.update()
            #expect(try symbols("secret") == ["secret.py"])
            chmod(path, 0)
            let root = try RepositoryRoot(index.repository.path)
            chmod(index.repository.path, 0o755)
            let scan = try OrdinaryUser.run { try RepositoryScan(of: root) }
            #expect(scan.leftOut.count(.unreadable) == 1)
            let indexer = GraphIndexer(root: root.path, languages: TestGrammars.queries, workers: 1)
            _ = try await indexer.update(GraphStore(path: index.path), with: scan)
            #expect(try symbols("secret") == [])
            chmod(path, 0o644)
            try await index.update()
            #expect(try symbols("secret") == ["secret.py"])
        }
    #endif
}
