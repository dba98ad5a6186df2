import Architectures
import Generation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Files may claim anything: what cannot be run is refused with an error, and what is accepted runs.
@Suite("Hostile files of every family")
struct FamilyHostileTests {
    private func patched(_ family: FamilyModel) throws -> PatchedModel {
        try PatchedModel(GGUFFile.open(path: "\(Repository.root)/Tests/Fixtures/Models/\(family.name).gguf"))
    }

    /// Loads and, if that works, evaluates a few tokens. - Returns: the error, nil when there was none.
    private func run(_ model: PatchedModel) throws -> ModelError? {
        try model.withFile { file in
            let loaded: LanguageModel
            do { loaded = try LanguageModel(file) } catch let error as ModelError { return error }
            var options = SessionOptions()
            (options.context, options.threads) = (64, 1)
            let session = try Session(loaded, options)
            try session.evaluate([1, 2, 3, 4, 5])
            try session.evaluate([6])
            return nil
        }
    }

    private static let integers: [Int64] = [
        0, 1, 2, 3, 5, 7, 16, 33, 4096, 65_536, -1, 1 << 31, .max, .min,
    ]
    private static let floats: [Float] = [0, -1, 1e-30, 1e30, .infinity, -.infinity, .nan]

    @Test("any number may be anything", arguments: FamilyModel.all)
    func numbers(_ family: FamilyModel) throws {
        let original = try patched(family)
        for (key, value) in original.metadata {
            switch value {
            case .int64:
                for other in Self.integers {
                    var model = original
                    model.set(key, .int64(other))
                    _ = try run(model)
                }
            case .float32:
                for other in Self.floats {
                    var model = original
                    model.set(key, .float32(other))
                    _ = try run(model)
                }
            default: break
            }
            // Missing, or of another kind.
            for other in [nil, GGUFValue.bytes([0xff]), .bool(true), .int32s([]), .int32s([1, 2, 3])] {
                var model = original
                model.set(key, other)
                _ = try run(model)
            }
        }
    }

    @Test("every tensor that is missing or has another shape is named", arguments: FamilyModel.all)
    func tensors(_ family: FamilyModel) throws {
        let original = try patched(family)
        for (index, tensor) in original.tensors.enumerated() {
            // Biases and norms may be optional, and tied models have no output matrix; all others are needed.
            var model = original
            model.tensors.remove(at: index)
            let error = try run(model)
            if tensor.name.hasSuffix("exps.weight") || tensor.name.contains("attn_q.weight") {
                guard case .missingTensor(tensor.name, _) = error else {
                    Issue.record("\(tensor.name) is missing: \(String(describing: error))")
                    continue
                }
            }
            for shape in shapes(near: tensor.shape, tensor.type) {
                // The embedding's rows are the vocabulary, whatever their number.
                if tensor.name == "token_embd.weight", shape[0] == tensor.shape[0] { continue }
                var model = original
                model.tensors[index].shape = shape
                let error = try run(model)
                #expect(error != nil, "\(tensor.name) of shape \(shape) instead of \(tensor.shape)")
                #expect(error?.description.contains("patched.gguf") == true)
            }
        }
    }

    /// Other shapes whose rows are still whole blocks.
    private func shapes(near shape: [Int], _ type: TensorType) -> [[Int]] {
        var result: [[Int]] = []
        for axis in shape.indices {
            let step = axis == 0 ? type.elementsPerBlock : 1
            for extent in [shape[axis] + step, max(step, shape[axis] - step), step, shape[axis] * 2] {
                var other = shape
                other[axis] = extent
                if other.filter({ $0 != 1 }) != shape.filter({ $0 != 1 }) { result.append(other) }
            }
        }
        return result
    }

    @Test("counts of experts that make no sense are refused")
    func experts() throws {
        let original = try patched(.named("glm4moe"))
        func refused(_ changes: [(String, Int64)]) throws -> Bool {
            var model = original
            for (key, value) in changes { model.set("glm4moe.\(key)", .int64(value)) }
            guard case .invalidValue = try run(model) else { return false }
            return true
        }
        #expect(try refused([("expert_count", 0)]))
        #expect(try refused([("expert_count", 1 << 40)]))
        #expect(try refused([("expert_used_count", 0)]))
        #expect(try refused([("expert_used_count", 9)]))
        #expect(try refused([("expert_group_count", 3)]))
        #expect(try refused([("expert_group_count", 9)]))
        #expect(try refused([("expert_group_count", 4), ("expert_group_used_count", 5)]))
        // Three experts of a token do not fit one group of two.
        #expect(try refused([("expert_group_count", 4), ("expert_group_used_count", 1)]))
        #expect(try refused([("nextn_predict_layers", 3)]))
        #expect(try refused([("leading_dense_block_count", 4)]))
        #expect(try refused([("expert_gating_func", 9)]))
        #expect(try !refused([("expert_group_count", 4), ("expert_group_used_count", 2)]))
    }

    @Test("windows and their patterns are checked")
    func windows() throws {
        let original = try patched(.named("gpt-oss"))
        func error(_ key: String, _ value: GGUFValue) throws -> ModelError? {
            var model = original
            model.set("gpt-oss.\(key)", value)
            return try run(model)
        }
        let key = "attention.sliding_window"
        #expect(try error(key, .int64(-1)) != nil)
        #expect(try error(key, .int64(1)) == nil)
        #expect(try error(key, .int64(0)) == nil)
        #expect(try error("\(key)_pattern", .int64(0)) != nil)
        #expect(try error("\(key)_pattern", .int32s([1])) != nil)
        #expect(try error("\(key)_pattern", .int32s([1, 0, 1])) == nil)
        #expect(try error("\(key)_pattern", .float32s([1, 0, 1])) != nil)
    }

    @Test("an architecture that does not run is refused by name, with those that do")
    func architecture() throws {
        var model = try patched(.named("qwen3"))
        for name in ["rwkv7", "", "Qwen3"] {
            model.set("general.architecture", .bytes(Array(name.utf8)))
            let error = try #require(try run(model))
            guard case .unsupportedArchitecture(name, file: "patched.gguf") = error else {
                Issue.record("\(error)")
                continue
            }
            #expect(error.description.contains("'\(name)'"))
            for supported in LanguageModel.architectures { #expect(error.description.contains(supported)) }
        }
        // Nothing is promised that no fixture shows.
        let shown = try Set(FamilyModel.all.map { try $0.load().model.hyperparameters.architecture })
            .union(TinyModel.names.map { String($0.prefix { $0 != "-" }) })
        #expect(shown == Set(LanguageModel.architectures))
    }
}
