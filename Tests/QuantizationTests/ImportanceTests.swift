import Architectures
import Foundation
import Generation
import ModelFiles
import Quantization
import Tensors
import TestSupport
import Testing

@Suite("Importance matrices")
struct ImportanceTests {
    private let sample = ImportanceMatrix(
        entries: [
            "blk.0.attn_q.weight": ImportanceMatrix.Entry(sums: [2, 4, 6], counts: [2]),
            "blk.0.ffn_up_exps.weight": ImportanceMatrix.Entry(sums: [3, 6, 0, 0], counts: [3, 0]),
        ], datasets: ["a.txt"], chunkCount: 4, chunkSize: 512)

    @Test("what is written is read again, and unreached experts count all columns alike")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x.imatrix"
        try sample.write(to: path)
        let read = try ImportanceMatrix.read(path)
        #expect(read.entries.keys.sorted() == sample.entries.keys.sorted())
        #expect(read.means(of: "blk.0.attn_q.weight") == [1, 2, 3])
        #expect(read.means(of: "blk.0.ffn_up_exps.weight") == [1, 2, 1, 1])
        #expect(read.means(of: "blk.1.attn_q.weight") == nil)
        #expect(read.incompleteTensors == ["blk.0.ffn_up_exps.weight"])
        #expect(read.datasets == ["a.txt"] && read.chunkCount == 4 && read.chunkSize == 512)
        let file = try GGUFFile.open(path: path)
        #expect(file.metadata.string("general.type") == "imatrix")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.imatrix"])
    }

    private func legacy(name: String = "blk.0.attn_q.weight", values: [Float] = [4, 8], tail: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: Int32) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        append(1)
        append(Int32(name.utf8.count))
        bytes += name.utf8
        append(4)
        append(Int32(values.count))
        for value in values { append(Int32(bitPattern: value.bitPattern)) }
        if tail {
            append(4)
            append(5)
            bytes += "d.txt".utf8
        }
        return bytes
    }

    @Test("the older format is read, with and without what may follow")
    func older() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x.dat"
        try Data(legacy()).write(to: URL(fileURLWithPath: path))
        let read = try ImportanceMatrix.read(path)
        #expect(read.means(of: "blk.0.attn_q.weight") == [1, 2])
        #expect(read.datasets == ["d.txt"] && read.chunkCount == 4)
        try Data(legacy(tail: false)).write(to: URL(fileURLWithPath: path))
        #expect(try ImportanceMatrix.read(path).means(of: "blk.0.attn_q.weight") == [1, 2])
    }

    @Test("files cut anywhere, with other values or other content are refused without a crash")
    func hostile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x.dat"
        let whole = legacy(tail: false)
        for length in 0..<whole.count {
            try Data(whole.prefix(length)).write(to: URL(fileURLWithPath: path))
            #expect(throws: ImportanceError.self) { try ImportanceMatrix.read(path) }
        }
        for value in [Float.nan, -1, .infinity] {
            try Data(legacy(values: [value, 1])).write(to: URL(fileURLWithPath: path))
            #expect(throws: ImportanceError.invalidValues(tensor: "blk.0.attn_q.weight", file: path)) {
                try ImportanceMatrix.read(path)
            }
        }
        let gguf = folder.path + "/y.gguf"
        try sample.write(to: gguf)
        let data = try Data(contentsOf: URL(fileURLWithPath: gguf))
        for length in stride(from: 0, to: data.count - 32, by: 13) {
            try data.prefix(length).write(to: URL(fileURLWithPath: path))
            #expect(throws: ImportanceError.self) { try ImportanceMatrix.read(path) }
        }
        #expect(throws: ImportanceError.self) { try ImportanceMatrix.read(Samples.path("qwen2-tied-f32")) }
        #expect(throws: ImportanceError.self) { try ImportanceMatrix.read(folder.path + "/none") }
    }

    @Test("a matrix's inputs are added up as squares, once for tensors that are cut in parts")
    func observing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/m.gguf"
        let ones = [Float](repeating: 1, count: 32 * 4 * 2)
        try Samples.write(
            path,
            [
                ("blk.0.attn_q.weight", [32, 4], Array(ones.prefix(128))),
                ("blk.0.ffn_gate_up_exps.weight", [32, 4, 2], ones),
                ("output.weight", [32, 4], Array(ones.prefix(128))),
            ])
        let file = try GGUFFile.open(path: path)
        let collector = try ImportanceCollector(file)
        let compute = Samples.compute
        compute.observer = collector
        func matrix(_ name: String, rows: Range<Int>) -> Matrix {
            let tensor = file.tensors[name]!
            let bytes = UnsafeRawBufferPointer(rebasing: tensor.data[(rows.lowerBound * 128)...])
            return Matrix(type: .f32, rows: rows.count, columns: 32, data: bytes)!
        }
        let input = Activations(width: 32)
        input.reserve(tokens: 3)
        for i in 0..<96 { input.values[i] = Float(i / 32 + 1) }
        compute.quantize(input, tokens: 3)
        var output = [Float](repeating: 0, count: 4 * 12)
        output.withUnsafeMutableBufferPointer { output in
            let to = output.baseAddress!
            compute.project(
                input, tokens: 3,
                [
                    Projection(matrix("blk.0.attn_q.weight", rows: 0..<4), output: to),
                    // The two halves of the second expert.
                    Projection(matrix("blk.0.ffn_gate_up_exps.weight", rows: 4..<6), output: to + 12),
                    Projection(matrix("blk.0.ffn_gate_up_exps.weight", rows: 6..<8), output: to + 24),
                    Projection(matrix("output.weight", rows: 0..<4), output: to + 36),
                ])
        }
        let found = collector.matrix(datasets: [], chunkCount: 1, chunkSize: 3)
        #expect(found.entries.keys.sorted() == ["blk.0.attn_q.weight", "blk.0.ffn_gate_up_exps.weight"])
        #expect(found.entries["blk.0.attn_q.weight"]?.counts == [3])
        #expect(found.entries["blk.0.attn_q.weight"]?.sums == [Float](repeating: 14, count: 32))
        #expect(found.entries["blk.0.ffn_gate_up_exps.weight"]?.counts == [0, 3])
        let second = found.entries["blk.0.ffn_gate_up_exps.weight"]?.sums.suffix(32)
        #expect(second.map(Array.init) == [Float](repeating: 14, count: 32))
    }

    @Test("a whole model's matrices are all reached, and do not change what it computes")
    func model() throws {
        let model = try LanguageModel(path: Samples.path("qwen2-tied-f32"))
        var options = SessionOptions()
        options.context = 128
        options.threads = 1
        let ids: [Int32] = (0..<40).map { ($0 * 37) % 267 }
        let plain = try Session(model, options)
        try plain.evaluate(ids)
        let watched = try Session(model, options)
        let collector = try ImportanceCollector(model.source)
        watched.observe(with: collector)
        try watched.evaluate(ids)
        #expect(plain.withLogits { Array($0) } == watched.withLogits { Array($0) })
        let found = collector.matrix(datasets: [], chunkCount: 1, chunkSize: 40)
        let expected = model.source.tensorDescriptions.map(\.name).filter {
            $0.hasPrefix("blk.") && $0.hasSuffix(".weight") && !$0.contains("norm")
        }
        #expect(found.entries.keys.sorted() == expected.sorted())
        #expect(found.entries.values.allSatisfy { $0.counts == [40] && $0.sums.allSatisfy { $0.isFinite && $0 >= 0 } })
    }
}

