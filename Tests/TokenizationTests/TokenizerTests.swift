import Foundation
import ModelFiles
import TestSupport
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

    @Test("prefixes only the text itself with a space where the definition says so")
    func spacePrefix() throws {
        var definition = try Fixtures.load("pieces.json", as: Fixtures.Pieces.self).definition
        func text(_ prefix: TokenizerDefinition.SpacePrefix, _ text: String) throws -> String {
            definition.spacePrefix = prefix
            let tokenizer = try Tokenizer(definition)
            let options = DecodingOptions(rendersControlTokens: true, removesSpacePrefix: false)
            return try tokenizer.text(tokenizer.encode(text), options: options)
        }
        #expect(try text(.everySegment, "a</s>b") == " a</s> b")
        #expect(try text(.firstSegment, "a</s>b") == " a</s>b")
        #expect(try text(.firstSegment, "</s>b") == "</s>b")
        #expect(try text(.none, "a</s>b") == "a</s>b")
        #expect(try text(.everySegment, "") == "")
    }

    @Test("merges a SentencePiece text as a whole where a piece reaches over a space")
    func piecesWithSpaces() throws {
        let pieces = ["<unk>", "\u{2581}", "a", "b", "\u{2581}b", "a\u{2581}b"]
        let definition = TokenizerDefinition(
            algorithm: .sentencePiece, tokens: ByteStrings(pieces), scores: [0, -3, -3, -3, -1, -2],
            types: [.unknown, .normal, .normal, .normal, .normal, .normal])
        #expect(try Tokenizer(definition).encode("aa bc") == [2, 5, 0])
    }

    @Test("prefers the leftmost longest added token, and treats them as text when asked to")
    func addedTokens() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("qwen2"))
        let end = try #require(fixture.tokens.firstIndex(of: "<|end|>").map(TokenID.init))
        let endless = end + 1
        let tool = end + 2
        let text = "<|endless|><|end|><tool><|end"
        let recognized = tokenizer.encode(text)
        #expect(recognized.prefix(3) == [endless, end, tool])

        let userDefined = tokenizer.encode(text, options: EncodingOptions(addedTokens: .userDefinedOnly))
        #expect(userDefined.contains(tool) && !userDefined.contains(end) && !userDefined.contains(endless))
        let plain = tokenizer.encode(text, options: EncodingOptions(addedTokens: .plain))
        #expect(Set(plain).isDisjoint(with: [end, endless, tool]))
        for ids in [recognized, userDefined, plain] {
            #expect(try tokenizer.text(ids, options: DecodingOptions(rendersControlTokens: true)) == text)
        }
        #expect(try tokenizer.text(recognized) == "<tool><|end")
    }

    @Test("puts begin and end of sequence around the text, unless asked not to")
    func sequenceTokens() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        var definition = try fixture.definition("gpt-2")
        definition.special.beginOfSequence = 1101
        definition.special.endOfSequence = 1100
        definition.addsBeginOfSequence = true
        definition.addsEndOfSequence = true
        let tokenizer = try Tokenizer(definition)
        let bare = tokenizer.encode("let x", options: EncodingOptions(addsSequenceTokens: false))
        #expect(tokenizer.encode("let x") == [1101] + bare + [1100])
        #expect(tokenizer.encode("") == [1101, 1100])
    }

    @Test("decodes any bytes back to themselves", arguments: PreTokenizer.allCases)
    func roundTrip(preTokenizer: PreTokenizer) throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        var definition = try fixture.definition("gpt-2")
        definition.algorithm = .byteLevelBPE(preTokenizer)
        let tokenizer = try Tokenizer(definition)
        var random = SplitMix64(seed: 3)
        for round in 0..<400 {
            let length = Int(random.next() % 300)
            let bytes = (0..<length).map { _ in
                // Half of the texts draw from few bytes, which make words, spaces and broken sequences.
                round % 2 == 0
                    ? UInt8(truncatingIfNeeded: random.next())
                    : [0x20, 0x0A, 0x61, 0x31, 0xC3, 0xA9, 0xE2, 0x80][Int(random.next() % 8)] as UInt8
            }
            let ids = bytes.withUnsafeBufferPointer { tokenizer.encode($0) }
            #expect(try tokenizer.decode(ids, options: DecodingOptions(rendersControlTokens: true)) == bytes)
        }
    }

    @Test("merges words of any length by the definition of BPE, with random merges", arguments: 0..<40)
    func merging(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        // Few letters and tokens that overlap in many ways: an order that is a little wrong shows.
        var tokens = (UInt8(0x20)...0x7E).map { $0 == 0x20 ? "Ġ" : String(Character(Unicode.Scalar($0))) }
        var merges: [String] = []
        var pool = ["a", "b", "c"]
        for _ in 0..<60 {
            let (left, right) = (pool[random.next()], pool[random.next()])
            guard !pool.contains(left + right), (left + right).count < 9 else { continue }
            merges.append("\(left) \(right)")
            pool.append(left + right)
        }
        tokens += pool.dropFirst(3)
        merges.shuffle(using: &random)
        let tokenizer = try Tokenizer(
            TokenizerDefinition(
                algorithm: .byteLevelBPE(.gpt2), tokens: ByteStrings(tokens), merges: ByteStrings(merges)))

        let ranks = Dictionary(uniqueKeysWithValues: merges.enumerated().map { ($1, $0) })
        let ids = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ($1, TokenID($0)) })
        for length in [1, 2, 3, 7, 16, 17, 47, 48, 49, 50, 150] {
            let word = (0..<length).map { _ in ["a", "b", "c"][random.next()] }
            var symbols = word
            while let best = zip(symbols.indices, zip(symbols, symbols.dropFirst())).compactMap({ index, pair in
                ranks["\(pair.0) \(pair.1)"].map { ($0, index) }
            }).min(by: <) {
                symbols.replaceSubrange(best.1...best.1 + 1, with: [symbols[best.1] + symbols[best.1 + 1]])
            }
            // The second time from the cache.
            for _ in 0..<2 { #expect(tokenizer.encode(word.joined()) == symbols.map { ids[$0] }, "\(merges)") }
        }
    }

    @Test("tells words apart that differ in zero bytes at their end")
    func zeroBytes() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("gpt-2"))
        let signs = "!#$%&()*+,-./:;<=>?@[]^_{|}~"
        for (first, second) in signs.flatMap({ first in signs.map { (first, $0) } }) {
            for count in 1...14 {
                let text = String([first, second]) + String(repeating: "\0", count: count)
                #expect(try tokenizer.text(tokenizer.encode(text)) == text)
            }
        }
    }

    @Test("composes text as Foundation does where the definition says NFC, and leaves broken bytes alone")
    func canonicalComposition() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("qwen2"))
        let ranges: [ClosedRange<UInt32>] = [
            0x41...0x5A, 0xC0...0x24F, 0x300...0x34E, 0x391...0x3CE, 0x591...0x5BD, 0x915...0x94D, 0x1100...0x1112,
            0x1161...0x1175, 0x11A8...0x11C2, 0x1E00...0x1FFE, 0x212A...0x212B, 0x304B...0x309A, 0xAC00...0xACFF,
            0xF900...0xFA0D, 0x1D15E...0x1D164, 0x2F800...0x2F810,
        ]
        var random = SplitMix64(seed: 5)
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<random.next() % 12 {
                let range = ranges[Int(random.next() % UInt64(ranges.count))]
                let scalar = range.lowerBound + UInt32(random.next() % UInt64(range.count))
                if let scalar = Unicode.Scalar(scalar), scalar.properties.generalCategory != .unassigned {
                    text.unicodeScalars.append(scalar)
                }
            }
            let decoded = try tokenizer.decode(tokenizer.encode(text))
            #expect(decoded == Array(text.precomposedStringWithCanonicalMapping.utf8), "\(Array(text.unicodeScalars))")
        }
        let broken: [UInt8] = [0x65, 0xCC, 0x81, 0xCC, 0xFF, 0xCC, 0x81, 0x65, 0xCC]
        let ids = broken.withUnsafeBufferPointer { tokenizer.encode($0) }
        #expect(try tokenizer.decode(ids) == [0xC3, 0xA9, 0xCC, 0xFF, 0xCC, 0x81, 0x65, 0xCC])
    }

    @Test("gives the same ids from many tasks at once")
    func concurrency() async throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("qwen2"))
        let text = fixture.texts.joined(separator: "\n")
        let expected = tokenizer.encode(text)
        await withTaskGroup { group in
            for _ in 0..<32 { group.addTask { (0..<20).allSatisfy { _ in tokenizer.encode(text) == expected } } }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test("knows the bytes of its tokens and refuses other ids")
    func tokenBytes() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("qwen2"))
        #expect(tokenizer.vocabularyCount == fixture.tokens.count)
        let space = try #require(fixture.tokens.firstIndex(of: "Ġ"))
        #expect(tokenizer.bytes(of: TokenID(space)) == [0x20])
        #expect(tokenizer.bytes(of: TokenID(fixture.tokens.count - 1)) == [])
        #expect(tokenizer.bytes(of: TokenID(fixture.tokens.count)) == nil)
        #expect(tokenizer.bytes(of: -1) == nil)
        #expect(throws: TokenizerError.unknownTokenID(-7, tokens: fixture.tokens.count)) {
            try tokenizer.decode([1, -7])
        }
    }
}

extension Array {
    /// An element by a random number.
    fileprivate subscript(draw: UInt64) -> Element { self[Int(draw % UInt64(count))] }
}
