/// Rows of texts below headings, for terminals and for Markdown.
struct TextTable {
    struct Column {
        var heading: String
        /// Numbers stand at the right.
        var isNumber = false
    }

    var columns: [Column]
    /// As many cells in each as there are columns.
    var rows: [[String]] = []

    /// - Parameter numbers: the headings of columns of numbers, after those of texts.
    init(_ texts: [String], numbers: [String] = []) {
        columns = texts.map { Column(heading: $0) } + numbers.map { Column(heading: $0, isNumber: true) }
    }

    /// Without columns in which no row says anything.
    func withoutEmptyColumns() -> TextTable {
        let kept = columns.indices.filter { column in rows.isEmpty || rows.contains { $0[column] != "–" } }
        var table = self
        table.columns = kept.map { columns[$0] }
        table.rows = rows.map { row in kept.map { row[$0] } }
        return table
    }

    /// Columns of equal width, two spaces between.
    var plain: String {
        let cells = ([columns.map(\.heading)] + rows).map { $0.map(ForeignText.line) }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - text.count)
                line += (column == 0 ? "" : "  ") + (columns[column].isNumber ? space + text : text + space)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(columns.map { ForeignText.markdown($0.heading) })
            + line(columns.map { $0.isNumber ? "---:" : "---" })
            + rows.map { line($0.map(ForeignText.markdown)) }.joined()
    }
}
