/// A command line as a program and its arguments.
package enum CommandWords {
    /// Splits as shells do, quotes included. What only a shell can do (`&&`, `|`, `$`, `*`, …) is left to `sh`.
    package static func words(of line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else if open == "\"", "$`".contains(character) {
                    return shell(line)
                }
                if character != open { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else if "&|;<>()$`*?[#~\n".contains(character) {
                return shell(line)
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return shell(line) }
        if let word { words.append(word) }
        // A first word that sets a variable.
        if words.first?.contains("=") == true { return shell(line) }
        return words
    }

    private static func shell(_ line: String) -> [String] { ["/bin/sh", "-c", line] }
}
