import CodeGraph
import Foundation
import Syntax
import TestSupport
import Testing

/// What the queries find in one source of each language.
///
/// `Fixtures/NAME.facts` says it in words that were checked by hand. `MARTLET_WRITE_FACTS=1` writes them anew: read what
/// changed before it is kept.
@Suite("facts of languages")
struct LanguageFactsTests {
    struct Fixture: Sendable, CustomTestStringConvertible {
        var language: Language
        var file: String

        var testDescription: String { language.id }

        static let all = [
            "bash.sh", "c.c", "cpp.cpp", "csharp.cs", "go.go", "java.java", "javascript.js", "kotlin.kt", "php.php",
            "python.py", "ruby.rb", "rust.rs", "scala.scala", "swift.swift", "tsx.tsx", "typescript.ts",
        ].compactMap { file in
            unsafe Language.of(path: file, start: UnsafeBufferPointer(start: nil, count: 0)).map {
                Fixture(language: $0, file: file)
            }
        }

        func text() throws -> [UInt8] { [UInt8](try Data(contentsOf: Self.url(file))) }

        var factsURL: URL { Self.url(String(file.prefix { $0 != "." }) + ".facts") }

        private static func url(_ name: String) -> URL {
            URL(fileURLWithPath: Repository.root + "/Tests/CodeGraphTests/Languages/Fixtures/" + name)
        }
    }

    @Test("every language has a source to test with")
    func everyLanguage() {
        #expect(Set(Fixture.all.map(\.language)) == Set(Language.all))
    }

    @Test("no query names what its grammar does not have", arguments: Language.all)
    func compiles(language: Language) throws {
        let query = try TestGrammars.query(language)
        #expect(query.unknownCaptures.isEmpty || language.query.contains("#"), "a capture has no role")
    }

    @Test("finds what the source says, and nothing else", arguments: Fixture.all)
    func finds(fixture: Fixture) throws {
        let text = try fixture.text()
        let found = facts(of: text, try TestGrammars.query(fixture.language)).readable(of: text)
        if ProcessInfo.processInfo.environment["MARTLET_WRITE_FACTS"] != nil {
            try Data(found.utf8).write(to: fixture.factsURL)
        }
        let expected = String(decoding: try Data(contentsOf: fixture.factsURL), as: UTF8.self)
        #expect(found == expected, "\(Self.difference(found, expected))")
    }

    @Test("facts survive being stored", arguments: Fixture.all)
    func survive(fixture: Fixture) throws {
        let found = facts(of: try fixture.text(), try TestGrammars.query(fixture.language))
        let again = try #require(FileFacts(encoded: found.encoded()))
        #expect(again == found)
    }

    @Test("sources that are cut off or shuffled are read as far as they go", arguments: Fixture.all)
    func damaged(fixture: Fixture) throws {
        let text = try fixture.text()
        let query = try TestGrammars.query(fixture.language)
        var random = SplitMix64(seed: 5)
        for _ in 0..<60 {
            var bytes = text
            switch random.below(3) {
            case 0: bytes.removeLast(random.below(bytes.count))
            case 1:
                let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                bytes = Array(lines.shuffled(using: &random).joined(separator: [UInt8(ascii: "\n")]))
            default:
                for _ in 0..<20 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            }
            let found = facts(of: bytes, query)
            #expect(FileFacts(encoded: found.encoded()) == found)
            #expect(found.symbols.indices.allSatisfy { Int(found.symbols[$0].parent) < $0 })
            #expect(found.symbols.allSatisfy { $0.start <= $0.bodyStart && $0.bodyStart <= $0.end })
            #expect(found.symbols.allSatisfy { Int($0.end) <= bytes.count && $0.docEnd <= $0.end })
            #expect(found.references.allSatisfy { Int($0.container) < found.symbols.count })
            #expect(found.references.allSatisfy { Int($0.start) < bytes.count })
            #expect(found.annotations.allSatisfy { found.symbols.indices.contains(Int($0.symbol)) })
        }
    }

    @Test("damaged facts are refused or read, and never crash", arguments: Fixture.all)
    func damagedFacts(fixture: Fixture) throws {
        let bytes = facts(of: try fixture.text(), try TestGrammars.query(fixture.language)).encoded()
        var random = SplitMix64(seed: 7)
        for length in stride(from: 0, to: bytes.count, by: 1 + bytes.count / 300) {
            #expect(FileFacts(encoded: Array(bytes.prefix(length))) == nil)
        }
        for _ in 0..<300 {
            var damaged = bytes
            for _ in 0...random.below(4) { damaged[random.below(bytes.count)] = UInt8(random.below(256)) }
            guard let read = FileFacts(encoded: damaged) else { continue }
            // What was accepted can be asked for.
            for symbol in read.symbols {
                for name in [symbol.name, symbol.type, symbol.owner] { _ = read.names[name] }
            }
            for reference in read.references {
                for name in [reference.name, reference.receiver] { _ = read.names[name] }
            }
            _ = read.encoded()
        }
    }

    private func facts(of text: [UInt8], _ query: FactQuery) -> FileFacts {
        var extractor = FactExtractor()
        return unsafe text.withUnsafeBufferPointer { unsafe extractor.facts(of: $0, query) }
    }

    /// The lines that only one of two texts has.
    private static func difference(_ found: String, _ expected: String) -> String {
        let found = found.split(separator: "\n")
        let expected = expected.split(separator: "\n")
        let changes = found.difference(from: expected).map { change in
            switch change {
            case .insert(let offset, let line, _): (offset, "+ \(line)")
            case .remove(let offset, let line, _): (offset, "- \(line)")
            }
        }
        return "found (+) and expected (-) differ:\n" + changes.sorted { $0.0 < $1.0 }.map(\.1).joined(separator: "\n")
    }
}
