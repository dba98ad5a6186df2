/// Reads JavaScript's notation without what is not regular: literals, `.`, classes, `\d \w \s \D \W \S`, groups,
/// alternation, quantifiers (lazy ones mean the same here), `^` and `$` at the ends. Back-references, look-around, word
/// boundaries and Unicode properties are errors.
struct RegularExpressionParser {
    static let depthLimit = 100
    static let repetitionLimit = 1 << 24

    private let text: [Unicode.Scalar]
    private var offset = 0
    private var depth = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    mutating func parse() throws(GrammarError) -> RegularExpression {
        let result = try alternatives()
        guard offset == text.count else { throw failure(.unmatchedClosing(")")) }
        return result
    }

    private var next: Unicode.Scalar? { offset < text.count ? text[offset] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        offset += 1
        return true
    }

    private mutating func alternatives() throws(GrammarError) -> RegularExpression {
        var result = [try sequence()]
        while take("|") { result.append(try sequence()) }
        return result.count == 1 ? result[0] : .choice(result)
    }

    private mutating func sequence() throws(GrammarError) -> RegularExpression {
        var parts: [RegularExpression] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = offset
            if let bounds = try quantifier() {
                guard let last = parts.popLast(), last != .start, last != .end else {
                    throw failure(.nothingToRepeat, at: start)
                }
                parts.append(.repetition(last, minimum: bounds.minimum, maximum: bounds.maximum))
                if next == "*" || next == "+" || next == "?" || isQuantifier { throw failure(.nothingToRepeat) }
            } else {
                parts.append(try atom())
            }
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(GrammarError) -> RegularExpression {
        let start = offset
        let scalar = text[offset]
        offset += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .characters(CodePointSet.lineEnds.inverted)
        case "[": return .characters(try characterClass())
        case "(": return try group(from: start)
        case "\\": return .characters(try escape(inClass: false))
        default: return .characters(CodePointSet(scalar))
        }
    }

    private mutating func group(from start: Int) throws(GrammarError) -> RegularExpression {
        guard depth < Self.depthLimit else { throw failure(.tooDeep(limit: Self.depthLimit), at: start) }
        depth += 1
        if take("?") {
            if take("<") {
                if next == "=" || next == "!" { throw failure(.unsupported("look-behind assertions"), at: start) }
                while let scalar = next, scalar != ">" { offset += scalar == ")" ? text.count : 1 }
                guard take(">") else { throw failure(.expectedClosing(">"), at: min(offset, text.count)) }
            } else if next == "=" || next == "!" {
                throw failure(.unsupported("look-ahead assertions"), at: start)
            } else if !take(":") {
                throw failure(.unsupported("flags within the expression"), at: start)
            }
        }
        let body = try alternatives()
        guard take(")") else { throw failure(.expectedClosing(")")) }
        depth -= 1
        return body
    }

    // MARK: Quantifiers

    /// Whether `{` begins a quantifier here: otherwise it is a character.
    private var isQuantifier: Bool {
        guard next == "{" else { return false }
        var index = offset + 1
        while index < text.count, ("0"..."9").contains(text[index]) { index += 1 }
        guard index > offset + 1, index < text.count else { return false }
        if text[index] == "," {
            index += 1
            while index < text.count, ("0"..."9").contains(text[index]) { index += 1 }
        }
        return index < text.count && text[index] == "}"
    }

