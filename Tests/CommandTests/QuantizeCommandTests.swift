import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("martlet model convert, quantize, imatrix")
struct QuantizeCommandTests {
    private let folder: TemporaryFolder
    private let tiny = Repository.root + "/Tests/Fixtures/Models/qwen2-tied-f32.gguf"

    init() throws { folder = try TemporaryFolder() }

    private func martlet(_ arguments: String...) async throws -> CommandRun {
        try await CommandRun.run(Repository.martlet, ["model"] + arguments, folder: folder.path)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test("converts, prints the path, and replaces a file only with --force")
    func convert() async throws {
        let first = try await martlet("convert", tiny, "m.gguf")
        #expect(first.status == 0 && first.text == "m.gguf\n", "\(first.errors)")
        #expect(first.errors.contains("32.00 bits per weight"))
        let second = try await martlet("convert", tiny, "m.gguf", "--type", "bf16")
        #expect(second.status == 2 && second.text.isEmpty)
        #expect(second.errors.contains("m.gguf exists already") && second.errors.contains("--force"))
        let third = try await martlet("convert", tiny, "m.gguf", "--type", "bf16", "--force", "--json")
        struct Report: Decodable {
            var type: String
            var bytes: Int
            var bits_per_weight: Double
        }
        let report = try third.json(Report.self)
        #expect(report.type == "BF16" && report.bits_per_weight < 17)
        #expect(report.bytes == FileTree.fileSize(folder.path + "/m.gguf"))
        #expect(try names == ["m.gguf"])
    }

    @Test("warns below four bits per weight, and when weights lose precision twice")
    func warnings() async throws {
        let eight = try await martlet("quantize", tiny, "8.gguf", "--type", "Q8_0")
        #expect(eight.status == 0 && !eight.errors.contains("Warning") && !eight.errors.contains("Note"))
        let again = try await martlet("quantize", "8.gguf", "4.gguf", "--type", "Q4_0")
        #expect(again.status == 0 && again.errors.contains("quantised already"))
        // A model whose rows fit the type of two bits.
        let path = folder.path + "/wide.gguf"
        var header = GGUFHeader()
        header.set("general.architecture", .string("x"))
        header.add("blk.0.attn_q.weight", .f32, shape: [256, 64])
        var writer = try GGUFWriter(path: path, header: header)
        try writer.append([UInt8](repeating: 0, count: 256 * 64 * 4))
        try writer.finish()
        let two = try await martlet("quantize", "wide.gguf", "2.gguf", "--type", "Q2_K")
        #expect(two.status == 0 && two.errors.contains("Warning: 2.62 bits per weight"), "\(two.errors)")
    }

    @Test("names the types when one is misspelt, and what is missing when an input is")
    func mistakes() async throws {
        let type = try await martlet("quantize", tiny, "m.gguf", "--type", "Q4_M_K")
        #expect(type.status == 2)
        #expect(type.errors.contains("There is no type 'Q4_M_K'. Did you mean Q4_K_M?"), "\(type.errors)")
        #expect(type.errors.contains("IQ4_XS"))
        let missing = try await martlet("quantize", tiny, "m.gguf")
        #expect(missing.status == 2 && missing.errors.contains("--type"))
        let source = try await martlet("convert", "none.gguf", "m.gguf")
        #expect(source.status == 2 && source.errors.contains("none.gguf"))
        let importance = try await martlet("quantize", tiny, "m.gguf", "--type", "Q8_0", "--imatrix", tiny)
        #expect(importance.status == 2 && importance.errors.contains("holds no importance matrix"))
        let folderless = try await martlet("convert", tiny, "no/such/m.gguf")
        #expect(folderless.status == 2 && folderless.errors.contains("cannot create"))
        #expect(try names.isEmpty)
    }

    /// A model of zeros that takes no room: a tensor of `byteCount` bytes behind its header.
    private func sparse(_ name: String, byteCount: Int) throws {
        let path = folder.path + "/" + name
        var header = GGUFHeader()
        header.set("general.architecture", .string("x"))
        header.add("blk.0.attn_q.weight", .f32, shape: [4096, byteCount / 16384])
        let bytes = header.encoded()
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: UInt64(bytes.count + byteCount))
        try handle.close()
    }

    @Test("refuses before it begins when the disk is too small")
    func diskFull() async throws {
        try sparse("huge.gguf", byteCount: 8 << 40)
        let run = try await martlet("quantize", "huge.gguf", "m.gguf", "--type", "Q8_0")
        #expect(run.status == 2)
        #expect(run.errors.contains("m.gguf would take 2.34 TB and the disk has room for"), "\(run.errors)")
        #expect(try names == ["huge.gguf"])
    }

    @Test("Ctrl-C ends it and leaves nothing behind")
    func interrupted() async throws {
        try sparse("large.gguf", byteCount: 16 << 30)
        let run = try await CommandRun.shell(
            """
            "$martlet" model quantize large.gguf m.gguf --type Q8_0 & child=$!
            until ls m.gguf.*.partial 2>/dev/null; do kill -0 $child || exit 1; sleep 0.02; done
            kill -INT $child; wait $child; echo $?
            """, folder: folder.path)
        #expect(run.text.hasSuffix("\n130\n"), "\(run.text) \(run.errors)")
        #expect(run.errors.contains("nothing was written"))
        #expect(try names == ["large.gguf"])
    }

    @Test("measures importance with a real model and quantises by it")
    func importance() async throws {
        let model = try TestModel.path(of: TestModel.smollm2)
        let text = (0..<200).map { "def f\($0)(x):\n    return [i * x for i in range(\($0))]\n\n" }.joined()
        try folder.write(text, to: "code.py")
        let measure = try await martlet("imatrix", model, "code.py", "m.imatrix", "--context", "64", "--chunks", "3")
        #expect(measure.status == 0 && measure.text == "m.imatrix\n", "\(measure.errors)")
        #expect(measure.errors.contains("210 tensors, 192 tokens in 3 chunks"), "\(measure.errors)")
        let again = try await martlet("imatrix", model, "code.py", "m.imatrix")
        #expect(again.status == 2 && again.errors.contains("exists already"))
        let file = try GGUFFile.open(path: folder.path + "/m.imatrix")
        #expect(file.metadata.integer("imatrix.chunk_size") == 64)
        #expect(file.tensors["blk.0.attn_q.weight.in_sum2"]?.elementCount == 576)
        let quantize = try await martlet("quantize", model, "q.gguf", "--type", "Q4_0", "--imatrix", "m.imatrix")
        #expect(quantize.status == 0, "\(quantize.errors)")
        let made = try GGUFFile.open(path: folder.path + "/q.gguf")
        #expect(made.metadata.string("quantize.imatrix.file") == "m.imatrix")
        #expect(made.quantisation == "Q4_0")
    }
}
