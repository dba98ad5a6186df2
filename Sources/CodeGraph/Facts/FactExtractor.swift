internal import Syntax

/// Reads the facts of files, one after the other. One thread at a time.
package struct FactExtractor: ~Copyable {
    private var parser: SyntaxParser

    package init(millisecondsPerFile: Int = 10_000) {
        parser = SyntaxParser(millisecondsPerFile: millisecondsPerFile)
    }

    /// The facts of a text. Of text that takes too long to parse only the lines are known.
    package mutating func facts(of text: UnsafeBufferPointer<UInt8>, _ query: FactQuery) -> FileFacts {
        var found = FoundFacts()
        let isParsed = unsafe parser.matches(of: query.query, grammar: query.grammar, in: text) { pattern, captures in
            unsafe found.add(captures, roles: query.roles, pattern: pattern, text: text)
        }
        var facts = unsafe isParsed ? found.facts(of: text, grammar: query.grammar.name) : FileFacts()
        facts.isParsed = isParsed
        facts.lineCount = unsafe Self.lines(text)
        return facts
    }

    private static func lines(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for index in text.indices where unsafe text[index] == UInt8(ascii: "\n") { count += 1 }
        return unsafe text.last.map { $0 == UInt8(ascii: "\n") } ?? true ? count : count + 1
    }
}
