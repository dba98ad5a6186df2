import JSON

/// What config.json says of how weights are quantised, as far as the tensors do not say it themselves.
struct QuantisationConfig: Sendable {
    enum Method: Sendable {
        case none, float8, awq, gptq, compressedTensors, modelOpt, mxfp4
    }

    let method: Method
    /// GPTQ and AWQ: of a weight.
    let bits: Int
    /// Columns that share a scale; nil where all of a row do, or nobody says.
    let groupSize: Int?
    /// GPTQ: whether files store zero points minus one.
    let storesZerosMinusOne: Bool
    /// Rows and columns that share a scale.
    let block: (rows: Int, columns: Int)?

    /// - Throws: `unsupportedQuantisation` for a method or a variant that is not read.
    init(_ config: HuggingFaceConfig, folder: String) throws(HuggingFaceError) {
        let object = config["quantization_config", "compression_config"]?.object ?? JSONObject()
        func unsupported(_ reason: String) -> HuggingFaceError { .unsupportedQuantisation(reason, folder: folder) }
        func number(_ key: String, in range: ClosedRange<Int>, _ object: JSONObject) throws(HuggingFaceError) -> Int? {
            guard let value = object[key] else { return nil }
            if value.integer == -1 { return nil }
            guard let integer = value.integer, range.contains(integer) else {
                throw unsupported("'\(key)' is \(value.summary)")
            }
            return integer
        }
        var weights = object
        switch object["quant_method"]?.string ?? "" {
        case "" where object.members.isEmpty: method = .none
        case "fp8", "fbgemm_fp8", "finegrained_fp8": method = .float8
        case "awq":
            method = .awq
            let version = (object["version"]?.string ?? "gemm").lowercased()
            guard version == "gemm" else { throw unsupported("its AWQ layout is '\(version)', and 'gemm' is read") }
        case "gptq": method = .gptq
        case "compressed-tensors":
            method = .compressedTensors
            let groups = object["config_groups"]?.object?.members ?? []
            weights = groups.lazy.compactMap { $0.value.object?["weights"]?.object }.first ?? JSONObject()
        case "modelopt", "modelopt_fp4": method = .modelOpt
        case "mxfp4": method = .mxfp4
        case let name: throw unsupported("its method is '\(name.prefix(40))'")
        }
        var stated: Int?
        for (object, name) in [(object, "bits"), (object, "w_bit"), (weights, "num_bits")] where stated == nil {
            stated = try number(name, in: 1...16, object)
        }
        bits = stated ?? 4
        groupSize = try number("group_size", in: 1...1 << 20, weights)
        storesZerosMinusOne = object["checkpoint_format"]?.string != "gptq_v2"
        if method == .gptq, ![2, 4, 8].contains(bits) { throw unsupported("its GPTQ weights have \(bits) bits") }
        if method == .awq, bits != 4 { throw unsupported("its AWQ weights have \(bits) bits") }

        let extents = (object["weight_block_size"] ?? weights["block_structure"])?.array?.compactMap(\.integer)
        if let extents {
            guard extents.count == 2, extents.allSatisfy({ (1...1 << 20).contains($0) }) else {
                throw unsupported("its blocks are \(extents)")
            }
            block = (extents[0], extents[1])
        } else {
            block = nil
        }
    }
}
