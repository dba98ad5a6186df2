/// The tables of a report, and how tables look in HTML.
enum ReportTables {
    /// All runs of all suites.
    static func resultTable(_ report: EvaluationReport) -> TextTable {
        var table = TextTable(
            ["suite", "model"],
            numbers: ["passed", "pass@1", "95 %", "pass@k", "pass^k", "tokens/s", "s/task", "cost/solved"])
        for suite in report.suites {
            for run in suite.runs {
                let figures = run.figures
                func several(_ rate: Double?) -> String {
                    rate.map { "\(Figure.percent($0)) (k = \(run.samplesPerTask ?? 0))" } ?? "–"
                }
                table.rows.append([
                    suite.suite, figures.label, "\(figures.passed)/\(figures.samples)", Figure.percent(figures.rate),
                    Figure.percent(figures.interval), several(run.onePasses), several(run.allPass),
                    Figure.short(run.tokensPerSecond), Figure.short(run.secondsPerTask),
                    Figure.short(figures.costPerSolved),
                ])
            }
        }
        return table.withoutEmptyColumns()
    }

    static func domainTable(_ domains: DomainRates, _ labels: [String]) -> TextTable {
        var table = TextTable(["domain"], numbers: labels)
        table.rows = domains.rows.map { row in
            [row.domain]
                + labels.map { label in
                    row.cells[label].map { "\(Figure.percent($0.rate)) of \($0.tasks)" } ?? "–"
                }
        }
        return table
    }

    static func results(_ report: EvaluationReport) -> Markup { table(resultTable(report), "Results of all runs") }

    static func domains(_ domains: DomainRates, _ labels: [String]) -> Markup {
        table(domainTable(domains, labels), "Rates by domain")
    }

    /// - Parameter caption: for those who do not see where the table stands.
    static func table(_ table: TextTable, _ caption: String) -> Markup {
        func attributes(_ column: TextTable.Column) -> KeyValuePairs<String, String> {
            column.isNumber ? ["class": "number"] : [:]
        }
        let head = table.columns.map { column -> Markup in
            column.isNumber
                ? .tag("th", ["scope": "col", "class": "number"], Markup(column.heading))
                : .tag("th", ["scope": "col"], Markup(column.heading))
        }
        let rows = table.rows.map { row in
            Markup.tag(
                "tr", [:],
                zip(table.columns, row).enumerated().map { place, cell in
                    place == 0
                        ? .tag("th", ["scope": "row"], Markup(cell.1))
                        : .tag("td", attributes(cell.0), Markup(cell.1))
                })
        }
        return .tag(
            "div", ["class": "scroll", "role": "region", "aria-label": caption, "tabindex": "0"],
            .tag("table", [:], .tag("thead", [:], .tag("tr", [:], head)), .tag("tbody", [:], rows)))
    }
}
