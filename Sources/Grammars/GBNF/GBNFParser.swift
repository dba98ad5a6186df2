/// Reads llama.cpp's notation: rules `name ::= alternatives`, strings, classes, `.`, groups, repetitions, `#` comments.
/// A rule ends with its line, unless the line ends within parentheses or at a `|`, or the next one begins with `|`.
struct GBNFParser {
    static let depthLimit = 100
    static let repetitionLimit = 1 << 24
    /// A rule that repeats something more often than this is worth masks of its own.
    private static let scopeRepetitions = 16

    private let text: [Unicode.Scalar]
    private var offset = 0
    private var depth = 0
    private var hasLongRepetition = false
    private(set) var builder: GrammarBuilder

    init(_ text: String, builder: GrammarBuilder) {
        self.text = Array(text.unicodeScalars)
        self.builder = builder
    }

    /// Reads all rules; returns the use of the one called `root`.
    mutating func parse(root: String) throws(GrammarError) -> GrammarBuilder.Expression {
        try skipSpace(acrossLines: true)
        while offset < text.count {
            try rule()
            try skipSpace(acrossLines: true)
        }
        guard builder.isDefined(root) else { throw failure(.noRoot(root)) }
        return builder.rule(root)
    }

    // MARK: Rules

    private mutating func rule() throws(GrammarError) {
        let start = offset
        let name = try name()
        try skipSpace(acrossLines: false)
        guard take("::=") else { throw failure(.expectedDefinition) }
        guard !builder.isDefined(name) else { throw failure(.duplicateRule(name), at: start) }
        try skipSpace(acrossLines: true)
        hasLongRepetition = false
        let body = try alternatives()
        guard offset == text.count || isLineEnd(text[offset]) else { throw failure(.expectedEndOfRule) }
        builder.define(name, as: hasLongRepetition ? builder.scope(body) : body)
        try builder.checkSize()
    }

    private mutating func name() throws(GrammarError) -> String {
        let start = offset
        while offset < text.count, Self.isNameCharacter(text[offset]) { offset += 1 }
        guard offset > start else { throw failure(.expectedRuleName) }
        var name = ""
        name.unicodeScalars.append(contentsOf: text[start..<offset])
        return name
    }

    private mutating func alternatives() throws(GrammarError) -> GrammarBuilder.Expression {
        var result = [try sequence()]
        while try nextAlternative() { result.append(try sequence()) }
        return builder.choice(result)
    }

    /// Whether a `|` follows, maybe on the next line; it is behind us then.
    private mutating func nextAlternative() throws(GrammarError) -> Bool {
        let end = offset
        try skipSpace(acrossLines: true)
        if take("|") {
            try skipSpace(acrossLines: true)
            return true
        }
        if depth == 0 { offset = end }
        return false
    }

    private mutating func sequence() throws(GrammarError) -> GrammarBuilder.Expression {
        var parts: [GrammarBuilder.Expression] = []
        while true {
            try skipSpace(acrossLines: depth > 0)
            guard offset < text.count else { break }
            let scalar = text[offset]
            if let bounds = try repetitionBounds() {
                guard let last = parts.popLast() else { throw failure(.nothingToRepeat) }
                if bounds.maximum ?? .max > Self.scopeRepetitions { hasLongRepetition = true }
                parts.append(builder.repetition(last, bounds.minimum, bounds.maximum))
            } else if scalar == "\"" {
                parts.append(try quoted())
            } else if scalar == "[" {
                parts.append(try characterClass())
            } else if scalar == "." {
                offset += 1
                parts.append(builder.character(.all))
            } else if scalar == "(" {
                parts.append(try group())
            } else if scalar == "<" || scalar == "!" {
                throw failure(.tokenReference)
            } else if Self.isNameCharacter(scalar) {
                parts.append(builder.rule(try name()))
            } else {
                break
            }
        }
        return builder.sequence(parts)
    }

    private mutating func group() throws(GrammarError) -> GrammarBuilder.Expression {
        guard depth < Self.depthLimit else { throw failure(.tooDeep(limit: Self.depthLimit)) }
        depth += 1
        offset += 1
        try skipSpace(acrossLines: true)
        let body = try alternatives()
        guard take(")") else { throw failure(.expectedClosing(")")) }
        depth -= 1
        return body
    }