@Suite("Importance of every family")
struct FamilyImportanceTests {
    /// All GGUF fixtures, one or more of each family.
    static let models: [String] = {
        let folder = Repository.root + "/Tests/Fixtures/Models"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".gguf") }.map { String($0.dropLast(5)) }.sorted()
    }()

    /// Whatever a mix would give fewer bits is measured, in each family's own operations.
    @Test("all matrices that quantisation touches are reached", arguments: models)
    func coverage(name: String) throws {
        let model = try LanguageModel(path: Samples.path(name))
        let source = model.source
        let planner = MixPlanner(
            try #require(QuantisationMix(named: "Q8_0")), tensors: source.tensorDescriptions, metadata: source.metadata)
        var options = SessionOptions()
        options.context = 128
        options.threads = 1
        options.kv = .f32
        let session = try Session(model, options)
        let collector = try ImportanceCollector(source)
        session.observe(with: collector)
        let vocabulary = Int32(model.hyperparameters.vocabulary)
        try session.evaluate((0..<48).map { ($0 * 37 + 5) % vocabulary })
        let found = collector.matrix(datasets: [], chunkCount: 1, chunkSize: 48)
        let layers = model.hyperparameters.layers
        let missing = source.tensorDescriptions.filter { tensor in
            // Layers behind the model's own only draft tokens.
            let layer = tensor.name.hasPrefix("blk.") ? Int(tensor.name.dropFirst(4).prefix { $0 != "." }) : nil
            return layer != nil && layer! < layers && tensor.shape.count > 1 && tensor.shape[1] > 1
                && planner.type(of: tensor).elementsPerBlock > 1 && found.entries[tensor.name] == nil
        }
        #expect(missing.isEmpty, "\(missing.map(\.name))")
        for (name, entry) in found.entries {
            #expect(entry.sums.allSatisfy { $0.isFinite && $0 >= 0 }, "\(name)")
        }
    }

    @Test("converted without loss, every family gives the same logits", arguments: models)
    func conversion(name: String) throws {
        let folder = try TemporaryFolder()
        let source = try GGUFFile.open(path: Samples.path(name))
        // What is quantised or in 16 bits becomes floats of 32 bits that say the same.
        let converted = try Samples.convert(source.path, to: folder.path + "/m.gguf", "F32")
        #expect(converted.orderedTensors.allSatisfy { $0.type == .f32 || $0.type == .i32 })
        let (expected, found) = (try logits(source.path), try logits(converted.path))
        let isPlain = source.orderedTensors.allSatisfy { $0.type == .f32 || $0.type == .bf16 || $0.type == .f16 }
        // Products of quantised weights round their inputs too.
        let tolerance: Float = isPlain ? 1e-5 : 0.06
        let range = expected.max()! - expected.min()!
        let worst = zip(expected, found).map { abs($0 - $1) }.max()! / range
        #expect(worst <= tolerance, "\(worst)")
    }

    /// What a family keeps as vectors must stay floats.
    @Test("every family loads and runs with few bits", arguments: models)
    func quantised(name: String) throws {
        let folder = try TemporaryFolder()
        for mix in ["Q4_K_M", "Q8_0"] {
            let made = try Samples.convert(Samples.path(name), to: "\(folder.path)/\(mix).gguf", mix)
            #expect(made.orderedTensors.contains { $0.type.elementsPerBlock > 1 || $0.type == .f16 })
            #expect(try logits(made.path).allSatisfy(\.isFinite))
        }
    }

    private func logits(_ path: String) throws -> [Float] {
        let model = try LanguageModel(path: path)
        var options = SessionOptions()
        options.context = 128
        options.threads = 1
        options.kv = .f32
        let session = try Session(model, options)
        let vocabulary = Int32(model.hyperparameters.vocabulary)
        try session.evaluate((0..<24).map { ($0 * 37 + 5) % vocabulary })
        return session.withLogits { Array($0) }
    }
}
