import ModelFiles

/// The numbers of a progress display and how they are put.
struct ProgressFacts: Equatable {
    var received: Int
    var total: Int?
    var bytesPerSecond: Double
    var secondsLeft: Double?

    var percent: Int? {
        guard let total, total > 0 else { return nil }
        return Int((Double(received) / Double(total) * 100).clamped(to: 0...100))
    }

    /// `61 %  683 MB of 1.12 GB  112 MB/s  4 s left`
    var text: String {
        var parts: [String] = []
        if let percent { parts.append("\(percent) %") }
        parts.append(total.map { "\(ByteCount(received)) of \(ByteCount($0))" } ?? "\(ByteCount(received))")
        if bytesPerSecond >= 1 { parts.append("\(ByteCount(UInt64(bytesPerSecond)))/s") }
        if let secondsLeft, secondsLeft.isFinite, secondsLeft > 0 { parts.append("\(Self.duration(secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    /// The text with a bar before it, as far as `columns` allow.
    func line(columns: Int) -> String {
        let text = text
        let room = min(columns - text.count - 4, 40)
        guard room >= 8, let total, total > 0 else { return String(text.prefix(max(columns - 1, 0))) }
        let filled = Int((Double(received) / Double(total) * Double(room)).clamped(to: 0...Double(room)))
        return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: room - filled) + "] " + text
    }

    /// `4 s`, `3 min`, `2 h 10 min`
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9).rounded(.up))
        if whole < 100 { return "\(whole) s" }
        let minutes = (whole + 30) / 60
        if minutes < 100 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        isNaN ? range.lowerBound : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
