import CodeGraph
import Syntax
import Testing

/// What frameworks are told by names, annotations and calls: routes, what is handed over, and tests.
@Suite("facts of frameworks")
struct FrameworkFactsTests {
    @Test("routes are found with their verbs, paths and functions", arguments: FrameworkSource.routes)
    func routes(source: FrameworkSource) throws {
        #expect(try lines(source, startingWith: ["route "]) == source.found)
    }

    @Test("what frameworks hand over is told from other types", arguments: FrameworkSource.injections)
    func injections(source: FrameworkSource) throws {
        #expect(
            try lines(source, startingWith: ["inject ", "bind "], without: [" of type ", " = result "]) == source.found)
    }

    @Test("tests are told from what they need", arguments: FrameworkSource.tests)
    func tests(source: FrameworkSource) throws {
        let facts = try facts(source)
        let found = facts.symbols.indices.filter {
            facts.isTest($0, language: source.language, isTestFile: source.name.contains("test"))
        }
        #expect(found.map { facts.names[facts.symbols[$0].name] } == source.found)
    }

    @Test("what stands in a module for tests is in a test, whatever its name")
    func testModules() throws {
        let source = FrameworkSource(
            language: "rust", name: "modules",
            text: "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn helper() {}\n    #[test]\n    fn b() { helper() }\n}\n",
            found: [])
        let facts = try facts(source)
        let inTests = facts.symbols.indices.filter { facts.isInTest($0, language: "rust", isTestFile: false) }
        #expect(inTests.map { facts.names[facts.symbols[$0].name] } == ["tests", "helper", "b"])
    }

    private func facts(_ source: FrameworkSource) throws -> FileFacts {
        let language = try #require(Language.all.first { $0.id == source.language })
        var extractor = FactExtractor()
        let query = try TestGrammars.query(language)
        return unsafe Array(source.text.utf8).withUnsafeBufferPointer { unsafe extractor.facts(of: $0, query) }
    }

    private func lines(
        _ source: FrameworkSource, startingWith starts: [String], without parts: [String] = []
    ) throws -> [String] {
        try facts(source).readable(of: Array(source.text.utf8)).split(separator: "\n").map(String.init).filter { line in
            starts.contains { line.hasPrefix($0) } && !parts.contains { line.contains($0) }
        }.map { $0.replacing(/\ signature ".*"$/, with: "") }
    }
}
