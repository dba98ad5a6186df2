import Foundation
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

    @Test("merges a long word as it merges a short one", arguments: [1, 47, 48, 49, 50, 200, 3000])
    func longWords(length: Int) throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let tokenizer = try Tokenizer(fixture.definition("gpt-2"))
        // Merges by the definition of BPE: the best-ranked pair, leftmost first, until there is none.
        var ranks: [String: Int] = [:]
        for (rank, merge) in fixture.merges.enumerated() { ranks[merge] = rank }
        let ids = Dictionary(uniqueKeysWithValues: fixture.tokens.enumerated().map { ($1, TokenID($0)) })
        var random = SplitMix64(seed: UInt64(length))
        let word = String((0..<length).map { _ in "thecasnir"[random.next()] })
        var symbols = word.map(String.init)
        while let best = zip(symbols.indices, zip(symbols, symbols.dropFirst())).compactMap({ index, pair in
            ranks["\(pair.0) \(pair.1)"].map { ($0, index) }
        }).min(by: <) {
            symbols.replaceSubrange(best.1...best.1 + 1, with: [symbols[best.1] + symbols[best.1 + 1]])
        }
        #expect(tokenizer.encode(word) == symbols.map { ids[$0] })
        // From the cache.
        #expect(tokenizer.encode(word) == symbols.map { ids[$0] })
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

extension String {
    fileprivate subscript(draw: UInt64) -> Character { self[index(startIndex, offsetBy: Int(draw % UInt64(count)))] }
}
