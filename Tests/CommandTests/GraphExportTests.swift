import Foundation
import TestSupport
import Testing

@Suite("martlet graph")
struct GraphExportTests {
    private let martlet: TestedRepository
    private var folder: TemporaryFolder { martlet.folder }

    init() throws {
        martlet = try TestedRepository([
            "data/store.py": """
            class Store:
                def load(self, name):
                    return self.retry(name)

                def retry(self, name):
                    return name


            class Cache(Store):
                def load(self, name):
                    return super().load(name)

            """,
            "main.py":
                "from data.store import Cache\n\n\ndef main():\n    store = Cache()\n    print(store.load('a'))\n",
        ])
    }

    private struct Graph: Decodable {
        struct File: Decodable, Equatable {
            var id: String
            var path: String
            var language: String?
            var lines: Int
        }
        struct Symbol: Decodable {
            var id: String
            var parent: String?
            var path: String
            var line: Int
            var column: Int
            var end_line: Int
            var name: String
            var qualified_name: String
            var kind: String
            var is_declaration: Bool?
        }
        struct Edge: Decodable {
            var from: String
            var to: String
            var kind: String
            var provenance: String
            var path: String
            var line: Int
            var column: Int
        }
        var files: [File]
        var symbols: [Symbol]
        var edges: [Edge]

        /// `main -call-> Cache (main.py:5:13, import-resolved)`
        var sentences: [String] {
            let names = Dictionary(
                symbols.map { ($0.id, $0.qualified_name) } + files.map { ($0.id, $0.path) }, uniquingKeysWith: { $1 })
            return edges.map {
                "\(names[$0.from] ?? "?") -\($0.kind)-> \(names[$0.to] ?? "?") "
                    + "(\($0.path):\($0.line):\($0.column), \($0.provenance))"
            }
        }
    }

