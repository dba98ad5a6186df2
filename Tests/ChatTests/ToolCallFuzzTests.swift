import Chat
import JSON
import TestSupport
import Testing

@Suite("Broken answers")
struct ToolCallFuzzTests {
    private static let fragments = [
        "<tool_call>", "</tool_call>", "<function=run>", "</function>", "<parameter=command>", "</parameter>", "\n",
        "{", "}",
        "\"", "\\", "[TOOL_CALLS]", "[ARGS]", "<|channel|>", "<|message|>", "<|end|>", "<|call|>",
        "<｜tool▁call▁begin｜>",
        "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<arg_key>", "</arg_value>", "<think>", "</think>", "```", ",", "]", "é",
        "\r\n",
        "<|tool_call_begin|>", "<|tool_call_end|>", "</invoke>", "<|start|>assistant", "to=functions.run", "'", ":",
    ]

    private func mutated(_ text: String, _ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let length = Int.random(in: 0...min(12, bytes.count - place), using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(place..<place + length)
            case 1: bytes.insert(contentsOf: Self.fragments.randomElement(using: &random)!.utf8, at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3:
                bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...place, using: &random))
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    private func pieces(_ item: CorpusItem, _ bytes: [UInt8], step: Int) -> [Piece] {
        var parser = item.parser()
        var events: [ChatEvent] = []
        var start = 0
        while start < bytes.count {
            events += parser.append(bytes[start..<min(bytes.count, start + step)])
            start += step
        }
        return Piece.joined(events + parser.finish())
    }

    @Test("never crash a parser, give arguments that are JSON objects, and are the same however they are cut")
    func mutations() {
        var random = SplitMix64(seed: 15)
        for item in corpus {
            for _ in 0..<150 {
                let bytes = mutated(item.text, &random)
                let whole = pieces(item, bytes, step: .max / 2)
                for piece in whole {
                    guard case .call(_, let arguments) = piece else { continue }
                    let value = try? JSONValue(parsing: Array(arguments.utf8))
                    #expect(
                        value?.object != nil, "\(String(decoding: bytes, as: UTF8.self).debugDescription): \(arguments)"
                    )
                }
                for step in [1, 3] where pieces(item, bytes, step: step) != whole {
                    Issue.record("\(item.format): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
                }
            }
        }
    }

    @Test("lose no word: it is text, a thought, a name or an argument")
    func words() {
        var random = SplitMix64(seed: 16)
        for item in corpus {
            for _ in 0..<100 {
                var bytes = mutated(item.text, &random)
                let place = Int.random(in: 0...bytes.count, using: &random)
                bytes.insert(contentsOf: "MARKER".utf8, at: place)
                if isInHead(bytes, item.format) { continue }
                var parser = item.parser()
                let told = (parser.append(bytes) + parser.finish()).map { "\($0)" }.joined(separator: "\u{0}")
                // Arguments may tell it in pieces.
                let joined = pieces(item, bytes, step: .max / 2).map(\.description).joined()
                #expect(
                    told.contains("MARKER") || joined.contains("MARKER"),
                    "\(item.format): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
    }

    /// Whether the word is where a call says what it is: a key or type of the object around the arguments, an id that comes
    /// behind them, the type of a message's content. Nobody is told these.
    private func isInHead(_ bytes: [UInt8], _ format: ToolCallFormat) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        switch format {
        case .hermes, .llama, .mistral:
            return text.contains(/"[^"]*MARKER[^"]*"\s*:/) || text.contains(/"(id|type)"\s*:\s*"[^"]*MARKER/)
        case .harmony: return text.contains(/<\|channel\|>[^{]*MARKER[^{]*<\|message\|>/)
        default: return false
        }
    }

    @Test("any bytes are an answer")
    func noise() {
        var random = SplitMix64(seed: 17)
        for format in ToolCallFormat.allCases {
            for _ in 0..<300 {
                var bytes: [UInt8] = []
                for _ in 0..<Int.random(in: 0..<24, using: &random) {
                    if Bool.random(using: &random) {
                        bytes += Self.fragments.randomElement(using: &random)!.utf8
                    } else {
                        bytes.append(UInt8.random(in: 0...255, using: &random))
                    }
                }
                let item = CorpusItem(format, "noise", "", [])
                #expect(pieces(item, bytes, step: 1) == pieces(item, bytes, step: .max / 2), "\(format): \(bytes)")
            }
        }
    }
}
