import Architectures
import Foundation
import Generation
import ModelFiles
import Quantization
import Tensors
import TestSupport

/// Small models to convert.
enum Samples {
    static func path(_ name: String) -> String { Repository.root + "/Tests/Fixtures/Models/\(name).gguf" }

    static var compute: Compute { Compute(level: .best, pool: ComputePool(threadCount: 2)) }

    /// Converts a file to another.
    @discardableResult
    static func convert(
        _ source: String, to path: String, _ mix: String? = nil, importance: ImportanceMatrix? = nil,
        overwrites: Bool = false, goOn: () -> Bool = { true }
    ) throws -> GGUFFile {
        let file = try GGUFFile.open(path: source)
        let plan = try ConversionPlan(
            file, mix: mix.map { QuantisationMix(named: $0)! }, importance: importance, importancePath: "some.imatrix")
        try ModelConversion(file, plan, compute: compute).write(
            to: path, overwrites: overwrites, goOn: goOn, advance: { _ in })
        return try GGUFFile.open(path: path)
    }

    /// Logits after the first ids of the fixtures' prompt.
    static func logits(_ path: String) throws -> [Float] {
        struct Index: Decodable { var prompt: [Int32] }
        let url = URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/Models/models.json")
        let index = try JSONDecoder().decode(Index.self, from: Data(contentsOf: url))
        var options = SessionOptions()
        options.kv = .f32
        options.threads = 1
        options.context = 128
        let session = try Session(LanguageModel(path: path), options)
        try session.evaluate(index.prompt)
        return session.withLogits { Array($0) }
    }

    /// A GGUF file of float tensors.
    static func write(
        _ path: String, _ tensors: [(name: String, shape: [Int], values: [Float])], keys: [(String, GGUFValue)] = []
    ) throws {
        var header = GGUFHeader()
        header.set("general.architecture", .string("x"))
        for (key, value) in keys { header.set(key, value) }
        for tensor in tensors { header.add(tensor.name, .f32, shape: tensor.shape) }
        var writer = try GGUFWriter(path: path, header: header)
        for tensor in tensors {
            try writer.append(tensor.values.flatMap { value in withUnsafeBytes(of: value.bitPattern) { Array($0) } })
        }
        try writer.finish()
    }

    static func bytes(_ tensor: GGUFTensor?) -> [UInt8]? { tensor.map { Array($0.data) } }
}
