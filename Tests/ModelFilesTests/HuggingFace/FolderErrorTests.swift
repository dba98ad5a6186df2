import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Hugging Face folders that cannot be used")
struct FolderErrorTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let source = FolderMappingTests.root + "/qwen2/"
        for name in ["config.json", "model.safetensors"] {
            try FileManager.default.copyItem(atPath: source + name, toPath: folder.file(name))
        }
    }

    /// The message after replacing `old` by `new` in config.json.
    private func message(_ old: String, _ new: String) throws -> String {
        let file = URL(fileURLWithPath: folder.file("config.json"))
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: file)
        do {
            _ = try HuggingFaceFolder(path: folder.path)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test(
        "the message names what is wrong",
        arguments: [
            ("Qwen2ForCausalLM", "MambaForCausalLM", "architecture 'MambaForCausalLM'"),
            ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 99999", "99999, expected a whole number"),
            ("\"hidden_size\"", "\"hidden_sizes\"", "lacks 'hidden_size'"),
            ("\"num_attention_heads\": 4", "\"num_attention_heads\": \"four\"", "'four', expected"),
            ("\"model_type\"", "\"quantization_config\": {\"quant_method\": \"squish\"}, \"model_type\"", "'squish'"),
            (
                "\"model_type\"", "\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 3}, \"model_type\"",
                "3 bits"
            ),
            ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2, \"tie_word_embeddings\": false", "accepted"),
            ("{", "", "cannot be read"),
        ])
    func config(_ old: String, _ new: String, _ expected: String) throws {
        let message = try message(old, new)
        #expect(message.contains(expected), "\(message)")
    }

    @Test("tensors of another family are not passed over")
    func unknownTensors() throws {
        #expect(try message("Qwen2ForCausalLM", "Starcoder2ForCausalLM").contains("has no use for"))
    }

    private func weight(_ parts: String, _ data: Int, config: String) -> String {
        let base = """
            {"architectures":["Qwen2ForCausalLM"],"num_hidden_layers":1,"hidden_size":64,"num_attention_heads":2,\
            "max_position_embeddings":64,"quantization_config":\(config)}
            """
        do {
            try folder.write(base, to: "config.json")
            try Safetensors.write(
                "{\(parts)}", data: Array(repeating: 0, count: data), to: folder.file("model.safetensors"))
            _ = try HuggingFaceFolder(path: folder.path)
            return "accepted"
        } catch { return "\(error)" }
    }

    private func part(_ name: String, _ type: String, _ shape: [Int], _ range: Range<Int>) -> String {
        """
        "model.layers.0.mlp.up_proj.\(name)":{"dtype":"\(type)","shape":\(shape),"data_offsets":[\(range.lowerBound),\(range.upperBound)]}
        """
    }

    @Test("missing scales and parts of wrong shapes are named")
    func quantised() {
        let fp8 = "{\"quant_method\":\"fp8\",\"weight_block_size\":[128,128]}"
        let weights = part("weight", "F8_E4M3", [2, 4], 0..<8)
        #expect(weight(weights, 8, config: fp8).contains("scales"))
        #expect(weight(weights, 8, config: fp8).contains("missing"))
        let scales = part("weight_scale_inv", "F32", [3, 2], 8..<32)
        #expect(weight(weights + "," + scales, 32, config: fp8).contains("[3, 2] do not fit [2, 4]"))

        let gptq = "{\"quant_method\":\"gptq\",\"bits\":4}"
        let words = part("qweight", "I32", [1, 8], 0..<32)
        #expect(weight(words, 32, config: gptq).contains("'model.layers.0.mlp.up_proj.qzeros' is missing"))
        let rest = part("qzeros", "I32", [1, 1], 32..<36) + "," + part("scales", "F16", [1, 8], 36..<52)
        #expect(weight(words + "," + rest, 52, config: gptq) == "accepted")
        let indices = part("g_idx", "I32", [4], 52..<68)
        #expect(weight([words, rest, indices].joined(separator: ","), 68, config: gptq).contains("g_idx"))
    }
}
