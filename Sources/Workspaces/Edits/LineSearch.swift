/// Looks for lines in a file's.
struct LineSearch {
    struct Place {
        /// Of the first line, from 0.
        var start: Int
        /// What makes the wanted lines those that are there.
        var shift: IndentShift
    }

    private let search: [String]
    private let lines: [String]
    private let path: String

    /// Of what a file is quoted with.
    private static let quotedLines = 12
    private static let quotedLength = 160
    /// Lines that a line of the search is compared with, of all that are like it.
    private static let voters = 64

    init(_ search: [String], in lines: [String], path: String) {
        self.search = search
        self.lines = lines
        self.path = path
    }

    /// The one place that is meant.
    func place() throws(EditError) -> Place {
        let exact = starts(search, lines)
        if !exact.isEmpty { return try only(exact.map { Place(start: $0, shift: .none) }) }
        let trimmed = starts(search.map(TextLines.withoutTrailingSpace), lines.map(TextLines.withoutTrailingSpace))
        if !trimmed.isEmpty { return try only(trimmed.map { Place(start: $0, shift: .none) }) }
        let bare = starts(search.map(TextLines.withoutSpace), lines.map(TextLines.withoutSpace))
        let shifted = bare.compactMap { start in
            IndentShift(from: search, to: lines[start..<(start + search.count)]).map { Place(start: start, shift: $0) }
        }
        guard shifted.isEmpty else { return try only(shifted) }
        throw .notFound(path: path, search: quoted(firstLine), nearest: nearest())
    }

    private func only(_ places: [Place]) throws(EditError) -> Place {
        guard places.count == 1 else {
            throw .ambiguous(path: path, search: quoted(firstLine), lines: places.prefix(8).map { $0.start + 1 })
        }
        return places[0]
    }

    /// Where all of the wanted lines follow each other. Knuth, Morris and Pratt's way: linear, whatever repeats.
    private func starts<Line: Equatable>(_ wanted: [Line], _ lines: [Line]) -> [Int] {
        guard wanted.count <= lines.count else { return [] }
        var border = [0]
        for index in wanted.indices.dropFirst() {
            var length = border[index - 1]
            while length > 0, wanted[index] != wanted[length] { length = border[length - 1] }
            border.append(wanted[index] == wanted[length] ? length + 1 : 0)
        }
        var found: [Int] = []
        var length = 0
        for (index, line) in lines.enumerated() {
            while length > 0, length == wanted.count || line != wanted[length] { length = border[length - 1] }
            if line == wanted[length] { length += 1 }
            if length == wanted.count { found.append(index + 1 - length) }
        }
        return found
    }

    private var firstLine: String { search.first { !TextLines.isBlank($0) } ?? "" }

    private func quoted(_ line: String) -> String { String(line.prefix(Self.quotedLength)) }

    /// The lines of the file where most of the wanted ones are; none where it has none of them.
    private func nearest() -> [EditError.Line] {
        var places: [Substring: [Int]] = [:]
        for (index, line) in lines.enumerated() where !TextLines.isBlank(line) {
            let text = TextLines.withoutSpace(line)
            if places[text]?.count ?? 0 < Self.voters { places[text, default: []].append(index) }
        }
        // Each wanted line votes for where the first of them would be.
        var votes: [Int: Int] = [:]
        for (offset, line) in search.enumerated() where !TextLines.isBlank(line) {
            for place in places[TextLines.withoutSpace(line)] ?? [] { votes[place - offset, default: 0] += 1 }
        }
        let best = votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? likest()
        guard let best else { return [] }
        let range = max(0, best)..<min(lines.count, max(0, best) + min(search.count, Self.quotedLines))
        return range.map { EditError.Line(number: $0 + 1, text: quoted(lines[$0])) }
    }

    /// The line that has most words of the first wanted one.
    private func likest() -> Int? {
        func words(_ line: String) -> Set<Substring> {
            Set(line.prefix(400).split { !$0.isLetter && !$0.isNumber && $0 != "_" })
        }
        let wanted = words(firstLine)
        var best: (index: Int, count: Int)?
        for (index, line) in lines.enumerated().prefix(20_000) {
            let count = words(line).intersection(wanted).count
            if count > best?.count ?? 0 { best = (index, count) }
        }
        return best?.index
    }
}
