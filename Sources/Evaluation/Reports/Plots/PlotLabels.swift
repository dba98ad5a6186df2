/// Finds places for labels of points where they hide neither points nor a line nor one another.
struct PlotLabels {
    private struct Box {
        var (x, y, width, height) = (0.0, 0.0, 0.0, 0.0)

        func overlap(_ other: Box) -> Double {
            max(0, min(x + width, other.x + other.width) - max(x, other.x))
                * max(0, min(y + height, other.y + other.height) - max(y, other.y))
        }
    }

    private let width: Double
    private let height: Double
    private var taken: [Box]

    /// - Parameters:
    ///   - points: and what else keeps its place.
    ///   - line: of steps: straight across or straight up.
    init(
        width: Double, height: Double, around points: [(x: Double, y: Double)], line: [(x: Double, y: Double)]
    ) {
        self.width = width
        self.height = height
        taken = points.map { Box(x: $0.x - 6, y: $0.y - 6, width: 12, height: 12) }
        for (from, to) in zip(line, line.dropFirst()) {
            taken.append(
                Box(
                    x: min(from.x, to.x) - 1, y: min(from.y, to.y) - 1, width: abs(to.x - from.x) + 2,
                    height: abs(to.y - from.y) + 2))
        }
    }

    /// At the side where the least is in the way.
    mutating func label(_ text: String, at point: (x: Double, y: Double)) -> Markup {
        let text = PlotShapes.cut(text, to: 30)
        // Some fonts are narrower; a label ends where it would touch its point, and not elsewhere.
        let (long, high) = (Double(text.count) * 7.3, 15.0)
        let sides: [(anchor: String, x: Double)] = [
            ("start", point.x + 9), ("end", point.x - 9 - long), ("middle", point.x - long / 2),
        ]
        var best: (box: Box, anchor: String, bad: Double)?
        for rise in [0.0, 13, -13, 26, -26, 39, -39] {
            for side in sides where rise != 0 || side.anchor != "middle" {
                let box = Box(x: side.x, y: point.y - high / 2 - rise, width: long, height: high)
                let outside =
                    max(0, 2 - box.x) + max(0, box.x + long - width + 2) + max(0, -box.y)
                    + max(0, box.y + high - height)
                let bad = taken.reduce(abs(rise) * 0.2) { $0 + $1.overlap(box) } + outside * 20
                if best.map({ bad < $0.bad }) ?? true { best = (box, side.anchor, bad) }
            }
        }
        guard let (box, anchor, _) = best else { return .nothing }
        taken.append(box)
        let x = anchor == "start" ? box.x : anchor == "end" ? box.x + long : box.x + long / 2
        return PlotShapes.text(text, x: x, y: box.y + 11.5, anchor: anchor)
    }
}
