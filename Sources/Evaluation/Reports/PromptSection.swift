/// What runs were asked, word for word, and of what data.
struct PromptSection {
    /// Of runs that were asked the same.
    let labels: [String]
    let run: RunDescription

    /// One for all runs that agree in words, data and licence.
    static func of(_ runs: [RunReport]) -> [PromptSection] {
        var found: [PromptSection] = []
        for run in runs {
            let label = run.figures.label
            if let place = found.firstIndex(where: { $0.isLike(run.run) }) {
                found[place] = PromptSection(labels: found[place].labels + [label], run: found[place].run)
            } else {
                found.append(PromptSection(labels: [label], run: run.run))
            }
        }
        return found
    }

    private func isLike(_ other: RunDescription) -> Bool {
        run.prompt == other.prompt && run.dataHash == other.dataHash && run.licence == other.licence
    }

    /// Names and values, in lines.
    var facts: [(name: String, value: String)] {
        [
            ("Asked", labels.joined(separator: ", ")),
            ("Words", run.prompt.map { "version \($0.version); \($0.source)" } ?? "those of the tasks"),
            ("Licence of the data", run.licence ?? "not known"),
            ("SHA-256 of the data", run.dataHash ?? "not known"),
        ]
    }

    /// Headings and texts.
    var words: [(heading: String, text: String)] {
        guard let prompt = run.prompt else { return [] }
        return (prompt.system.map { [("System", $0)] } ?? []) + [("User", prompt.user)]
            + (prompt.answerBegins.isEmpty ? [] : [("The answer begins", prompt.answerBegins)])
            + (prompt.stops.isEmpty
                ? [] : [("What ends it", prompt.stops.map(\.debugDescription).joined(separator: "\n"))])
    }

    var markup: Markup {
        .tag(
            "div", ["class": "prompt"],
            [
                .tag(
                    "dl", [:],
                    facts.flatMap { [.tag("dt", [:], Markup($0.name)), .tag("dd", [:], Markup($0.value))] })
            ] + words.flatMap { [.tag("h4", [:], Markup($0.heading)), .lines($0.text)] })
    }
}
