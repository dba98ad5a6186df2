/// Paths within a repository, as answers name them.
package enum EditPath {
    /// The path without `./`; nil where it leads out of the repository, into git's own folder, or nowhere.
    package static func inside(_ path: String) -> String? {
        guard path.utf8.count <= 1024, !path.hasPrefix("/"), !path.hasPrefix("~"), !path.contains("\\") else {
            return nil
        }
        // Of control characters, which no name of a source file has.
        guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).drop { $0 == "." }
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.lowercased() != ".git"
        }
        return !parts.isEmpty && isPlain ? parts.joined(separator: "/") : nil
    }

    /// The path that a line of an answer names, however it sets it off: `` **`a/b.py`**: ``
    static func named(by line: String) -> String? {
        var text = Substring(line)
        func trim(_ characters: String) {
            text = text.drop { characters.contains($0) }
            while let last = text.last, characters.contains(last) { text.removeLast() }
        }
        trim(" \t\r#*`\"':")
        for word in ["File:", "file:", "Path:", "path:", "Filename:", "filename:"] where text.hasPrefix(word) {
            text = text.dropFirst(word.count)
        }
        trim(" \t*`\"':")
        guard !text.isEmpty, text.utf8.count <= 256 else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_-./@+[]()~$".unicodeScalars.contains(scalar)
        }
        // `Makefile` alone is a word like another; with a dot or a slash it is a path.
        guard isPlain, text.contains(where: { $0 == "." || $0 == "/" }), text.last != ".", text.last != "/",
            text.contains(where: \.isLetter)
        else { return nil }
        return String(text)
    }
}
