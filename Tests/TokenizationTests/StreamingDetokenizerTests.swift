import TestSupport
import Testing
import Tokenization

@Suite("Streaming detokenizer")
struct StreamingDetokenizerTests {
    @Test("emits each character when its last byte arrives")
    func wholeCharacters() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("gpt-2"))
        for character in ["a", "é", "你", "👍🏽", "\u{10FFFF}"] {
            var stream = StreamingDetokenizer(tokenizer)
            var pieces: [String] = []
            for byte in character.utf8 { pieces.append(try stream.append(Self.token(of: byte, in: tokenizer))) }
            #expect(pieces.joined() == character)
            #expect(pieces.allSatisfy { !$0.contains("\u{FFFD}") })
            #expect(pieces.last?.isEmpty == false)
            #expect(stream.finish() == "")
        }
    }

    @Test("replaces what can't become a character, as soon as that is known")
    func replacement() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("gpt-2"))
        let cases: [(bytes: [UInt8], pieces: [String])] = [
            ([0xE4, 0xBD, 0x41], ["", "", "\u{FFFD}A"]),
            ([0xE4, 0xBD], ["", "", "\u{FFFD}"]),
            ([0xFF], ["\u{FFFD}"]),
            ([0xC0, 0xAF], ["\u{FFFD}", "\u{FFFD}"]),
            ([0xED, 0xA0, 0x80], ["", "\u{FFFD}\u{FFFD}", "\u{FFFD}"]),
            ([0xF0, 0x9F, 0xF0, 0x9F, 0x91, 0x8D], ["", "", "\u{FFFD}", "", "", "👍"]),
            ([0x80, 0x80, 0x80, 0x80, 0x41], ["\u{FFFD}", "\u{FFFD}", "\u{FFFD}", "\u{FFFD}", "A"]),
        ]
        for (bytes, expected) in cases {
            var stream = StreamingDetokenizer(tokenizer)
            var pieces = try bytes.map { try stream.append(Self.token(of: $0, in: tokenizer)) }
            let rest = stream.finish()
            if !rest.isEmpty { pieces.append(rest) }
            #expect(pieces == expected)
        }
    }

    @Test("gives the text of all tokens, whatever they are")
    func sameAsWhole() throws {
        let bytes: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let pieces: Fixtures.Pieces = try Fixtures.load("pieces.json")
        var random = SplitMix64(seed: 11)
        for tokenizer in [try Tokenizer(bytes.definition("qwen2")), try Tokenizer(pieces.definition)] {
            for round in 0..<500 {
                // The first ids are single bytes, which make broken characters.
                let range = round % 2 == 0 ? tokenizer.vocabularyCount : 259
                let ids = (0..<random.next() % 40).map { _ in TokenID(random.next() % UInt64(range)) }
                for options in [
                    DecodingOptions(), DecodingOptions(rendersControlTokens: true, removesSpacePrefix: false),
                ] {
                    var stream = StreamingDetokenizer(tokenizer, options: options)
                    var text = ""
                    for id in ids { text += try stream.append(id) }
                    text += stream.finish()
                    #expect(Array(text.utf8) == Array(try tokenizer.text(ids, options: options).utf8))
                }
            }
        }
    }

    @Test("refuses ids outside the vocabulary and goes on afterwards")
    func unknownIDs() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("gpt-2"))
        var stream = StreamingDetokenizer(tokenizer)
        #expect(throws: TokenizerError.self) { try stream.append(TokenID(tokenizer.vocabularyCount)) }
        #expect(try stream.append(Self.token(of: 0x41, in: tokenizer)) == "A")
    }

    private static func token(of byte: UInt8, in tokenizer: Tokenizer) throws -> TokenID {
        try #require([byte].withUnsafeBufferPointer { tokenizer.encode($0) }.first)
    }
}
