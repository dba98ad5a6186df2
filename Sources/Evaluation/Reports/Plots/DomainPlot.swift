internal import Foundation

/// Rates by domain: a radar where there are enough domains for one and not too many, bars otherwise.
struct DomainPlot {
    private let domains: DomainRates
    private let labels: [String]

    /// - Parameter labels: of the runs; a run has its color by its place.
    init(_ domains: DomainRates, _ labels: [String]) {
        self.domains = domains
        self.labels = labels
    }

    /// More axes could not be told apart.
    private var isRadar: Bool { (3...12).contains(domains.rows.count) }

    var legend: Markup { PlotShapes.legend(labels.enumerated().map { ($1, $0) }) }

    var caption: String {
        isRadar ? "Tasks passed in each domain; the outermost ring is all of them." : "Tasks passed in each domain."
    }

    var svg: Markup { isRadar ? radar : bars }

    private var title: String {
        "Rates by domain: "
            + domains.rows.map { row in
                row.domain + " "
                    + labels.compactMap { label in row.cells[label].map { "\(label) \(Figure.percent($0.rate))" } }
                    .joined(separator: ", ")
            }.joined(separator: "; ")
    }

    private var radar: Markup {
        let count = domains.rows.count
        let (centre, radius) = ((x: PlotShapes.width / 2, y: 168.0), 120.0)
        func place(_ axis: Int, _ share: Double) -> (x: Double, y: Double) {
            let angle = 2 * Double.pi * Double(axis) / Double(count)
            return (centre.x + sin(angle) * share * radius, centre.y - cos(angle) * share * radius)
        }
        var parts: [Markup] = []
        for ring in [0.25, 0.5, 0.75, 1] {
            parts.append(
                .tag(
                    "polygon",
                    ["points": PlotShapes.points((0..<count).map { place($0, ring) }), "class": "grid ring"]))
        }
        for (axis, row) in domains.rows.enumerated() {
            parts.append(PlotShapes.line(centre, place(axis, 1), "grid"))
            let (x, y) = place(axis, 1.09)
            let anchor = abs(x - centre.x) < 8 ? "middle" : x > centre.x ? "start" : "end"
            let lines = Self.lines(row.domain)
            let rise = y < centre.y - 60 ? Double(lines.count - 1) * 13 : Double(lines.count - 1) * 6
            for (number, line) in lines.enumerated() {
                parts.append(PlotShapes.text(line, x: x, y: y + 4 - rise + Double(number) * 13, anchor: anchor))
            }
        }
        for (series, label) in labels.enumerated() { parts += shape(series, label, place) }
        for ring in [0.5, 1] {
            parts.append(
                PlotShapes.text("\(Int(ring * 100))", x: centre.x + 4, y: centre.y - ring * radius + 13, "tick"))
        }
        let lowest = (0..<count).map { place($0, 1.09).y }.max() ?? centre.y
        return PlotShapes.svg(height: lowest + 34, title: title, parts)
    }

    /// What one run did: an area, or lines between neighbours where it has no tasks of some domain.
    private func shape(_ series: Int, _ label: String, _ place: (Int, Double) -> (x: Double, y: Double)) -> [Markup] {
        let rates = domains.rows.map { $0.cells[label]?.rate }
        let corners = rates.enumerated().map { axis, rate in rate.map { place(axis, $0) } }
        var parts: [Markup] = []
        if corners.allSatisfy({ $0 != nil }) {
            parts.append(
                .tag(
                    "polygon",
                    ["points": PlotShapes.points(corners.compactMap(\.self)), "class": "area s\(series % 8)"]))
        } else {
            for (axis, corner) in corners.enumerated() {
                guard let corner, let next = corners[(axis + 1) % corners.count] else { continue }
                parts.append(PlotShapes.line(corner, next, "whisker s\(series % 8)"))
            }
        }
        for (row, corner) in zip(domains.rows, corners) {
            guard let corner, let cell = row.cells[label] else { continue }
            let said = "\(label), \(row.domain): \(Figure.percent(cell.rate)) of \(Figure.count(cell.tasks, "task"))"
            parts.append(PlotShapes.marker(series: series, x: corner.x, y: corner.y, title: said))
        }
        return parts
    }

    /// Two lines for what is too long for one.
    private static func lines(_ name: String) -> [String] {
        guard name.count > 15 else { return [name] }
        var lines = [""]
        for word in name.split(separator: " ") {
            let longer = lines[lines.count - 1].isEmpty ? String(word) : lines[lines.count - 1] + " " + word
            if longer.count <= 15 || lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = longer
            } else {
                lines.append(String(word))
            }
        }
        let rest = lines.dropFirst().joined(separator: " ")
        return [PlotShapes.cut(lines[0], to: 15)] + (rest.isEmpty ? [] : [PlotShapes.cut(rest, to: 15)])
    }

    private var bars: Markup {
        let (left, right) = (14.0, PlotShapes.width - 62)
        var (parts, y): ([Markup], Double) = ([], 4)
        for row in domains.rows {
            parts.append(PlotShapes.text(PlotShapes.cut(row.domain, to: 56), x: left, y: y + 13))
            y += 20
            for (series, label) in labels.enumerated() {
                guard let cell = row.cells[label] else { continue }
                let said =
                    "\(label), \(row.domain): \(Figure.percent(cell.rate)) of \(Figure.count(cell.tasks, "task"))"
                let width = (right - left) * cell.rate
                parts += [
                    .tag(
                        "rect",
                        [
                            "x": PlotShapes.number(left), "y": PlotShapes.number(y),
                            "width": PlotShapes.number(right - left), "height": "10", "rx": "2", "class": "track",
                        ]),
                    .tag(
                        "rect",
                        [
                            "x": PlotShapes.number(left), "y": PlotShapes.number(y),
                            "width": PlotShapes.number(width), "height": "10", "rx": "2",
                            "class": "mark s\(series % 8)",
                        ], .tag("title", [:], Markup(said))),
                    PlotShapes.text(
                        Figure.percent(cell.rate), x: PlotShapes.width - 4, y: y + 9.5, anchor: "end", "tick"),
                ]
                y += 15
            }
            y += 8
        }
        return PlotShapes.svg(height: y, title: title, parts)
    }
}
