internal import Statistics

/// What models can do, above what they take for it, with the Pareto frontier.
struct ScatterPlot {
    struct Point {
        var label: String
        var series: Int
        /// Less is better.
        var cost: Double
        /// A rate.
        var value: Double
        var interval: Interval
    }

    var suite: String
    /// What the costs are: seconds per task
    var cost: String
    var points: [Point]

    private static let (left, right, top, bottom) = (46.0, PlotShapes.width - 14, 10.0, 268.0)

    var svg: Markup {
        let across = PlotAxis(spread: points.map(\.cost))
        let up = PlotAxis(linear: points.flatMap { [$0.interval.low, $0.interval.high] }, within: 0...1)
        let places = points.map { point in
            (
                x: Self.left + across.place(point.cost) * (Self.right - Self.left),
                y: Self.bottom - up.place(point.value) * (Self.bottom - Self.top)
            )
        }
        let frontier = ParetoFrontier.members(points.map { ($0.cost, $0.value) })
        var parts = grid(across, up)
        let stairs = steps(frontier.map { places[$0] })
        parts.append(.tag("polyline", ["points": PlotShapes.points(stairs), "class": "frontier"]))
        for (point, place) in zip(points, places) {
            func y(_ value: Double) -> Double { Self.bottom - up.place(value) * (Self.bottom - Self.top) }
            parts.append(
                PlotShapes.line(
                    (place.x, y(point.interval.low)), (place.x, y(point.interval.high)),
                    "whisker thin s\(point.series % 8)"))
        }
        for (point, place) in zip(points, places) {
            let said = "\(point.label): \(Figure.percent(point.value)), \(Figure.short(point.cost)) \(cost)"
            parts.append(PlotShapes.marker(series: point.series, x: place.x, y: place.y, title: said))
        }
        let ticks = up.ticks.map { tick in
            (x: Self.left - 16, y: Self.bottom - up.place(tick) * (Self.bottom - Self.top))
        }
        var labels = PlotLabels(
            width: PlotShapes.width, height: Self.bottom, around: places + ticks, line: stairs)
        for (point, place) in zip(points, places) { parts.append(labels.label(point.label, at: place)) }
        let title =
            "pass@1 in \(suite) above \(cost): "
            + points.map { "\($0.label) \(Figure.percent($0.value)) at \(Figure.short($0.cost))" }
            .joined(separator: "; ")
            + ". On the Pareto frontier: " + frontier.map { points[$0].label }.joined(separator: ", ")
        return PlotShapes.svg(height: Self.bottom + 44, title: title, parts)
    }

    private func grid(_ across: PlotAxis, _ up: PlotAxis) -> [Markup] {
        var parts: [Markup] = []
        for tick in across.ticks {
            let x = Self.left + across.place(tick) * (Self.right - Self.left)
            parts.append(PlotShapes.line((x, Self.top), (x, Self.bottom), "grid"))
            // A number in the middle below the last tick might not end before the plot does.
            let isLast = x > Self.right - 12
            parts.append(
                PlotShapes.text(
                    Self.written(tick), x: isLast ? PlotShapes.width - 2 : x, y: Self.bottom + 18,
                    anchor: isLast ? "end" : "middle", "tick"))
        }
        for tick in up.ticks {
            let y = Self.bottom - up.place(tick) * (Self.bottom - Self.top)
            parts.append(PlotShapes.line((Self.left, y), (Self.right, y), "grid"))
            parts.append(
                PlotShapes.text("\(PlotShapes.number(tick * 100)) %", x: Self.left - 6, y: y + 4, anchor: "end", "tick")
            )
        }
        parts.append(PlotShapes.text(cost, x: Self.right, y: Self.bottom + 38, anchor: "end", "tick"))
        return parts
    }

    /// Without zeros after the point that say nothing.
    private static func written(_ tick: Double) -> String {
        var text = Figure.short(tick)
        guard text.contains(".") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// What costs a little more can do no more than the one before, up to the next.
    private func steps(_ places: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard let last = places.last else { return [] }
        var steps: [(x: Double, y: Double)] = []
        for place in places {
            if let before = steps.last { steps.append((place.x, before.y)) }
            steps.append(place)
        }
        return steps + [(Self.right, last.y)]
    }
}
