import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Model summaries")
struct SummaryTests {
    private func header(_ architecture: String, _ numbers: [(String, Int)]) -> GGUFHeader {
        var header = GGUFHeader()
        header.set("general.architecture", .string(architecture))
        for (key, value) in numbers { header.set("\(architecture).\(key)", .uint32(UInt32(value))) }
        return header
    }

    private let qwen = [
        ("block_count", 28), ("embedding_length", 1536), ("attention.head_count", 12), ("attention.head_count_kv", 2),
        ("context_length", 32_768),
    ]

    @Test("cache sizes are those of the notes: KV bytes per token in f16")
    func cachePerToken() {
        let entries = Catalogue.builtIn
        for (name, bytes) in [("qwen3-coder:30b", 98_304), ("qwen3-coder:480b", 253_952), ("qwen3-coder-next", 24_576)]
        {
            #expect(entries.entry(named: name)?.model.map { $0.cacheElementsPerToken * 2 } == bytes)
        }
    }

    @Test("grouped-query attention: keys and values of all layers")
    func groupedQuery() throws {
        try withGGUF(header("qwen2", qwen).encoded()) { file in
            let model = try #require(file.dimensions)
            #expect(model.headSize == 128)
            #expect(model.cacheElementsPerToken == 28 * 2 * 2 * 128)
            let estimate = MemoryEstimate(weightByteCount: 1000, dimensions: model, context: 100, cacheType: .q8_0)
            #expect(estimate.cache == 28 * 2 * 2 * 128 * 100 / 32 * 34)
            #expect(estimate.total == 1000 + estimate.cache + estimate.overhead)
        }
    }

    @Test("a file's own YaRN counts towards its context")
    func ownYaRN() throws {
        var scaled = header("qwen2", qwen + [("rope.scaling.original_context_length", 32_768)])
        scaled.set("qwen2.rope.scaling.type", .string("yarn"))
        for (factor, context): (Float, Int) in [(4, 131_072), (0.5, 32_768), (.nan, 32_768), (1e30, 32_768)] {
            scaled.set("qwen2.rope.scaling.factor", .float32(factor))
            try withGGUF(scaled.encoded()) { #expect($0.dimensions?.context == context, "\(factor)") }
        }
    }

    @Test("latent attention, hybrid layers and per-layer head counts")
    func otherCaches() throws {
        let latent = header("deepseek2", qwen + [("attention.kv_lora_rank", 512), ("rope.dimension_count", 64)])
        try withGGUF(latent.encoded()) { #expect($0.dimensions?.cacheElementsPerToken == 28 * 576) }

        let hybrid = header(
            "qwen3next",
            [
                ("block_count", 48), ("embedding_length", 2048), ("attention.head_count", 16),
                ("attention.head_count_kv", 2), ("context_length", 262_144), ("attention.key_length", 256),
                ("full_attention_interval", 4), ("ssm.state_size", 128), ("ssm.inner_size", 4096),
                ("ssm.group_count", 16), ("ssm.conv_kernel", 4),
            ])
        try withGGUF(hybrid.encoded()) {
            #expect($0.dimensions?.cacheElementsPerToken == 12 * 2 * 2 * 256)
            #expect($0.dimensions?.recurrentBytes == 79_036_416)
        }

        var uneven = header("nemotron", qwen.filter { $0.0 != "attention.head_count_kv" })
        uneven.set("nemotron.attention.head_count_kv", .int32s([2, 0, 2] + [Int32](repeating: 0, count: 25)))
        try withGGUF(uneven.encoded()) { #expect($0.dimensions?.attentionLayers == 2) }
    }

    @Test("a mixture of experts counts what one token uses")
    func activeParameters() throws {
        var header = header("qwen3moe", qwen + [("expert_count", 8), ("expert_used_count", 2)])
        header.add("blk.0.ffn_up_exps.weight", .f32, shape: [32, 4, 8])
        header.add("output.weight", .f32, shape: [32, 10])
        try withGGUF(SampleModel.bytes(header)) { file in
            #expect(file.parameterCount == 32 * 4 * 8 + 320)
            #expect(file.dimensions?.activeParameters == 32 * 4 * 2 + 320)
            #expect(file.bitsPerWeight == 32)
        }
    }

    @Test("the quantisation is the file's word, else the type that holds most")
    func quantisation() throws {
        var header = GGUFHeader()
        header.add("a", .f32, shape: [32])
        header.add("b", .q8_0, shape: [32, 100])
        try withGGUF(SampleModel.bytes(header)) { #expect($0.quantisation == "Q8_0") }
        header.set("general.file_type", .uint32(15))
        try withGGUF(SampleModel.bytes(header)) { #expect($0.quantisation == "Q4_K_M") }
    }

    @Test("absurd numbers give no dimensions or the largest estimate, never a crash")
    func hostile() throws {
        let all =
            qwen + [
                ("ssm.state_size", 2), ("ssm.inner_size", 2), ("ssm.group_count", 2), ("ssm.conv_kernel", 2),
                ("attention.key_length", 2), ("attention.value_length", 2), ("expert_count", 2),
                ("expert_used_count", 1),
            ]
        for value in [0, 1, 1 << 20, 1 << 31, Int(UInt32.max)] {
            for key in all.map(\.0) + ["everything"] {
                let numbers = all.map { $0.0 == key || key == "everything" ? ($0.0, value) : $0 }
                try withGGUF(header("qwen2", numbers).encoded()) { file in
                    guard let model = file.dimensions else { return }
                    let estimate = MemoryEstimate(
                        weightByteCount: .max, dimensions: model, context: .max, cacheType: .f16)
                    #expect(estimate.total == .max, "\(key) \(value)")
                }
            }
        }
    }

    @Test(
        "sizes read well",
        arguments: [
            (0, "0 bytes"), (999, "999 bytes"), (1000, "1.00 kB"), (98_362_432, "98.4 MB"), (999_499, "999 kB"),
            (999_500, "1.00 MB"), (1_117_320_768, "1.12 GB"), (290_000_000_000, "290 GB"),
        ])
    func byteCounts(count: Int, expected: String) {
        #expect(ByteCount(count).description == expected)
    }
}
