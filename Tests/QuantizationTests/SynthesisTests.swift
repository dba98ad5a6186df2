import Foundation
import ModelFiles
import Quantization
import Tensors
import TestSupport
import Testing

@Suite("Synthetic models")
struct SynthesisTests {
    private static let names = ModelBlueprint.names
    /// Their files repeat the embedding as output matrix.
    private static let repeating: Set = ["qwen2.5-coder:0.5b", "qwen2.5-coder:1.5b", "qwen2.5-coder:3b"]

    private func plan(_ name: String, _ mix: String, layers: Int? = nil) throws -> SynthesisPlan {
        try SynthesisPlan(ModelBlueprint.named(name, layers: layers), #require(QuantisationMix(named: mix)))
    }

    @Test("every model of the catalogue that writes text can be synthesised")
    func all() {
        let writers = Catalogue.builtIn.entries.filter { entry in
            entry.model.map { $0.architecture != "bert" } == true
        }
        #expect(Self.names == writers.map(\.name))
    }

    @Test("parameters and cache are those that the catalogue states", arguments: names)
    func dimensions(name: String) throws {
        let entry = try #require(Catalogue.builtIn.entry(named: name))
        let model = try #require(entry.model)
        let plan = try plan(name, "F32")
        let repeated = Self.repeating.contains(name) ? model.embedding * model.vocabulary : 0
        #expect(plan.parameterCount - repeated == model.parameters)
        let found = try #require(PlannedModel(plan).dimensions)
        #expect(found.cacheElementsPerToken == model.cacheElementsPerToken)
        #expect(found.recurrentBytes == model.recurrentBytes)
        #expect(found.attentionLayers == model.attentionLayers)
        #expect(found.context == model.context && found.layers == model.layers)
        // What is published of active parameters is rounded, and some leave embeddings out.
        let (active, stated) = (found.activeParameters ?? found.parameters, model.activeParameters)
        #expect(
            (0.95...1.3).contains(Double(active - repeated) / Double(stated ?? model.parameters)), "\(active)")
    }

    /// GLM's file has a layer that predicts further tokens besides: 3.4 %.
    @Test("weights take what the catalogue says", arguments: names)
    func sizes(name: String) throws {
        let entry = try #require(Catalogue.builtIn.entry(named: name))
        let byteCount = try plan(name, entry.quantisation).byteCount
        #expect(abs(Double(byteCount) / Double(entry.byteCount) - 1) < 0.035, "\(byteCount) of \(entry.byteCount)")
    }

    @Test("qwen3-coder:30b takes 18.55 GB, without a layer being left out")
    func thirtyBillion() throws {
        let gigabytes = Double(try plan("qwen3-coder", "Q4_K_M").byteCount) / 1e9
        #expect((18.54...18.56).contains(gigabytes), "\(gigabytes)")
    }

    @Test(
        "a file has the tensors and types of the one that is published",
        arguments: ["qwen2.5-coder:1.5b", "smollm2:135m"])
    func published(name: String) throws {
        let file = try GGUFFile.open(path: TestModel.path(of: name))
        let planned = try plan(name, file.quantisation).tensors
        func shapes(_ tensors: [TensorDescription]) -> [String: [Int]] {
            Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
        }
        #expect(shapes(planned) == shapes(file.tensorDescriptions))
        // Qwen's file gives more bits to other layers, but to as many.
        func types(_ tensors: [TensorDescription]) -> [String: Int] {
            Dictionary(grouping: tensors) { "\($0.name.split(separator: ".").suffix(2)) \($0.type.name)" }
                .mapValues(\.count)
        }
        #expect(types(planned) == types(file.tensorDescriptions))
    }

    @Test("types are those that `model quantize` chooses", arguments: names)
    func quantised(name: String) throws {
        let original = PlannedModel(try plan(name, "BF16"))
        for mix in name == "qwen3-coder:30b" ? QuantisationMix.all.map(\.name) : ["Q4_K_M"] {
            let quantised = try ConversionPlan(original, mix: QuantisationMix(named: mix))
            let types = try plan(name, mix).tensors.map(\.type)
            #expect(quantised.entries.map(\.type) == types, "\(mix)")
        }
    }

    @Test(
        "a file in floats, quantised, has the tensors of a file that is written so",
        arguments: ["Q4_K_M", "IQ4_XS", "Q2_K"])
    func quantisedFile(mix: String) throws {
        let folder = try TemporaryFolder()
        func write(_ mix: String) throws -> String {
            let path = folder.path + "/\(mix).gguf"
            try plan("smollm2", mix, layers: 2).write(to: path, overwrites: false, goOn: { true }, advance: { _ in })
            return path
        }
        let quantised = try Samples.convert(write("BF16"), to: folder.path + "/quantised.gguf", mix)
        let synthesised = try GGUFFile.open(path: write(mix))
        #expect(synthesised.tensorDescriptions == quantised.tensorDescriptions)
        #expect(synthesised.quantisation == quantised.quantisation)
    }

