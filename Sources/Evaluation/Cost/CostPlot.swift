internal import Foundation

/// Costs over volumes, both as powers of ten: what own machines cost goes up in steps, and what is paid for is a line.
package struct CostPlot: Sendable {
    private let comparison: CostComparison
    /// Completions a month, from and to.
    private let volumes: ClosedRange<Double>
    private let costs: ClosedRange<Double>

    /// - Parameter volumes: completions a month; nil: two powers of ten around where both cost the same, or one machine
    ///   is busy.
    package init(_ comparison: CostComparison, volumes: ClosedRange<Double>? = nil) {
        self.comparison = comparison
        var middle = comparison.capacity
        if case .at(let first, _) = comparison.breakEven, first > 0 { middle = first }
        let asked = volumes ?? (middle / 100)...(middle * 100)
        let low = max(asked.lowerBound, 1e-6)
        let shown = low...max(asked.upperBound, low * 10)
        self.volumes = shown
        let all = [shown.lowerBound, shown.upperBound].flatMap { volume in
            let month = comparison.month(.completions(volume))
            return [month.hosted, month.paid]
        }.filter { $0 > 0 }
        let least = pow(10, log10(all.min() ?? 1).rounded(.down))
        costs = least...max(pow(10, log10(all.max() ?? 10).rounded(.up)), least * 10)
    }

    /// Where a value is between the bounds of its axis, in powers of ten.
    private func place(_ value: Double, _ bounds: ClosedRange<Double>) -> Double {
        let share =
            (log10(max(value, bounds.lowerBound)) - log10(bounds.lowerBound))
            / (log10(bounds.upperBound) - log10(bounds.lowerBound))
        return min(1, max(0, share))
    }

    private func volume(at share: Double) -> Double {
        volumes.lowerBound * pow(volumes.upperBound / volumes.lowerBound, share)
    }

    private func powers(_ bounds: ClosedRange<Double>) -> [Double] {
        let first = Int(log10(bounds.lowerBound).rounded(.up))
        let last = Int((log10(bounds.upperBound) + 1e-9).rounded(.down))
        return first > last ? [] : (first...last).map { pow(10, Double($0)) }
    }

    private var breakEven: Double? {
        guard case .at(let first, _) = comparison.breakEven, volumes.contains(first) else { return nil }
        return first
    }

    // MARK: - SVG

    /// A drawing of 640 by 400.
    package var svg: String {
        let (left, top, width, height) = (80.0, 20.0, 540.0, 320.0)
        func number(_ value: Double) -> String { String(format: "%.1f", value) }
        func x(_ volume: Double) -> Double { left + width * place(volume, volumes) }
        func y(_ cost: Double) -> Double { top + height * (1 - place(cost, costs)) }
        func line(_ cost: (CostComparison.Month) -> Double) -> String {
            (0...270).map { step in
                let volume = volume(at: Double(step) / 270)
                return number(x(volume)) + "," + number(y(cost(comparison.month(.completions(volume)))))
            }.joined(separator: " ")
        }
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\" role=\"img\" font-family=\"sans-serif\" "
                + "font-size=\"12\">",
            "<title>\(ForeignText.html("Cost a month of own machines and of paid tokens. " + sentence))</title>",
            "<g stroke=\"#999\" stroke-width=\"0.5\" fill=\"none\">",
        ]
        parts += powers(volumes).map { "<path d=\"M\(number(x($0))) \(number(top))V\(number(top + height))\"/>" }
        parts += powers(costs).map { "<path d=\"M\(number(left)) \(number(y($0)))H\(number(left + width))\"/>" }
        parts += ["</g>", "<g fill=\"currentColor\">"]
        parts += powers(volumes).map {
            "<text x=\"\(number(x($0)))\" y=\"358\" text-anchor=\"middle\">\(Figure.grouped($0))</text>"
        }
        parts += powers(costs).map {
            "<text x=\"72\" y=\"\(number(y($0) + 4))\" text-anchor=\"end\">\(Figure.grouped($0))</text>"
        }
        parts.append("<text x=\"350\" y=\"385\" text-anchor=\"middle\">completions a month</text>")
        parts.append("<text x=\"80\" y=\"13\">\(ForeignText.html(comparison.currency)) a month</text>")
        parts.append("<text x=\"620\" y=\"13\" text-anchor=\"end\">solid: own machines, dashed: paid tokens</text></g>")
        parts.append("<polyline points=\"\(line(\.hosted))\" fill=\"none\" stroke=\"#1f6fb2\" stroke-width=\"2\"/>")
        parts.append(
            "<polyline points=\"\(line(\.paid))\" fill=\"none\" stroke=\"#c2571a\" stroke-width=\"2\" "
                + "stroke-dasharray=\"6 4\"/>")
        if let breakEven {
            let cost = comparison.month(.completions(breakEven)).paid
            parts.append(
                "<circle cx=\"\(number(x(breakEven)))\" cy=\"\(number(y(cost)))\" r=\"5\" fill=\"none\" "
                    + "stroke=\"currentColor\" stroke-width=\"2\"/>")
            parts.append(
                "<text x=\"\(number(min(x(breakEven) + 9, 520)))\" y=\"\(number(y(cost) + 18))\" fill=\"currentColor\">"
                    + "\(Figure.grouped(breakEven))</text>")
        }
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    private var sentence: String { comparison.breakEven.sentence(currency: comparison.currency) }

    // MARK: - Text

    /// The same for a terminal: `o` is what own machines cost, `p` what is paid for, `*` both, `X` where both are the
    /// same.
    package func text(columns: Int = 64, rows: Int = 16) -> String {
        let (columns, rows) = (max(2, columns), max(2, rows))
        var grid = [[Character]](repeating: [Character](repeating: " ", count: columns), count: rows)
        func row(_ cost: Double) -> Int { rows - 1 - Int((place(cost, costs) * Double(rows - 1)).rounded()) }
        for column in 0..<columns {
            let month = comparison.month(.completions(volume(at: Double(column) / Double(columns - 1))))
            grid[row(month.hosted)][column] = "o"
            grid[row(month.paid)][column] = row(month.hosted) == row(month.paid) ? "*" : "p"
        }
        if let breakEven {
            let column = Int((place(breakEven, volumes) * Double(columns - 1)).rounded())
            grid[row(comparison.month(.completions(breakEven)).paid)][column] = "X"
        }
        let (high, low) = (Figure.grouped(costs.upperBound), Figure.grouped(costs.lowerBound))
        let margin = max(high.count, low.count)
        func label(_ text: String) -> String { String(repeating: " ", count: margin - text.count) + text }
        var lines = ["\(comparison.currency) a month; o: own machines, p: paid tokens, X: both the same"]
        for (index, cells) in grid.enumerated() {
            let mark = index == 0 ? label(high) : index == rows - 1 ? label(low) : label("")
            var line = mark + " |" + String(cells)
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        lines.append(label("") + " +" + String(repeating: "-", count: columns))
        let (first, last) = (Figure.grouped(volumes.lowerBound), Figure.grouped(volumes.upperBound))
        let space = String(repeating: " ", count: max(1, columns - first.count - last.count))
        lines.append(label("") + "  " + first + space + last)
        lines.append(sentence)
        return lines.joined(separator: "\n") + "\n"
    }
}
