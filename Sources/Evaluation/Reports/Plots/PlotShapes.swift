/// What all plots draw with. Runs differ by color and by shape: not everyone sees colors.
enum PlotShapes {
    /// Of all plots, so that texts are of one size; what is wider than a phone would be too small to read there.
    static let width = 440.0

    static func svg(height: Double, title: String, _ parts: [Markup]) -> Markup {
        .tag(
            "svg", ["viewBox": "0 0 \(number(width)) \(number(height))", "role": "img", "aria-label": title],
            [.tag("title", [:], Markup(title))] + parts)
    }

    static func number(_ value: Double) -> String {
        let text = Figure.number(value, places: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ kind: String) -> Markup {
        .tag(
            "line",
            ["x1": number(from.x), "y1": number(from.y), "x2": number(to.x), "y2": number(to.y), "class": kind])
    }

    static func points(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    /// - Parameter anchor: of the text, at `x`: start, middle or end.
    static func text(_ text: String, x: Double, y: Double, anchor: String = "start", _ kind: String = "label") -> Markup
    {
        .tag(
            "text", ["x": number(x), "y": number(y), "text-anchor": anchor, "class": kind], Markup(text))
    }

    /// - Parameter title: shown when it is pointed at.
    static func marker(series: Int, x: Double, y: Double, title: String? = nil) -> Markup {
        let kind = "mark s\(series % 8)"
        let inside = title.map { [Markup.tag("title", [:], Markup($0))] } ?? []
        func corners(_ offsets: [(Double, Double)]) -> Markup {
            .tag("polygon", ["points": points(offsets.map { (x + $0.0, y + $0.1) }), "class": kind], inside)
        }
        switch (series + series / 8) % 4 {
        case 0: return .tag("circle", ["cx": number(x), "cy": number(y), "r": "5", "class": kind], inside)
        case 1: return corners([(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)])
        case 2: return corners([(0, -6), (5.5, 4.2), (-5.5, 4.2)])
        default: return corners([(0, -6.5), (6, 0), (0, 6.5), (-6, 0)])
        }
    }

    /// A label that has room for so many letters.
    static func cut(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(max(1, count - 1)) + "…"
    }

    static func legend(_ labels: [(label: String, series: Int)]) -> Markup {
        .tag(
            "ul", ["class": "legend"],
            labels.map { label, series in
                .tag(
                    "li", [:],
                    .tag(
                        "svg", ["viewBox": "0 0 16 16", "class": "swatch", "aria-hidden": "true"],
                        marker(series: series, x: 8, y: 8)), Markup(label))
            })
    }
}
