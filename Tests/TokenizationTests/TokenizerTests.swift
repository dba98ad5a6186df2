import ModelFiles
import Testing
import Tokenization

@Suite("Tokenizer")
struct TokenizerTests {
    @Test("gives the reference's ids with a small byte-level vocabulary", arguments: PreTokenizerTests.names)
    func byteLevel(name: String) throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition(name))
        let expected = try #require(fixture.ids[name])
        for (text, ids) in zip(fixture.texts, expected) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    @Test("gives sentencepiece's ids, byte fallback included")
    func sentencePiece() throws {
        let fixture: Fixtures.Pieces = try Fixtures.load("pieces.json")
        let tokenizer = try Tokenizer(fixture.definition)
        for (text, ids) in zip(fixture.texts, fixture.ids) {
            let own = tokenizer.encode(text, options: EncodingOptions(addedTokens: .plain))
            #expect(own == ids, "\(text.debugDescription)")
            #expect(try tokenizer.text(own) == text.replacing("\u{2581}", with: " "))
        }
        for (text, ids) in zip(fixture.markedTexts, fixture.markedIds) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }
}
