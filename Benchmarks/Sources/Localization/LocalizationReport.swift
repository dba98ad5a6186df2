package import Foundation

/// What rankers did on the same tasks.
package struct LocalizationReport: Codable, Sendable {
    package var date: String
    package var form: String
    package var tasks: [LocalizationTask]
    /// In the order of the rankers; each has one ranking a task.
    package var rankers: [Entry] = []

    package struct Entry: Codable, Sendable {
        package var name: String
        package var rankings: [Ranking]
        package var seconds: Double

        package init(name: String, rankings: [Ranking], seconds: Double) {
            self.name = name
            self.rankings = rankings
            self.seconds = seconds
        }
    }

    package init(date: String, form: String, tasks: [LocalizationTask]) {
        self.date = date
        self.form = form
        self.tasks = tasks
    }

    private func outcomes(_ entry: Entry) -> [Outcome] {
        zip(entry.rankings, tasks).map { Outcome($0, of: $1) }
    }

    package var markdown: String {
        let repositories = tasks.reduce(into: [String: Int]()) { $0[$1.repository, default: 0] += 1 }
        var lines = [
            "# Finding the files of \(tasks.count) commits, \(form) message, \(date)", "",
            repositories.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "), "",
            "95 % intervals by resampling tasks. The last column is the first ranker's Acc@1 less this one's.", "",
            "| Ranker | Acc@1 | Acc@5 | Acc@10 | MRR | first less this |", "|---|---|---|---|---|---|",
        ]
        let first = rankers.first.map { outcomes($0).map(\.file) } ?? []
        for entry in rankers {
            let ranks = outcomes(entry).map(\.file)
            let cells = [1, 5, 10].map { Self.cell(Accuracies.accuracy(ranks, at: $0)) }
            let less = Self.cell(Accuracies.difference(first, ranks, at: 1))
            lines.append(
                "| \(entry.name) | \(cells.joined(separator: " | ")) | "
                    + "\(Self.number(Accuracies.meanReciprocalRank(ranks))) | \(entry.name == rankers.first?.name ? "-" : less) |"
            )
        }
        lines += [
            "", "By repository, Acc@1 / @5 / @10:", "", "| | " + rankers.map(\.name).joined(separator: " | ") + " |",
        ]
        lines.append("|---" + rankers.map { _ in "|---" }.joined() + "|")
        for name in repositories.keys.sorted() {
            let cells = rankers.map { entry in
                let ranks = zip(outcomes(entry), tasks).filter { $1.repository == name }.map(\.0.file)
                return [1, 5, 10].map { Self.number(Accuracies.accuracy(ranks, at: $0).value) }.joined(separator: " / ")
            }
            lines.append("| \(name) | " + cells.joined(separator: " | ") + " |")
        }
        lines += functionLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var functionLines: [String] {
        let asked = tasks.indices.filter { !tasks[$0].functions.isEmpty }
        var lines = ["", "Functions around what was changed, in \(asked.count) tasks that have some:", ""]
        for entry in rankers where entry.rankings.contains(where: { !$0.functions.isEmpty }) {
            let all = outcomes(entry)
            let cells = [1, 5, 10].map { limit in
                "@\(limit) " + Self.cell(Accuracies.accuracy(asked.map { all[$0].function }, at: limit))
            }
            lines.append("- \(entry.name): \(cells.joined(separator: ", "))")
        }
        return lines
    }

    private static func cell(_ accuracy: Accuracy) -> String {
        "\(number(accuracy.value)) [\(number(accuracy.low)), \(number(accuracy.high))]"
    }

    private static func number(_ value: Double) -> String { String(format: "%.3f", value) }

    /// Writes localization.json and table.md into `folder`, which is made if needed.
    package func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: folder.appending(path: "localization.json"))
        try Data(markdown.utf8).write(to: folder.appending(path: "table.md"))
    }
}
