import Chat
import TestSupport
import Testing

@Suite("Volatile lines")
struct VolatileLinesTests {
    private static let header = "x-anthropic-billing-header: cc_version=2.1.37.fbe; cc_entrypoint=cli; cch=a1b2c;"

    private static let headed: [(text: String, rest: String)] = [
        ("\(header)\nYou are an agent.", "You are an agent."),
        ("\(header)\r\n\r\nYou are", "You are"),
        ("\(header)You are an agent.", "You are an agent."),
        (header, ""),
        ("\n  \(header)\n  Indented", "  Indented"),
        ("X-Anthropic-Billing-Header:cch=1;\nA", "A"),
        ("\(header)\n\(header)\nA", "A"),
        ("x-anthropic-billing-header: cc_version=1; cch=00000\nA; b=c;", "A; b=c;"),
    ]

    @Test("a billing header at the head goes, with the line's end", arguments: headed)
    func removed(_ text: String, _ rest: String) {
        #expect(VolatileLines.removing(from: text) == rest)
    }

    private static let plain: [String] = [
        "", "You are an agent.", "You are an agent.\n\(header)", "x-anthropic-billing-header:", "\n\n  Text",
        "x-anthropic-billing-header: explain what this header is for", "x-anthropic-billing-headers: a=b;",
        "Today's date: 2026-11-20\nBe brief.", "Current time: 12:31:07", "x-anthropic-billing-header: a=b c",
    ]

    @Test("everything else stays as it is", arguments: plain)
    func kept(_ text: String) {
        #expect(VolatileLines.removing(from: text) == text)
    }

    @Test("two requests that differ in the header only become the same messages")
    func messages() {
        func conversation(_ checksum: String) -> [[Message]] {
            let header = "x-anthropic-billing-header: cc_version=2.1; cch=\(checksum);"
            let user = Message(.user, header + "\nWhat is this?")
            return [
                [Message(.system, header + "\nYou are an agent."), user],
                [Message(.system, parts: [.text(header), .text("You are an agent.")]), user],
                [Message(.system, header), user],
            ]
        }
        let (a, b) = (conversation("11111"), conversation("2f2f2"))
        let user = Message(.user, "x")
        for (a, b) in zip(a, b) {
            let (left, right) = (VolatileLines.removing(from: a), VolatileLines.removing(from: b))
            #expect(left.dropLast() == right.dropLast())
            // What a user says is theirs.
            #expect(left.last == a.last)
        }
        #expect(VolatileLines.removing(from: a[0])[0].content == "You are an agent.")
        #expect(VolatileLines.removing(from: a[1])[0].content == "You are an agent.")
        #expect(VolatileLines.removing(from: a[2]).count == 1)
        #expect(VolatileLines.removing(from: [user]) == [user] && VolatileLines.removing(from: []).isEmpty)
    }

    @Test("never takes more than the head, whatever the text", arguments: 0..<20)
    func fuzz(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            Self.header, "x-anthropic-billing-header:", " ", "\n", "a=b;", "=", ";", "é", "text", "\r\n", "cch=1",
        ]
        for _ in 0..<200 {
            let text = (0..<random.below(8)).map { _ in pieces[random.below(pieces.count)] }.joined()
            let rest = VolatileLines.removing(from: text)
            #expect(text.hasSuffix(rest) || Array(text.utf8).suffix(rest.utf8.count).elementsEqual(rest.utf8))
            #expect(VolatileLines.removing(from: rest) == rest)
        }
    }
}
