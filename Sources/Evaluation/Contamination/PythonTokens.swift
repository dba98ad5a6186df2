/// The tokens of Python source text. Nothing is refused: of damaged or foreign text come tokens too.
struct PythonTokens: IteratorProtocol {
    enum Kind {
        case name, number, string
        /// A string that is a statement: documentation.
        case documentation
        case comment
        /// One mark.
        case mark
    }

    struct Token {
        var kind: Kind
        var range: Range<Int>
        /// That it begins on, counted from 1.
        var line: Int
        var beginsLine: Bool
    }

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var beginsLine = true
    /// Of the last token that is no comment.
    private var lastKind: Kind?
    private var lastByte: UInt8 = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Token? {
        skipSpace()
        guard place < bytes.count else { return nil }
        var token = Token(kind: .mark, range: place..<place, line: line, beginsLine: beginsLine)
        let first = bytes[place]
        if first == UInt8(ascii: "#") {
            token.kind = .comment
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        } else if let quote = quotePlace() {
            token.kind = isStatement ? .documentation : .string
            skipString(from: quote)
        } else if first.isDigit {
            token.kind = .number
            skipNumber()
        } else if first.isPartOfWord {
            token.kind = .name
            while place < bytes.count, bytes[place].isPartOfWord { place += 1 }
        } else {
            place += 1
        }
        token.range = token.range.lowerBound..<place
        beginsLine = false
        if token.kind != .comment { (lastKind, lastByte) = (token.kind, bytes[place - 1]) }
        return token
    }

    private mutating func skipSpace() {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\n") {
                line += 1
                beginsLine = true
            } else if byte == UInt8(ascii: "\\"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "\n") {
                // A line that goes on.
                line += 1
                place += 1
            } else if byte > UInt8(ascii: " ") {
                return
            }
            place += 1
        }
    }

    /// Where the quote of a string is that begins here, behind its prefix.
    private func quotePlace() -> Int? {
        var quote = place
        while quote < bytes.count, quote - place < 3 {
            switch bytes[quote] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): return quote
            case UInt8(ascii: "r"), UInt8(ascii: "R"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "f"),
                UInt8(ascii: "F"), UInt8(ascii: "u"), UInt8(ascii: "U"):
                quote += 1
            default: return nil
            }
        }
        return nil
    }

    /// Whether a string here is a statement: nothing before it, and nothing open that it could be part of.
    private var isStatement: Bool {
        guard beginsLine else { return false }
        switch lastKind {
        case nil, .name, .number, .comment: return true
        case .documentation: return true
        case .string: return false
        case .mark:
            return [UInt8(ascii: ":"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(lastByte)
        }
    }

    private mutating func skipString(from start: Int) {
        let quote = bytes[start]
        let isTriple = start + 2 < bytes.count && bytes[start + 1] == quote && bytes[start + 2] == quote
        place = start + (isTriple ? 3 : 1)
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\n") {
                // Never closed: an apostrophe, most likely.
                guard isTriple else { return }
                line += 1
            } else if byte == UInt8(ascii: "\\"), place + 1 < bytes.count {
                place += 1
                if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            } else if byte == quote {
                guard isTriple else {
                    place += 1
                    return
                }
                if place + 2 < bytes.count, bytes[place + 1] == quote, bytes[place + 2] == quote {
                    place += 3
                    return
                }
            }
            place += 1
        }
    }

    private mutating func skipNumber() {
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            let followsExponent = bytes[place - 1] | 0x20 == UInt8(ascii: "e")
            guard byte.isPartOfWord || byte == UInt8(ascii: ".") || isSign && followsExponent else { return }
            place += 1
        }
    }
}
