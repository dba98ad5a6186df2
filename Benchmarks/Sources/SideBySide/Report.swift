package import Foundation

/// The results of one comparison: the table and everything behind it.
package struct Report: Codable, Sendable {
    package var date: String
    package var machine: Machine
    package var model: Model
    package var threads: Int
    package var quick: Bool
    package var versions: [String: String]
    package var rows: [Row] = []
    /// All standings by group, every sample included.
    package var contests: [String: [Standing]] = [:]
    package var greedy: [GreedyResult] = []

    package struct Model: Codable, Sendable {
        package var file: String
        package var bytes: Int
    }

    /// One line of the table.
    package struct Row: Codable, Sendable {
        package var name: String
        package var unit: String
        package var martlet: Figure?
        /// What martlet is held against: llama.cpp's best, or martlet itself with another setting.
        package var reference: Figure?
        package var ratio: Double?
        package var target: String
        /// nil where there is no target or nothing to judge.
        package var met: Bool?
        package var note = ""
    }

    /// A median with its spread.
    package struct Figure: Codable, Sendable {
        package var setting: String
        package var median: Double
        package var minimum: Double
        package var maximum: Double

        init?(_ standing: Standing?, _ metric: String) {
            guard let standing, let samples = standing.metrics[metric], let median = samples.median else { return nil }
            setting = [standing.side == .martlet ? "martlet" : "llama.cpp", standing.setting]
                .filter { !$0.isEmpty }.joined(separator: " ")
            (self.median, minimum, maximum) = (median, samples.minimum ?? median, samples.maximum ?? median)
        }
    }

    /// The table with the facts above it, in Markdown.
    package var markdown: String {
        var lines = [
            "# \(model.file), \(threads) threads, \(date)", "",
            "\(machine.processor), \(machine.cores) cores, \(Self.number(machine.memoryGiB)) GiB, \(machine.system)"
                + (machine.loadBefore.map { "; load before: \(Self.number($0))" } ?? ""),
            "Features: \(machine.vectorFeatures.joined(separator: " "))",
            versions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; "), "",
        ]
        if quick { lines += ["Quick run with shrunken sizes: it shows that things work, not how fast they are.", ""] }
        lines += [
            "| Measure | martlet | against | ratio | must | met |", "|---|---|---|---|---|---|",
        ]
        for row in rows {
            lines.append("| " + Self.cells(row).joined(separator: " | ") + " |")
        }
        let notes = rows.filter { !$0.note.isEmpty }.map { "- \($0.name): \($0.note)" }
        return (lines + (notes.isEmpty ? [] : [""] + notes)).joined(separator: "\n") + "\n"
    }

    private static func cells(_ row: Row) -> [String] {
        let name = row.unit.isEmpty ? row.name : "\(row.name), \(row.unit)"
        let reference = row.reference.map { "\(cell($0)) (\($0.setting))" }
        let ratio = row.ratio.map { String(format: "%.3f", $0) }
        let met = row.met.map { $0 ? "yes" : "**no**" }
        return [name, row.martlet.map(cell) ?? "-", reference ?? "-", ratio ?? "-", row.target, met ?? "-"]
    }

    private static func cell(_ figure: Figure) -> String {
        figure.minimum == figure.maximum
            ? number(figure.median)
            : "\(number(figure.median)) [\(number(figure.minimum)), \(number(figure.maximum))]"
    }

    /// About four significant digits, without exponents.
    package static func number(_ value: Double) -> String {
        switch abs(value) {
        case 1000...: String(format: "%.0f", value)
        case 100..<1000: String(format: "%.1f", value)
        case 10..<100: String(format: "%.2f", value)
        case 1..<10: String(format: "%.3f", value)
        default: String(format: "%.4f", value)
        }
    }

    /// Writes results.json and table.md into `folder`, which is made if needed.
    package func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: folder.appending(path: "results.json"))
        try Data(markdown.utf8).write(to: folder.appending(path: "table.md"))
    }

    /// The first of DATE, DATE-2, DATE-3 ... that does not exist yet.
    package static func freshFolder(in runs: URL, date: String) -> URL {
        var folder = runs.appending(path: date)
        var number = 1
        while FileManager.default.fileExists(atPath: folder.path) {
            number += 1
            folder = runs.appending(path: "\(date)-\(number)")
        }
        return folder
    }
}
