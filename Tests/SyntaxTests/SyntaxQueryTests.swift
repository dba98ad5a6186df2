import Foundation
import GrammarFiles
import Syntax
import TestSupport
import Testing

@Suite("Syntax queries")
struct SyntaxQueryTests {
    private let python = Result {
        try GrammarStore(environment: ProcessInfo.processInfo.environment).grammar(named: "python")
    }

    private func matches(_ query: String, in text: String) throws -> [String] {
        let grammar = try python.get()
        let compiled = try SyntaxQuery(query, grammar: grammar)
        var parser = SyntaxParser()
        var found: [String] = []
        var text = text
        let isParsed = text.withUTF8 { bytes in
            parser.matches(of: compiled, grammar: grammar, in: bytes) { pattern, captures in
                let parts = captures.map { capture in
                    "\(compiled.captureNames[capture.name])=\(String(decoding: bytes[capture.range], as: UTF8.self))"
                }
                found.append("\(pattern): " + parts.joined(separator: " "))
            }
        }
        #expect(isParsed)
        return found
    }

    @Test("captures have names, ranges and rows")
    func captures() throws {
        #expect(
            try matches(
                "(call function: (identifier) @name)\n(class_definition name: (_) @type)", in: "class A:\n  f(1)\n")
                == ["1: type=A", "0: name=f"])
    }

    @Test("predicates compare captures with texts")
    func predicates() throws {
        let text = "f()\ng()\nh()\n"
        func names(_ predicate: String) throws -> [String] {
            try matches("((call function: (identifier) @n) \(predicate))", in: text).map { String($0.suffix(1)) }
        }
        #expect(try names("(#eq? @n \"g\")") == ["g"])
        #expect(try names("(#not-eq? @n \"g\")") == ["f", "h"])
        #expect(try names("(#any-of? @n \"f\" \"h\")") == ["f", "h"])
        #expect(try names("(#not-any-of? @n \"f\" \"h\")") == ["g"])
    }

    @Test("predicates compare captures with each other")
    func comparedCaptures() throws {
        let pattern = "(call function: (identifier) @f arguments: (argument_list (identifier) @n)"
        #expect(try matches("(\(pattern)) (#eq? @f @n))", in: "f(f)\ng(f)\n") == ["0: f=f n=f"])
        #expect(try matches("(\(pattern)) (#not-eq? @f @n))", in: "f(f)\ng(f)\n") == ["0: f=g n=f"])
    }

    @Test("a query that is wrong says where")
    func errors() throws {
        let grammar = try python.get()
        let error = try #require(throws: GrammarError.self) {
            try SyntaxQuery("(call)\n  (no_such_node)", grammar: grammar)
        }
        #expect(error.description.contains("line 2") && error.description.contains("no_such_node"))
        #expect(throws: GrammarError.self) { try SyntaxQuery("(call", grammar: grammar) }
    }

    @Test("text that is no program, no UTF-8 or empty is parsed as far as it goes")
    func damage() throws {
        let grammar = try python.get()
        let query = try SyntaxQuery("(identifier) @name", grammar: grammar)
        var parser = SyntaxParser()
        var random = SplitMix64(seed: 5)
        for length in [0, 1, 7, 100, 5000] {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let isParsed = bytes.withUnsafeBufferPointer { bytes in
                parser.matches(of: query, grammar: grammar, in: bytes) { _, captures in
                    for capture in captures { #expect(capture.end <= length && capture.start <= capture.end) }
                }
            }
            #expect(isParsed)
        }
    }

    @Test("parsing that takes too long is given up, and the parser goes on with the next text")
    func timeLimit() throws {
        let grammar = try python.get()
        let query = try SyntaxQuery("(identifier) @name", grammar: grammar)
        var parser = SyntaxParser(millisecondsPerFile: 1)
        let long = Array(String(repeating: "(", count: 3_000_000).utf8)
        #expect(!long.withUnsafeBufferPointer { parser.matches(of: query, grammar: grammar, in: $0) { _, _ in } })
        var found = 0
        let short = Array("a".utf8)
        _ = short.withUnsafeBufferPointer { parser.matches(of: query, grammar: grammar, in: $0) { _, _ in found += 1 } }
        #expect(found <= 1)
    }
}
