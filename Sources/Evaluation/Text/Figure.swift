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

    /// With three digits that mean something, and commas between thousands: 1,234,567, 12.3, 0.00123
    static func grouped(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let size = abs(value)
        if size == 0 { return "0" }
        if size < 1000 {
            let text = number(value, places: min(max(0, 2 - Int(log10(size).rounded(.down))), 12))
            guard text.contains(".") else { return text }
            var kept = Substring(text)
            while kept.hasSuffix("0") { kept.removeLast() }
            if kept.hasSuffix(".") { kept.removeLast() }
            return String(kept)
        }
        var groups: [Substring] = []
        var rest = number(size)[...]
        while !rest.isEmpty {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

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
