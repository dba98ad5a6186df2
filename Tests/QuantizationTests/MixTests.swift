import ModelFiles
import Quantization
import Tensors
import Testing

/// The choices that llama-quantize makes, as its log shows them.
@Suite("Mixes of types")
struct MixTests {
    /// Qwen2.5-1.5B's shapes: 28 layers, six query heads share keys and values, tied embeddings.
    private func planner(
        _ mix: String, experts: Int = 0, layers: Int = 28, width: Int = 1536, sharing: Int = 6,
        importance: Bool = false,
        untied: Bool = false
    ) throws -> (MixPlanner, [TensorDescription]) {
        var tensors = [TensorDescription(name: "token_embd.weight", type: .f16, shape: [width, 1000])]
        if untied { tensors.append(TensorDescription(name: "output.weight", type: .f16, shape: [width, 1000])) }
        for layer in 0..<layers {
            func add(_ name: String, _ shape: [Int], _ type: TensorType = .f16) {
                tensors.append(TensorDescription(name: "blk.\(layer).\(name)", type: type, shape: shape))
            }
            add("attn_norm.weight", [width], .f32)
            add("attn_q.weight", [width, width])
            add("attn_q.bias", [width], .f32)
            add("attn_k.weight", [width, 256])
            add("attn_v.weight", [width, 256])
            add("attn_output.weight", [width, width])
            if experts > 0 {
                add("ffn_gate_inp.weight", [width, experts], .f32)
                add("ffn_gate_exps.weight", [width, 512, experts])
                add("ffn_down_exps.weight", [512, width, experts])
            } else {
                add("ffn_gate.weight", [width, 8960])
                add("ffn_down.weight", [8960, width])
            }
        }
        var header = GGUFHeader()
        header.set("general.architecture", .string("x"))
        header.set("x.block_count", .uint32(UInt32(layers)))
        header.set("x.expert_count", .uint32(UInt32(experts)))
        header.set("x.attention.head_count", .uint32(UInt32(2 * sharing)))
        header.set("x.attention.head_count_kv", .uint32(2))
        let metadata = try #require(GGUFMetadata(header))
        let mix = try #require(QuantisationMix(named: mix))
        return (MixPlanner(mix, tensors: tensors, metadata: metadata, hasImportance: importance), tensors)
    }

    private func layers(
        _ suffix: String, of type: TensorType, _ made: (planner: MixPlanner, tensors: [TensorDescription])
    ) -> [Int] {
        made.tensors.filter { $0.name.hasSuffix(suffix) }.enumerated()
            .filter { made.planner.type(of: $0.element) == type }.map(\.offset)
    }

    private static let moreBits = [0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27]

    @Test("Q4_K_M keeps values and down projections of half the layers, and the tied embedding, in six bits")
    func usual() throws {
        let made = try planner("q4_k_m")
        #expect(layers("attn_v.weight", of: .q6_K, made) == Self.moreBits)
        #expect(layers("ffn_down.weight", of: .q6_K, made) == Self.moreBits)
        #expect(layers("attn_q.weight", of: .q4_K, made).count == 28)
        #expect(layers("attn_norm.weight", of: .f32, made).count == 28)
        #expect(layers("attn_q.bias", of: .f32, made).count == 28)
        #expect(made.0.type(of: made.1[0]) == .q6_K)
        let untied = try planner("Q4_K_M", untied: true)
        #expect(untied.0.type(of: untied.1[0]) == .q4_K)
        #expect(untied.0.type(of: untied.1[1]) == .q6_K)
    }

