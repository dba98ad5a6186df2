/// Ends a text at the first of some others, for upstreams that take too few of them.
struct StopCutter {
    private let stops: [String]
    /// What could be the beginning of a stop text.
    private var held = ""

    init(_ stops: [String]) { self.stops = stops.filter { !$0.isEmpty } }

    /// - Returns: what is certain not to belong to a stop text, and the one that came, if one did.
    mutating func add(_ piece: String) -> (text: String, stop: String?) {
        held += piece
        let found = stops.compactMap { stop in held.range(of: stop).map { (range: $0, stop: stop) } }
        if let first = found.min(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            return (String(held[..<first.range.lowerBound]), first.stop)
        }
        var kept = 0
        for stop in stops {
            for count in (1..<max(2, stop.unicodeScalars.count)).reversed() where count > kept {
                let scalars = held.unicodeScalars
                if scalars.count >= count, scalars.suffix(count).elementsEqual(stop.unicodeScalars.prefix(count)) {
                    kept = count
                    break
                }
            }
        }
        let text = String(String.UnicodeScalarView(held.unicodeScalars.dropLast(kept)))
        held = String(String.UnicodeScalarView(held.unicodeScalars.suffix(kept)))
        return (text, nil)
    }

    /// What was held back, once nothing more comes.
    mutating func finish() -> String {
        defer { held = "" }
        return held
    }
}

extension String {
    /// By scalars: a stop text need not end where a character does.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        unicodeScalars.firstRange(of: other.unicodeScalars)
    }
}
