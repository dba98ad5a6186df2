internal import Statistics

extension RunRanking {
    /// In one line.
    package var json: String { JSONLine.text(self) }

    /// For a terminal.
    package var plainText: String {
        ForeignText.line(headline) + "\n\n" + standings.plain + "\n" + Self.pairsHeadline + "\n\n" + pairTable.plain
    }

    /// For a document.
    package var markdown: String {
        """
        ## \(ForeignText.markdown(headline))

        \(standings.markdown)
        \(ForeignText.markdown(Self.pairsHeadline))

        \(pairTable.markdown)
        """
    }

    private var headline: String {
        "\(suite): \(places.count) runs, \(Figure.count(tasks, "task")), \(sharedTasks) of them in all runs"
    }

    static let pairsHeadline = "Pairs: points that the second has more, p by McNemar's exact test, corrected by Holm"

    var standings: TextTable {
        var table = TextTable(
            ["model"],
            numbers: [
                "strength", "95 %", "tasks", "passed", "pass@1", "95 %", "s/solved", "tokens/solved", "cost/solved",
            ])
        table.rows = places.map { place in
            let run = place.figures
            return [
                run.label, Figure.number(place.strength, places: 2),
                "\(Figure.number(place.interval.low, places: 2)) to \(Figure.number(place.interval.high, places: 2))",
                String(run.tasks), "\(run.passed)/\(run.samples)", Figure.percent(run.rate),
                Figure.percent(run.interval), Figure.short(run.secondsPerSolved), Figure.short(run.tokensPerSolved),
                Figure.short(run.costPerSolved),
            ]
        }
        return table.withoutEmptyColumns()
    }

    var pairTable: TextTable {
        var table = TextTable(
            ["first", "second"],
            numbers: ["tasks", "difference", "95 %", "only first", "only second", "p", "p corrected"])
        table.rows = pairs.map { pair in
            [
                pair.first, pair.second, String(pair.tasks), Figure.points(pair.difference),
                Figure.points(pair.interval), String(pair.passedOnlyFirst), String(pair.passedOnlySecond),
                Figure.probability(pair.probability), Figure.probability(pair.adjusted),
            ]
        }
        return table
    }
}
