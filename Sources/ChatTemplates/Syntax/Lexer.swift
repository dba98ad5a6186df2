/// Cuts a template's source into tokens, as Jinja does with `trim_blocks` and `lstrip_blocks` on: the newline after a
/// block or comment goes, and so does the indentation before one; `-` and `+` at a tag override both.
struct Lexer {
    let source: SourceText
    var bytes: [UInt8] { source.bytes }
    var position = 0
    var tokens: [Token] = []
    /// Whether the last match ended with a newline, so that what follows can be the indentation of a tag.
    private var atLineStart = true

    init(_ source: SourceText) {
        self.source = source
    }

    static func tokenize(_ source: SourceText) throws(ChatTemplateError) -> [Token] {
        var lexer = Lexer(source)
        while lexer.position < source.bytes.count { try lexer.readUpToTag() }
        lexer.emit(.end, at: source.bytes.count)
        return lexer.tokens
    }

    mutating func emit(_ kind: Token.Kind, at offset: Int) {
        tokens.append(Token(kind: kind, offset: offset))
    }

    func failure(_ problem: String, at offset: Int) -> ChatTemplateError {
        .syntax(problem, at: source.location(of: offset))
    }

    func hasBytes(_ expected: StaticString, at index: Int) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        for distance in 0..<count where bytes[index + distance] != expected.utf8Start[distance] { return false }
        return true
    }

    func afterWhitespace(_ index: Int) -> Int {
        bytes.trimming(index..<bytes.count, trailing: false).lowerBound
    }

    private mutating func advance(to index: Int) {
        position = index
        atLineStart = index > 0 && bytes[index - 1] == 0x0A
    }

    /// The `-` or `+` at `index`, which controls white space.
    private func sign(at index: Int) -> UInt8? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") else {
            return nil
        }
        return bytes[index]
    }

    /// Emits the text before the next tag, then the tag's tokens.
    private mutating func readUpToTag() throws(ChatTemplateError) {
        let start = position
        var open = position
        while open < bytes.count {
            if bytes[open] == UInt8(ascii: "{"), open + 1 < bytes.count,
                [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(bytes[open + 1])
            {
                break
            }
            open += 1
        }
        guard open < bytes.count else {
            emitData(start..<open)
            return advance(to: open)
        }
        let kind = bytes[open + 1]
        let sign = sign(at: open + 2)
        let inside = open + 2 + (sign == nil ? 0 : 1)
        emitData(textBeforeTag(start..<open, sign: sign, isVariable: kind == UInt8(ascii: "{")))
        switch kind {
        case UInt8(ascii: "#"):
            advance(to: inside)
            try skipComment(openedAt: open)
        case UInt8(ascii: "%"):
            if let end = rawBegin(inside) {
                advance(to: end)
                return try readRaw(openedAt: open)
            }
            emit(.blockBegin, at: open)
            advance(to: inside)
            try readTag(isBlock: true)
        default:
            emit(.variableBegin, at: open)
            advance(to: inside)
            try readTag(isBlock: false)
        }
    }

    private mutating func emitData(_ range: Range<Int>) {
        if !range.isEmpty { emit(.data(Text(bytes[range])), at: range.lowerBound) }
    }

    private func textBeforeTag(_ range: Range<Int>, sign: UInt8?, isVariable: Bool) -> Range<Int> {
        if sign == UInt8(ascii: "-") { return bytes.trimming(range, leading: false) }
        guard sign == nil, !isVariable else { return range }
        let newline = bytes[range].lastIndex(of: 0x0A)
        guard newline != nil || atLineStart else { return range }
        let lineStart = newline.map { $0 + 1 } ?? range.lowerBound
        let isBlank = bytes.trimming(lineStart..<range.upperBound).isEmpty
        return isBlank ? range.lowerBound..<lineStart : range
    }

    /// The position after `-%}`, `+%}` or `%}` (or their likes) at `index` and the white space that goes with it.
    func tagEnd(at index: Int, closing: StaticString, allowsPlus: Bool = true, trimsNewline: Bool = true) -> Int? {
        if hasBytes(closing, at: index) {
            let end = index + closing.utf8CodeUnitCount
            return trimsNewline && end < bytes.count && bytes[end] == 0x0A ? end + 1 : end
        }
        guard let sign = sign(at: index), hasBytes(closing, at: index + 1) else { return nil }
        let end = index + 1 + closing.utf8CodeUnitCount
        if sign == UInt8(ascii: "-") { return afterWhitespace(end) }
        return allowsPlus ? end : nil
    }

    private mutating func skipComment(openedAt open: Int) throws(ChatTemplateError) {
        var index = position
        while index < bytes.count {
            if let end = tagEnd(at: index, closing: "#}") { return advance(to: end) }
            index += 1
        }
        throw failure("this comment has no end", at: open)
    }

    /// The position after `raw %}`, if that is what follows.
    private func rawBegin(_ inside: Int) -> Int? {
        let word = afterWhitespace(inside)
        guard hasBytes("raw", at: word) else { return nil }
        let end = afterWhitespace(word + 3)
        if hasBytes("%}", at: end) { return end + 2 }
        return hasBytes("-%}", at: end) ? afterWhitespace(end + 3) : nil
    }

    private mutating func readRaw(openedAt open: Int) throws(ChatTemplateError) {
        let start = position
        var index = start
        while index < bytes.count {
            if hasBytes("{%", at: index) {
                let sign = sign(at: index + 2)
                let word = afterWhitespace(index + 2 + (sign == nil ? 0 : 1))
                if hasBytes("endraw", at: word), let end = tagEnd(at: afterWhitespace(word + 6), closing: "%}") {
                    emitData(textBeforeTag(start..<index, sign: sign, isVariable: false))
                    return advance(to: end)
                }
            }
            index += 1
        }
        throw failure("this raw block has no end", at: open)
    }

    // MARK: Inside of a tag

    private mutating func readTag(isBlock: Bool) throws(ChatTemplateError) {
        var expectedClosings: [UInt8] = []
        while position < bytes.count {
            if expectedClosings.isEmpty {
                let end =
                    isBlock
                    ? tagEnd(at: position, closing: "%}")
                    : tagEnd(at: position, closing: "}}", allowsPlus: false, trimsNewline: false)
                if let end {
                    emit(isBlock ? .blockEnd : .variableEnd, at: position)
                    return advance(to: end)
                }
            }
            let whitespace = bytes.whitespaceWidth(at: position)
            if whitespace > 0 {
                position += whitespace
            } else if try !readNumber(), try !readName(), try !readString() {
                try readSymbol(&expectedClosings)
            }
        }
        // The parser names what is missing.
    }

    private mutating func readSymbol(_ expectedClosings: inout [UInt8]) throws(ChatTemplateError) {
        let start = position
        for width in [2, 1] where start + width <= bytes.count {
            guard let symbol = Token.Symbol(rawValue: String(decoding: bytes[start..<start + width], as: UTF8.self))
            else {
                continue
            }
            switch symbol {
            case .leftBrace: expectedClosings.append(UInt8(ascii: "}"))
            case .leftParenthesis: expectedClosings.append(UInt8(ascii: ")"))
            case .leftBracket: expectedClosings.append(UInt8(ascii: "]"))
            case .rightBrace, .rightParenthesis, .rightBracket:
                guard let expected = expectedClosings.popLast() else {
                    throw failure("unexpected '\(symbol.rawValue)'", at: start)
                }
                guard expected == bytes[start] else {
                    let wanted = Character(Unicode.Scalar(expected))
                    throw failure("unexpected '\(symbol.rawValue)' where '\(wanted)' should close a bracket", at: start)
                }
            default: break
            }
            emit(.symbol(symbol), at: start)
            position = start + width
            return
        }
        let character = String(decoding: bytes[start..<start + bytes.scalarWidth(at: start)], as: UTF8.self)
        throw failure("unexpected character '\(character)'", at: start)
    }

    private mutating func readName() throws(ChatTemplateError) -> Bool {
        var end = position
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x80 {
                guard byte == UInt8(ascii: "_") || byte.isASCIILetter || byte.isASCIIDigit else { break }
                end += 1
            } else {
                let width = bytes.scalarWidth(at: end)
                let scalar = String(decoding: bytes[end..<end + width], as: UTF8.self).unicodeScalars.first!
                guard scalar.properties.isXIDContinue else { break }
                end += width
            }
        }
        guard end > position else { return false }
        let name = String(decoding: bytes[position..<end], as: UTF8.self)
        let first = name.unicodeScalars.first!
        guard first == "_" || first.properties.isXIDStart else {
            throw failure("'\(name)' is no valid name", at: position)
        }
        emit(.name(name), at: position)
        position = end
        return true
    }
}

extension UInt8 {
    var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
}
