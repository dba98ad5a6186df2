import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// One weight in every quantised format, against the reference packages: Scripts/make-hf-formats.py.
@Suite("Quantised weights of Hugging Face folders")
struct QuantisedFormatTests {
    private static let root = Repository.root + "/Tests/Fixtures/Formats"
    static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()

    private static let types: [SafetensorsType: TensorType] = [.bf16: .bf16, .f16: .f16, .f32: .f32, .u8: .mxfp4]

    @Test("there is a fixture of every format")
    func complete() {
        #expect(Self.names.count >= 16)
    }

    @Test("values are those of the reference, to the last bit", arguments: names)
    func values(_ name: String) throws {
        let folder = try HuggingFaceFolder(path: "\(Self.root)/\(name)")
        let file = try SafetensorsFile(path: "\(Self.root)/\(name)/expected.safetensors")
        let expected = try #require(file.tensors.first)
        let tensor = try folder.tensor("blk.0.ffn_up.weight")
        let found = try #require(tensor)
        #expect(found.type == Self.types[expected.type])
        if found.type != .mxfp4 { #expect(found.shape == Array(expected.shape.reversed())) }
        #expect(found.data.elementsEqual(expected.data))
        #expect(folder.tensorDescriptions.map(\.name) == ["blk.0.ffn_up.weight"])
    }

    @Test("asked for float32, values are the same before rounding", arguments: names)
    func unrounded(_ name: String) throws {
        let rounded = try HuggingFaceFolder(path: "\(Self.root)/\(name)")
        let unrounded = try HuggingFaceFolder(path: "\(Self.root)/\(name)", dequantised: .f32)
        let (first, second) = (try rounded.tensor("blk.0.ffn_up.weight"), try unrounded.tensor("blk.0.ffn_up.weight"))
        let (plain, exact) = (try #require(first), try #require(second))
        guard plain.type != .mxfp4 else {
            #expect(exact.type == .mxfp4)
            return
        }
        #expect(exact.type == .f32)
        for index in 0..<exact.elementCount {
            let value = exact.data.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
            let bits = plain.data.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            let expected = plain.type == .f16 ? Float(Float16(bitPattern: bits)) : Float(bitPattern: UInt32(bits) << 16)
            // Half a unit in the last place of the shorter type.
            #expect(abs(value - expected) <= abs(value) * (plain.type == .f16 ? 0x1p-11 : 0x1p-8), "element \(index)")
        }
    }

    @Test("stacked experts share one scale, or have one each", arguments: [1, 3])
    func stackedExperts(scales: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"architectures":["Qwen3MoeForCausalLM"],"num_hidden_layers":1,"hidden_size":4,"num_attention_heads":1,\
            "max_position_embeddings":8,"moe_intermediate_size":8,"num_experts":3,"quantization_config":{"quant_method":"fp8"}}
            """, to: "config.json")
        let name = "model.layers.0.mlp.experts.down_proj"
        // 0x38 is one.
        var data = [UInt8](repeating: 0x38, count: 3 * 4 * 8)
        for scale in 1...scales { withUnsafeBytes(of: Float(scale)) { data += $0 } }
        let header = """
            {"\(name)":{"dtype":"F8_E4M3","shape":[3,4,8],"data_offsets":[0,96]},\
            "\(name)_scale_inv":{"dtype":"F32","shape":[\(scales)],"data_offsets":[96,\(96 + 4 * scales)]}}
            """
        try Safetensors.write(header, data: data, to: folder.file("model.safetensors"))
        let model = try HuggingFaceFolder(path: folder.path, dequantised: .f32)
        let made = try model.tensor("blk.0.ffn_down_exps.weight")
        let found = try #require(made)
        #expect(found.shape == [8, 4, 3])
        let values: [Float] = (0..<96).map { found.data.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        let expected: [Float] = (0..<96).map { index in scales == 1 ? 1 : Float(index / 32 + 1) }
        #expect(values == expected)
    }
}
