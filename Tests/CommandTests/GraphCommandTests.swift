import Foundation
import TestSupport
import Testing

@Suite("Questions about a repository")
struct GraphCommandTests {
    private let martlet: TestedRepository
    private var folder: TemporaryFolder { martlet.folder }

    init() throws {
        martlet = try TestedRepository([
            "store.py": """
            \"\"\"Keeps items on disk.\"\"\"


            class Store:
                \"\"\"A folder of items.\"\"\"

                def load(self, name):
                    \"\"\"Reads an item, and tries again when the disk is busy.\"\"\"
                    return self.retry(lambda: open(name))

                def retry(self, action):
                    for attempt in range(MAXIMUM_RETRIES):
                        return action()


            class Cache(Store):
                def load(self, name):
                    return super().load(name)


            MAXIMUM_RETRIES = 5

            """,
            "main.py": "from store import Cache\n\n\ndef main():\n    store = Cache()\n    print(store.load('a'))\n",
            ".gitignore": "ignored/\n",
            "ignored/load.py": "def load():\n    pass\n",
            "NOTES.txt": "Notes about \"caching\" of items\n",
        ])
    }

    private struct Answer: Decodable, Equatable {
        var path: String
        var line: Int
        var symbol: String?
        var kind: String?
        var score: Double?
        var reason: String?
        var provenance: String?
    }

    private func answers(_ run: CommandRun) throws -> [Answer] {
        try JSONDecoder().decode([Answer].self, from: run.output)
    }

    @Test("search finds what a question is about, and says why")
    func search() async throws {
        let run = try await martlet("search", "--json", "--limit", "3", "where are retries capped?")
        #expect(run.status == 0, "\(run.errors)")
        let found = try answers(run)
        #expect(found.first?.path == "store.py" && found.first?.symbol == "MAXIMUM_RETRIES" && found.first?.line == 21)
        #expect(found.count <= 3 && found.allSatisfy { $0.score ?? 0 > 0 && $0.reason != nil && $0.kind != nil })
        #expect(found.map { $0.score ?? 0 } == found.map { $0.score ?? 0 }.sorted(by: >))
        let files = try answers(await martlet("search", "--files", "--json", "caching notes"))
        #expect(files.first?.path == "NOTES.txt")
        let exact = try answers(
            await martlet("search", "--files", "--json", "\"caching\\\" of\"".replacing("\\", with: "")))
        #expect(exact.map(\.path) == ["NOTES.txt"])
    }

    @Test("symbols are named in four ways")
    func symbols() async throws {
        for name in ["Store.load", "store.py:Store.load", "store.py:9", "Store::load"] {
            let found = try answers(await martlet("symbol", "--json", name))
            #expect(found.map(\.symbol) == ["Store.load"] && found.map(\.line) == [7], "\(name)")
        }
        let both = try answers(await martlet("symbol", "--json", "load"))
        #expect(both.map(\.symbol) == ["Store.load", "Cache.load"])
        let text = try await martlet("symbol", "Store.load")
        #expect(text.text == "store.py:7  method Store.load\n    def load(self, name):\n")
    }

    @Test("relations say how sure they are")
    func relations() async throws {
        let callers = try answers(await martlet("callers", "--json", "Cache.load"))
        #expect(callers.map(\.path) == ["main.py"] && callers.map(\.provenance) == ["type-inferred"])
        let base = try answers(await martlet("callers", "--json", "Store.load"))
        #expect(base.map(\.symbol) == ["Cache.load"] && base.map(\.provenance) == ["import-resolved"])
        #expect(try answers(await martlet("callees", "--json", "Store.load")).map(\.symbol) == ["Store.retry"])
        #expect(try answers(await martlet("implementers", "--json", "Store")).map(\.symbol) == ["Cache"])
        #expect(try answers(await martlet("overrides", "--json", "Store.load")).map(\.symbol) == ["Cache.load"])
        let uses = try answers(await martlet("references", "--json", "Store"))
        #expect(uses.map(\.reason) == ["inherit"] && uses.map(\.symbol) == ["Cache"])
    }

    @Test("routes have names, and uses in tests are shown or left out")
    func routesAndTests() async throws {
        try folder.write("@app.get(\"/items/{name}\")\ndef item(name):\n    return helper()\n", to: "web.py")
        try folder.write("from web import item\n\n\ndef test_item():\n    item('a')\n", to: "tests/test_web.py")
        let route = try answers(await martlet("symbol", "--json", "GET /items"))
        #expect(route.map(\.symbol) == ["GET /items/{name}"] && route.map(\.kind) == ["route"])
        let all = try answers(await martlet("callers", "--json", "item"))
        #expect(all.map(\.path) == ["tests/test_web.py", "web.py"] && all.map(\.reason) == [nil, "answers"])
        #expect(try answers(await martlet("callers", "--json", "--no-tests", "item")).map(\.path) == ["web.py"])
        #expect(try answers(await martlet("callers", "--json", "--tests", "item")).map(\.path) == ["tests/test_web.py"])
    }

    @Test("the index follows the files, and is made once")
    func index() async throws {
        let first = try await martlet("index")
        #expect(first.status == 0 && first.text.contains("4 added") && first.text.contains("python"), "\(first.text)")
        #expect(try await martlet("index").text.contains("0 added, 0 changed, 0 removed"))
        try folder.write("def saved():\n    pass\n", to: "new.py")
        #expect(try await martlet("symbol", "saved").text.contains("new.py:1"))
        try FileManager.default.removeItem(atPath: folder.path + "/new.py")
        let gone = try await martlet("symbol", "saved")
        #expect(gone.status == 1 && gone.errors.contains("has no symbol 'saved'. Try: martlet search 'saved'"))
        #expect(try await martlet("index", "--rebuild").text.contains("4 added"))
    }

    @Test("a damaged index is made again, with a word about it")
    func damaged() async throws {
        let report = try await martlet("index", "--json")
        struct Report: Decodable { var index: String }
        let path = try JSONDecoder().decode(Report.self, from: report.output).index
        try Data(repeating: 65, count: 100_000).write(to: URL(fileURLWithPath: path))
        let run = try await martlet("symbol", "MAXIMUM_RETRIES")
        #expect(run.status == 0 && run.text.contains("store.py:21"), "\(run.errors)")
        #expect(run.errors.contains("cannot be used") && run.errors.contains("made again"))
    }

    @Test("without grammars there are words, and the way to the grammars")
    func noGrammars() async throws {
        let nothing = try TemporaryFolder()
        let run = try await martlet("search", "--grammars", nothing.path, "--files", "retry")
        #expect(run.status == 0 && run.text.contains("store.py"))
        #expect(run.errors.contains("python: indexed by words only") && run.errors.contains("martlet grammar pull"))
        // They are read again once there is a grammar.
        #expect(try await martlet("symbol", "Store").status == 0)
    }

    @Test("what cannot be answered is refused in words")
    func refusals() async throws {
        for (arguments, words) in [
            (["symbol", "src/a.py:0"], "names no symbol"), (["search", "x", "--limit", "0"], "--limit"),
            (["callers", "nothing_of_that_name"], "has no symbol"),
            (["search", "--repo", "/no/such/folder", "x"], "/no/such/folder"),
            (["search", "zzzqqq"], "Nothing in"),
        ] {
            let run = try await martlet.run(arguments)
            #expect(run.status != 0 && run.errors.contains(words), "\(arguments): \(run.errors)")
            #expect(run.text.isEmpty)
        }
    }
}
