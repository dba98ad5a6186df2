import JSON
import TestSupport
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    private func error(_ bytes: [UInt8], depthLimit: Int = 64, valueLimit: Int = 1 << 20) -> JSONReadError? {
        do {
            _ = try JSONValue(parsing: bytes, depthLimit: depthLimit, valueLimit: valueLimit)
            return nil
        } catch { return error }
    }

    @Test("integers are exact, beyond 64 bits as digits; what has a fraction or an exponent is a float")
    func numbers() throws {
        #expect(try read("9223372036854775807").summary == "9223372036854775807")
        #expect(try read("-9223372036854775808").integer == .min)
        for digits in ["9223372036854775808", "-9223372036854775809", "123456789012345678901234567890"] {
            guard case .largeInteger(digits) = try read(digits) else {
                Issue.record("\(digits)")
                continue
            }
            #expect(try read(digits).integer == nil && read(digits).number == Double(digits))
        }
        #expect(try read("-0").integer == 0)
        #expect(try read("2.0").integer == 2 && read("2.5").integer == nil && read("2.5").number == 2.5)
        #expect(try read("1E+2").number == 100 && read("-25e-2").number == -0.25)
        #expect(try read("-Infinity").number == -.infinity && read("NaN").number!.isNaN)
    }

    @Test("members keep their order, also of equal keys, of which the last one counts")
    func members() throws {
        let text = #"{"b": 1, "a": 2, "b": 3, "é": 4, "e\u0301": 5, "n": 6, "n": null}"#
        let object = try #require(try read(text).object)
        #expect(object.members.map(\.key.utf8.count) == [1, 1, 1, 2, 3, 1, 1])
        #expect(object.members.compactMap(\.value.integer) == [1, 2, 3, 4, 5, 6])
        #expect(object["b"]?.integer == 3)
        // Swift's strings compare these two as equal.
        #expect(object["é"]?.integer == 4 && object["e\u{301}"]?.integer == 5)
        #expect(object["n"] == nil && object["z"] == nil)
    }

    @Test("escapes are resolved, lone surrogates replaced")
    func strings() throws {
        #expect(try read(#""a\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00z""#).string == "a\"\\/\u{8}\u{c}\n\r\té😀z")
        #expect(try read(#""\ud800x\udc00\ud800\u0041\ud800""#).string == "\u{FFFD}x\u{FFFD}\u{FFFD}A\u{FFFD}")
        #expect(try read("\"\u{7F}\u{2028}\"").string == "\u{7F}\u{2028}")
        #expect(try read(#""""#).string == "")
    }

    @Test(
        "malformed text is an error",
        arguments: [
            "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a: 1}", "{1: 2}",
            "\"", "\"\\",
            "\"\\u12\"", "\"\\q\"", "\"\n\"", "01", "-", "+1", "1.", ".5", "1e", "1e+", "tru", "nul", "trueish", "1 2",
            "[] []",
            "'a'", "-x", "-Inf", "Infin", "[1 2]", "{\"a\" 1}", "\u{feff}1",
        ])
    func malformed(text: String) {
        #expect(throws: JSONReadError.self) { try read(text) }
    }

    @Test(
        "an error says what is wrong where",
        arguments: [
            ("", .unexpectedEnd(offset: 0)), ("[1, ", .unexpectedEnd(offset: 4)), ("\"a", .unexpectedEnd(offset: 2)),
            ("[1,]", .unexpectedByte(0x5D, expected: .value, offset: 3)),
            ("{a: 1}", .unexpectedByte(0x61, expected: .key, offset: 1)),
            ("{\"a\" 1}", .unexpectedByte(0x31, expected: .colon, offset: 5)),
            ("[1 2]", .unexpectedByte(0x32, expected: .separator, offset: 3)),
            ("1 2", .unexpectedByte(0x32, expected: .end, offset: 2)),
            ("nulL", .unexpectedByte(0x4C, expected: .word, offset: 3)),
            (" 01", .malformedNumber(offset: 1)), ("[1.]", .malformedNumber(offset: 1)),
            (#""ab\q""#, .unknownEscape(offset: 3)), (#""\u12g4""#, .unknownEscape(offset: 5)),
            ("\"a\n\"", .controlCharacter(0x0A, offset: 2)),
        ] as [(String, JSONReadError)])
    func positions(text: String, expected: JSONReadError) {
        #expect(error(Array(text.utf8)) == expected)
        #expect(expected.description.hasPrefix("the JSON "))
    }

    @Test("strings must be UTF-8")
    func encoding() {
        #expect(error([0x5B, 0x22, 0x61, 0xFF, 0x22, 0x5D]) == .notUTF8(offset: 1))
        #expect(error([0x22, 0x5C, 0x6E, 0xC3, 0x22]) == .notUTF8(offset: 0))
    }

    @Test("a byte order mark is skipped where files may have one")
    func byteOrderMark() throws {
        let bytes = Array("\u{FEFF} 7".utf8)
        #expect(try JSONValue(parsing: bytes, skipsByteOrderMark: true).integer == 7)
        #expect(error(bytes) == .unexpectedByte(0xEF, expected: .value, offset: 0))
    }

    @Test("nesting and the number of values are bounded")
    func limits() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(error(nested(64)) == nil)
        #expect(error(nested(65)) == .tooDeep(limit: 64, offset: 64))
        #expect(error(nested(128), depthLimit: 128) == nil)
        #expect(error(Array(String(repeating: "{\"a\":", count: 100_000).utf8)) == .tooDeep(limit: 64, offset: 320))
        let four = Array("[1, {\"a\": 2}]".utf8)
        #expect(error(four, valueLimit: 4) == nil)
        #expect(error(four, valueLimit: 3) == .tooManyValues(limit: 3, offset: 9))
    }

    @Test("damaged text gives an error or a value, never a crash")
    func damage() {
        let text =
            #"{"model": {"vocab": {"é\u0120": 12, "\ud83d\ude00": -3.5e2}, "merges": [["a", "b"], null, true]}}"#
        let pieces = [
            "\"", "\\", "\\u", "{", "]", ",", ":", "-", "0", "e", "NaN", "\u{FEFF}", "\u{0}", "99999999999999999999",
        ]
        var random = SplitMix64(seed: 20_261_120)
        var (read, refused) = (0, 0)
        for _ in 0..<50_000 {
            var bytes = Array(text.utf8)
            for _ in 0...random.below(3) where !bytes.isEmpty {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] ^= 1 << UInt8(random.below(8))
                case 1: bytes.removeLast(random.below(bytes.count))
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
                default: bytes.insert(contentsOf: pieces[random.below(pieces.count)].utf8, at: place)
                }
            }
            guard let error = error(bytes, valueLimit: 100) else {
                read += 1
                continue
            }
            refused += 1
            if error.description.isEmpty { Issue.record("\(bytes)") }
        }
        // Both outcomes must occur, or the damage is too wild or too tame to test anything.
        #expect(read > 500 && refused > 25_000)
    }
}
