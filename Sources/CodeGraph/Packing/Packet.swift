/// Parts of a repository's files, chosen to fit a number of tokens. In order of path and line.
package struct Packet: Hashable, Sendable {
    package enum Form: String, Hashable, Sendable, Encodable {
        /// What stands before a symbol's body, on one line.
        case signature
        /// The lines of the symbol as they are.
        case body
    }

    package struct Item: Hashable, Sendable {
        package var path: String
        /// Counted from 1, both included.
        package var line: Int
        package var endLine: Int
        package var form: Form
        /// With the names around it.
        package var symbol: String
        package var kind: SymbolKind
        /// Why it is here; nil where all are here for the same reason.
        package var reason: String?
        /// How many symbols are around it.
        package var depth: Int
        package var text: String

        var lines: ClosedRange<Int> { line...max(line, endLine) }
    }

    package internal(set) var items: [Item] = []
    package internal(set) var budget = 0
    /// Of `text`, by the counter that it was packed with.
    package internal(set) var tokens = 0
    /// The lines at which each file's symbols begin: what tells whether something was left out.
    var outlines: [String: [Int]] = [:]

    /// The files by path, each with its items; `⋮` stands for symbols that were left out.
    package var text: String {
        var text = ""
        var place = 0
        while place < items.count {
            let path = items[place].path
            let end = items[place...].firstIndex { $0.path != path } ?? items.count
            text += Self.header(path)
            let outline = outlines[path] ?? []
            var shown = 0
            for item in items[place..<end] {
                if outline.contains(where: { $0 > shown && $0 < item.line }) { text += Self.mark }
                text += Self.text(of: item)
                shown = item.lines.upperBound
            }
            if outline.contains(where: { $0 > shown }) { text += Self.mark }
            place = end
        }
        return text
    }

    static let mark = "⋮\n"

    static func header(_ path: String) -> String { path + "\n" }

    static func text(of item: Item) -> String {
        let reason = item.reason.map { "  (\($0))" } ?? ""
        switch item.form {
        case .signature:
            return "\(item.line): " + String(repeating: "  ", count: item.depth) + item.text + reason + "\n"
        case .body:
            return "\(item.line)-\(item.endLine): \(item.kind.name) \(item.symbol)\(reason)\n\(item.text)\n"
        }
    }
}
