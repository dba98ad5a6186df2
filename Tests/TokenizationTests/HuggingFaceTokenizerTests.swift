import Foundation
import JSON
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// tokenizer.json files of the vocabularies that the other tests know; see Scripts/make-hf-tokenizers.py.
@Suite("Tokenizers of Hugging Face folders")
struct HuggingFaceTokenizerTests {
    private static func fixture(_ name: String) throws -> JSONValue {
        let path = Repository.root + "/Tests/Fixtures/Tokenizers/" + name
        return try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }

    private static let names: [String] =
        (try? fixture("huggingface.json").object?["pre_tokenizers"]?.object?.members.map(\.key)) ?? []

    /// A folder with nothing but a configuration and these files.
    private func tokenizer(_ files: [String: Any], configuration: [String: Any] = [:]) throws -> TokenizerDefinition {
        let folder = try TemporaryFolder()
        let config: [String: Any] = [
            "architectures": ["Qwen2ForCausalLM"], "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 1,
            "max_position_embeddings": 8,
        ]
        for (name, value) in files.merging(
            ["config.json": config.merging(configuration) { $1 }], uniquingKeysWith: { $1 })
        {
            let data = try value as? Data ?? JSONSerialization.data(withJSONObject: value)
            try data.write(to: URL(fileURLWithPath: folder.path + "/" + name))
        }
        try Data([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]).write(
            to: URL(fileURLWithPath: folder.path + "/model.safetensors"))
        return try TokenizerDefinition(gguf: HuggingFaceFolder(path: folder.path).metadata)
    }

    private func raw(_ name: String) throws -> [String: Any] {
        let path = Repository.root + "/Tests/Fixtures/Tokenizers/" + name
        let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        return try #require(value as? [String: Any])
    }

    @Test("the pre-tokenizer is recognised by its expressions, and texts have the reference's ids", arguments: names)
    func byteLevel(_ name: String) throws {
        let lists = try raw("bytes.json")
        let fixture = try raw("huggingface.json")
        let stages = try #require(fixture["pre_tokenizers"] as? [String: Any])
        let (tokens, types) = (try #require(lists["tokens"] as? [String]), try #require(lists["types"] as? [Int]))
        var vocabulary: [String: Int] = [:]
        var added: [[String: Any]] = []
        for (id, token) in tokens.enumerated() {
            switch types[id] {
            case 1: vocabulary[token] = id
            case 3, 4: added.append(["id": id, "content": token, "special": types[id] == 3])
            default: break
            }
        }
        let model: [String: Any] = [
            "type": "BPE", "vocab": vocabulary, "merges": try #require(lists["merges"]),
            "ignore_merges": name == "llama-bpe" || name == "tekken",
        ]
        let json: [String: Any] = [
            "model": model, "added_tokens": added, "pre_tokenizer": try #require(stages[name]),
            "decoder": ["type": "ByteLevel"],
        ]
        let definition = try tokenizer(["tokenizer.json": json], configuration: ["vocab_size": tokens.count])
        let found = try Tokenizer(definition)
        #expect(found.vocabularyCount == tokens.count)
        let texts = try #require(lists["texts"] as? [String])
        let ids = try #require((lists["ids"] as? [String: Any])?[name] as? [[Int]])
        for (text, expected) in zip(texts, ids) {
            #expect(found.encode(text).map { Int($0) } == expected, "\(text.debugDescription)")
        }
    }

    @Test("a SentencePiece vocabulary in the manner of Llama 2 has the reference's ids")
    func pieces() throws {
        let lists = try raw("pieces.json")
        // As it is: dictionaries of strings take pieces for equal that differ in their composition.
        let json = try Data(
            contentsOf: URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/Tokenizers/pieces.tokenizer.json"))
        let settings: [String: Any] = [
            "bos_token": "<s>", "eos_token": ["content": "</s>"], "add_bos_token": true, "add_eos_token": false,
        ]
        let definition = try tokenizer(["tokenizer.json": json, "tokenizer_config.json": settings])
        let types = try #require(lists["types"] as? [Int])
        #expect(definition.types.map { Int($0.rawValue) } == types)
        #expect(definition.addsBeginOfSequence && !definition.addsEndOfSequence)
        #expect(definition.special.beginOfSequence == 1 && definition.special.endOfSequence == 2)
        let found = try Tokenizer(definition)
        for (textsKey, idsKey, marks) in [
            ("texts", "ids", EncodingOptions.AddedTokenText.plain), ("markedTexts", "markedIds", .recognized),
        ] {
            let texts = try #require(lists[textsKey] as? [String])
            let ids = try #require(lists[idsKey] as? [[Int]])
            for (text, expected) in zip(texts, ids) {
                let ids = found.encode(text, options: EncodingOptions(addedTokens: marks, addsSequenceTokens: false))
                #expect(ids.map { Int($0) } == expected, "\(text.debugDescription)")
            }
        }
    }

    @Test("special tokens come from any of the files, and so does what frames a text")
    func settings() throws {
        let model: [String: Any] = [
            "type": "BPE", "vocab": ["a": 0, "b": 1, "ab": 2], "merges": [["a", "b"]],
        ]
        let frame: [String: Any] = [
            "type": "TemplateProcessing", "single": [["SpecialToken": ["id": "<s>"]], ["Sequence": ["id": "A"]]],
        ]
        let json: [String: Any] = [
            "model": model, "added_tokens": [["id": 3, "content": "<s>", "special": true]],
            "pre_tokenizer": ["type": "ByteLevel"], "post_processor": frame,
        ]
        let definition = try tokenizer(
            ["tokenizer.json": json, "generation_config.json": ["eos_token_id": [2, 1]]],
            configuration: ["bos_token_id": 3, "vocab_size": 6])
        #expect(definition.addsBeginOfSequence)
        #expect(definition.special.beginOfSequence == 3)
        #expect(definition.special.endOfSequence == 2)
        #expect(definition.tokens.count == 6)
        #expect(definition.types[4] == .unused)
    }

    @Test("tokenizers that cannot be used say why")
    func errors() throws {
        for (json, words) in [
            (["model": ["type": "Unigram", "vocab": []]], "Unigram"), (["model": ["type": "BPE"]], "no vocabulary"),
            (["model": ["type": "BPE", "vocab": ["a": 4_000_000_000], "merges": []]], "out of range"),
            ([:], "no 'model'"),
        ] as [([String: Any], String)] {
            #expect {
                try tokenizer(["tokenizer.json": json])
            } throws: {
                "\($0)".contains(words)
            }
        }
    }
}
