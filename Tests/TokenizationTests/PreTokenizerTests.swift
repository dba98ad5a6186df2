import TestSupport
import Testing
import Tokenization

@Suite("Pre-tokenizers")
struct PreTokenizerTests {
    static let names = [
        "gpt-2", "starcoder", "qwen2", "qwen35", "llama-bpe", "deepseek-llm", "deepseek-coder", "deepseek-v3", "tekken",
        "gpt-4o", "seed-coder", "kimi-k2",
    ]

    @Test("cuts the words that the reference cuts", arguments: names)
    func words(name: String) throws {
        let fixture: Fixtures.Words = try Fixtures.load("words.json")
        let preTokenizer = try #require(PreTokenizer(ggufName: name))
        let expected = try #require(fixture.lengths[name])
        try #require(expected.count == fixture.texts.count)
        for (text, lengths) in zip(fixture.texts, expected) {
            #expect(text.withBytes(preTokenizer.wordLengths(in:)) == lengths, "\(text.debugDescription)")
        }
    }

    @Test("has a fixture for every pre-tokenizer")
    func all() throws {
        #expect(Set(Self.names.compactMap(PreTokenizer.init(ggufName:))) == Set(PreTokenizer.allCases))
    }

    @Test("covers every byte of any bytes, in words of at least one", arguments: PreTokenizer.allCases)
    func coverage(preTokenizer: PreTokenizer) {
        var random = SplitMix64(seed: 7)
        for length in [0, 1, 2, 3, 5, 17, 100, 1000] {
            for _ in 0..<50 {
                // Few different bytes: broken sequences of all lengths.
                let alphabet: [UInt8] = [
                    0x20, 0x0A, 0x27, 0x73, 0x41, 0x39, 0xC3, 0xA9, 0xE4, 0xBD, 0xA0, 0xF0, 0x9F, 0xFF,
                ]
                let bytes = (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
                let lengths = bytes.withUnsafeBufferPointer(preTokenizer.wordLengths(in:))
                #expect(lengths.reduce(0, +) == length)
                #expect(lengths.allSatisfy { $0 > 0 })
            }
        }
    }

    // A quadratic scan of a megabyte would take hours.
    @Test(
        "takes time in proportion to one endless word or run of spaces",
        arguments: PreTokenizer.allCases)
    func linear(preTokenizer: PreTokenizer) {
        for unit in [" ", "a", "A", "1", "\n", "\u{85}", "=", "'", "\u{301}", "\u{0}", " \n", "aA", "=1", "\r "] {
            let text = String(repeating: unit, count: 1 << 20)
            let lengths = text.withBytes(preTokenizer.wordLengths(in:))
            #expect(lengths.reduce(0, +) == text.utf8.count, "\(unit.debugDescription)")
        }
    }
}
