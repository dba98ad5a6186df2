extension EvaluationReport {
    /// One page that needs nothing else, and that may load, run and send nothing: it has no script, and what opens is a
    /// `<details>`.
    package var html: String {
        // The page's own style is the only thing that is allowed; styles can load nothing either.
        let policy =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        let head = Markup.tag(
            "head", [:],
            .tag("meta", ["charset": "utf-8"]),
            .tag("meta", ["http-equiv": "content-security-policy", "content": policy]),
            .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .tag("meta", ["name": "referrer", "content": "no-referrer"]),
            .tag("meta", ["name": "color-scheme", "content": "light dark"]),
            .tag("title", [:], Markup(title)),
            .style(String(decoding: PackageResources.report_css, as: UTF8.self)))
        let labels = labels
        let body = Markup.tag(
            "body", [:],
            .tag("header", [:], .tag("h1", [:], Markup(title)), .tag("p", [:], Markup(summary)), contents),
            .tag(
                "main", [:],
                .joined(
                    [
                        section("results", "Results", [ReportTables.results(self)]),
                        domainSection(labels),
                    ] + suites.enumerated().map { number, suite in SuiteSection(suite, number, labels).markup })))
        return "<!DOCTYPE html>\n" + Markup.tag("html", ["lang": "en"], head, body).html + "\n"
    }

    private var summary: String {
        let runs = suites.flatMap(\.runs)
        let dates = Set(runs.map(\.run.date)).sorted()
        let when = dates.count > 1 ? ", \(dates[0]) to \(dates[dates.count - 1])" : dates.first.map { ", \($0)" } ?? ""
        return "\(Figure.count(runs.count, "run")) of \(Figure.count(suites.count, "suite"))\(when)"
    }

    private var contents: Markup {
        let links =
            [("results", "Results")] + (domains.rows.isEmpty ? [] : [("domains", "Domains")])
            + suites.enumerated().map { (SuiteSection.anchor($0), $1.suite) }
        return .tag(
            "nav", ["aria-label": "Sections"],
            .tag("ul", [:], links.map { .tag("li", [:], .tag("a", ["href": "#\($0)"], Markup($1))) }))
    }

    private func section(_ anchor: String, _ heading: String, _ parts: [Markup]) -> Markup {
        .tag("section", ["id": anchor], [.tag("h2", [:], Markup(heading))] + parts)
    }

    private func domainSection(_ labels: [String]) -> Markup {
        guard !domains.rows.isEmpty else { return .nothing }
        let plot = DomainPlot(domains, labels)
        return section(
            "domains", "Domains",
            [
                .tag(
                    "div", ["class": "beside"],
                    .tag("figure", [:], plot.legend, plot.svg, .tag("figcaption", [:], Markup(plot.caption))),
                    ReportTables.domains(domains, labels))
            ])
    }
}
