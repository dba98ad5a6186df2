import Foundation

/// A row of figures for each repository and kind of edge, and one for all of a kind.
package struct AccuracyTable {
    private var rows: [(name: String, kind: String, score: EdgeScore)] = []

    package init() {}

    package mutating func add(_ name: String, _ comparison: EdgeComparison) {
        for kind in ["call", "inherits"] {
            let score = comparison.score(kind: kind)
            if score.recall.whole > 0 { rows.append((name, kind, score)) }
        }
    }

    package var markdown: String {
        var lines = [
            "| Repository | Edges | In the reference | Precision | Recall | import-resolved | type-inferred "
                + "| unique-name | Recall with unique-name | Undecided |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for row in rows { lines.append(line(row.name, row.kind, row.score)) }
        if Set(rows.map(\.name)).count > 1 {
            for kind in ["call", "inherits"] {
                let all = rows.filter { $0.kind == kind }.map(\.score).reduce(EdgeScore(), +)
                if all.recall.whole > 0 { lines.append(line("all", kind, all)) }
            }
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ kind: String, _ score: EdgeScore) -> String {
        let provenances = ["import-resolved", "type-inferred", "unique-name"].map { provenance in
            let share = score.byProvenance[provenance] ?? Share()
            return share.whole == 0 ? "-" : String(format: "%.3f of %d", share.value, share.whole)
        }
        let columns =
            [name, kind, "\(score.recall.whole)", Self.text(score.precision), Self.text(score.recall)] + provenances
            + [String(format: "%.3f", score.recallWithNames.value), "\(score.undecided)"]
        return "| " + columns.joined(separator: " | ") + " |"
    }

    private static func text(_ share: Share) -> String {
        guard share.whole > 0 else { return "-" }
        let interval = share.interval
        return String(format: "%.3f (%.3f-%.3f)", share.value, interval.lowerBound, interval.upperBound)
    }
}

/// What is not as in a reference, by what went wrong.
package struct MissList {
    private let comparison: EdgeComparison

    package init(_ comparison: EdgeComparison) { self.comparison = comparison }

    package var text: String {
        var lines: [String] = []
        for outcome in EdgeComparison.Outcome.allCases where outcome != .right {
            for finding in comparison.findings where finding.outcome == outcome {
                let use = finding.use
                let targets = (use.to + (use.values ?? []).prefix(use.to.isEmpty ? 1 : 0))
                    .map { "\($0.path):\($0.line)" }.joined(separator: " ")
                let claims = finding.claimed.map { "\($0.path):\($0.line) \($0.name)" }.joined(separator: " ")
                lines.append(
                    [
                        outcome.rawValue, use.kind, finding.provenance ?? "nothing",
                        "\(use.path):\(use.line):\(use.column)", use.name, targets.isEmpty ? use.why ?? "" : targets,
                        claims,
                    ].joined(separator: "\t"))
            }
        }
        // What rests on a name alone is missed, too, as far as sure edges are asked for.
        for finding in comparison.findings
        where finding.outcome == .right && !finding.use.to.isEmpty
            && !EdgeComparison.sure.contains(finding.provenance ?? "")
        {
            let use = finding.use
            lines.append(
                "by name only\t\(use.kind)\t\(finding.provenance ?? "")\t\(use.path):\(use.line):\(use.column)\t\(use.name)"
            )
        }
        return lines.joined(separator: "\n")
    }
}
