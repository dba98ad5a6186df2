import Foundation
import LanguageServers
import TestSupport
import Testing

/// Questions to servers that people use: clangd and sourcekit-lsp come with the toolchain, ty with the tests'
/// Python packages.
@Suite("A real language server")
struct RealServerTests {
    private static var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = Repository.root + "/.venv/bin:" + (environment["PATH"] ?? "")
        return environment
    }

    static func isThere(_ language: String) -> Bool {
        ServerCatalogue().server(for: language, ProgramSearch(environment: environment)) != nil
    }

    /// Asks about the names that stand behind each mark of the files, in order.
    /// - Returns: `file:line` for each, counted from 0.
    private func ask(
        _ language: String, _ files: [(name: String, text: String)], mark: String, companions: [String] = []
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        let root = try #require(realpath(folder.path, nil).map { String(cString: $0) })
        for file in files { try folder.write(file.text, to: file.name) }
        let (entry, program) = try #require(
            ServerCatalogue().server(for: language, ProgramSearch(environment: Self.environment)))
        let epoch = ContinuousClock.now
        // Nothing of this is reached by a server that answers.
        let limits = ServerLimits(run: .seconds(3600), memory: 1 << 40)
        let oracle = DefinitionOracle(limits: limits, now: .zero) { (end) throws(ServerFailure) in
            let command = entry.command(program, folder: root + "/.scratch") { _ in false }
            let process = try ServerProcess(
                command, environment: Self.environment, folder: root, memoryLimit: limits.memory, epoch: epoch)
            return try LanguageServer(
                process, entry: entry, root: root, process: Int(ProcessInfo.processInfo.processIdentifier),
                limits: limits, until: end)
        }
        defer { oracle.shutDown() }
        var questions: [DefinitionQuestion] = []
        for file in files {
            let parts = file.text.components(separatedBy: mark)
            var offset = 0
            for part in parts.dropLast() {
                offset += part.utf8.count + mark.utf8.count
                questions.append(
                    DefinitionQuestion(file: .init(path: root + "/" + file.name, language: language), offset: offset))
            }
        }
        let answers = try oracle.ask(
            questions, companions: companions.map { .init(path: root + "/" + $0, language: language) },
            text: { path in FileManager.default.contents(atPath: path).map { Array($0) } })
        #expect(oracle.failures.isEmpty)
        return answers.map { answer in
            guard case .places(let places, _) = answer, let place = places.first else { return "\(answer)" }
            return "\((place.path ?? "").dropFirst(root.count + 1)):\(place.position.line)"
        }
    }

    @Test("of C tells same-named statics apart, and finds definitions in open files", .enabled(if: isThere("c")))
    func clangd() throws {
        let found = try ask(
            "c",
            [
                ("net.c", "static int reset(void) { return 1; }\nint net(void) { return /*?*/reset(); }\n"),
                ("disk.c", "static int reset(void) { return 2; }\nint disk(void) { return /*?*/reset(); }\n"),
                ("all.h", "int net(void);\nint disk(void);\n"),
                ("all.c", "#include \"all.h\"\nint all(void) { /* ä😀 */ return /*?*/net() + /*?*/disk(); }\n"),
            ], mark: "/*?*/", companions: ["net.c", "disk.c"])
        #expect(found == ["net.c:0", "disk.c:0", "net.c:1", "disk.c:1"])
    }

    @Test("of Swift answers once it has read the package", .enabled(if: isThere("swift")))
    func sourceKit() throws {
        let manifest = """
            // swift-tools-version: 5.9
            import PackageDescription
            let package = Package(name: "App", targets: [.target(name: "App")])
            """
        let found = try ask(
            "swift",
            [
                ("Package.swift", manifest),
                ("Sources/App/A.swift", "struct Lamp { func reset() {} }\n\nstruct Fan { func reset() {} }\n"),
                (
                    "Sources/App/B.swift",
                    "func go() {\n    [Fan()].forEach { $0\n        .reset() }\n    Lamp()\n        .reset()\n}\n"
                ),
            ], mark: "\n        .")
        #expect(found == ["Sources/App/A.swift:2", "Sources/App/A.swift:0"])
    }

    @Test("of Python follows types through files")
    func ty() throws {
        let found = try ask(
            "python",
            [
                ("store.py", "class Store:\n    def load(self): ...\n\n\nclass Cache:\n    def load(self): ...\n"),
                (
                    "main.py",
                    """
                    from store import Cache, Store

                    def run(stores: list[Store], caches: dict[str, Cache]):
                        for store in stores: print("ä😀", store.\\
                    load(), [c.\\
                    load() for c in caches.values()])

                    """
                ),
            ], mark: "\\\n")
        #expect(found == ["store.py:1", "store.py:5"])
    }
}
