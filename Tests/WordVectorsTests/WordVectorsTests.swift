import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization
import WordVectors

@Suite("Word vectors")
struct WordVectorsTests {
    private func sum(_ word: String, _ vectors: WordVectors, first width: Int? = nil) -> (numbers: [Float], count: Int)
    {
        var sum = [Float](repeating: 0, count: width ?? vectors.width)
        var word = word
        let count = word.withUTF8 { word in sum.withUnsafeMutableBufferPointer { vectors.add(word, to: $0) } }
        return (sum, count)
    }

    @Test("a word is the sum of the rows of its tokens, as it stands behind a space")
    func rows() throws {
        let folder = try VectorFolder()
        let vectors = try WordVectors(path: folder.path)
        #expect(vectors.width == 3)
        #expect(sum("red", vectors).numbers == [8, -4, 0.25])
        #expect(sum("redo", vectors).numbers == [9, -4.5, 0.25])
        // ▁r e e
        #expect(sum("ree", vectors).numbers == [6 + 3 + 3, -6, 0.75])
        #expect(sum("ree", vectors).count == 3)
        #expect(sum("ree", vectors, first: 2).numbers == [12, -6])
        #expect(sum("", vectors).numbers.allSatisfy { $0.isFinite })
    }

    @Test("halves of every size are read as they are")
    func halves() throws {
        let folder = try VectorFolder()
        var file = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/model.safetensors"))
        // Token 8 is ▁red: the least subnormal, the largest number, and a negative one.
        for (place, half) in [UInt16(0x0001), 0x7BFF, 0xB555].enumerated() {
            let offset = file.count - 2 * 3 * 2 + place * 2
            file[offset] = UInt8(half & 0xFF)
            file[offset + 1] = UInt8(half >> 8)
        }
        try file.write(to: URL(fileURLWithPath: folder.path + "/model.safetensors"))
        let found = sum("red", try WordVectors(path: folder.path)).numbers
        #expect(found == [0x0001, 0x7BFF, 0xB555].map { Float(Float16(bitPattern: $0)) })
    }

    @Test("what cannot be used is refused, and says what to do")
    func refusals() throws {
        func message(_ folder: VectorFolder, _ change: (TemporaryFolder) throws -> Void = { _ in }) throws -> String {
            try change(folder.folder)
            do {
                _ = try WordVectors(path: folder.path)
                return "accepted"
            } catch { return "\(error)" }
        }
        #expect(try message(VectorFolder(type: "I16")).contains("no word vectors"))
        #expect(try message(VectorFolder(rows: 7)).contains("vectors for 7 of the 10 tokens"))
        #expect(try message(VectorFolder()) { try $0.write("{}", to: "tokenizer.json") }.contains("it has no 'model'"))
        #expect(try message(VectorFolder()) { try $0.write("", to: "model.safetensors") }.contains("safetensors"))
        #expect(
            try message(VectorFolder()) { try FileManager.default.removeItem(atPath: $0.path + "/tokenizer.json") }
                .contains("tokenizer.json"))
        let whole = try VectorFolder()
        #expect(WordVectorFolder.isOne(whole.path))
    }

    @Test("are no language model, and say so when one is wanted")
    func noModel() throws {
        let folder = try VectorFolder()
        #expect(throws: ModelFileError.wordVectors(folder.path)) { try ModelFile.open(path: folder.path) }
    }

    // MARK: The real ones

    private struct Reference: Decodable {
        var texts: [String]
        var ids: [[Int32]]
        var vectors: [[Float]]
    }

    private func reference() throws -> Reference {
        let file = URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/WordVectors/wordllama.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    @Test("wordllama gives the vectors of its own package for texts with single spaces")
    func wordllama() throws {
        let vectors = try WordVectors(path: TestModel.path(of: TestModel.wordLlama))
        #expect(vectors.width == 256)
        let reference = try reference()
        for (index, text) in reference.texts.enumerated() {
            var (mean, tokens) = ([Float](repeating: 0, count: vectors.width), 0)
            for word in text.split(separator: " ") {
                let part = sum(String(word), vectors)
                for place in mean.indices { mean[place] += part.numbers[place] }
                tokens += part.count
            }
            #expect(tokens == reference.ids[index].count, "\(text)")
            let expected = reference.vectors[index]
            let worst = zip(mean, expected).map { abs($0 / Float(max(tokens, 1)) - $1) }.max() ?? .infinity
            #expect(worst < 2e-5, "\(text): \(worst)")
        }
    }

    @Test("a text with single spaces has the tokens of its words one after another", arguments: 0..<8 as Range<UInt64>)
    func words(_ seed: UInt64) throws {
        let metadata = try GGUFMetadata(tokenizerOf: TestModel.path(of: TestModel.wordLlama))
        var definition = try TokenizerDefinition(gguf: metadata)
        definition.addsBeginOfSequence = false
        let tokenizer = try Tokenizer(definition)
        let options = EncodingOptions(addedTokens: .plain, addsSequenceTokens: false)
        var random = SplitMix64(seed: seed)
        let alphabet = Array("etaoinshrdlucmfwypvbgkjqxzETAOINSHRDLU0123456789éß日本語🙂".unicodeScalars)
        let words = (0..<400).map { _ in
            String(
                String.UnicodeScalarView(
                    (0..<(1 + random.below(12))).map { _ in alphabet[random.below(alphabet.count)] }))
        }
        let whole = tokenizer.encode(words.joined(separator: " "), options: options)
        #expect(whole == words.flatMap { tokenizer.encode($0, options: options) })
    }
}
