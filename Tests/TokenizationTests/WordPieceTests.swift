import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// What Scripts/make-wordpiece-fixtures.py wrote.
private struct Pieces: Decodable {
    struct Encoded: Decodable {
        var lowercases: Bool
        var stripsAccents: Bool
        var ids: [[TokenID]]
    }

    var tokens: [String]
    var texts: [String]
    /// Every character that lower case changes, and what it becomes.
    var cased: String
    var lowered: [String]
    var ids: [Encoded]

    func definition(_ normalization: BertNormalization) -> TokenizerDefinition {
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        var definition = TokenizerDefinition(
            algorithm: .wordPiece(normalization),
            tokens: ByteStrings(
                tokens.map { token -> [UInt8] in
                    let bytes = Array(token.utf8)
                    if special.contains(token) { return bytes }
                    return bytes.starts(with: "##".utf8) ? Array(bytes.dropFirst(2)) : Array("\u{2581}".utf8) + bytes
                }),
            types: tokens.map { special.contains($0) ? .control : .normal }, spacePrefix: .everySegment,
            addsBeginOfSequence: true, addsEndOfSequence: true)
        definition.special.beginOfSequence = tokens.firstIndex(of: "[CLS]").map(TokenID.init)
        definition.special.endOfSequence = tokens.firstIndex(of: "[SEP]").map(TokenID.init)
        definition.special.unknown = tokens.firstIndex(of: "[UNK]").map(TokenID.init)
        return definition
    }
}

@Suite("WordPiece")
struct WordPieceTests {
    @Test("gives the reference's ids, with and without lower case and accents")
    func ids() throws {
        let pieces: Pieces = try Fixtures.load("wordpiece.json")
        #expect(pieces.ids.count == 4)
        for encoded in pieces.ids {
            let normalization = BertNormalization(
                lowercases: encoded.lowercases, stripsAccents: encoded.stripsAccents)
            let tokenizer = try Tokenizer(pieces.definition(normalization))
            for (text, ids) in zip(pieces.texts, encoded.ids) {
                #expect(tokenizer.encode(text) == ids, "\(text.debugDescription), \(normalization)")
            }
        }
    }

    @Test("makes of every character in capitals what the reference makes of it")
    func lowercase() throws {
        let pieces: Pieces = try Fixtures.load("wordpiece.json")
        #expect(pieces.lowered.count > 1300)
        for (character, lowered) in zip(pieces.cased.unicodeScalars, pieces.lowered) {
            #expect(character.properties.lowercaseMapping.utf8.elementsEqual(lowered.utf8), "\(character.value)")
        }
    }

    @Test("takes any bytes: those that are no UTF-8 are left out")
    func bytes() throws {
        let pieces: Pieces = try Fixtures.load("wordpiece.json")
        let tokenizer = try Tokenizer(pieces.definition(BertNormalization()))
        var random = SplitMix64(seed: 1)
        for _ in 0..<200 {
            let count = Int(random.next() % 64)
            let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let ids = noise.withUnsafeBufferPointer { tokenizer.encode($0) }
            #expect(ids.count >= 2 && ids.allSatisfy { $0 >= 0 && Int($0) < pieces.tokens.count })
        }
        let broken: [UInt8] = Array("the".utf8) + [0xFF, 0xC3] + Array(" THE".utf8)
        #expect(broken.withUnsafeBufferPointer { tokenizer.encode($0) } == tokenizer.encode("the the"))
    }

    @Test("writes words back with spaces between")
    func decoding() throws {
        let pieces: Pieces = try Fixtures.load("wordpiece.json")
        let tokenizer = try Tokenizer(pieces.definition(BertNormalization()))
        #expect(try tokenizer.text(tokenizer.encode("The  running, THE")) == "the running , the")
    }

    private struct Sentences: Decodable {
        var texts: [String]
        var ids: [[TokenID]]
    }

    @Test("all-minilm:l6 has the reference's ids, by tokenizer.json and by the list that older folders have")
    func folders() throws {
        let file = URL(filePath: Repository.root + "/Tests/Fixtures/Embeddings/all-minilm-l6.json")
        let sentences = try JSONDecoder().decode(Sentences.self, from: Data(contentsOf: file))
        let model = try TestModel.path(of: TestModel.miniLM)
        let older = try TemporaryFolder()
        for name in ["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"] {
            try FileManager.default.createSymbolicLink(
                atPath: older.path + "/" + name, withDestinationPath: model + "/" + name)
        }
        for folder in [model, older.path] {
            let tokenizer = try Tokenizer(TokenizerDefinition(gguf: HuggingFaceFolder(path: folder).metadata))
            for (text, ids) in zip(sentences.texts, sentences.ids) { #expect(tokenizer.encode(text) == ids, "\(text)") }
        }
    }
}
