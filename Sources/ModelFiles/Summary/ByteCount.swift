/// A number of bytes for people: decimal units, three significant digits, such as "1.12 GB".
package struct ByteCount: Hashable, Sendable, CustomStringConvertible {
    package let bytes: UInt64

    package init(_ bytes: UInt64) { self.bytes = bytes }
    package init(_ bytes: Int) { self.bytes = UInt64(max(bytes, 0)) }

    package var description: String {
        if bytes < 1000 { return "\(bytes) bytes" }
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        // 999.5 and more would print as 1000.
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(value.rounded(significantDigits: 3)) \(units[unit])"
    }
}

extension Double {
    /// As text with so many significant digits, without an exponent.
    package func rounded(significantDigits digits: Int) -> String {
        guard self > 0, isFinite else { return "0" }
        var magnitude = 0
        var scale = 1.0
        while self >= scale * 10 {
            scale *= 10
            magnitude += 1
        }
        return fixed(decimals: max(0, digits - 1 - magnitude))
    }

    /// As text with so many decimals.
    package func fixed(decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (self * scale).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return "\(self)" }
        let digits = String(Int(abs(scaled)))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        if decimals == 0 { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
