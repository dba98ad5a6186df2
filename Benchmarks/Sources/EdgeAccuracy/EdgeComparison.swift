/// Edges of the graph beside those of a reference, place by place.
package struct EdgeComparison: Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case right, wrong, missed, outside, noPlace = "no such place", undecided
    }

    package struct Finding: Sendable {
        package var outcome: Outcome
        package var use: ReferenceUse
        /// What was claimed; nil for nothing.
        package var provenance: String?
        package var claimed: [CodeEdges.Symbol] = []
    }

    package private(set) var findings: [Finding] = []

    private struct Place: Hashable {
        var path: String
        var line: Int
        var column: Int
        var kind: String
    }

    private struct Line: Hashable {
        var path: String
        var line: Int
    }

    /// What counts as claimed: the file's scopes and imports, or types, lead there.
    package static let sure: Set<String> = ["import-resolved", "type-inferred"]

    package init(_ graph: CodeEdges, reference: [ReferenceUse]) {
        let symbols = Dictionary(uniqueKeysWithValues: graph.symbols.map { ($0.id, $0) })
        let claims = Dictionary(grouping: graph.edges.filter { $0.provenance != "ambiguous" }) {
            Place(path: $0.path, line: $0.line, column: $0.column, kind: $0.kind)
        }
        var seen: Set<Place> = []
        var skipped: Set<Line> = []
        for use in reference {
            if use.kind == "skipped" {
                skipped.insert(Line(path: use.path, line: use.line))
                continue
            }
            let place = Place(path: use.path, line: use.line, column: use.column, kind: use.kind)
            guard seen.insert(place).inserted else { continue }
            let found = claims[place] ?? []
            let claimed = found.compactMap { symbols[$0.to] }
            let outcome: Outcome? =
                if claimed.isEmpty {
                    use.to.isEmpty ? nil : .missed
                } else if Self.agree(claimed, use.to + (use.values ?? []), use.name) {
                    .right
                } else if use.why == "undecided" {
                    .undecided
                } else {
                    use.why == "outside" ? .outside : .wrong
                }
            guard let outcome else { continue }
            findings.append(
                Finding(outcome: outcome, use: use, provenance: found.first?.provenance, claimed: claimed))
        }
        // A file without any place was not read by the reference; elsewhere a claim needs one.
        let read = Set(reference.map(\.path))
        for (place, found) in claims where read.contains(place.path) && !seen.contains(place) {
            if skipped.contains(Line(path: place.path, line: place.line)) { continue }
            let claimed = found.compactMap { symbols[$0.to] }
            let use = ReferenceUse(
                kind: place.kind, path: place.path, line: place.line, column: place.column,
                name: claimed.first?.name ?? "", to: [])
            findings.append(
                Finding(outcome: .noPlace, use: use, provenance: found.first?.provenance, claimed: claimed))
        }
        findings.sort { ($0.use.path, $0.use.line, $0.use.column) < ($1.use.path, $1.use.line, $1.use.column) }
    }

    /// A definition is the symbol whose name stands there; decorators and split lines move it by one. Of several targets,
    /// overloads and alternatives, one is enough.
    private static func agree(
        _ claimed: [CodeEdges.Symbol], _ definitions: [ReferenceUse.Definition], _ name: String
    ) -> Bool {
        claimed.contains { symbol in
            definitions.contains { definition in
                if definition.path == symbol.path, abs(definition.line - symbol.line) <= 1 { return true }
                return definition.isPrototype ?? false && symbol.kind == "function" && symbol.name == name
            }
        }
    }

    package func score(kind: String) -> EdgeScore {
        var score = EdgeScore()
        for finding in findings where finding.use.kind == kind {
            let isSure = finding.provenance.map { Self.sure.contains($0) } ?? false
            let isRight = finding.outcome == .right
            if !finding.use.to.isEmpty {
                score.recall = score.recall + Share(isSure && isRight ? 1 : 0, of: 1)
                score.recallWithNames = score.recallWithNames + Share(isRight ? 1 : 0, of: 1)
            }
            guard let provenance = finding.provenance else { continue }
            if finding.outcome == .undecided {
                score.undecided += 1
                continue
            }
            let share = Share(isRight ? 1 : 0, of: 1)
            score.byProvenance[provenance, default: Share()] = (score.byProvenance[provenance] ?? Share()) + share
            if isSure { score.precision = score.precision + share }
        }
        return score
    }
}
