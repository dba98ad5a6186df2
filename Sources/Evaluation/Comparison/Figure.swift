internal import Foundation
internal import Statistics

/// Numbers as people read them.
enum Figure {
    static func number(_ value: Double, places: Int = 0) -> String { String(format: "%.\(places)f", value) }

    /// With as many digits after the point as tell something: 1234, 12.3, 0.0012
    static func short(_ value: Double) -> String {
        let size = abs(value)
        if size >= 100 || size == 0 || !size.isFinite { return number(value) }
        if size >= 10 { return number(value, places: 1) }
        return number(value, places: size >= 1 ? 2 : min(8, 1 - Int(log10(size).rounded(.down))))
    }

    static func short(_ value: Double?) -> String { value.map { short($0) } ?? "–" }

    /// 70.1 %
    static func percent(_ share: Double) -> String { number(share * 100, places: 1) + " %" }

    /// 62.7 to 76.6 %
    static func percent(_ interval: Interval) -> String {
        "\(number(interval.low * 100, places: 1)) to \(percent(interval.high))"
    }

    /// +4.3, in points of a percentage.
    static func points(_ difference: Double) -> String {
        let text = number(difference * 100, places: 1)
        return text == "-0.0" ? "0.0" : difference > 0 && text != "0.0" ? "+" + text : text
    }

    static func points(_ interval: Interval) -> String { "\(points(interval.low)) to \(points(interval.high))" }

    /// 0.031, or < 0.001
    static func probability(_ value: Double) -> String { value < 0.001 ? "< 0.001" : number(value, places: 3) }

    /// 1 task, 2 tasks
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
