/// Applies edits to texts in memory: all of them, or none.
///
/// Lines to be replaced are looked for as they are, then without the space at their ends, then indented otherwise,
/// all by the same. Files whose lines end with carriage returns keep them.
package enum EditApplier {
    /// - Parameter files: by their paths from the repository's root.
    /// - Returns: the files that the edits change, as they are then.
    package static func changes(
        _ edits: [FileEdit], to files: [String: String]
    ) throws(EditError) -> [String: String] {
        var changed: [String: String] = [:]
        for edit in edits {
            guard let path = EditPath.inside(edit.path) else { throw .outside(path: edit.path) }
            switch edit {
            case .write(_, let text): changed[path] = text
            case .replace(_, let search, let replacement):
                changed[path] = try text(
                    replacing: search, by: replacement, in: changed[path] ?? files[path], path: path)
            }
        }
        return changed
    }

    private static func text(
        replacing search: [String], by replacement: [String], in text: String?, path: String
    ) throws(EditError) -> String {
        guard search.contains(where: { !TextLines.isBlank($0) }) else {
            // As aider has it, this makes a file.
            guard text?.utf8.isEmpty ?? true else { throw .emptySearch(path: path) }
            return replacement.map { $0 + "\n" }.joined()
        }
        guard let text else { throw .noSuchFile(path: path) }
        var lines = TextLines.split(text)
        let returns = lines.count { $0.utf8.last == 13 }
        let hasReturns = returns > 0 && returns >= lines.count - 1
        if hasReturns { lines = lines.map(TextLines.withoutReturn) }
        let found = try LineSearch(search, in: lines, path: path).place()
        var new = replacement.map(found.shift.applied)
        let end = found.start + search.count
        // The empty line that a last line feed leaves stays.
        if end == lines.count, lines.last == "", let last = new.last, last != "" { new.append("") }
        lines.replaceSubrange(found.start..<end, with: new)
        if hasReturns {
            for index in lines.indices.dropLast() { lines[index] += "\r" }
        }
        return TextLines.joined(lines)
    }
}
