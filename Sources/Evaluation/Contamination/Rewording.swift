/// Documentation in other words. Examples, and what stands between quotes, stay as they are but for names.
struct Rewording {
    /// New names by old ones.
    let names: [String: String]
    /// As they were: none of them is a phrase's.
    private let phrases: [(old: [UInt8], new: [UInt8])]

    init(names: [String: String], parameters: [String]) {
        self.names = names
        phrases = MutationWords.phrases
            .filter { phrase in !parameters.contains { phrase.old.split(separator: " ").contains($0[...]) } }
            .map { (Array($0.old.utf8), Array($0.new.utf8)) }
    }

    /// - Parameters:
    ///   - literal: a string literal.
    ///   - indent: of the line that it begins on.
    func reworded(_ literal: String, indent: String) -> String {
        let prefix = literal.prefix { $0 != "\"" && $0 != "'" }
        let quoted = literal.dropFirst(prefix.count)
        let isTriple = quoted.hasPrefix("\"\"\"") || quoted.hasPrefix("'''")
        guard isTriple, quoted.count >= 6 else { return literal }
        let body = String(quoted.dropFirst(3).dropLast(3))
        var lines = body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // The first line begins behind the quotes; the indent of the others is what all of them have.
        let common =
            lines.dropFirst().filter { !isBlank($0) }.map { $0.prefix { $0 == " " || $0 == "\t" }.count }.min() ?? 0
        lines = [String(lines[0].drop { $0 == " " })] + lines.dropFirst().map { String($0.dropFirst(common)) }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        while let first = lines.first, isBlank(first) { lines.removeFirst() }
        lines = examplesFirst(reworded(lines))
        let marks = quoted.hasPrefix("'") || body.contains("'''") ? "\"\"\"" : "'''"
        guard !body.contains(marks) else { return literal }
        let text = lines.map { isBlank($0) ? "" : indent + $0 }.joined(separator: "\n")
        return prefix + marks + "\n" + text + "\n" + indent + marks
    }

    private func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " || $0 == "\t" } }

    private func reworded(_ lines: [String]) -> [String] {
        var isExample = false
        return lines.map { line in
            let text = line.drop { $0 == " " || $0 == "\t" }
            // An example goes on to the next empty line.
            if text.hasPrefix(">>>") { isExample = true } else if text.isEmpty { isExample = false }
            let isProse =
                !isExample && !["==", "=>", "->", "➞", "Input", "Output", "[", "{"].contains { text.contains($0) }
            return replaced(line, withPhrases: isProse)
        }
    }

    /// A line with new names, and other phrases, outside of quotes.
    private func replaced(_ line: String, withPhrases: Bool) -> String {
        let bytes = Array(line.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            let before = place == 0 ? UInt8(ascii: " ") : bytes[place - 1]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\""), !before.isPartOfWord,
                let end = bytes[(place + 1)...].firstIndex(of: byte)
            {
                result += bytes[place...end]
                place = end + 1
                continue
            }
            guard byte.isPartOfWord, !before.isPartOfWord else {
                result.append(byte)
                place += 1
                continue
            }
            if withPhrases, let phrase = phrases.first(where: { fits($0.old, bytes, place) }) {
                result += phrase.new
                place += phrase.old.count
                continue
            }
            let word = bytes[place...].prefix { $0.isPartOfWord }
            result += newName(word, before, bytes) ?? Array(word)
            place = word.endIndex
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func fits(_ phrase: [UInt8], _ bytes: [UInt8], _ place: Int) -> Bool {
        guard bytes[place...].starts(with: phrase) else { return false }
        return place + phrase.count == bytes.count || !bytes[place + phrase.count].isPartOfWord
    }

    private func newName(_ word: ArraySlice<UInt8>, _ before: UInt8, _ bytes: [UInt8]) -> [UInt8]? {
        let text = String(decoding: word, as: UTF8.self)
        // `\n` is no n, and what stands behind an apostrophe or a dot is no name.
        guard let name = names[text], ![UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: ".")].contains(before)
        else {
            return nil
        }
        let after = word.endIndex < bytes.count ? bytes[word.endIndex] : UInt8(ascii: " ")
        // number(s)
        if before == UInt8(ascii: "("), after == UInt8(ascii: ")"), word.startIndex > 1, text == "s",
            bytes[word.startIndex - 2].isPartOfWord
        {
            return nil
        }
        // A word that is the name of a function, too, is that where it is called.
        let isPlainWord = !MutationWords.isMark(text) && MutationWords.ofParameters[text.lowercased()] == nil
        return isPlainWord && after != UInt8(ascii: "(") ? nil : Array(name.utf8)
    }

    /// Puts the examples before what is said, where they are last and nothing refers to where they are.
    private func examplesFirst(_ lines: [String]) -> [String] {
        guard let first = lines.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix(">>>") }), first > 0 else {
            return lines
        }
        let prose = lines[..<first].joined(separator: "\n").lowercased()
        guard !["example", "instance", "follow", "below", "above"].contains(where: prose.contains) else { return lines }
        var begins = false
        for line in lines[first...] {
            let text = line.drop { $0 == " " }
            if begins, !text.isEmpty, !text.hasPrefix(">>>") { return lines }
            begins = text.isEmpty
        }
        return Array(lines[first...]) + [""] + lines[..<first]
    }
}