    @Test("the other mixes raise what their names promise")
    func others() throws {
        #expect(try layers("attn_v.weight", of: .q5_K, planner("Q4_K_S")) == [0, 1, 2, 3])
        #expect(try layers("ffn_down.weight", of: .q5_K, planner("Q4_K_S")) == [0, 1, 2])
        #expect(try layers("ffn_down.weight", of: .q6_K, planner("Q5_K_M")) == Self.moreBits)
        #expect(try layers("attn_v.weight", of: .q5_K, planner("Q5_K_S")).count == 28)
        #expect(try layers("attn_v.weight", of: .q5_K, planner("Q3_K_M")) == [0, 1])
        #expect(try layers("ffn_down.weight", of: .q5_K, planner("Q3_K_M")) == [0])
        #expect(try layers("attn_output.weight", of: .q4_K, planner("Q3_K_M")).count == 28)
        #expect(try layers("attn_v.weight", of: .q4_K, planner("Q2_K")).count == 28)
        #expect(try layers("attn_v.weight", of: .q3_K, planner("Q2_K", sharing: 1)).count == 28)
        #expect(try layers("ffn_down.weight", of: .q5_K, planner("IQ4_XS")) == [0, 1, 2])
        #expect(try layers("ffn_down.weight", of: .q5_K, planner("IQ4_XS", importance: true)).isEmpty)
        #expect(try layers("attn_v.weight", of: .q5_K, planner("IQ4_XS")).count == 28)
        #expect(try layers("ffn_down.weight", of: .q4_1, planner("Q4_0", importance: true)) == [0, 1, 2])
        #expect(try layers("ffn_down.weight", of: .q4_0, planner("Q4_0")).count == 28)
        let bytes = try planner("Q8_0")
        #expect(bytes.0.type(of: bytes.1[0]) == .q8_0)
        let floats = try planner("BF16")
        #expect(floats.0.type(of: floats.1[0]) == .bf16)
        #expect(layers("attn_norm.weight", of: .f32, floats).count == 28)
    }

    @Test("mixtures of experts keep their routers as floats, and eight experts leave attention eight bits")
    func experts() throws {
        let many = try planner("Q4_K_M", experts: 128)
        #expect(layers("ffn_gate_inp.weight", of: .f32, many).count == 28)
        #expect(layers("ffn_down_exps.weight", of: .q6_K, many) == Self.moreBits)
        #expect(layers("ffn_gate_exps.weight", of: .q4_K, many).count == 28)
        let eight = try planner("Q4_K_M", experts: 8)
        #expect(layers("attn_v.weight", of: .q8_0, eight).count == 28)
        #expect(layers("attn_k.weight", of: .q8_0, eight).count == 28)
        #expect(layers("attn_output.weight", of: .q5_K, eight).count == 28)
        let microscaled = try planner("MXFP4", experts: 32)
        #expect(layers("ffn_gate_exps.weight", of: .mxfp4, microscaled).count == 28)
        #expect(layers("attn_q.weight", of: .q8_0, microscaled).count == 28)
    }

    @Test("rows that are no whole super-blocks get the next type that fits")
    func misfits() throws {
        let narrow = try planner("Q4_K_M", width: 576)
        #expect(layers("attn_q.weight", of: .q5_0, narrow).count == 28)
        #expect(layers("attn_v.weight", of: .q8_0, narrow) == Self.moreBits)
        #expect(narrow.0.type(of: narrow.1[0]) == .q8_0)
        let odd = try planner("Q6_K", width: 100)
        #expect(layers("attn_q.weight", of: .f16, odd).count == 28)
        #expect(try layers("attn_q.weight", of: .iq4_nl, planner("IQ4_XS", width: 96)).count == 28)
    }

    @Test("names are found in any case and without their usual ending")
    func names() {
        #expect(QuantisationMix(named: "q4_k_m")?.name == "Q4_K_M")
        #expect(QuantisationMix(named: "Q5_K")?.name == "Q5_K_M")
        #expect(QuantisationMix(named: "mxfp4")?.name == "MXFP4_MOE")
        #expect(QuantisationMix(named: "Q4") == nil)
        #expect(Set(QuantisationMix.all.map(\.fileType)).count == QuantisationMix.all.count)
    }
}
