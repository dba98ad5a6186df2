import JSON
import TestSupport
import Testing

@Suite("Writing JSON")
struct WritingTests {
    @Test("writes values as they are written in programs, members in order")
    func literals() {
        let value: JSONValue = [
            "b": ["text", 1, 2.5, true, .null, []], "a": [:], "n": .number(.nan),
            "big": .largeInteger("99999999999999999999"),
        ]
        #expect(value.text == #"{"b":["text",1,2.5,true,null,[]],"a":{},"n":null,"big":99999999999999999999}"#)
    }

    @Test("whatever is written is read as the same, on one line")
    func roundTrip() throws {
        var random = SplitMix64(seed: 5)
        for _ in 0..<500 {
            let value = Self.value(&random, depth: 4)
            #expect(try JSONValue(parsing: value.bytes) == value)
            #expect(!value.bytes.contains { $0 < 0x20 })
        }
    }

    private static func value(_ random: inout SplitMix64, depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 7 : 5) {
        case 0: return .null
        case 1: return .bool(random.below(2) == 0)
        case 2: return .integer(Int(truncatingIfNeeded: random.next()))
        case 3:
            let number = Double(bitPattern: random.next())
            return number.isFinite ? .number(number) : 0.5
        case 4: return .string(text(&random))
        case 5: return .array((0..<random.below(4)).map { _ in value(&random, depth: depth - 1) })
        default:
            return .object(
                JSONObject((0..<random.below(4)).map { _ in (text(&random), value(&random, depth: depth - 1)) }))
        }
    }

    private static func text(_ random: inout SplitMix64) -> String {
        let scalars: [Unicode.Scalar] = [
            "\"", "\\", "\n", "\r", "\t", "\u{1}", "\u{1F}", "/", "a", "é", "\u{2028}", "😀",
        ]
        return String(String.UnicodeScalarView((0..<random.below(6)).map { _ in scalars[random.below(scalars.count)] }))
    }
}
