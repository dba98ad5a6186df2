import Generation
import Statistics
import Testing

@Suite("Stop strings")
struct SamplingStopStringTests {
    /// Where a text ends, found by looking at every place.
    private func oracle(_ text: [UInt8], _ stops: [String]) -> (shown: [UInt8], stop: String?) {
        for end in 0...text.count {
            let matching = stops.filter { !$0.isEmpty && text[..<end].suffix($0.utf8.count).elementsEqual($0.utf8) }
            if let longest = matching.max(by: { $0.utf8.count < $1.utf8.count }) {
                return (Array(text[..<(end - longest.utf8.count)]), longest)
            }
        }
        return (text, nil)
    }

    @Test("text in any pieces ends as if it were looked at in one", arguments: 0..<400) func pieces(seed: UInt64) {
        var random = RandomStream(seed: seed)
        func word(_ longest: UInt64) -> [UInt8] {
            (0..<(random.next() % longest)).map { _ in UInt8(ascii: "a") + UInt8(random.next() % 3) }
        }
        let stops = (0..<(random.next() % 5)).map { _ in String(decoding: word(7), as: UTF8.self) }
        let text = (0..<12).flatMap { _ in word(6) }
        let expected = oracle(text, stops)
        for _ in 0..<6 {
            var matcher = StopStringMatcher(stops)
            var (shown, stop, rest) = ([UInt8](), String?.none, text[...])
            while !rest.isEmpty, stop == nil {
                let piece = rest.prefix(1 + Int(random.next() % 7))
                rest = rest.dropFirst(piece.count)
                let output = matcher.append(piece)
                shown += output.text
                stop = output.stop
                // Nothing that is out may turn out to belong to a stop string.
                #expect(expected.shown.starts(with: shown))
            }
            if stop == nil { shown += matcher.flush() }
            #expect(
                shown == expected.shown && stop == expected.stop, "\(stops) in \(String(decoding: text, as: UTF8.self))"
            )
        }
    }

    @Test("only what could begin a stop string is held back") func holdsBack() {
        var matcher = StopStringMatcher(["</s>", "\n\nUser:"])
        #expect(matcher.append("Hello <".utf8) == .init(text: Array("Hello ".utf8), stop: nil))
        #expect(matcher.append("b> \n".utf8) == .init(text: Array("<b> ".utf8), stop: nil))
        #expect(matcher.append("\n".utf8).text.isEmpty)
        #expect(matcher.append("\nUs".utf8) == .init(text: [0x0A], stop: nil))
        #expect(matcher.flush() == Array("\n\nUs".utf8))
        #expect(matcher.flush().isEmpty)
        #expect(matcher.append("er:".utf8) == .init(text: Array("er:".utf8), stop: nil))
        #expect(matcher.append("x</s>y".utf8) == .init(text: [0x78], stop: "</s>"))
        #expect(matcher.append("z".utf8) == .init(text: [], stop: "</s>"))
        #expect(matcher.flush().isEmpty)
    }

    @Test("characters may come in parts") func partsOfCharacters() {
        var matcher = StopStringMatcher(["é!"])
        #expect(matcher.append([0x61, 0xC3]).text == [0x61])
        #expect(matcher.append([0xA9]).text.isEmpty)
        #expect(matcher.append([0x21]) == .init(text: [], stop: "é!"))
    }

    @Test("without stop strings everything comes out at once", arguments: [[], [""]]) func none(stops: [String]) {
        var matcher = StopStringMatcher(stops)
        #expect(matcher.append("abc".utf8) == .init(text: Array("abc".utf8), stop: nil))
    }
}
