import Foundation
import TestSupport
import Testing

@Suite("Answers that language servers check")
struct PreciseCommandTests {
    private let martlet: TestedRepository
    private var folder: TemporaryFolder { martlet.folder }

    init() throws {
        let path = Repository.root + "/.venv/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        martlet = try TestedRepository(environment: ["PATH": path])
    }

    private struct Answer: Decodable {
        var path: String
        var line: Int
        var symbol: String?
        var provenance: String?
    }

    /// `path:line symbol, provenance` of each.
    private func answers(_ run: CommandRun) throws -> [String] {
        try JSONDecoder().decode([Answer].self, from: run.output).map {
            "\($0.path):\($0.line) \($0.symbol ?? ""), \($0.provenance ?? "none")"
        }
    }

    private func writeC() throws {
        try folder.write("static int reset(int x) { return x + 1; }\n", to: "net/board.c")
        try folder.write("static int reset(int x) { return x - 1; }\n", to: "disk/board.c")
        try folder.write("#include \"board.c\"\nint start(void) { return reset(1); }\n", to: "main.c")
        try folder.write("-Idisk\n", to: "compile_flags.txt")
    }

    /// It comes with the toolchain.
    private static var hasClangd: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/clangd")
        }
    }

    @Test("tell same-named statics apart, as the compiler does", .enabled(if: hasClangd))
    func clangd() async throws {
        try writeC()
        let guess = try await martlet("callers", "disk/board.c:reset", "--ambiguous", "--json")
        #expect(try answers(guess) == ["main.c:2 start, ambiguous"])
        let exact = try await martlet("callers", "disk/board.c:reset", "--precise", "--json")
        #expect(try answers(exact) == ["main.c:2 start, exact"])
        #expect(exact.errors.contains("martlet: clangd was asked about 1 use: 1 right, 0 wrong, 0 not settled."))
        let none = try await martlet("callers", "net/board.c:reset", "--precise", "--ambiguous", "--json")
        #expect(try answers(none).isEmpty && none.status == 1 && none.errors.contains("0 right, 1 wrong"))
        let callees = try await martlet("callees", "start", "--precise", "--json")
        #expect(try answers(callees) == ["disk/board.c:1 reset, exact"])
        // Nothing was left behind.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
    }

    private func writePython() throws {
        try folder.write(
            """
            class Store:
                def load(self): return 1


            class Cache(Store):
                def load(self): return 2


            """, to: "store.py")
        try folder.write(
            """
            from store import Cache, Store


            def run(stores: list[Store], things):
                [store.load() for store in stores]
                [item.load() for item in things if isinstance(item, Cache)]
                [thing.load() for thing in things]

            """, to: "main.py")
    }

    @Test("follow types where the graph knows names only; what the server does not know stays as it was")
    func ty() async throws {
        try writePython()
        let run = try await martlet("callers", "Store.load", "--precise", "--ambiguous", "--json")
        #expect(try answers(run) == ["main.py:5 run, exact", "main.py:7 run, ambiguous"], "\(run.errors)")
        #expect(run.errors.contains("1 right, 1 wrong, 1 not settled and as they were (1: it knows no definition)"))
        #expect(
            try answers(await martlet("implementers", "Store", "--precise", "--json")) == ["store.py:5 Cache, exact"])
        #expect(
            try answers(await martlet("overrides", "Store.load", "--precise", "--json"))
                == ["store.py:6 Cache.load, exact"])
        #expect(
            try answers(await martlet("references", "Cache", "--precise", "--json")).allSatisfy {
                $0.hasSuffix("exact")
            })
        let one = try await martlet("callers", "Store.load", "--precise", "--precise-limit", "1", "--ambiguous")
        #expect(
            one.errors.contains("was asked about 1 use") && one.errors.contains("2 uses not asked about"))
    }

    @Test("are given without a server, too, with the way to one")
    func noServer() async throws {
        try writePython()
        let run = try await martlet(
            "callers", "Store.load", "--precise", "--ambiguous", "--json", environment: ["PATH": "/nonexistent"])
        #expect(try answers(run).count == 3 && run.status == 0)
        #expect(
            run.errors.contains(
                "no language server for python is on this machine; 3 uses not checked. Try: pip install ty"))
    }

    @Test("stay as they are when a server fails, and say why", arguments: ["crashes", "silent", "hog"])
    func failures(mode: String) async throws {
        try writePython()
        let notes = try TemporaryFolder()
        let script = "\(Repository.root)/Tests/LanguageServersTests/scripted_server.py"
        var environment = ["MARTLET_PRECISE_SERVERS": "python=python3 \(script) \(mode) \(notes.path)"]
        if mode == "silent" { environment["MARTLET_PRECISE_TIMEOUT"] = "2" }
        if mode == "hog" { environment["MARTLET_PRECISE_MEMORY"] = "0.3" }
        let run = try await martlet(
            "callers", "Store.load", "--precise", "--ambiguous", "--json", environment: environment)
        #expect(try answers(run).count == 3 && run.status == 0)
        #expect(run.errors.contains("0 right, 0 wrong, 3 not settled and as they were"), "\(run.errors)")
        switch mode {
        case "crashes": #expect(run.errors.contains("ended by itself with status 3; its last words: cannot go on"))
        case "hog": #expect(run.errors.contains("286 MiB are the limit"))
        default: #expect(run.errors.contains("(3: ") || run.errors.contains("not ready"))
        }
    }

    @Test("end with their servers when somebody presses Ctrl-C")
    func interrupted() async throws {
        try writePython()
        let notes = try TemporaryFolder()
        let script = "\(Repository.root)/Tests/LanguageServersTests/scripted_server.py"
        let run = try await CommandRun.shell(
            """
            $martlet callers Store.load --precise & martlet=$!
            until grep -q definition "$notes/heard" 2>/dev/null; do sleep 0.05; done
            kill -INT $martlet; wait $martlet; echo "status $?"
            kill -0 $(cat "$notes/starts") 2>/dev/null || echo "the server is gone"
            """,
            environment: [
                "XDG_CACHE_HOME": martlet.cache.path, "notes": notes.path, "MARTLET_PRECISE_TIMEOUT": "3600",
                "MARTLET_PRECISE_SERVERS": "python=python3 \(script) silent \(notes.path)",
            ], folder: folder.path)
        #expect(run.text == "status 130\nthe server is gone\n", "\(run.text) \(run.errors)")
    }

    @Test("do not start programs that a project names")
    func projectSettings() async throws {
        try writePython()
        try folder.write(#"{"preciseServers": "python=./evil"}"#, to: "martlet.json")
        let run = try await martlet("callers", "Store.load", "--precise")
        #expect(run.status == 2 && run.errors.contains("names code to run: a project may not do that"))
    }

    @Test("are prepared for by the doctor, which lists the servers")
    func doctor() async throws {
        let run = try await martlet("doctor")
        #expect(run.text.contains("language servers") && run.text.contains("ty (python)"), "\(run.text)")
        let none = try await martlet("doctor", environment: ["PATH": "/nonexistent"])
        #expect(none.text.contains("none, so that --precise checks nothing"))
        let wrong = try await martlet("doctor", environment: ["MARTLET_PRECISE_SERVERS": "cobol=x"])
        #expect(wrong.status == 1 && wrong.text.contains("no language server is known for 'cobol'"))
        let refused = try await martlet("callers", "x", "--precise", "--precise-limit", "0")
        #expect(refused.status == 2 && refused.errors.contains("--precise-limit takes a whole number above 0"))
    }
}