    @Test("random blocks have the deviation that was asked for and no mean worth mentioning")
    func randomBlocks() throws {
        let mixes = QuantisationMix.all.map(\.name)
        let types = Set(
            try Self.names.flatMap { name in try mixes.flatMap { try plan(name, $0, layers: 1).tensors.map(\.type) } })
        #expect(types.isSuperset(of: QuantisationMix.all.map(\.type)))
        for type in types {
            var random = RandomBits(seed: 7)
            var bytes = [UInt8](repeating: 0, count: type.rowBytes(1 << 16)!)
            bytes.withUnsafeMutableBytes { RandomBlocks(type: type, deviation: 0.02).fill($0, &random) }
            let values = Codec.decode(bytes, type, columns: 1 << 16)
            let mean = values.reduce(0, +) / Float(values.count)
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
            // Of a power of two there is only the nearest.
            let range: ClosedRange<Float> = type == .mxfp4 ? 0.014...0.0283 : 0.0196...0.0204
            #expect(abs(mean) < 0.0005 && range.contains(deviation), "\(type.name): \(mean), \(deviation)")
        }
    }

    /// The first model of each family in the catalogue, with fewer and narrower parts.
    private static let shrunk: [CatalogueEntry] = {
        var families: Set<String> = []
        return Catalogue.builtIn.entries
            .filter { entry in
                entry.shape != nil && entry.model.map { families.insert($0.architecture).inserted } == true
            }.map { shrink($0) }
    }()

    private static func shrink(_ entry: CatalogueEntry) -> CatalogueEntry {
        func limit(_ values: inout [String: Any], _ limits: [String: Int]) {
            for (key, limit) in limits { if let value = values[key] as? Int { values[key] = min(value, limit) } }
        }
        do {
            var json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(entry)) as! [String: Any]
            var (model, shape) = (json["model"] as! [String: Any], json["shape"] as! [String: Any])
            limit(&model, ["heads": 8, "keyValueHeads": 2, "embedding": 512, "vocabulary": 512])
            limit(&shape, ["feedForward": 512])
            if var experts = shape["experts"] as? [String: Any] {
                limit(&experts, ["count": 16, "feedForward": 256])
                shape["experts"] = experts
            }
            (json["model"], json["shape"]) = (model, shape)
            return try JSONDecoder().decode(CatalogueEntry.self, from: JSONSerialization.data(withJSONObject: json))
        } catch { preconditionFailure("\(error)") }
    }

    @Test("files of every family load and give logits of a sensible size", arguments: shrunk)
    func runs(entry: CatalogueEntry) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/m.gguf"
        let blueprint = try ModelBlueprint(entry, layers: 4)
        try SynthesisPlan(blueprint, QuantisationMix(named: "Q4_K_M")!)
            .write(to: path, overwrites: false, goOn: { true }, advance: { _ in })
        let logits = try Samples.logits(path)
        #expect(logits.count == 512)
        #expect((1...100).contains(logits.max()! - logits.min()!), "\(entry.name)")
    }

    @Test("what cannot be written is refused, and nothing is left when it is stopped")
    func refusals() throws {
        #expect(throws: SynthesisError.layers(49, of: 48)) { try ModelBlueprint.named("qwen3-coder:30b", layers: 49) }
        #expect(throws: SynthesisError.unknownModel("no-such", known: Self.names)) {
            try ModelBlueprint.named("no-such")
        }
        let folder = try TemporaryFolder()
        let path = try folder.write("precious", to: "m.gguf")
        let plan = try plan("smollm2", "Q8_0", layers: 1)
        #expect(throws: ConversionError.exists(path: path)) {
            try plan.write(to: path, overwrites: false, goOn: { true }, advance: { _ in })
        }
        var calls = 0
        #expect(throws: ConversionError.cancelled) {
            try plan.write(
                to: path, overwrites: true,
                goOn: {
                    calls += 1
                    return calls < 3
                }, advance: { _ in })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.gguf"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }
}

/// A plan as if it were a file.
private final class PlannedModel: ModelSource {
    let path = "planned.gguf"
    let metadata: GGUFMetadata
    let tensorDescriptions: [TensorDescription]
    var fileByteCount: Int { weightByteCount }

    init(_ plan: SynthesisPlan) {
        metadata = plan.metadata
        tensorDescriptions = plan.tensors
    }

    func contains(_ tensor: String) -> Bool { tensorDescriptions.contains { $0.name == tensor } }
    func tensor(_ name: String) throws(UnreadableTensor) -> GGUFTensor? { nil }
    func release(_ tensor: String) {}
}
