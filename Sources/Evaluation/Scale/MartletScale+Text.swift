internal import Foundation
internal import Statistics

extension MartletScale {
    /// The number with its interval, then the axes with theirs.
    package var text: String {
        func points(_ value: Double) -> String { "\(Int(value.rounded()))" }
        var lines: [String] = []
        if let whole = self.points {
            lines.append(
                "\(model): \(points(whole.value)) points (95 %: \(points(whole.interval.low)) to \(points(whole.interval.high)))"
            )
        } else {
            lines.append("\(model): no points, since no suite here is anchored")
        }
        for axis in Axis.allCases {
            let name = axis.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)
            guard let value = axes[axis] else {
                lines.append("  \(name)not measured\(Self.advice(axis))")
                continue
            }
            lines.append(
                "  \(name)\(points(value.value)) (\(points(value.interval.low)) to \(points(value.interval.high)))")
        }
        lines.append("Version \(version): 500 points of capability are \(reference).")
        if !unanchored.isEmpty {
            lines.append("Not anchored, and no part of capability: " + unanchored.joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }

    private static func advice(_ axis: Axis) -> String {
        switch axis {
        case .reliability: ": take --samples 4 or more"
        case .cost: ": give --price"
        case .coverage: ": no result is of the anchors' domains"
        case .capability, .speed: ""
        }
    }

    /// In one line.
    package var json: String { JSONLine.text(self) }
}
