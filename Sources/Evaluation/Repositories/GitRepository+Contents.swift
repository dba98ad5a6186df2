extension GitRepository {
    /// All files of a commit. Attributes that keep files from archives do not count.
    func state(at commit: String) throws(RepositoryError) -> RepositoryState {
        var state = RepositoryState()
        let entries = try entries(of: commit)
        let contents = try objects(entries.map(\.object))
        for (entry, bytes) in zip(entries, contents) {
            state.files[entry.path] = RepositoryState.File(mode: entry.mode, bytes: bytes)
        }
        return state
    }

    private struct Entry {
        var mode: RepositoryState.Mode
        var object: String
        var path: String
    }

    private func entries(of commit: String) throws(RepositoryError) -> [Entry] {
        // For each: mode, type and object, a tab, the path, a zero byte.
        try run(["ls-tree", "-r", "-z", "--full-tree", commit]).split(separator: 0).compactMap { line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")),
                let path = String(validating: line[(tab + 1)...], as: UTF8.self)
            else { return nil }
            let words = String(decoding: line[..<tab], as: UTF8.self).split(separator: " ")
            guard words.count == 3, let mode = RepositoryState.Mode(rawValue: String(words[0])) else { return nil }
            return Entry(mode: mode, object: String(words[2]), path: path)
        }
    }

    /// The bytes of objects, in their order.
    private func objects(_ names: [String]) throws(RepositoryError) -> [[UInt8]] {
        guard !names.isEmpty else { return [] }
        // For each: name, type and size, a line feed, the bytes, a line feed.
        let output = try run(["cat-file", "--batch"], input: Array((names.joined(separator: "\n") + "\n").utf8))
        var found: [[UInt8]] = []
        var rest = output[...]
        for name in names {
            guard let end = rest.firstIndex(of: 10),
                let size = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").last.flatMap({ Int($0) }
                ),
                rest.endIndex - end - 2 >= size
            else { throw .git(repository: path, reason: "it does not have object \(name)") }
            found.append(Array(rest[(end + 1)..<(end + 1 + size)]))
            rest = rest[(end + 2 + size)...]
        }
        return found
    }
}