    private mutating func quantifier() throws(GrammarError) -> (minimum: Int, maximum: Int?)? {
        let start = offset
        var bounds: (minimum: Int, maximum: Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if isQuantifier {
            offset += 1
            bounds.minimum = try number() ?? 0
            bounds.maximum = take(",") ? try number() : bounds.minimum
            offset += 1
        } else {
            return nil
        }
        guard bounds.minimum <= bounds.maximum ?? .max else { throw failure(.reversedBounds, at: start) }
        // Which of the texts is preferred makes no difference here.
        if !take("?"), next == "+" { throw failure(.unsupported("possessive quantifiers")) }
        return bounds
    }

    private mutating func number() throws(GrammarError) -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = 10 * (value ?? 0) + Int(scalar.value - 0x30)
            guard value ?? 0 <= Self.repetitionLimit else {
                throw failure(.repetitionTooLarge(limit: Self.repetitionLimit))
            }
            offset += 1
        }
        return value
    }

    // MARK: Classes

    private mutating func characterClass() throws(GrammarError) -> CodePointSet {
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while let scalar = next, scalar != "]" {
            let start = offset
            let low = try classAtom()
            ranges += low.ranges
            // As in JavaScript, a hyphen next to \w and the like is a hyphen.
            guard let first = low.onlyMember, next == "-", offset + 1 < text.count, text[offset + 1] != "]" else {
                continue
            }
            offset += 1
            let high = try classAtom()
            if let last = high.onlyMember {
                guard first <= last else { throw failure(.reversedRange, at: start) }
                ranges.append(first...last)
            } else {
                ranges += CodePointSet("-").union(high).ranges
            }
        }
        guard take("]") else { throw failure(.expectedClosing("]")) }
        let set = CodePointSet(ranges)
        return isInverted ? set.inverted : set
    }

    private mutating func classAtom() throws(GrammarError) -> CodePointSet {
        guard let scalar = next else { throw failure(.expectedClosing("]")) }
        offset += 1
        return scalar == "\\" ? try escape(inClass: true) : CodePointSet(scalar)
    }

    private mutating func escape(inClass: Bool) throws(GrammarError) -> CodePointSet {
        let start = offset - 1
        guard let kind = next else { throw failure(.unknownEscape("\\"), at: start) }
        offset += 1
        switch kind {
        case "d": return .digits
        case "D": return CodePointSet.digits.inverted
        case "w": return .wordCharacters
        case "W": return CodePointSet.wordCharacters.inverted
        case "s": return .spaces
        case "S": return CodePointSet.spaces.inverted
        case "n": return CodePointSet("\n")
        case "r": return CodePointSet("\r")
        case "t": return CodePointSet("\t")
        case "f": return CodePointSet("\u{C}")
        case "v": return CodePointSet("\u{B}")
        case "0" where next.map { !("0"..."9").contains($0) } ?? true: return CodePointSet("\0")
        case "b" where inClass: return CodePointSet("\u{8}")
        case "b", "B": throw failure(.unsupported("word boundaries"), at: start)
        case "A", "Z", "z", "G": throw failure(.unsupported("anchors other than ^ and $"), at: start)
        case "p", "P": throw failure(.unsupported("Unicode properties"), at: start)
        case "k": throw failure(.unsupported("back-references"), at: start)
        case "0"..."9": throw failure(.unsupported("back-references"), at: start)
        case "x": return try hexadecimal(digits: 2, from: start)
        case "u": return try hexadecimal(digits: 4, from: start)
        case "a"..."z", "A"..."Z": throw failure(.unknownEscape("\\\(kind)"), at: start)
        default: return CodePointSet(kind)
        }
    }

    /// The digits after `\x` and `\u`; surrogates, which stand for half a character, in pairs; `\u{...}`.
    private mutating func hexadecimal(digits: Int, from start: Int) throws(GrammarError) -> CodePointSet {
        if digits == 4, take("{") {
            var value: UInt32 = 0
            var count = 0
            while let scalar = next, let digit = Character(scalar).hexDigitValue, count < 6 {
                value = value << 4 | UInt32(digit)
                count += 1
                offset += 1
            }
            guard count > 0, take("}"), let scalar = Unicode.Scalar(value) else {
                throw failure(.unknownEscape("\\u{"), at: start)
            }
            return CodePointSet(scalar)
        }
        var unit = try hexadecimalDigits(digits, from: start)
        if UTF16.isLeadSurrogate(UInt16(unit)), take("\\"), take("u") {
            let trail = try hexadecimalDigits(4, from: start)
            guard UTF16.isTrailSurrogate(UInt16(trail)) else { throw failure(.unknownEscape("\\u"), at: start) }
            unit = 0x10000 + (unit - 0xD800) << 10 + trail - 0xDC00
        }
        guard let scalar = Unicode.Scalar(unit) else { throw failure(.unknownEscape("\\u"), at: start) }
        return CodePointSet(scalar)
    }

    private mutating func hexadecimalDigits(_ count: Int, from start: Int) throws(GrammarError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let scalar = next, let digit = Character(scalar).hexDigitValue else {
                throw failure(.unknownEscape(count == 2 ? "\\x" : "\\u"), at: start)
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    private func failure(_ problem: RegularExpressionProblem, at place: Int? = nil) -> GrammarError {
        .regularExpression(problem, offset: place ?? offset)
    }
}

extension CodePointSet {
    fileprivate var onlyMember: UInt32? {
        guard ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
        return range.lowerBound
    }
}
