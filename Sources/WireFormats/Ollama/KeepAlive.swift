/// How long a model stays in memory after its last use, as Ollama writes it: seconds (`300`), or numbers with units
/// (`5m`, `1h30m`, `1.5h`, `500ms`); with a minus for ever.
package struct KeepAlive: Hashable, Sendable {
    /// Infinite: until others need the room.
    package var seconds: Double

    /// - Parameter seconds: negative for ever.
    package init(seconds: Double) {
        // Thirty years are for ever, too.
        self.seconds = seconds >= 0 && seconds < 1e9 ? seconds : .infinity
    }

    /// - Returns: nil where the text is none of these forms.
    package init?(_ text: String) {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let sign: Double = text.hasPrefix("-") ? -1 : 1
        if let number = Self.number(digits) {
            self.init(seconds: sign * number)
            return
        }
        var rest = digits
        var sum = 0.0
        repeat {
            let amount = rest.prefix(while: Self.isDigit)
            rest = rest.dropFirst(amount.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Self.number(amount), let factor = Self.units[String(unit)] else { return nil }
            sum += number * factor
        } while !rest.isEmpty
        self.init(seconds: sign * sum)
    }

    private static let units = [
        "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600,
    ]

    private static func isDigit(_ character: Character) -> Bool {
        character == "." || character.isASCII && character.isNumber
    }

    /// Digits with at most one point.
    private static func number(_ text: Substring) -> Double? {
        guard text.contains(where: \.isNumber), text.allSatisfy(isDigit) else {
            return nil
        }
        return Double(text)
    }
}
