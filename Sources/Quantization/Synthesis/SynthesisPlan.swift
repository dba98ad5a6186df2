package import ModelFiles
internal import Tensors

/// A blueprint with the types that `model quantize` would give the model in a mix.
package struct SynthesisPlan: Sendable {
    private let blueprint: ModelBlueprint
    private let mix: QuantisationMix
    /// All keys but those of the vocabulary.
    package let metadata: GGUFMetadata
    /// In the order of the file.
    package let tensors: [TensorDescription]

    package init(_ blueprint: ModelBlueprint, _ mix: QuantisationMix) {
        self.blueprint = blueprint
        self.mix = mix
        let originals = blueprint.tensors.map { TensorDescription(name: $0.name, type: .f32, shape: $0.shape) }
        guard let metadata = GGUFMetadata(blueprint.metadata) else { fatalError("the system refused memory for keys") }
        self.metadata = metadata
        let planner = MixPlanner(mix, tensors: originals, metadata: metadata)
        tensors = originals.map { TensorDescription(name: $0.name, type: planner.type(of: $0), shape: $0.shape) }
    }

    /// Of all weights.
    package var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

    package var parameterCount: Int { tensors.reduce(0) { $0 + $1.elementCount } }

    private static let pieceSize = 4 << 20

    /// Writes a file with random weights whose scales let activations keep theirs. The same plan gives the same bytes.
    ///
    /// - Parameters:
    ///   - overwrites: whether a file at `path` may be replaced.
    ///   - goOn: asked several times a second; false stops and leaves nothing behind.
    ///   - advance: told how many bytes of weights have been written since the last call.
    package func write(
        to path: String, overwrites: Bool, goOn: () -> Bool, advance: (Int) -> Void
    ) throws(ConversionError) {
        let header = header
        try FileReplacement.writeModel(
            path, byteCount: byteCount + header.encoded().count, overwrites: overwrites
        ) { temporary throws(ConversionError) in
            let isComplete: Bool
            do throws(FileError) {
                isComplete = try write(header, to: temporary, goOn: goOn, advance: advance)
            } catch { throw .file(error) }
            guard isComplete else { throw .cancelled }
        }
    }

    /// - Returns: whether it came to the end.
    private func write(
        _ header: GGUFHeader, to path: String, goOn: () -> Bool, advance: (Int) -> Void
    ) throws(FileError) -> Bool {
        var writer = try GGUFWriter(path: path, header: header)
        var random = RandomBits(seed: 1)
        for (tensor, stored) in zip(blueprint.tensors, tensors) {
            let block = stored.type.bytesPerBlock
            var piece = [UInt8](repeating: 0, count: Self.pieceSize / block * block)
            var left = stored.byteCount
            while left > 0 {
                guard goOn() else { return false }
                if left < piece.count { piece.removeLast(piece.count - left) }
                fill(&piece, tensor.values, stored.type, &random)
                try writer.append(piece)
                left -= piece.count
                advance(piece.count)
            }
        }
        try writer.finish()
        return true
    }

    private func fill(
        _ piece: inout [UInt8], _ values: ModelBlueprint.Values, _ type: TensorType, _ random: inout RandomBits
    ) {
        unsafe piece.withUnsafeMutableBytes { bytes in
            switch values {
            case .random(let deviation): unsafe RandomBlocks(type: type, deviation: deviation).fill(bytes, &random)
            case .constant(let value):
                precondition(type == .f32, "constants are added or multiplied with, which takes float32")
                for offset in stride(from: 0, to: bytes.count, by: 4) {
                    unsafe bytes.storeBytes(of: value.bitPattern, toByteOffset: offset, as: UInt32.self)
                }
            }
        }
    }

    /// Keys, tensors and a vocabulary of bytes and words that mean nothing.
    private var header: GGUFHeader {
        var header = blueprint.metadata
        let count = blueprint.model.vocabulary
        header.set("general.file_type", .uint32(mix.fileType))
        header.set("general.quantization_version", .uint32(2))
        let pieces = (0..<count).map { $0 < 256 ? Self.byteCharacters[$0] : $0 == 256 ? "ab" : "t\($0)" }
        header.set("tokenizer.ggml.model", .string("gpt2"))
        header.set(
            "tokenizer.ggml.pre", .string(blueprint.model.architecture == "deepseek2" ? "deepseek-v3" : "qwen2"))
        header.set("tokenizer.ggml.tokens", .strings(ByteStrings(pieces.map { $0.utf8 })))
        header.set("tokenizer.ggml.token_type", .int32s([Int32](repeating: 1, count: count - 1) + [3]))
        header.set("tokenizer.ggml.merges", .strings(ByteStrings(["a b".utf8])))
        header.set("tokenizer.ggml.eos_token_id", .uint32(UInt32(count - 1)))
        for tensor in tensors { header.add(tensor.name, tensor.type, shape: tensor.shape) }
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
}
