import Foundation
import GrammarFiles
import ModelFiles
import Syntax
import TestSupport
import Testing

/// With the grammars that `make models` pulls.
@Suite("The real grammars")
struct RealGrammarTests {
    private let store = GrammarStore(environment: ProcessInfo.processInfo.environment)

    private func library(_ name: String) throws -> String {
        let manifest = try #require(try store.manifest(), "there are no grammars. Try: martlet grammar pull")
        return store.folder + "/" + (try #require(manifest.grammars[name]).file)
    }

    /// How many nodes there are in the tree of a text; nil when it was not parsed.
    private func nodeCount(_ text: String, _ grammar: Grammar) throws -> Int? {
        let query = try SyntaxQuery("(_) @node", grammar: grammar)
        var parser = SyntaxParser()
        var count = 0
        let isParsed = Array(text.utf8).withUnsafeBufferPointer { bytes in
            parser.matches(of: query, grammar: grammar, in: bytes) { _, _ in count += 1 }
        }
        return isParsed ? count : nil
    }

    @Test("are all intact, and can all be loaded and parse")
    func all() throws {
        _ = try library("python")
        let grammars = store.status()
        #expect(grammars.filter { $0.origin == .bundle }.count > 70)
        for grammar in grammars {
            #expect(grammar.condition == .ok, "\(grammar.name)")
            let count = try nodeCount("a = 1 # \"x\" { <b> }\n\n- c\n", store.grammar(named: grammar.name))
            #expect(count ?? 0 > 0, "\(grammar.name)")
        }
    }

    @Test("keep their licences beside them")
    func licences() throws {
        _ = try library("python")
        #expect(try FileTree.names(in: store.folder + "/licences").count > 70)
        #expect(FileTree.exists(store.folder + "/THIRD_PARTY_NOTICES.md"))
        #expect(FileTree.exists(store.folder + "/LICENSE"))
    }

    @Test("parse once they are the user's own, under the symbols that the languages have", arguments: ["go", "csharp"])
    func own(name: String) throws {
        let folder = try TemporaryFolder()
        let own = GrammarStore(root: folder.path)
        try FileTree.makeFolder(own.ownFolder)
        let path = own.ownFolder + "/libtree_sitter_\(name).\(GrammarPlatform.libraryExtension)"
        try FileManager.default.copyItem(atPath: try library(name), toPath: path)
        #expect(own.status().map(\.condition) == [.ok])
        let text = ["go": "package main\n", "csharp": "class A { int B; }\n"][name] ?? ""
        #expect(try nodeCount(text, own.grammar(named: name)) ?? 0 > 2)
    }

    #if os(Linux)
        @Test("that end early are errors unless nothing needed is missing, and never a SIGBUS")
        func truncated() throws {
            let contents = try Data(contentsOf: URL(fileURLWithPath: library("go")))
            let folder = try TemporaryFolder()
            var random = SplitMix64(seed: 3)
            // What is written to lies near the end, and behind it are tables that the loader does not read.
            let nearEnd = stride(from: contents.count * 95 / 100, to: contents.count, by: 61)
            var refused = 0
            for count in [0, 1, 63, 64, 100] + (0..<100).map({ _ in random.below(contents.count) }) + nearEnd {
                // A place for each: what has been loaded must not change under its users.
                let own = GrammarStore(root: "\(folder.path)/\(count)")
                try FileTree.makeFolder(own.ownFolder)
                try contents.prefix(count).write(to: URL(fileURLWithPath: own.ownFolder + "/libtree_sitter_go.so"))
                do throws(GrammarStoreError) {
                    let grammar = try own.grammar(named: "go")
                    #expect((try? nodeCount("package main\n", grammar)) ?? 0 > 2, "\(count)")
                } catch {
                    if case .damagedOwn = error { refused += 1 } else { Issue.record("\(count): \(error)") }
                }
            }
            #expect(refused > 150)
        }
    #endif
}
