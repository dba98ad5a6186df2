import Foundation
import GrammarFiles
import ModelFiles
import Syntax
import TestSupport
import Testing

@Suite("Grammars in the store")
struct GrammarStoreTests {
    private func installed(_ folder: TemporaryFolder) async throws -> (TestBundle, GrammarStore) {
        let test = try await TestBundle(in: folder.path)
        let store = test.store(in: folder)
        _ = try await test.installer(store).install(from: test.path)
        return (test, store)
    }

    private func conditions(_ store: GrammarStore) -> [String: GrammarStatus.Condition] {
        Dictionary(uniqueKeysWithValues: store.status().map { ($0.name, $0.condition) })
    }

    @Test("of which there are none say how to get them")
    func absent() throws {
        let folder = try TemporaryFolder()
        let store = GrammarStore(root: folder.path + "/none/")
        #expect(store.folder == folder.path + "/none/" + GrammarBundle.current.version)
        #expect(store.status().isEmpty)
        let error = #expect(throws: GrammarStoreError.notInstalled(name: "python")) {
            try store.grammar(named: "python")
        }
        #expect(error?.description.contains("martlet grammar pull") == true)
    }

    @Test("lie where the environment says")
    func environment() {
        let set = ["MARTLET_GRAMMARS": "/a/b", "HOME": "/home/ada"]
        #expect(GrammarStore(environment: set).root == "/a/b")
        #expect(GrammarStore(environment: ["HOME": "/home/ada"]).root == "/home/ada/.local/share/martlet/grammars")
        #expect(GrammarStore(environment: ["XDG_DATA_HOME": "/data"]).root == "/data/martlet/grammars")
    }

    @Test("that are damaged are found out, each by itself, and the next installation mends them")
    func damage() async throws {
        let folder = try TemporaryFolder()
        let (test, store) = try await installed(folder)
        let one = URL(fileURLWithPath: store.folder + "/libtree_sitter_one.so")
        let whole = try Data(contentsOf: one)

        try whole.dropLast().write(to: one)
        #expect(
            conditions(store)
                == ["one": .damaged(reason: "it has 69999 bytes instead of 70000"), "two": .ok, "three": .ok])
        let error = #expect(throws: GrammarStoreError.self) { try store.grammar(named: "one") }
        if case .damaged(name: "one", _, _)? = error {} else { Issue.record("\(error as Any)") }

        var changed = whole
        changed[5000] ^= 1
        try changed.write(to: one)
        #expect(conditions(store)["one"] == .damaged(reason: "its contents have changed"))

        try FileTree.remove(one.path)
        #expect(conditions(store) == ["one": .missing, "two": .ok, "three": .ok])
        #expect(throws: GrammarStoreError.missing(name: "one", path: one.path)) { try store.grammar(named: "one") }

        _ = try await test.installer(store).install(from: test.path)
        #expect(conditions(store) == ["one": .ok, "two": .ok, "three": .ok])
    }

    @Test("with a damaged manifest, or for other machines, are an error and can be fetched again")
    func manifest() async throws {
        let folder = try TemporaryFolder()
        let (test, store) = try await installed(folder)
        let path = store.folder + "/grammars.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for damaged in [
            "", "{}", "[]", String(text.dropLast(40)), text.replacing("libtree_sitter_one.so", with: "../../one.so"),
            text.replacing(": 300", with: ": -1"),
        ] {
            try folder.write(damaged, to: "grammars/0.1/grammars.json")
            #expect(store.bundleState() == .broken(.damagedManifest(path: path)), "\(damaged)")
            #expect(store.status().isEmpty)
            #expect(throws: GrammarStoreError.damagedManifest(path: path)) { try store.grammar(named: "two") }
        }
        try folder.write(text.replacing("test-machine", with: "other-machine"), to: "grammars/0.1/grammars.json")
        #expect(throws: GrammarStoreError.self) { try store.grammar(named: "two") }
        _ = try await test.installer(store).install(from: test.path)
        #expect(conditions(store) == ["one": .ok, "two": .ok, "three": .ok])
    }

    @Test("that are no libraries, or have names that lead elsewhere, are errors of their own only")
    func unusable() async throws {
        let folder = try TemporaryFolder()
        let (_, store) = try await installed(folder)
        // The bundle of these tests holds noise, whole and unchanged.
        let error = #expect(throws: GrammarStoreError.self) { try store.grammar(named: "two") }
        if case .notLoadable(.notLoadable)? = error {} else { Issue.record("\(error as Any)") }
        for name in ["", "four", "../0.1/libtree_sitter_two", "two.so", "zwölf", String(repeating: "x", count: 5000)] {
            #expect(throws: GrammarStoreError.unknown(name: name)) { try store.grammar(named: name) }
        }
    }

    @Test("of the user's own go before the bundle's, and what cannot be loaded is said and not loaded")
    func own() async throws {
        let folder = try TemporaryFolder()
        let (_, store) = try await installed(folder)
        #expect(store.ownFolder == folder.path + "/grammars/own")
        try folder.write("no library", to: "grammars/own/libtree_sitter_two.\(GrammarPlatform.libraryExtension)")
        try folder.write("ignored", to: "grammars/own/README")
        let status = try #require(store.status().first { $0.name == "two" })
        #expect(status.origin == .own)
        #expect(status.condition == .damaged(reason: "it is no shared library"))
        #expect(store.status().count == 3)
        let error = #expect(throws: GrammarStoreError.self) { try store.grammar(named: "two") }
        if case .damagedOwn? = error {} else { Issue.record("\(error as Any)") }
    }
}
