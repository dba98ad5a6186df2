internal import Foundation

extension ContaminationReport {
    /// A table of the items that are not clean, and what all numbers mean, as Markdown that also reads well as text.
    package var markdown: String {
        var lines = ["# Contamination", ""]
        lines.append(
            "\(items.count) items against \(documents) documents (\(Self.megabytes(byteCount))): "
                + "\(count(.verbatim)) verbatim, \(count(.renamed)) renamed, \(count(.clean)) clean.")
        let found = items.filter { $0.verdict != .clean }
        if !found.isEmpty {
            lines += ["", "| Item | Verdict | Verbatim | Renamed | Where |", "|---|---|--:|--:|---|"]
            for item in found {
                let passage = item.verdict == .verbatim ? item.verbatim.passage : item.renamed.passage
                lines.append(
                    "| \(Self.cell(item.id)) | \(item.verdict.rawValue) | \(Self.percent(item.verbatim)) | "
                        + "\(Self.percent(item.renamed)) | \(passage.map(Self.place) ?? "") |")
            }
        }
        lines += ["", "The shares are of an item's runs of tokens that are in one passage."]
        lines.append(
            "Verbatim: at least \(Self.percent(thresholds.verbatimShare)) of the runs of \(thresholds.codeLength) "
                + "tokens of code, or \(thresholds.textLength) of text.")
        lines.append(
            "Renamed: at least \(Self.percent(thresholds.renamedShare)) of the runs of \(thresholds.renamedLength) "
                + "tokens of code whatever its names, and \(thresholds.renamedGrams) or more of them.")
        lines.append("Runs that more than \(thresholds.itemsOfRun) items have do not count.")
        let short = items.count { $0.verbatim.grams == 0 }
        if short > 0 { lines.append("\(short) items are too short to be found.") }
        let shortCode = items.count { $0.verbatim.grams > 0 && $0.renamed.grams < thresholds.renamedGrams }
        if shortCode > 0 { lines.append("\(shortCode) items are no code, or too short to be found under other names.") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func place(_ passage: Overlap.Passage) -> String { cell("\(passage.document):\(passage.line)") }

    /// Text that does not end a cell of a table.
    private static func cell(_ text: String) -> String { ForeignText.line(text).replacing("|", with: "\\|") }

    private static func percent(_ overlap: Overlap) -> String {
        overlap.grams == 0 ? "-" : percent(overlap.passageShare)
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
