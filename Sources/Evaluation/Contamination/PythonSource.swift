/// Python source text, its tokens, and what of them may be replaced.
struct PythonSource {
    /// A function at the outermost level.
    struct Function {
        /// Tokens from `def` to what follows it.
        var range: Range<Int>
        /// Tokens behind its parameters.
        var body: Range<Int>
        var parameters: [String]
    }

    typealias Edit = (range: Range<Int>, text: String)

    let bytes: [UInt8]
    let tokens: [PythonTokens.Token]

    init(_ text: String) {
        bytes = Array(text.utf8)
        var all: [PythonTokens.Token] = []
        var iterator = PythonTokens(bytes)
        while let token = iterator.next() { all.append(token) }
        tokens = all
    }

    func text(_ token: PythonTokens.Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

    /// All words, those of strings and comments too.
    var words: Set<String> {
        Set(bytes.split { !$0.isPartOfWord }.map { String(decoding: $0, as: UTF8.self) })
    }

    private func isMark(_ index: Int, _ mark: Character) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .mark
            && mark.asciiValue == bytes[tokens[index].range.lowerBound]
    }

    private func isName(_ index: Int, _ name: String) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .name
            && bytes[tokens[index].range].elementsEqual(name.utf8)
    }

    /// White space before a token on its line.
    func indent(of token: PythonTokens.Token) -> String {
        let start = bytes[..<token.range.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let space = bytes[start..<token.range.lowerBound].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return String(decoding: space, as: UTF8.self)
    }

    /// The last function of a name.
    func function(named name: String) -> Function? {
        guard
            let start = tokens.indices.last(where: { index in
                isName(index, "def") && isName(index + 1, name) && isMark(index + 2, "(") && isOutermost(index)
            })
        else { return nil }
        let end = tokens.indices[(start + 1)...].first(where: isOutermost) ?? tokens.count
        var parameters: [String] = []
        var depth = 0
        for index in (start + 2)..<end {
            if isMark(index, "(") || isMark(index, "[") || isMark(index, "{") { depth += 1 }
            if isMark(index, ")") || isMark(index, "]") || isMark(index, "}") { depth -= 1 }
            if depth == 0 {
                return Function(range: start..<end, body: index..<end, parameters: parameters)
            }
            let beginsParameter =
                isMark(index - 1, ",") || isMark(index - 1, "(") || isMark(index - 1, "*")
            if depth == 1, tokens[index].kind == .name, beginsParameter { parameters.append(text(tokens[index])) }
        }
        return nil
    }

    /// Whether a token is a word at the very beginning of a line.
    private func isOutermost(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.kind == .name && token.beginsLine && indent(of: token).isEmpty
    }

    /// Whether a name can be another wherever it is: it is not the name of an argument, nor in a string that is code,
    /// and nothing asks for variables by their names.
    func canRename(_ name: String, in range: Range<Int>) -> Bool {
        for index in range {
            switch tokens[index].kind {
            case .name:
                if ["eval", "exec", "globals", "locals", "vars"].contains(text(tokens[index])), isMark(index + 1, "(") {
                    return false
                }
            case .string where isFormatted(tokens[index]):
                let words = bytes[tokens[index].range].split { !$0.isPartOfWord }
                if words.contains(where: { $0.elementsEqual(name.utf8) }) { return false }
            default: break
            }
        }
        return !passesByName(name, in: range)
    }

    /// Whether something is called with `name=`.
    func passesByName(_ name: String) -> Bool { passesByName(name, in: 0..<tokens.count) }

    private func passesByName(_ name: String, in range: Range<Int>) -> Bool {
        range.contains { index in
            isName(index, name) && isMark(index + 1, "=") && !isMark(index + 2, "=")
                && (isMark(index - 1, "(") || isMark(index - 1, ","))
        }
    }

    private func isFormatted(_ token: PythonTokens.Token) -> Bool {
        bytes[token.range].prefix { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }
            .contains { $0 | 0x20 == UInt8(ascii: "f") }
    }

    /// New names for tokens of some range, but for attributes.
    func edits(_ names: [String: String], in range: Range<Int>) -> [Edit] {
        range.compactMap { index in
            guard tokens[index].kind == .name, !isMark(index - 1, "."), let name = names[text(tokens[index])] else {
                return nil
            }
            return (tokens[index].range, name)
        }
    }

    /// A part of the text after edits; nil where one lies across its bounds.
    func text(_ part: Range<Int>, _ edits: [Edit]) -> String? {
        var place = part.lowerBound
        var text: [UInt8] = []
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) where edit.range.overlaps(part) {
            guard place <= edit.range.lowerBound, edit.range.upperBound <= part.upperBound else { return nil }
            text += bytes[place..<edit.range.lowerBound]
            text += edit.text.utf8
            place = edit.range.upperBound
        }
        text += bytes[place..<part.upperBound]
        return String(decoding: text, as: UTF8.self)
    }
}
