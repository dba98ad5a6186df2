import Foundation
import ModelFiles
import Quantization
import Tensors
import TestSupport
import Tensors
import Testing

@Suite("Converting Hugging Face folders")
struct FolderConversionTests {
    /// Fixtures that are both a folder and a GGUF file made of it by llama.cpp's converter.
    static let models: [String] = {
        let folder = Repository.root + "/Tests/Fixtures/Models"
        return FamilyImportanceTests.models.filter { FileTree.exists("\(folder)/\($0)/config.json") }
    }()

    @Test("a folder becomes the file that llama.cpp's converter makes of it", arguments: models)
    func convert(name: String) throws {
        let folder = try TemporaryFolder()
        let expected = try GGUFFile.open(path: Samples.path(name))
        let source = try ModelFile.open(path: String(Samples.path(name).dropLast(5)), dequantised: .f32)
        let plan = try ConversionPlan(source, mix: QuantisationMix(named: "F32"))
        let path = folder.path + "/m.gguf"
        try ModelConversion(source, plan, compute: Samples.compute).write(
            to: path, overwrites: false, goOn: { true }, advance: { _ in })
        let made = try GGUFFile.open(path: path)
        #expect(made.metadata.integer("general.file_type") == 0)
        let floats = try Samples.convert(expected.path, to: folder.path + "/e.gguf", "F32")
        for tensor in floats.orderedTensors {
            #expect(Samples.bytes(made.tensors[tensor.name]) == Array(tensor.data), "\(tensor.name)")
        }
    }
}
