internal import Statistics

/// Rates with the intervals that they are in, below one another.
struct IntervalPlot {
    struct Row {
        var label: String
        var series: Int
        var value: Double
        var interval: Interval
    }

    var suite: String
    var rows: [Row]

    var svg: Markup {
        let axis = PlotAxis(linear: rows.flatMap { [$0.interval.low, $0.interval.high] }, within: 0...1)
        let (left, right, top, step) = (14.0, PlotShapes.width - 18, 2.0, 46.0)
        let bottom = top + step * Double(rows.count)
        func x(_ value: Double) -> Double { left + axis.place(value) * (right - left) }
        var parts: [Markup] = []
        for tick in axis.ticks {
            parts.append(PlotShapes.line((x(tick), top), (x(tick), bottom), "grid"))
            parts.append(
                PlotShapes.text(
                    "\(PlotShapes.number(tick * 100)) %", x: x(tick), y: bottom + 18, anchor: "middle", "tick"))
        }
        for (number, row) in rows.enumerated() {
            let y = top + step * Double(number) + 30
            let kind = "whisker s\(row.series % 8)"
            let said = "\(row.label): \(Figure.percent(row.value)), 95 %: \(Figure.percent(row.interval))"
            parts += [
                PlotShapes.text(PlotShapes.cut(row.label, to: 46), x: left, y: y - 11),
                PlotShapes.text(Figure.percent(row.value), x: right, y: y - 11, anchor: "end", "label value"),
                PlotShapes.line((x(row.interval.low), y), (x(row.interval.high), y), kind),
                PlotShapes.line((x(row.interval.low), y - 4), (x(row.interval.low), y + 4), kind),
                PlotShapes.line((x(row.interval.high), y - 4), (x(row.interval.high), y + 4), kind),
                PlotShapes.marker(series: row.series, x: x(row.value), y: y, title: said),
            ]
        }
        let title =
            "pass@1 in \(suite): "
            + rows.map { "\($0.label) \(Figure.percent($0.value)) (\(Figure.percent($0.interval)))" }
            .joined(separator: "; ")
        return PlotShapes.svg(height: bottom + 26, title: title, parts)
    }
}