    @Test("json has files, symbols and edges, with the place of each use")
    func json() async throws {
        let run = try await martlet("graph", "--format", "json")
        #expect(run.status == 0, "\(run.errors)")
        let graph = try run.json(Graph.self)
        #expect(
            graph.files == [
                .init(id: "0", path: "data/store.py", language: "python", lines: 11),
                .init(id: "1", path: "main.py", language: "python", lines: 6),
            ])
        let symbols = graph.symbols.map { "\($0.id) \($0.qualified_name) \($0.line):\($0.column)-\($0.end_line)" }
        #expect(
            symbols == [
                "0.0 Store 1:7-6", "0.1 Store.load 2:9-3", "0.2 Store.retry 5:9-6", "0.3 Cache 9:7-11",
                "0.4 Cache.load 10:9-11", "1.0 main 4:5-6",
            ])
        #expect(
            graph.sentences == [
                "Store.load -call-> Store.retry (data/store.py:3:21, import-resolved)",
                "Cache -inherits-> Store (data/store.py:9:13, import-resolved)",
                "Cache.load -call-> Store.load (data/store.py:11:24, import-resolved)",
                "main.py -imports-> data/store.py (main.py:1:6, import-resolved)",
                "main -call-> Cache (main.py:5:13, import-resolved)",
                "main -call-> Cache.load (main.py:6:17, type-inferred)",
                "Cache.load -overrides-> Store.load (data/store.py:10:9, import-resolved)",
            ])
        #expect(try await martlet("graph", "--format", "json").output == run.output)
    }

    @Test("kinds and parts are chosen, and a file is written as a whole")
    func choices() async throws {
        let some = try await martlet("graph", "--format", "json", "--kinds", "inherits,imports").json(Graph.self)
        #expect(some.edges.map(\.kind) == ["inherits", "imports"] && some.symbols.count >= 6)
        let part = try await martlet("graph", "main.py", "--format", "json").json(Graph.self)
        #expect(Set(part.edges.map(\.path)) == ["main.py"])
        #expect(Set(part.symbols.map(\.qualified_name)).isSuperset(of: ["main", "Cache", "Cache.load"]))
        #expect(!part.symbols.contains { $0.qualified_name == "Store.retry" })
        let path = folder.path + "/graph.json"
        let written = try await martlet("graph", "Store.load", "--format", "json", "--output", path)
        #expect(written.status == 0 && written.output.isEmpty)
        let method = try JSONDecoder().decode(Graph.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(method.edges.count == 3)
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    }

    @Test("an interrupted export leaves nothing behind", arguments: [("INT", 130), ("TERM", 143)])
    func interrupted(signal: String, status: Int) async throws {
        // More than a pipe holds, so that the export waits for a reader who never reads.
        try folder.write((0..<2000).map { "def function_\($0)():\n    main()\n\n\n" }.joined(), to: "many.py")
        let run = try await CommandRun.shell(
            """
            set -m  # Or else the shell has it ignore SIGINT.
            mkfifo graph.json.partial
            $martlet graph --format json --output graph.json & martlet=$!
            exec 3<> graph.json.partial
            until read -t 0.1 -N 1 -u 3 byte || ! kill -0 $martlet; do :; done
            kill -\(signal) $martlet; wait $martlet; echo "status $?"
            ls graph.json*
            """, environment: ["XDG_CACHE_HOME": martlet.cache.path], folder: folder.path)
        #expect(run.text == "status \(status)\n", "\(run.text) \(run.errors)")
    }

    @Test("what cannot be done is refused in words, and what is not there has status 1")
    func refusals() async throws {
        for (arguments, status, words) in [
            (["nobody", "--format", "json"], 1, "has no symbol 'nobody'"), (["--format", "xml"], 2, "xml"),
            (["--format", "json", "--kinds", "calls"], 2, "calls"),
            (["--format", "html", "--level", "files"], 2, "--format dot"),
            (["--format", "dot", "--limit", "0"], 2, "--limit"),
            (["--format", "json", "--output", "/no/such/folder/x"], 2, "/no/such/folder/x"), ([], 2, "--format"),
        ] as [([String], Int32, String)] {
            let run = try await martlet.run(["graph"] + arguments)
            #expect(run.status == status && run.errors.contains(words), "\(arguments): \(run.errors)")
            #expect(run.output.isEmpty)
        }
    }

    /// Names that mean something to one or another of the formats.
    private static let hostile = [
        "a</script><script>alert(1)</script>.py", "b\"];x->y[\".py", "c\\n\\l\\.py", "d\nline.py", "e{data}&amp;.py",
        "f\u{1}\u{2028}.py", "g'--><!--.py", "-- h.py",
    ]

    private func hostileFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (number, name) in Self.hostile.enumerated() {
            // A slash makes a folder of what stands before it.
            try folder.write("def f\(number)():\n    \"\"\"</script>\"\"\"\n    f0()\n", to: "x<b>\"/" + name)
        }
        return folder
    }

    @Test("Graphviz draws every level, whatever files are called")
    func dot() async throws {
        for level in ["modules", "files", "symbols"] {
            for folder in [folder, try hostileFolder()] {
                let run = try await martlet("graph", "--format", "dot", "--level", level, in: folder)
                #expect(run.status == 0, "\(run.errors)")
                let drawn = try await CommandRun.run("/usr/bin/env", ["dot", "-Tsvg"], input: run.output)
                #expect(drawn.status == 0 && drawn.errors.isEmpty, "\(level): \(drawn.errors)\n\(run.text)")
                #expect(drawn.text.contains("</svg>"))
                if level == "symbols", folder === self.folder {
                    #expect(drawn.text.components(separatedBy: "class=\"edge\"").count == 6)
                }
                if level == "files", folder !== self.folder {
                    #expect(drawn.text.components(separatedBy: "class=\"node\"").count == Self.hostile.count + 1)
                }
            }
        }
    }

    @Test("a picture with too many boxes shows the most important, and says so")
    func limit() async throws {
        let run = try await martlet("graph", "--format", "dot", "--level", "symbols", "--limit", "2")
        #expect(run.text.components(separatedBy: "[label=").count == 3)
        #expect(run.errors.contains("4 symbols that matter less are left out"), "\(run.errors)")
    }

    @Test("the page is one file under a policy that forbids the network, whatever files are called")
    func html() async throws {
        let run = try await martlet("graph", "--format", "html", in: hostileFolder())
        #expect(run.status == 0, "\(run.errors)")
        let page = run.text
        #expect(page.contains("content=\"default-src 'none'; script-src 'sha256-"))
        #expect(page.components(separatedBy: "</script>").count == 3 && !page.contains("alert(1)"))
        // What it is made of is checked by GraphPageTests; here, that this is what is written.
        let path = folder.path + "/graph.html"
        let written = try await martlet("graph", "main.py", "--format", "html", "--output", path)
        #expect(written.status == 0 && written.output.isEmpty, "\(written.errors)")
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("<!doctype html>"))
    }
}
