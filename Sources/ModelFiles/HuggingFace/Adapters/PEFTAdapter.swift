import JSON
internal import Tensors

/// A LoRA adapter as the PEFT library saves it: adapter_config.json and adapter_model.safetensors in a folder.
package struct PEFTAdapter: Sendable {
    /// Two small matrices that correct one of the model's.
    package struct Pair: Sendable {
        /// GGUF's name of the corrected tensor.
        package let target: String
        /// [rank, columns] and [rows, rank] in GGUF's order of extents.
        package let a: GGUFTensor
        package let b: GGUFTensor
        /// The row of `b` that belongs to each row of GGUF's tensor; nil where they are the same.
        package let rows: [Int]?
    }

    package let pairs: [Pair]
    /// Factor on the product of the two.
    package let scale: Float
    private let weights: SafetensorsFile

    private static let limit = 1 << 20

    package static func isAdapter(_ path: String) -> Bool {
        FileTree.isFolder(path) && FileTree.exists(path + "/adapter_config.json")
    }

    /// - Parameter metadata: that of the model to correct; names in the folder are those of its family.
    package init(folder: String, model metadata: GGUFMetadata) throws(HuggingFaceError) {
        let file = folder + "/adapter_config.json"
        guard let object = try JSONValue(file: file, limit: Self.limit).object else {
            throw .unexpectedValue(key: "config", value: "no object", expected: "an object", file: file)
        }
        let config = HuggingFaceConfig(object, file: file)
        if let type = config["peft_type"]?.string, type != "LORA" {
            throw .unexpectedValue(key: "peft_type", value: "'\(type.prefix(40))'", expected: "LORA", file: file)
        }
        if config["use_dora"]?.bool == true {
            throw .unexpectedValue(key: "use_dora", value: "true", expected: "false: DoRA is not applied", file: file)
        }
        let rank = try config.integer("r", in: 1...1 << 16)
        let alpha = try config.optionalNumber("lora_alpha") ?? Double(rank)
        let divisor = config["use_rslora"]?.bool == true ? Double(rank).squareRoot() : Double(rank)
        scale = Float(alpha / divisor)

        weights = try SafetensorsFile(path: folder + "/adapter_model.safetensors")
        let modules = try Self.modules(metadata, folder: folder)
        var tensors: [String: SafetensorsTensor] = [:]
        for tensor in weights.tensors {
            // Saved for several adapters at once, names carry the adapter's.
            tensors[tensor.name.replacing(".default.", with: ".")] = tensor
        }
        var pairs: [Pair] = []
        for (name, a) in tensors.sorted(by: { $0.key < $1.key }) {
            guard let module = Self.module(of: name, ending: ".lora_A.weight") else {
                guard Self.module(of: name, ending: ".lora_B.weight") != nil else {
                    throw .brokenTensor(name, file: folder, reason: "it belongs to no linear layer's A and B")
                }
                continue
            }
            guard let b = tensors[name.replacing(".lora_A.", with: ".lora_B.")] else {
                throw .missingTensor(name.replacing(".lora_A.", with: ".lora_B."), folder: folder)
            }
            guard let targets = modules[module] else {
                throw .brokenTensor(
                    name, file: folder, reason: "the model has no layer '\(module)' that can be corrected")
            }
            let (small, large) = (try Self.tensor(a, folder), try Self.tensor(b, folder))
            // A layer that GGUF cuts in parts is corrected in each.
            for target in targets {
                let rows = target.rows?.indices(of: large.shape[1])
                guard (rows == nil) == (target.rows == nil) else {
                    throw .brokenTensor(b.name, file: folder, reason: "its \(large.shape[1]) rows are not whole heads")
                }
                pairs.append(Pair(target: target.name + ".weight", a: small, b: large, rows: rows))
            }
        }
        guard !pairs.isEmpty else { throw .missingTensor("lora_A", folder: folder) }
        self.pairs = pairs
    }

    private static func module(of name: String, ending: String) -> String? {
        guard name.hasSuffix(ending) else { return nil }
        let module = String(name.dropLast(ending.count))
        return module.hasPrefix("base_model.model.") ? String(module.dropFirst("base_model.model.".count)) : module
    }

    private static func tensor(_ tensor: SafetensorsTensor, _ folder: String) throws(HuggingFaceError) -> GGUFTensor {
        let type: TensorType
        switch tensor.type {
        case .f32: type = .f32
        case .f16: type = .f16
        case .bf16: type = .bf16
        default: throw .brokenTensor(tensor.name, file: folder, reason: "it is \(tensor.type.rawValue), not a float")
        }
        guard tensor.shape.count == 2 else {
            throw .brokenTensor(tensor.name, file: folder, reason: "its shape \(tensor.shape) is not a matrix's")
        }
        return unsafe GGUFTensor(name: tensor.name, type: type, shape: tensor.shape.reversed(), data: tensor.data)
    }

    /// GGUF's names, without their ending, of every linear layer that is stored as it is, with its rows in another order,
    /// or in parts.
    private static func modules(
        _ metadata: GGUFMetadata, folder: String
    ) throws(HuggingFaceError) -> [String: [(name: String, rows: IndexChoice?)]] {
        let architecture = metadata.string("general.architecture") ?? ""
        guard let family = HuggingFaceFamily.all.first(where: { $0.architecture == architecture }) else {
            throw .unsupportedArchitecture(architecture, file: folder)
        }
        func number(_ key: String) -> JSONValue {
            metadata.integer("\(architecture).\(key)").map { .integer($0) } ?? .null
        }
        let nope =
            (metadata.integer("\(architecture).attention.key_length_mla") ?? 0)
            - (metadata.integer("\(architecture).rope.dimension_count") ?? 0)
        let valueHeads = max(1, metadata.integer("\(architecture).ssm.time_step_rank") ?? 1)
        let valueSize = metadata.integer("\(architecture).ssm.inner_size").map { $0 / valueHeads }
        let config = HuggingFaceConfig(
            JSONObject([
                ("num_hidden_layers", number("block_count")), ("hidden_size", number("embedding_length")),
                ("num_attention_heads", number("attention.head_count")),
                ("num_key_value_heads", number("attention.head_count_kv")),
                ("head_dim", number("attention.key_length")), ("num_local_experts", number("expert_count")),
                ("qk_nope_head_dim", .integer(max(1, nope))), ("v_head_dim", number("attention.value_length_mla")),
                ("linear_num_key_heads", number("ssm.group_count")),
                ("linear_num_value_heads", number("ssm.time_step_rank")),
                ("linear_key_head_dim", number("ssm.state_size")),
                ("linear_value_head_dim", valueSize.map { .integer($0) } ?? .null),
            ]), file: folder)
        var modules: [String: [(String, IndexChoice?)]] = [:]
        let patterns = try family.patterns(config)
        let layers = try config.layerCount
        for pattern in patterns
        where pattern.suffixes.contains(where: { $0.source == ".weight" }) && !pattern.isPerExpert {
            let change = pattern.change
            guard change.matrices == nil, change.columns == nil, !change.transposes, change.elements == nil else {
                continue
            }
            for layer in 0..<(pattern.isPerLayer ? layers : 1) {
                let names = pattern.names(layer: layer, suffix: ("", ""))
                modules[names.source, default: []].append((names.target, change.rows))
            }
        }
        return modules
    }
}
