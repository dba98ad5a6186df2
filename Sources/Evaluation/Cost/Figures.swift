internal import Foundation

/// Numbers for people.
enum Figures {
    /// With three digits that mean something, and commas between thousands.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let size = abs(value)
        if size == 0 { return "0" }
        if size < 1000 {
            let digits = max(0, 2 - Int(log10(size).rounded(.down)))
            let text = String(format: "%.\(min(digits, 12))f", value)
            guard text.contains(".") else { return text }
            var kept = Substring(text)
            while kept.hasSuffix("0") { kept.removeLast() }
            if kept.hasSuffix(".") { kept.removeLast() }
            return String(kept)
        }
        let whole = String(format: "%.0f", size)
        var groups: [Substring] = []
        var rest = whole[...]
        while !rest.isEmpty {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    static func percent(_ share: Double) -> String { text(share * 100) + " %" }
}
