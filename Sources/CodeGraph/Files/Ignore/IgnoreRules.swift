/// The rules of one ignore file, as git reads `.gitignore`.
///
/// What lies in an ignored folder is ignored whatever the rules say of it: ask about the folders above first.
/// - SeeAlso: gitignore(5)
package struct IgnoreRules: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable { case ignored, included }

    private var patterns: [IgnorePattern] = []
    /// Indices of the patterns that a path can match, the last first. Which list holds for a path tells its last byte:
    /// most patterns end in a letter of their own, and most paths are asked about few of them.
    private var candidates: [[Int]] = []
    /// 256 indices into `candidates`.
    private var candidatesOfLastByte: [UInt8] = []

    package var isEmpty: Bool { patterns.isEmpty }

    /// Parses the contents of an ignore file. No line is an error: git skips what it cannot read, too.
    package init(parsing contents: some Collection<UInt8>) {
        var contents = Array(contents)[...]
        if contents.starts(with: [0xEF, 0xBB, 0xBF]) { contents = contents.dropFirst(3) }
        for line in contents.split(separator: UInt8(ascii: "\n")) {
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if let pattern = IgnorePattern(line: text) { patterns.append(pattern) }
        }
        guard !patterns.isEmpty else { return }
        arrangeCandidates()
    }

    package init(parsing contents: String) { self.init(parsing: Array(contents.utf8)) }

    private mutating func arrangeCandidates() {
        let lastBytes = patterns.map(\.lastByte)
        let newestFirst = patterns.indices.reversed()
        candidates = [newestFirst.filter { lastBytes[$0] == nil }]
        candidatesOfLastByte = Array(repeating: 0, count: 256)
        // At most 255 lists beside the first: a path has no zero byte, so none is needed for it.
        for byte in Set(lastBytes.compactMap { $0 }) where byte != 0 {
            candidatesOfLastByte[Int(byte)] = UInt8(candidates.count)
            candidates.append(newestFirst.filter { lastBytes[$0] == nil || lastBytes[$0] == byte })
        }
    }

    /// What the last rule that matches says; nil when none does.
    /// - Parameter path: from the ignore file's folder, without a slash at its end.
    package func verdict(on path: String, isFolder: Bool) -> Verdict? {
        let bytes = Array(path.utf8)
        let name = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return verdict(on: bytes.span, base: 0, name: name, isFolder: isFolder)
    }

    /// The same without a string.
    /// - Parameters:
    ///   - path: from the repository's root, without a slash at its end.
    ///   - base: where the path below the ignore file's folder begins.
    ///   - name: where the last component begins.
    func verdict(on path: Span<UInt8>, base: Int, name: Int, isFolder: Bool) -> Verdict? {
        guard !patterns.isEmpty, name < path.count else { return nil }
        let list = candidates[Int(candidatesOfLastByte[Int(path[path.count - 1])])]
        for index in list {
            guard isFolder || !patterns[index].isForFoldersOnly else { continue }
            if patterns[index].matches(path, base: base, name: name) {
                return patterns[index].isNegated ? .included : .ignored
            }
        }
        return nil
    }
}
