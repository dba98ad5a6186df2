/// Lines that agents put at the head of the system message, that change with every request and tell a model nothing.
///
/// A changed line at the head makes all that follows another prompt, which would be read again from there. Lines with the
/// date or the time stay: models answer by them, and whether one matters cannot be seen from outside.
package enum VolatileLines {
    /// Names before the colon, in lower case, of what is a list of `key=value;`. Claude Code sends the first, with a checksum
    /// `cch` of each request.
    private static let names = ["x-anthropic-billing-header"]

    /// The messages without such lines at the head of the first one, if that is a system message.
    package static func removing(from messages: [Message]) -> [Message] {
        guard var first = messages.first, first.role == .system else { return messages }
        while let part = first.parts.first, case .text(let text) = part {
            let rest = removing(from: text)
            guard rest.utf8.count < text.utf8.count else { break }
            if rest.isEmpty {
                first.parts.removeFirst()
            } else {
                first.parts[0] = .text(rest)
                break
            }
        }
        return (first.parts.isEmpty ? [] : [first]) + messages.dropFirst()
    }

    /// The text behind such lines, and behind the blank lines that follow them.
    package static func removing(from text: String) -> String {
        var rest = text.utf8[...]
        while let next = behindHeader(rest) { rest = next }
        return rest.count == text.utf8.count ? text : String(Substring(rest))
    }

    /// What follows one header with at least one pair; nil where none begins here. Text may follow its last semicolon on the
    /// same line: some clients join the parts of a message without a line break.
    private static func behindHeader(_ text: Substring.UTF8View) -> Substring.UTF8View? {
        let start = text.drop { blanks.contains($0) || lineBreaks.contains($0) }
        for name in names {
            let head = start.prefix(name.utf8.count)
            guard head.map({ $0 | 0x20 }).elementsEqual(name.utf8.map { $0 | 0x20 }) else { continue }
            var rest = start.dropFirst(head.count)
            guard rest.first == UInt8(ascii: ":") else { continue }
            rest = rest.dropFirst()
            var pairs = 0
            while let next = behindPair(rest) {
                rest = next
                pairs += 1
            }
            guard pairs > 0 else { continue }
            return rest.drop { blanks.contains($0) }.drop { lineBreaks.contains($0) }
        }
        return nil
    }

    /// What follows `key=value;`, or `key=value` at the end of a line.
    private static func behindPair(_ text: Substring.UTF8View) -> Substring.UTF8View? {
        let start = text.drop { blanks.contains($0) }
        let key = start.prefix { isWord($0) }
        let behindKey = start.dropFirst(key.count)
        guard !key.isEmpty, behindKey.first == UInt8(ascii: "=") else { return nil }
        let value = behindKey.dropFirst().prefix { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") }
        let behindValue = behindKey.dropFirst(1 + value.count)
        if behindValue.first == UInt8(ascii: ";") { return behindValue.dropFirst() }
        return behindValue.first.map { lineBreaks.contains($0) } ?? true ? behindValue : nil
    }

    private static let blanks: [UInt8] = [0x20, 0x09]
    private static let lineBreaks: [UInt8] = [0x0A, 0x0D]

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
