import TestSupport

/// Folders, files and ignore rules that try git's syntax in odd combinations.
struct RandomRepository {
    private static let names = [
        "a", "b", "ab", "abc", "foo", "foo.o", "bar.c", "a.o", "build", "a b", "b ", "#h", "!n", "[x]", "x*y", "A1",
        "é",
        "-", "aa", "a-b", ".hidden",
    ]
    private static let pieces = [
        "*", "**", "?", "[ab]", "[!a]", "[^b-f]", "[a-z]", "[[:alpha:]]", "[[:upper:][:digit:]]", "[]x]", "[a", "]",
        "[",
        "\\", "\\*", "\\ ", "/", "/", "/", "**/", "/**", "/**/", "*.", ".o", ".c", "a", "b", "o", " ", "!", "#", "-",
        "***", "[--b]", "[\\a-c]", "[a/b]", "\\/",
    ]

    private var random: SplitMix64

    init(seed: Int) { random = SplitMix64(seed: UInt64(seed)) }

    /// The text of an ignore file.
    mutating func rules() -> String {
        var text = random.below(20) == 0 ? "\u{FEFF}" : ""
        for _ in 0...random.below(6) {
            text += rule()
            text += random.below(8) == 0 ? "\r\n" : "\n"
        }
        return random.below(6) == 0 ? String(text.dropLast()) : text
    }

    private mutating func rule() -> String {
        var rule = random.below(4) == 0 ? "!" : ""
        switch random.below(3) {
        case 0:
            // A path that may well exist, bent at one place.
            if random.below(2) == 0 { rule += "/" }
            for level in 0...random.below(3) {
                if level > 0 { rule += "/" }
                rule += random.below(3) == 0 ? pick(Self.pieces) : pick(Self.names)
            }
        case 1:
            rule += pick(Self.names)
        default:
            for _ in 0...random.below(5) { rule += random.below(3) == 0 ? pick(Self.names) : pick(Self.pieces) }
        }
        switch random.below(8) {
        case 0: rule += "/"
        case 1: rule += " "
        default: break
        }
        return rule
    }

    /// Paths of files with their contents, below `folder`.
    mutating func files(below folder: String, depth: Int = 0) -> [String: String] {
        var files: [String: String] = [:]
        if depth == 0 || random.below(4) == 0 { files[folder + "/.gitignore"] = rules() }
        var taken: Set<String> = []
        for _ in 0...(2 + random.below(5)) {
            let name = pick(Self.names)
            guard taken.insert(name).inserted else { continue }
            if depth < 3, random.below(2) == 0 {
                files.merge(self.files(below: folder + "/" + name, depth: depth + 1)) { $1 }
            } else {
                files[folder + "/" + name] = ""
            }
        }
        return files
    }

    /// Many short paths below `folder`, with rules that are all wildcards, brackets and escapes.
    mutating func globs(below folder: String) -> [String: String] {
        let characters = ["a", "b", "c", "z", "A", "B", "1", "2", "-", "]", "^", "!", "[", "_", " "]
        let brackets = ["[", "]", "]", "!", "^", "-", "-", "[:digit:]", "[:alpha:]", "[:", ":]", "\\"] + characters
        let wildcards = [
            "*", "?", "**", "/**/", "**/", "/**", "**\\/", "/", "*/", "a**", "a", "b", "c", "1", "\\", "!",
        ]
        var files: [String: String] = [:]
        for _ in 0..<60 {
            let names = (0...random.below(3)).map { _ in
                (0...random.below(2)).map { _ in pick(characters) }.joined()
            }
            // Folders end in a letter that files do not, so that no file stands where a folder must.
            let path = names.dropLast().map { $0 + "b/" }.joined() + names.last! + "a"
            files[folder + "/" + path] = ""
        }
        let rules = (0...random.below(5)).map { _ in
            var rule = ""
            for _ in 0...random.below(4) {
                if random.below(2) == 0 {
                    rule += "[" + (0...random.below(4)).map { _ in pick(brackets) }.joined() + "]"
                } else {
                    rule += pick(wildcards)
                }
            }
            return rule + ["", "a", "b", "*", "?"][random.below(5)]
        }
        files[folder + "/.gitignore"] = rules.joined(separator: "\n")
        return files
    }

    private mutating func pick(_ texts: [String]) -> String { texts[random.below(texts.count)] }
}
