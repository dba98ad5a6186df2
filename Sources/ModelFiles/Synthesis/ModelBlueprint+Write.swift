internal import Tensors

extension ModelBlueprint {
    /// The mixes of types that a model can be written in.
    package enum Mix: String, CaseIterable, Sendable {
        case q4_K_M = "Q4_K_M"
        case q5_K_M = "Q5_K_M"
        case q6_K = "Q6_K"
        case q8_0 = "Q8_0"
        case bf16 = "BF16"
        case f16 = "F16"
        case f32 = "F32"

        /// GGUF's `general.file_type`.
        fileprivate var code: UInt32 {
            switch self {
            case .f32: 0
            case .f16: 1
            case .q8_0: 7
            case .q4_K_M: 15
            case .q5_K_M: 17
            case .q6_K: 18
            case .bf16: 32
            }
        }

        fileprivate var base: TensorType {
            switch self {
            case .q4_K_M: .q4_K
            case .q5_K_M: .q5_K
            case .q6_K: .q6_K
            case .q8_0: .q8_0
            case .bf16: .bf16
            case .f16: .f16
            case .f32: .f32
            }
        }

        package static func named(_ name: String) throws(SynthesisError) -> Mix {
            guard let mix = Mix(rawValue: name.uppercased()) ?? Mix(rawValue: name) else {
                throw .unknownType(name, known: allCases.map(\.rawValue))
            }
            return mix
        }
    }

    /// How `tensor` is stored: the `_M` mixes keep some matrices of the first, the last and every third layer in Q6_K.
    private func type(of tensor: Tensor, _ mix: Mix) -> TensorType {
        switch tensor.role {
        case .norm, .bias, .decay, .router: return .f32
        case .embedding, .output, .matrix, .attentionValue, .feedForwardDown: break
        }
        let isMixed = mix == .q4_K_M || mix == .q5_K_M
        let (layer, eighth) = (tensor.layer, layers / 8)
        let isFine = layer < eighth || layer >= layers - eighth || (layer - eighth) % 3 == 2
        var type = mix.base
        switch tensor.role {
        case .output where isMixed: type = .q6_K
        case .attentionValue where isMixed && isFine: type = .q6_K
        case .feedForwardDown where isMixed && isFine: type = .q6_K
        default: break
        }
        guard type.rowBytes(tensor.shape[0]) == nil else { return type }
        // Rows that are no whole number of large blocks.
        return type == .q4_K ? .q5_0 : .q8_0
    }

    private func header(_ name: String, _ mix: Mix) -> GGUFHeader {
        var header = GGUFHeader()
        header.set("general.architecture", .string(architecture))
        header.set("general.name", .string("\(name), random weights, \(layers) of \(fullLayers) layers"))
        header.set("general.file_type", .uint32(mix.code))
        header.set("general.quantization_version", .uint32(2))
        for (key, value) in metadata { header.set(key, value) }
        let pieces = (0..<vocabulary).map { $0 < 256 ? Self.byteCharacters[$0] : $0 == 256 ? "ab" : "t\($0)" }
        header.set("tokenizer.ggml.model", .string("gpt2"))
        header.set("tokenizer.ggml.pre", .string(architecture == "deepseek2" ? "deepseek-v3" : "qwen2"))
        header.set("tokenizer.ggml.tokens", .strings(ByteStrings(pieces.map { $0.utf8 })))
        header.set("tokenizer.ggml.token_type", .int32s([Int32](repeating: 1, count: vocabulary - 1) + [3]))
        header.set("tokenizer.ggml.merges", .strings(ByteStrings(["a b".utf8])))
        header.set("tokenizer.ggml.eos_token_id", .uint32(UInt32(vocabulary - 1)))
        for tensor in tensors { header.add(tensor.name, type(of: tensor, mix), shape: tensor.shape) }
        return header
    }

    /// The printable characters that stand for the 256 bytes in byte-level vocabularies.
    private static let byteCharacters: [String] = {
        var next: UInt32 = 256
        return (0..<256).map { (byte: UInt32) in
            let isPrintable = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
            defer { if !isPrintable { next += 1 } }
            return String(Unicode.Scalar(isPrintable ? byte : next)!)
        }
    }()

    /// Writes a file of this shape with random weights whose scales let activations keep theirs.
    ///
    /// The same arguments give the same bytes. What is written appears under `path` when it is complete.
    /// - Parameters:
    ///   - goOn: told the bytes done and all of them now and then; false stops, and nothing is left.
    package func write(
        to path: String, name: String, mix: Mix, force: Bool = false, goOn: (_ done: Int, _ total: Int) -> Bool
    ) throws(SynthesisError) {
        let header = header(name, mix)
        let total = header.tensors.reduce(0) { $0 + $1.byteCount }
        if !force, FileTree.exists(path) { throw .exists(path) }
        if let free = DiskSpace.free(at: path), free < UInt64(total) {
            throw .noSpace(file: path, needed: total, free: Int(free))
        }
        let partial = path + ".partial"
        let isComplete: Bool
        do throws(FileError) {
            isComplete = try writeTensors(header, to: partial) { goOn($0, total) }
            if isComplete { try FileTree.rename(partial, to: path) } else { try FileTree.remove(partial) }
        } catch {
            try? FileTree.remove(partial)
            throw .file(error)
        }
        if !isComplete { throw .cancelled(path) }
    }

    /// - Returns: whether it came to the end.
    private func writeTensors(
        _ header: GGUFHeader, to path: String, goOn: (Int) -> Bool
    ) throws(FileError) -> Bool {
        var writer = try GGUFWriter(path: path, header: header)
        var random = RandomBits(seed: 1)
        var done = 0
        for (tensor, stored) in zip(tensors, header.tensors) {
            let block = stored.type.bytesPerBlock
            var piece = [UInt8](repeating: 0, count: Self.pieceSize / block * block)
            var left = stored.byteCount
            while left > 0 {
                guard goOn(done) else { return false }
                if left < piece.count { piece.removeLast(piece.count - left) }
                fill(&piece, tensor, stored.type, &random)
                try writer.append(piece)
                left -= piece.count
                done += piece.count
            }
        }
        try writer.finish()
        return true
    }

    private static let pieceSize = 4 << 20

    private func fill(_ piece: inout [UInt8], _ tensor: Tensor, _ type: TensorType, _ random: inout RandomBits) {
        let constant: Float?
        switch tensor.role {
        case .norm: constant = 1
        case .bias: constant = 0
        case .decay: constant = -1
        default: constant = nil
        }
        unsafe piece.withUnsafeMutableBytes { bytes in
            if let constant {
                for offset in stride(from: 0, to: bytes.count, by: 4) {
                    unsafe bytes.storeBytes(of: constant.bitPattern, toByteOffset: offset, as: UInt32.self)
                }
            } else {
                let deviation = 1 / Float(tensor.shape[0]).squareRoot()
                unsafe RandomBlocks(type: type, deviation: deviation).fill(bytes, &random)
            }
        }
    }
}
