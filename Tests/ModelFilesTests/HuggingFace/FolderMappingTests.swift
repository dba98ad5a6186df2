import Foundation
import JSON
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Folders that transformers wrote, against what llama.cpp's own converter makes of them: Scripts/make-hf-models.py.
@Suite("Hugging Face folders as GGUF")
struct FolderMappingTests {
    static let root = Repository.root + "/Tests/Fixtures/Folders"
    static let names: [String] =
        (try? json(root + "/folders.json").object?["models"]?.array?.compactMap(\.string)) ?? []

    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test("there are folders of every family")
    func complete() {
        #expect(Self.names.count == 6 && Self.pairs.count >= 18)
    }

    @Test("every tensor has the name, type, shape and bytes that the real converter gives it", arguments: names)
    func tensors(_ name: String) throws {
        let folder = try HuggingFaceFolder(path: Self.root + "/" + name)
        let expected = try Self.json(Self.root + "/\(name).gguf.json").object?["tensors"]?.object?.members ?? []
        #expect(!expected.isEmpty)
        #expect(Set(folder.tensorDescriptions.map(\.name)) == Set(expected.map(\.key)))
        for (tensor, value) in expected {
            guard let facts = value.array, let found = try folder.tensor(tensor) else {
                Issue.record("\(tensor) is missing")
                continue
            }
            #expect(found.type.name == facts[0].string, "\(tensor)")
            #expect(found.shape == facts[1].array?.compactMap(\.integer), "\(tensor)")
            #expect(ContentHash(of: found.data).hexadecimal == facts[2].string, "\(tensor)")
            #expect(
                folder.tensorDescriptions.contains {
                    $0.name == tensor && $0.shape == found.shape && $0.type == found.type
                })
        }
    }

    @Test("the metadata has every key that the real converter writes, with the same value", arguments: names)
    func metadata(_ name: String) throws {
        let folder = try HuggingFaceFolder(path: Self.root + "/" + name)
        let object = try Self.json(Self.root + "/\(name).gguf.json").object
        #expect(folder.metadata.string("general.architecture") == object?["architecture"]?.string)
        for (key, value) in object?["metadata"]?.object?.members ?? [] {
            #expect(matches(folder.metadata, key, value), "\(key) should be \(value)")
        }
    }

    private func matches(_ metadata: GGUFMetadata, _ key: String, _ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): metadata.string(key) == text
        case .bool(let flag): metadata.bool(key) == flag
        case .integer(let number): metadata.integer(key) == number
        case .number(let number): metadata.float(key) == Float(number)
        case .array(let values):
            if let flags = metadata.bools(key) {
                flags == values.compactMap(\.bool)
            } else {
                metadata.integers(key) == values.compactMap(\.integer)
            }
        case .null, .object, .largeInteger: false
        }
    }

    /// Folders that lie beside the GGUF file that the real converter made of them, tokenizer included.
    static let pairs: [String] = {
        let models = Repository.root + "/Tests/Fixtures/Models/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: models)) ?? []
        return names.filter {
            HuggingFaceFolder.isModel(models + $0) && FileManager.default.fileExists(atPath: models + $0 + ".gguf")
        }.sorted()
    }()

    @Test("a folder and the file made of it hold the same", arguments: pairs)
    func sameAsFile(_ name: String) throws {
        let path = Repository.root + "/Tests/Fixtures/Models/" + name
        let (folder, file) = (try HuggingFaceFolder(path: path), try GGUFFile.open(path: path + ".gguf"))
        #expect(Set(folder.tensorDescriptions) == Set(file.tensorDescriptions))
        for tensor in file.orderedTensors {
            let made = try folder.tensor(tensor.name)
            let found = try #require(made, "\(tensor.name)")
            #expect(found.data.elementsEqual(tensor.data), "\(tensor.name)")
        }
        for key in file.metadata.keys where !key.hasPrefix("general.") {
            // The converter was told a name for the tokenizer, which is none that it knows.
            if key == "tokenizer.ggml.pre" { continue }
            #expect(same(folder.metadata, file.metadata, key), "\(key)")
        }
    }

    private func same(_ left: GGUFMetadata, _ right: GGUFMetadata, _ key: String) -> Bool {
        if let strings = right.strings(key) {
            return left.strings(key).map { $0.map { Array($0) } } == strings.map { Array($0) }
        }
        if let flags = right.bools(key) { return left.bools(key) == flags }
        if let integers = right.integers(key) { return left.integers(key) == integers }
        if let floats = right.floats(key) { return left.floats(key) == floats }
        if let text = right.bytes(key) { return left.bytes(key) == text }
        if let flag = right.bool(key) { return left.bool(key) == flag }
        if let integer = right.integer(key) { return left.integer(key) == integer }
        return left.float(key) == right.float(key)
    }

    @Test("what is converted is given back and made again alike")
    func release() throws {
        let folder = try HuggingFaceFolder(path: Self.root + "/llama")
        let first = try folder.tensor("blk.0.attn_q.weight").map { Array($0.data) }
        folder.release("blk.0.attn_q.weight")
        let second = try folder.tensor("blk.0.attn_q.weight").map { Array($0.data) }
        #expect(first != nil && first == second)
    }
}
