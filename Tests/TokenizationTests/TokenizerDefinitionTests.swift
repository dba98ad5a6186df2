import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

@Suite("Tokenizer definitions")
struct TokenizerDefinitionTests {
    @Test("refuses a byte-level definition that is damaged, saying what is wrong")
    func damagedBytes() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let count = fixture.tokens.count
        func error(_ damage: (inout TokenizerDefinition) -> Void) throws -> TokenizerError? {
            var definition = try fixture.definition("qwen2")
            damage(&definition)
            do {
                _ = try Tokenizer(definition)
                return nil
            } catch {
                #expect(error.description.hasSuffix(".") && error.description.count > 40)
                return error
            }
        }
        #expect(try error { _ in } == nil)
        #expect(try error { $0.tokens = ByteStrings() } == .emptyVocabulary)
        #expect(
            try error { $0.types.removeLast() } == .countMismatch(list: "token types", count: count - 1, tokens: count))
        #expect(
            try error {
                $0.tokens.append("Ġ".utf8); $0.types.append(.normal)
            }
                == .duplicateToken(
                    text: "' '", first: TokenID(fixture.tokens.firstIndex(of: "Ġ") ?? -1), second: TokenID(count)))
        #expect(
            try error { $0.merges.append("zebra".utf8) }
                == .malformedMerge(index: fixture.merges.count, text: "'zebra'"))
        #expect(try error { $0.merges.append("".utf8) } == .malformedMerge(index: fixture.merges.count, text: "''"))
        #expect(
            try error { $0.merges.append("a b c".utf8) }
                == .malformedMerge(index: fixture.merges.count, text: "'a b c'"))
        #expect(try error { $0.merges.append(" ".utf8) } == .malformedMerge(index: fixture.merges.count, text: "' '"))
        #expect(try error { $0.merges.append([0xC4, 0x20, 0xFF]) } != nil)
        #expect(
            try error { $0.merges.append("q zebra".utf8) }
                == .mergeOfUnknownToken(index: fixture.merges.count, merge: "'q zebra'", part: "'zebra'"))
        #expect(
            try error { $0.merges.append("q q".utf8) }
                == .mergeOfUnknownToken(index: fixture.merges.count, merge: "'q q'", part: "'qq'"))
        #expect(
            try error { $0.special.endOfSequence = TokenID(count) }
                == .specialTokenOutOfRange(role: "end of sequence", id: count, tokens: count))
        #expect(try error { $0.special.endOfGeneration = [-1] } != nil)
        #expect(try error { $0.addsBeginOfSequence = true } == .missingSpecialToken(role: "a begin-of-sequence token"))
        #expect(
            try error {
                $0.types[fixture.tokens.firstIndex(of: "A") ?? 0] = .control
                $0.merges = ByteStrings()
            } == .missingByteTokens([0x41]))
    }

    @Test("refuses a SentencePiece definition that is damaged, saying what is wrong")
    func damagedPieces() throws {
        let fixture: Fixtures.Pieces = try Fixtures.load("pieces.json")
        func error(_ damage: (inout TokenizerDefinition) -> Void) -> TokenizerError? {
            var definition = fixture.definition
            damage(&definition)
            do {
                _ = try Tokenizer(definition)
                return nil
            } catch {
                return error
            }
        }
        let count = fixture.tokens.count
        #expect(error { _ in } == nil)
        #expect(error { $0.scores = [] } == .countMismatch(list: "scores", count: 0, tokens: count))
        #expect(error { $0.scores[9] = .nan } == .invalidScore(id: 9))
        #expect(error { $0.types[count - 1] = .byte } != nil)
        #expect(error { $0.scores[300] = .infinity } == nil)
    }

    @Test("survives random damage without a crash")
    func fuzz() throws {
        let bytes: Fixtures.Bytes = try Fixtures.load("bytes.json")
        let pieces: Fixtures.Pieces = try Fixtures.load("pieces.json")
        var random = SplitMix64(seed: 23)
        for round in 0..<300 {
            var definition =
                round % 2 == 0 ? try bytes.definition(PreTokenizerTests.names[round / 2 % 9]) : pieces.definition
            for _ in 0...random.next() % 3 {
                let draw = Int(random.next() % 1000)
                switch random.next() % 6 {
                case 0:
                    definition.types[draw % definition.types.count] =
                        [.normal, .control, .byte, .unused, .userDefined][draw % 5]
                case 1: definition.tokens = Self.damaged(definition.tokens, &random)
                case 2: definition.merges = Self.damaged(definition.merges, &random)
                case 3: if !definition.scores.isEmpty { definition.scores[draw % definition.scores.count] = -.infinity }
                case 4: definition.special.unknown = TokenID(draw) - 5
                default: definition.normalization = .nfc
                }
            }
            guard let tokenizer = try? Tokenizer(definition) else { continue }
            let text = (0..<200).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            _ = try tokenizer.decode(text.withUnsafeBufferPointer { tokenizer.encode($0) })
        }
    }

    @Test("reads a GGUF file's tokenizer")
    func gguf() throws {
        let fixture: Fixtures.Bytes = try Fixtures.load("bytes.json")
        var header = GGUFHeader()
        header.set("tokenizer.ggml.model", .string("gpt2"))
        header.set("tokenizer.ggml.pre", .string("qwen2"))
        header.set("tokenizer.ggml.tokens", .strings(ByteStrings(fixture.tokens)))
        header.set("tokenizer.ggml.token_type", .int32s(fixture.types.map(Int32.init)))
        header.set("tokenizer.ggml.merges", .strings(ByteStrings(fixture.merges)))
        header.set("tokenizer.ggml.eos_token_id", .uint32(1100))
        header.set("tokenizer.ggml.padding_token_id", .int32(-1))
        header.set("tokenizer.ggml.fim_pre_token_id", .uint32(1101))
        let definition = try Self.definition(header)
        #expect(definition.algorithm == .byteLevelBPE(.qwen2))
        #expect(definition.normalization == .nfc)
        #expect(definition.special.endOfSequence == 1100)
        #expect(definition.special.padding == nil)
        #expect(definition.special.fillInMiddle.prefix == 1101)
        #expect(definition.special.endOfGeneration == [1100])
        #expect(!definition.addsBeginOfSequence)
        let tokenizer = try Tokenizer(definition)
        #expect(zip(fixture.texts, fixture.ids["qwen2"] ?? []).allSatisfy { tokenizer.encode($0) == $1 })

        func error(_ key: String, _ value: GGUFValue) throws -> TokenizerError? {
            var damaged = header
            damaged.set("tokenizer.ggml." + key, value)
            do {
                _ = try Tokenizer(Self.definition(damaged))
                return nil
            } catch let error as TokenizerError {
                return error
            }
        }
        #expect(try error("model", .string("t5")) == .unsupportedModel("t5"))
        #expect(try error("pre", .string("default")) == .missingKey("tokenizer.ggml.pre"))
        header.set("general.architecture", .string("starcoder2"))
        #expect(try error("pre", .string("default")) == nil)
        #expect(try error("pre", .string("bloom")) == .unsupportedPreTokenizer("bloom"))
        #expect(
            try error("pre", .uint32(4)) == .unexpectedValue(key: "tokenizer.ggml.pre", expected: "a string"))
        #expect(try error("tokens", .int32s([1])) != nil)
        #expect(try error("token_type", .int32s([1, 2])) != nil)
        #expect(try error("token_type", .int32s(Array(repeating: 1, count: 5000))) != nil)
        #expect(
            try error("token_type", .int32s(Array(repeating: 9, count: fixture.tokens.count)))
                == .unknownTokenType(id: 0, type: 9))
        #expect(try error("bos_token_id", .uint32(5000)) != nil)
        #expect(try error("add_bos_token", .uint32(1)) != nil)
        #expect(
            try error("add_bos_token", .bool(true)) == .missingSpecialToken(role: "a begin-of-sequence token"))
        #expect(throws: TokenizerError.missingKey("tokenizer.ggml.tokens")) { try Self.definition(GGUFHeader()) }
    }

    @Test("finds Code Llama's tokens, and begins its texts as SentencePiece models do")
    func codeLlama() throws {
        var header = GGUFHeader()
        let pieces = ["<unk>", "<s>", "</s>", "<0x41>", "▁", "a", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"]
        header.set("tokenizer.ggml.model", .string("llama"))
        header.set("tokenizer.ggml.tokens", .strings(ByteStrings(pieces)))
        header.set("tokenizer.ggml.scores", .float32s(pieces.map { _ in 0 }))
        header.set("tokenizer.ggml.token_type", .int32s([2, 3, 3, 6, 1, 1, 1, 1, 3, 4]))
        header.set("tokenizer.ggml.bos_token_id", .uint32(1))
        header.set("tokenizer.ggml.eos_token_id", .uint32(2))
        let definition = try Self.definition(header)
        #expect(definition.special.fillInMiddle.prefix == 6)
        #expect(definition.special.fillInMiddle.suffix == 7)
        #expect(definition.special.fillInMiddle.middle == 8)
        #expect(definition.special.endOfGeneration == [2, 9])
        let tokenizer = try Tokenizer(definition)
        #expect(tokenizer.encode("aA☃") == [1, 4, 5, 3, 0])
    }

    @Test("reads what the test models' files say")
    func models() throws {
        let qwen = try Reference.definition(Reference.qwen)
        #expect(qwen.special.endOfGeneration == [151643, 151645, 151662, 151663, 151664])
        #expect(qwen.special.endOfTurn == 151645)
        #expect(qwen.special.fillInMiddle.prefix == 151659)
        #expect(qwen.special.fillInMiddle.middle == 151660)
        #expect(qwen.special.fillInMiddle.suffix == 151661)
        #expect(qwen.special.fillInMiddle.repositoryName == 151663)
        #expect(qwen.special.fillInMiddle.fileSeparator == 151664)
        #expect(!qwen.addsBeginOfSequence)
        let smollm = try Reference.definition(Reference.smollm)
        #expect(smollm.algorithm == .byteLevelBPE(.starCoder))
        #expect(smollm.normalization == .none)
        #expect(smollm.special.endOfSequence == 2)
    }

    private static func definition(_ header: GGUFHeader) throws -> TokenizerDefinition {
        let folder = try TemporaryFolder()
        let file = URL(filePath: folder.path + "/tokenizer.gguf")
        try Data(header.encoded()).write(to: file)
        return try TokenizerDefinition(gguf: GGUFFile.open(path: file.path).metadata)
    }

    /// The same strings with one changed, left out or repeated.
    private static func damaged(_ strings: ByteStrings, _ random: inout SplitMix64) -> ByteStrings {
        guard strings.count > 0 else { return strings }
        var result = ByteStrings()
        let victim = Int(random.next() % UInt64(strings.count))
        let kind = random.next() % 3
        for index in strings.indices {
            var string = Array(strings[index])
            if index == victim {
                switch kind {
                case 0: string = []
                case 1: string.append(UInt8(truncatingIfNeeded: random.next()))
                default: string = Array(strings[strings.count - 1 - victim])
                }
            }
            result.append(string)
        }
        return result
    }
}
