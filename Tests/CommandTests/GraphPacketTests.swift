import Foundation
import TestSupport
import Testing

/// What gives models something to read, and what leads from one symbol to another.
@Suite("Maps, contexts, imports and paths of a repository")
struct GraphPacketTests {
    private let martlet: TestedRepository
    private var folder: TemporaryFolder { martlet.folder }

    init() throws {
        martlet = try TestedRepository([
            "store.py": """
            \"\"\"Keeps items.\"\"\"
            from disk import read_block


            class Store:
                \"\"\"A folder of items.\"\"\"

                def load(self, name):
                    \"\"\"Reads an item.\"\"\"
                    return read_block(name)

            """,
            "disk.py": "def read_block(name):\n    return open(name)\n\n\ndef unused():\n    pass\n",
            "main.py":
                "from store import *\nimport json\n\n\ndef main():\n    store = Store()\n    store.load('a')\n",
        ])
    }

    private struct Packet: Decodable {
        struct Item: Decodable {
            var path: String
            var line: Int
            var end_line: Int
            var form: String
            var symbol: String
            var kind: String
            var reason: String?
            var text: String
        }
        var budget: Int
        var tokens: Int
        var counter: String
        var items: [Item]
    }

    @Test("map shows outlines that fit, in the order of paths, and around a file what matters for it")
    func map() async throws {
        let run = try await martlet("map", "--tokens", "500")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.hasPrefix("disk.py\n") && run.text.contains("def read_block(name):"))
        #expect(run.errors.contains("of 500 tokens, "))
        let packet = try await martlet("map", "--tokens", "500", "--json").json(Packet.self)
        #expect(packet.budget == 500 && packet.tokens <= 500)
        #expect(packet.items.map(\.path) == packet.items.map(\.path).sorted())
        #expect(packet.items.allSatisfy { $0.form == "signature" && $0.end_line >= $0.line })
        // A tight one keeps what is used most.
        let tight = try await martlet("map", "--tokens", "20", "--json").json(Packet.self)
        #expect(tight.tokens <= 20 && tight.items.contains { $0.symbol == "read_block" })
        #expect(!tight.items.contains { $0.symbol == "unused" })
        let none = try await martlet("map", "--tokens", "1")
        #expect(none.status == 1 && none.text.isEmpty && none.errors.contains("fits 1 tokens"))
        let wrong = try await martlet("map", "--focus", "nowhere.py")
        #expect(wrong.status == 2 && wrong.errors.contains("has no file 'nowhere.py'"))
        let focused = try await martlet("map", "--focus", "main.py", "--json").json(Packet.self)
        #expect(focused.items.contains { $0.symbol == "main" })
    }

    @Test("context gathers what a task is about and what that uses, each with a reason")
    func context() async throws {
        let packet = try await martlet("context", "load an item of the store", "--tokens", "600", "--json").json(
            Packet.self)
        #expect(packet.tokens <= 600)
        let load = packet.items.first { $0.symbol == "Store.load" }
        #expect(load?.form == "body" && load?.text.contains("return read_block(name)") == true)
        #expect(packet.items.contains { $0.symbol == "read_block" })
        #expect(packet.items.contains { $0.reason != nil })
        let text = try await martlet("context", "load", "an", "item", "--tokens", "600")
        #expect(text.status == 0 && text.text.contains("store.py"))
        let none = try await martlet("context", "zzzqqq", "--tokens", "600")
        #expect(none.status == 1 && none.text.isEmpty && none.errors.contains("Nothing in"))
        #expect(try await martlet("context", "x", "--tokens", "0").status == 2)
    }

    private struct Import: Decodable, Equatable {
        var path: String
        var line: Int
        var module: String
        var name: String?
        var files: [String]
    }

    @Test("imports shows both directions, for files and for symbols")
    func imports() async throws {
        let own = try await martlet("imports", "main.py", "--json").json([Import].self)
        #expect(
            own == [
                Import(path: "main.py", line: 1, module: "store", name: "*", files: ["store.py"]),
                Import(path: "main.py", line: 2, module: "json", name: nil, files: []),
            ])
        let text = try await martlet("imports", "store.py")
        #expect(text.text == "store.py:2  read_block from disk  disk.py\n")
        let back = try await martlet("imports", "--reverse", "disk.py", "--json").json([Import].self)
        #expect(back.map(\.path) == ["store.py"])
        #expect(try await martlet("imports", "--reverse", "read_block").text.hasPrefix("store.py:2"))
        #expect(try await martlet("imports", "--reverse", "unused").status == 1)
        let limited = try await martlet("imports", "main.py", "--limit", "1")
        #expect(limited.errors.contains("2 in all") && limited.text.split(separator: "\n").count == 1)
        let none = try await martlet("imports", "nothing.py")
        #expect(none.status == 1 && none.errors.contains("Try: martlet search"))
    }

    private struct Step: Decodable {
        var path: String
        var line: Int
        var symbol: String
        var provenance: String?
        var reason: String?
    }

    @Test("path shows each step of a chain with the place of its use")
    func path() async throws {
        let steps = try await martlet("path", "main", "read_block", "--json").json([Step].self)
        #expect(steps.map(\.symbol) == ["main", "Store", "read_block"])
        #expect(steps.map(\.reason) == [nil, "call at main.py:6", "call at store.py:10"])
        #expect(steps.map(\.provenance) == [nil, "import-resolved", "import-resolved"])
        let text = try await martlet("path", "main", "read_block")
        #expect(text.text.contains("store.py:5  class Store  (import-resolved, call at main.py:6)"), "\(text.text)")
        let short = try await martlet("path", "main", "read_block", "--steps", "1")
        #expect(short.status == 1 && short.errors.contains("within 1 steps"))
        let back = try await martlet("path", "read_block", "main")
        #expect(back.status == 1 && back.errors.contains("No chain of uses leads from 'read_block' to 'main'."))
        #expect(try await martlet("path", "main", "nobody").status == 1)
        #expect(try await martlet("path", "main", "read_block", "--steps", "0").status == 2)
    }

    @Test("index --watch follows each edit until Ctrl-C, and what it knows can be asked meanwhile")
    func watch() async throws {
        let terminal = try await TestTerminal(
            "\(Repository.martlet) index --watch '\(folder.path)'; echo ended with $?", columns: 160,
            environment: ["XDG_CACHE_HOME": martlet.cache.path, "LANG": "C.UTF-8", "NO_COLOR": "1"])
        try await terminal.wait(for: "3 added")
        try folder.write("def added():\n    pass\n", to: "new.py")
        try await terminal.wait(for: "new.py: 1 added")
        #expect(try await martlet("symbol", "added").text.hasPrefix("new.py:1"))
        try folder.write("def changed_there():\n    pass\n", to: "new.py")
        try await terminal.wait(for: "new.py: 1 changed")
        #expect(try await martlet("symbol", "added").status == 1)
        try FileManager.default.removeItem(atPath: folder.path + "/new.py")
        try await terminal.wait(for: "new.py: 1 removed")
        try await terminal.press("C-c")
        try await terminal.wait(for: "ended with 130")
        let refused = try await martlet("index", "--watch", "--json")
        #expect(refused.status == 2 && refused.errors.contains("--watch prints lines"))
    }
}
