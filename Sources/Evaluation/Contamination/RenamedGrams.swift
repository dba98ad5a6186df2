/// Runs of tokens of Python source text as they are whatever its names are, however it is laid out, and whatever is
/// said of it: a name is how many tokens ago it was there, a number or a string that it is one; comments, documentation
/// and imports are nothing. What stands behind a dot, keywords and built-in functions keep their names.
/// - SeeAlso: Baker 1993, "A theory of parameterized pattern matching: algorithms and applications".
enum RenamedGrams {
    /// - Parameter body: called with each run of `length` tokens, in their order.
    @inline(__always)
    static func visit(_ bytes: [UInt8], length: Int, _ body: (Gram) -> Void) {
        var window = RenamedWindow(length: length)
        var tokens = PythonTokens(bytes)
        var followsDot = false
        var isInString = false
        var importLine = 0
        // A comma before a closing bracket is layout; so each waits for what comes next.
        var comma: Int?
        while let token = tokens.next() {
            guard token.line != importLine else { continue }
            let first = bytes[token.range.lowerBound]
            switch token.kind {
            case .comment, .documentation: continue
            case .mark where first == UInt8(ascii: ","):
                if let comma { window.add(fixed: Symbols.comma, line: comma, body) }
                comma = token.line
                (followsDot, isInString) = (false, false)
                continue
            case .mark where first == UInt8(ascii: ";"): continue
            default: break
            }
            if let waiting = comma {
                if !(token.kind == .mark && first.isClosingBracket) {
                    window.add(fixed: Symbols.comma, line: waiting, body)
                }
                comma = nil
            }
            switch token.kind {
            case .name:
                let hash = Mixing.hash(bytes[token.range])
                if token.beginsLine, Symbols.imports.contains(hash) {
                    importLine = token.line
                } else if followsDot || Symbols.kept.contains(hash) {
                    window.add(fixed: hash, line: token.line, body)
                } else {
                    window.add(name: hash, line: token.line, body)
                }
            case .number: window.add(fixed: Symbols.number, line: token.line, body)
            // Strings in a row are one.
            case .string: if !isInString { window.add(fixed: Symbols.string, line: token.line, body) }
            default: window.add(fixed: Mixing.hash(bytes[token.range]), line: token.line, body)
            }
            followsDot = token.kind == .mark && first == UInt8(ascii: ".")
            isInString = token.kind == .string
        }
    }

    enum Symbols {
        static let comma = Mixing.hash(",".utf8)
        static let number = Mixing.hash("0".utf8)
        static let string = Mixing.hash("''".utf8)
        static let imports: Set = [Mixing.hash("import".utf8), Mixing.hash("from".utf8)]
        static let kept = Set(PythonNames.all.map { Mixing.hash($0.utf8) })
    }
}

extension UInt8 {
    var isClosingBracket: Bool {
        self == UInt8(ascii: ")") || self == UInt8(ascii: "]") || self == UInt8(ascii: "}")
    }
}

/// The last few tokens, and the hash of them that changes with each new one in a few steps, however long it is.
struct RenamedWindow {
    private struct Entry {
        var hash: UInt64 = 0
        /// Of the name; 0 for what is none.
        var name: UInt64 = 0
        /// Where the same name is next; 0: nowhere in the window.
        var next = 0
        var line = 0
    }

    private let length: Int
    private let powers: [UInt64]
    private var entries: [Entry]
    private var rolling: UInt64 = 0
    private var count = 0

    init(length: Int) {
        precondition(length > 0)
        self.length = length
        powers = (0...length).map(Gram.power)
        entries = [Entry](repeating: Entry(), count: length)
    }

    /// Of a name that was there so many tokens ago; 0: not in the window.
    private static func hash(distance: Int) -> UInt64 { Mixing.finished(UInt64(distance) &+ 0x51_7cc1) }

    @inline(__always)
    mutating func add(fixed hash: UInt64, line: Int, _ body: (Gram) -> Void) {
        makeRoom()
        push(Entry(hash: hash, line: line), body)
    }

    @inline(__always)
    mutating func add(name: UInt64, line: Int, _ body: (Gram) -> Void) {
        makeRoom()
        var distance = 0
        // Of the tokens that stay, the last that is the same name.
        for back in stride(from: 1, to: min(length, count + 1), by: 1) {
            let slot = (count - back) % length
            guard entries[slot].name == name else { continue }
            entries[slot].next = count
            distance = back
            break
        }
        push(Entry(hash: Self.hash(distance: distance), name: name, line: line), body)
    }

    /// Takes the oldest token out. The same name behind it is then the first of its kind.
    private mutating func makeRoom() {
        guard count >= length else { return }
        let slot = count % length
        let oldest = entries[slot]
        rolling &-= oldest.hash &* powers[length - 1]
        guard oldest.next > 0 else { return }
        let next = oldest.next % length
        let first = Self.hash(distance: 0)
        rolling &+= (first &- entries[next].hash) &* powers[count - 1 - oldest.next]
        entries[next].hash = first
    }

    @inline(__always)
    private mutating func push(_ entry: Entry, _ body: (Gram) -> Void) {
        entries[count % length] = entry
        rolling = rolling &* Gram.base &+ entry.hash
        count += 1
        guard count >= length else { return }
        body(Gram(hash: Mixing.finished(rolling), position: count - length, line: entries[count % length].line))
    }
}
