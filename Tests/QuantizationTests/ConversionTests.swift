import Foundation
import ModelFiles
import Quantization
import Tensors
import TestSupport
import Testing

@Suite("Converting models")
struct ConversionTests {
    @Test("without a type every tensor and every key stays")
    func copy() throws {
        let folder = try TemporaryFolder()
        let source = try GGUFFile.open(path: Samples.path("qwen2-tied-q4_0"))
        let copy = try Samples.convert(source.path, to: folder.path + "/copy.gguf")
        #expect(copy.orderedTensors.map(\.name) == source.orderedTensors.map(\.name))
        for tensor in source.orderedTensors {
            #expect(Samples.bytes(copy.tensors[tensor.name]) == Array(tensor.data))
            #expect(copy.tensors[tensor.name]?.shape == tensor.shape)
        }
        for key in source.metadata.keys {
            #expect(copy.metadata.type(of: key) == source.metadata.type(of: key), "\(key)")
        }
        #expect(copy.metadata.integer("general.quantization_version") == 2)
        #expect(copy.metadata.bytes("tokenizer.ggml.model") == source.metadata.bytes("tokenizer.ggml.model"))
        #expect(
            copy.metadata.strings("tokenizer.ggml.tokens").map(Array.init)
                == source.metadata.strings("tokenizer.ggml.tokens").map(Array.init))
        #expect(try Samples.logits(copy.path) == Samples.logits(source.path))
    }

    /// Floats of 16 bits and codes of 8 leave the logits almost as they were; four bits move them visibly.
    @Test(
        "a converted model's logits are near the original's",
        arguments: [("F32", Float(0)), ("BF16", 0.02), ("F16", 0.003), ("Q8_0", 0.03), ("Q5_1", 0.15), ("Q4_0", 0.4)])
    func logits(mix: String, tolerance: Float) throws {
        let folder = try TemporaryFolder()
        let original = Samples.path("qwen2-tied-f32")
        let converted = try Samples.convert(original, to: folder.path + "/m.gguf", mix)
        #expect(converted.quantisation == mix)
        let (expected, found) = (try Samples.logits(original), try Samples.logits(converted.path))
        let range = expected.max()! - expected.min()!
        let worst = zip(expected, found).map { abs($0 - $1) }.max()! / range
        #expect(worst <= tolerance, "\(worst)")
    }

    @Test("a model in parts becomes one file")
    func join() throws {
        let folder = try TemporaryFolder()
        let values: [[Float]] = (0..<3).map { part in (0..<64).map { Float($0 * (part + 1)) } }
        for part in 0..<3 {
            let keys: [(String, GGUFValue)] = [
                ("split.no", .uint16(UInt16(part))), ("split.count", .uint16(3)), ("split.tensors.count", .int32(3)),
                ("x.block_count", .uint32(1)),
            ]
            try Samples.write(
                "\(folder.path)/m-0000\(part + 1)-of-00003.gguf",
                [("blk.\(part).attn_q.weight", [32, 2], values[part])], keys: keys)
        }
        let joined = try Samples.convert(folder.path + "/m-00002-of-00003.gguf", to: folder.path + "/one.gguf")
        #expect(joined.orderedTensors.map(\.name) == (0..<3).map { "blk.\($0).attn_q.weight" })
        #expect(joined.metadata.keys.filter { $0.hasPrefix("split.") }.isEmpty)
        for part in 0..<3 {
            let expected = values[part].flatMap { value in withUnsafeBytes(of: value.bitPattern) { Array($0) } }
            #expect(Samples.bytes(joined.orderedTensors[part]) == expected)
        }
    }

    @Test("tensors larger than a slab and rows of stacked experts are encoded like single rows")
    func slabs() throws {
        let folder = try TemporaryFolder()
        let (columns, rows, experts) = (256, 40, 3)
        let values = (0..<columns * rows * experts).map { Float(sin(Double($0) * 0.37)) * Float(1 + $0 % 5) }
        let wide = (0..<64 * 50_000).map { Float(($0 &* 2_654_435_761) % 1000) / 1000 }
        let path = folder.path + "/m.gguf"
        try Samples.write(
            path,
            [
                ("blk.0.ffn_gate_exps.weight", [columns, rows, experts], values),
                ("blk.0.attn_q.weight", [64, 50_000], wide),
            ], keys: [("x.expert_count", .uint32(3))])
        let importance = (0..<columns * experts).map { 0.1 + Float($0 % 7) }
        let matrix = ImportanceMatrix(
            entries: [
                "blk.0.ffn_gate_exps.weight": ImportanceMatrix.Entry(
                    sums: importance.map { $0 * 4 }, counts: [4, 4, 4])
            ], datasets: ["code.txt"], chunkCount: 9, chunkSize: 512)
        let file = try Samples.convert(path, to: folder.path + "/out.gguf", "Q4_K_S", importance: matrix)
        for expert in 0..<experts {
            let first = expert * rows * columns
            let expected = try Codec.encode(
                Array(values[first..<first + rows * columns]), .q4_K, columns: columns,
                importance: Array(importance[expert * columns..<(expert + 1) * columns]))
            let bytes = Samples.bytes(file.tensors["blk.0.ffn_gate_exps.weight"])!
            #expect(Array(bytes[expert * expected.count..<(expert + 1) * expected.count]) == expected)
        }
        #expect(file.tensors["blk.0.attn_q.weight"]?.type == .q5_0)
        #expect(Samples.bytes(file.tensors["blk.0.attn_q.weight"]) == (try Codec.encode(wide, .q5_0, columns: 64)))
        #expect(file.metadata.string("quantize.imatrix.file") == "some.imatrix")
        #expect(file.metadata.string("quantize.imatrix.dataset") == "code.txt")
        #expect(file.metadata.integer("quantize.imatrix.entries_count") == 1)
        #expect(file.metadata.integer("quantize.imatrix.chunks_count") == 9)
    }

    @Test("an existing file stays unless it may be replaced")
    func existing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("precious", to: "m.gguf")
        #expect(throws: ConversionError.exists(path: path)) {
            try Samples.convert(Samples.path("qwen2-tied-f32"), to: path)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        try Samples.convert(Samples.path("qwen2-tied-f32"), to: path, overwrites: true)
        // A model may be replaced by its own conversion.
        let smaller = try Samples.convert(path, to: path, "Q8_0", overwrites: true)
        #expect(smaller.quantisation == "Q8_0")
    }

    @Test("when it is stopped or fails nothing is left")
    func stopped() throws {
        let folder = try TemporaryFolder()
        var calls = 0
        #expect(throws: ConversionError.cancelled) {
            try Samples.convert(Samples.path("qwen2-tied-f32"), to: folder.path + "/m.gguf", "Q8_0") {
                calls += 1
                return calls < 4
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        let missing = folder.path + "/no/such/m.gguf"
        #expect(throws: ConversionError.self) { try Samples.convert(Samples.path("qwen2-tied-f32"), to: missing) }
    }

    @Test("values that are no numbers are reported with their tensor and row")
    func notFinite() throws {
        let folder = try TemporaryFolder()
        var values = [Float](repeating: 1, count: 64 * 5)
        values[3 * 64 + 9] = .nan
        let path = folder.path + "/nan.gguf"
        try Samples.write(path, [("blk.0.attn_q.weight", [64, 5], values)])
        #expect(throws: ConversionError.notFinite(tensor: "blk.0.attn_q.weight", row: 3, file: path)) {
            try Samples.convert(path, to: folder.path + "/m.gguf", "Q8_0")
        }
        values[3 * 64 + 9] = 1e9
        try Samples.write(path, [("blk.0.attn_q.weight", [64, 5], values)])
        #expect(
            throws: ConversionError.tooLarge(
                tensor: "blk.0.attn_q.weight", row: 3, value: 1e9, type: .f16, file: path)
        ) { try Samples.convert(path, to: folder.path + "/m.gguf", "F16") }
        try Samples.convert(path, to: folder.path + "/m.gguf", "BF16")
    }

    @Test("importance of another model is refused")
    func foreignImportance() throws {
        let folder = try TemporaryFolder()
        func matrix(_ name: String, columns: Int) -> ImportanceMatrix {
            let entry = ImportanceMatrix.Entry(sums: [Float](repeating: 1, count: columns), counts: [1])
            return ImportanceMatrix(entries: [name: entry], datasets: [], chunkCount: 1, chunkSize: 1)
        }
        let source = Samples.path("qwen2-tied-f32")
        #expect(throws: ConversionError.importanceOfAnotherModel(tensors: 1)) {
            try Samples.convert(
                source, to: folder.path + "/m.gguf", "Q8_0", importance: matrix("blk.99.x.weight", columns: 3))
        }
        let width = try GGUFFile.open(path: source).tensors["blk.0.attn_q.weight"]!.shape[0]
        #expect(
            throws: ConversionError.importanceMismatch(tensor: "blk.0.attn_q.weight", expected: width, found: 3)
        ) {
            try Samples.convert(
                source, to: folder.path + "/m.gguf", "Q8_0", importance: matrix("blk.0.attn_q.weight", columns: 3))
        }
    }
}