    // MARK: Repetitions

    private mutating func repetitionBounds() throws(GrammarError) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        try skipSpace(acrossLines: false)
        let minimum = try number()
        try skipSpace(acrossLines: false)
        var maximum = minimum
        if take(",") {
            try skipSpace(acrossLines: false)
            maximum = try number()
            try skipSpace(acrossLines: false)
        } else if minimum == nil {
            throw failure(.malformedRepetition)
        }
        guard take("}"), minimum ?? 0 <= maximum ?? .max else { throw failure(.malformedRepetition) }
        return (minimum ?? 0, maximum)
    }

    private mutating func number() throws(GrammarError) -> Int? {
        var value: Int?
        while offset < text.count, ("0"..."9").contains(text[offset]) {
            value = 10 * (value ?? 0) + Int(text[offset].value - 0x30)
            guard value ?? 0 <= Self.repetitionLimit else {
                throw failure(.repetitionTooLarge(limit: Self.repetitionLimit))
            }
            offset += 1
        }
        return value
    }

    // MARK: Characters

    private mutating func quoted() throws(GrammarError) -> GrammarBuilder.Expression {
        offset += 1
        var content = ""
        while offset < text.count, text[offset] != "\"", !isLineEnd(text[offset]) {
            content.unicodeScalars.append(try character())
        }
        guard take("\"") else { throw failure(.expectedClosing("\"")) }
        return builder.literal(content)
    }

    private mutating func characterClass() throws(GrammarError) -> GrammarBuilder.Expression {
        offset += 1
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while offset < text.count, text[offset] != "]" {
            let start = offset
            let low = try character().value
            var high = low
            if offset + 1 < text.count, text[offset] == "-", text[offset + 1] != "]" {
                offset += 1
                high = try character().value
            }
            guard low <= high else { throw failure(.reversedRange, at: start) }
            ranges.append(low...high)
        }
        guard take("]") else { throw failure(.expectedClosing("]")) }
        let set = CodePointSet(ranges)
        return builder.character(isInverted ? set.inverted : set)
    }

    /// One character, written as itself or as an escape.
    private mutating func character() throws(GrammarError) -> Unicode.Scalar {
        let first = text[offset]
        offset += 1
        guard first == "\\" else { return first }
        guard offset < text.count else { throw failure(.unknownEscape("\\"), at: offset - 1) }
        let kind = text[offset]
        offset += 1
        switch kind {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "\\", "\"", "[", "]", "-", "^": return kind
        case "x": return try hexadecimal(digits: 2)
        case "u": return try hexadecimal(digits: 4)
        case "U": return try hexadecimal(digits: 8)
        default: throw failure(.unknownEscape("\\\(kind)"), at: offset - 2)
        }
    }

    private mutating func hexadecimal(digits: Int) throws(GrammarError) -> Unicode.Scalar {
        let start = offset - 2
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard offset < text.count, let digit = Character(text[offset]).hexDigitValue else {
                throw failure(.unknownEscape(String(String.UnicodeScalarView(text[start..<offset]))), at: start)
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw failure(.unknownEscape(String(String.UnicodeScalarView(text[start..<offset]))), at: start)
        }
        return scalar
    }

    // MARK: Text

    private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }

    private func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

    private mutating func take(_ word: String) -> Bool {
        guard text[offset...].starts(with: word.unicodeScalars) else { return false }
        offset += word.unicodeScalars.count
        return true
    }

    private mutating func skipSpace(acrossLines: Bool) throws(GrammarError) {
        while offset < text.count {
            let scalar = text[offset]
            if scalar == "#" {
                while offset < text.count, !isLineEnd(text[offset]) { offset += 1 }
            } else if scalar == " " || scalar == "\t" || acrossLines && isLineEnd(scalar) {
                offset += 1
            } else {
                return
            }
        }
    }

    private func failure(_ problem: GBNFProblem, at place: Int? = nil) -> GrammarError {
        let before = text[..<(place ?? offset)]
        let line = 1 + before.count { $0 == "\n" }
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return .gbnf(problem, line: line, column: column)
    }
}
