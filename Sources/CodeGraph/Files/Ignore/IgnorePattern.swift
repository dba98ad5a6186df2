/// One line of an ignore file.
struct IgnorePattern: Hashable, Sendable {
    private enum Shape: Hashable, Sendable {
        case whole
        case suffix
        /// The rest behind the literal start.
        case glob(Glob)
    }

    /// Whether it takes back what an earlier line ignored.
    let isNegated: Bool
    let isForFoldersOnly: Bool
    /// Whether it matches the path below the ignore file's folder; else the name alone, at any depth.
    private let isPath: Bool
    private let shape: Shape
    /// All of the pattern, the suffix, or what stands before the first wildcard.
    private let literal: [UInt8]

    /// The byte that all matches end with; nil when they may end with several.
    var lastByte: UInt8? {
        switch shape {
        case .whole, .suffix: literal.last
        case .glob(let glob): glob.lastByte
        }
    }

    /// Compiles a line without its end; nil for comments, empty lines and patterns that match nothing.
    init?(line: some Collection<UInt8>) {
        // git reads lines as C strings.
        let line = Array(line.prefix { $0 != 0 })
        guard line.first != UInt8(ascii: "#") else { return nil }
        var rest = Self.withoutTrailingSpaces(line)
        isNegated = rest.first == UInt8(ascii: "!")
        if isNegated { rest = rest.dropFirst() }
        isForFoldersOnly = rest.last == UInt8(ascii: "/")
        if isForFoldersOnly { rest = rest.dropLast() }
        isPath = rest.contains(UInt8(ascii: "/"))
        if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        let wildcards = rest.firstIndex(where: Self.isSpecial) ?? rest.endIndex
        if wildcards == rest.endIndex {
            shape = .whole
            literal = Array(rest)
        } else if !isPath, rest.first == UInt8(ascii: "*"), !rest.dropFirst().contains(where: Self.isSpecial) {
            shape = .suffix
            literal = Array(rest.dropFirst())
        } else {
            // Compiled from here on, not from the start: git takes the `**` of `a**/b` for one that begins a component.
            guard let glob = Glob(rest[wildcards...], isPath: isPath) else { return nil }
            shape = .glob(glob)
            literal = Array(rest[..<wildcards])
        }
    }

    /// - Parameters:
    ///   - path: from the repository's root.
    ///   - base: where the path below the ignore file's folder begins.
    ///   - name: where the last component begins.
    func matches(_ path: Span<UInt8>, base: Int, name: Int) -> Bool {
        let start = isPath ? base : name
        let count = path.count - start
        switch shape {
        case .whole: return count == literal.count && has(path, at: start)
        case .suffix: return count >= literal.count && has(path, at: path.count - literal.count)
        case .glob(let glob):
            return count >= literal.count && has(path, at: start)
                && glob.matches(path, from: start + literal.count)
        }
    }

    private func has(_ path: Span<UInt8>, at start: Int) -> Bool {
        let literal = literal.span
        for index in literal.indices where literal[index] != path[start + index] { return false }
        return true
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "\\")
    }

    /// Spaces count only with a backslash before them.
    private static func withoutTrailingSpaces(_ line: [UInt8]) -> ArraySlice<UInt8> {
        var end = 0
        var index = 0
        while index < line.count {
            if line[index] == UInt8(ascii: "\\") {
                index += 1
                end = min(index + 1, line.count)
            } else if line[index] != UInt8(ascii: " ") {
                end = index + 1
            }
            index += 1
        }
        return line[..<end]
    }
}
