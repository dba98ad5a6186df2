/// Reads edits out of an answer: blocks that search and replace, and whole files, each below the path that it is for.
///
/// The blocks are those that aider made usual:
///
///     src/shape.py
///     ```python
///     <<<<<<< SEARCH
///     lines that are there
///     =======
///     lines that take their place
///     >>>>>>> REPLACE
///     ```
///
/// A path and a fence without a block in it are a whole file. A fence without a path is talk, and left out.
package struct EditParser {
    private let lines: [String]
    private var position = 0
    private var edits: [FileEdit] = []
    /// Of the last line that named one, until talk comes between.
    private var path: String?

    /// - Parameter answer: whatever a model wrote.
    /// - Returns: the edits in their order; none where the answer has none.
    package static func edits(in answer: String) throws(EditError) -> [FileEdit] {
        var parser = Self(TextLines.split(answer).map(TextLines.withoutReturn))
        try parser.read()
        return parser.edits
    }

    private init(_ lines: [String]) { self.lines = lines }

    private mutating func read() throws(EditError) {
        while position < lines.count {
            let line = lines[position]
            if Self.isMarker(line, "<", "SEARCH") {
                try readBlock(path)
            } else if let fence = Fence(line) {
                try readFence(fence)
            } else {
                if !TextLines.isBlank(line) { path = EditPath.named(by: line) }
                position += 1
            }
        }
    }

    /// What is in a fence: blocks, with or without paths between them, or a whole file.
    private mutating func readFence(_ fence: Fence) throws(EditError) {
        let start = position
        var path = fence.path ?? self.path
        var hasBlocks = false
        position += 1
        while position < lines.count {
            let line = lines[position]
            if Self.isMarker(line, "<", "SEARCH") {
                try readBlock(path)
                hasBlocks = true
            } else if fence.isClosed(by: line) {
                if !hasBlocks, let path {
                    let text = lines[(start + 1)..<position]
                    edits.append(.write(path: path, text: text.map { $0 + "\n" }.joined()))
                }
                position += 1
                // Another fence for the same file says so again; blocks that follow may not.
                self.path = hasBlocks ? path : nil
                return
            } else {
                // Before the first block of its own too, whatever stands above the fence.
                if startsBlock(after: position), let named = EditPath.named(by: line) { path = named }
                position += 1
            }
        }
        guard hasBlocks || path == nil else { throw .unfinished(line: start + 1, missing: fence.text) }
    }

    /// Whether nothing but blank lines is between a line and the next block.
    private func startsBlock(after line: Int) -> Bool {
        let next = lines[(line + 1)...].prefix(3).first { !TextLines.isBlank($0) }
        return next.map { Self.isMarker($0, "<", "SEARCH") } ?? false
    }

    private mutating func readBlock(_ path: String?) throws(EditError) {
        let start = position
        guard let path else { throw .noPath(line: start + 1) }
        position += 1
        let search = try readLines(of: start, until: "=======") { Self.isMarker($0, "=", "") }
        let replacement = try readLines(of: start, until: ">>>>>>> REPLACE") { Self.isMarker($0, ">", "REPLACE") }
        edits.append(.replace(path: path, search: search, replacement: replacement))
    }

    private mutating func readLines(
        of start: Int, until end: String, _ isEnd: (String) -> Bool
    ) throws(EditError) -> [String] {
        let first = position
        while position < lines.count {
            let line = lines[position]
            if isEnd(line) {
                position += 1
                return Array(lines[first..<(position - 1)])
            }
            if Self.isMarker(line, "<", "SEARCH") { break }
            position += 1
        }
        throw .unfinished(line: start + 1, missing: end)
    }

    /// Seven of a sign, give or take two, and a word.
    private static func isMarker(_ line: String, _ sign: Character, _ word: String) -> Bool {
        guard line.first == sign else { return false }
        let text = TextLines.withoutTrailingSpace(line)
        let rest = text.drop { $0 == sign }
        guard (5...9).contains(text.count - rest.count) else { return false }
        return rest == word || !word.isEmpty && rest == " " + word
    }

    /// The line that opens a fenced part.
    private struct Fence {
        /// The signs.
        let text: String
        /// Behind the language: `python:src/a.py`, `python src/a.py`
        let path: String?

        init?(_ line: String) {
            guard let sign = line.first, sign == "`" || sign == "~" else { return nil }
            text = String(line.prefix { $0 == sign })
            guard text.count >= 3 else { return nil }
            let info = line.dropFirst(text.count)
            guard !info.contains("`") else { return nil }
            let last = info.split { $0 == " " || $0 == ":" || $0 == "=" }.last
            path = last.flatMap {
                $0.contains("/") || info.contains { " :=".contains($0) } ? EditPath.named(by: String($0)) : nil
            }
        }

        func isClosed(by line: String) -> Bool {
            let end = TextLines.withoutTrailingSpace(line)
            return end.count >= text.count && end.allSatisfy { $0 == text.first }
        }
    }
}
