package import ModelFiles
package import Tensors

/// What becomes of each tensor of a model, and the header of the file to write.
package struct ConversionPlan: Sendable {
    package struct Entry: Sendable {
        package let source: TensorDescription
        package let type: TensorType
    }

    package let entries: [Entry]
    package let header: GGUFHeader
    package let mix: QuantisationMix?
    package let importance: ImportanceMatrix?
    /// Of all tensors as they are now, for showing progress.
    package let sourceByteCount: Int
    /// Of the file to write.
    package let byteCount: Int
    package let parameterCount: Int

    /// - Parameters:
    ///   - mix: nil keeps all types.
    ///   - importancePath: recorded in the file.
    package init(
        _ source: any ModelSource, mix: QuantisationMix?, importance: ImportanceMatrix? = nil,
        importancePath: String? = nil
    ) throws(ConversionError) {
        let tensors = source.tensorDescriptions
        let planner = mix.map {
            MixPlanner($0, tensors: tensors, metadata: source.metadata, hasImportance: importance != nil)
        }
        var entries: [Entry] = []
        for tensor in tensors {
            let kept: TensorType =
                !tensor.toleratesQuantisation && (tensor.type == .f16 || tensor.type == .bf16) ? .f32 : tensor.type
            let type = planner?.type(of: tensor) ?? kept
            if type != tensor.type, tensor.type == .nvfp4, Self.hasScale(tensor.name, source) {
                throw .scaledApart(tensor: tensor.name, type: tensor.type, file: source.path)
            }
            guard type == tensor.type || RowEncoder(type, columns: tensor.shape.first ?? 1) != nil else {
                throw .unencodable(tensor: tensor.name, shape: tensor.shape, type: type, file: source.path)
            }
            entries.append(Entry(source: tensor, type: type))
        }
        if let importance { try Self.check(importance, entries) }
        self.entries = entries
        self.mix = mix
        self.importance = importance
        var header = Self.metadata(of: source, fileType: mix?.fileType ?? Self.fileType(of: entries, source.metadata))
        if let importance { Self.record(importance, path: importancePath ?? "", in: &header) }
        for entry in entries { header.add(entry.source.name, entry.type, shape: entry.source.shape) }
        self.header = header
        sourceByteCount = entries.reduce(0) { $0 + $1.source.byteCount }
        byteCount = header.encoded().count + entries.reduce(0) { $0 + Self.byteCount($1.source, as: $1.type) + 32 }
        parameterCount = entries.reduce(0) { $0 + $1.source.elementCount }
    }

    package var bitsPerWeight: Double {
        let bytes = entries.reduce(0) { $0 + Self.byteCount($1.source, as: $1.type) }
        return parameterCount == 0 ? 0 : Double(bytes) * 8 / Double(parameterCount)
    }

    /// Whether weights that have lost precision already lose more of it.
    package var requantises: Bool {
        entries.contains { $0.source.type.elementsPerBlock > 1 && $0.type != $0.source.type }
    }

    /// Tensors whose rows did not fit the mix's type, with what they became.
    package var misfits: [Entry] {
        guard let mix, mix.isQuantised else { return [] }
        return entries.filter {
            $0.source.toleratesQuantisation && $0.source.shape[0] % mix.type.elementsPerBlock != 0
        }
    }

    private static func byteCount(_ tensor: TensorDescription, as type: TensorType) -> Int {
        let rows = tensor.shape.dropFirst().reduce(1, *)
        return (type.rowBytes(tensor.shape.first ?? 1) ?? 0) * rows
    }

    private static func hasScale(_ name: String, _ source: any ModelSource) -> Bool {
        name.hasSuffix(".weight") && source.contains(name.dropLast("weight".count) + "scale")
    }

    private static func check(_ importance: ImportanceMatrix, _ entries: [Entry]) throws(ConversionError) {
        var known = 0
        for entry in entries {
            guard let found = importance.entries[entry.source.name] else { continue }
            known += 1
            let columns = entry.source.shape[0] * entry.source.shape.dropFirst(2).reduce(1, *)
            // An embedding is looked up and not multiplied; what was measured of it is that of the output.
            guard found.sums.count == columns || TensorRole(entry.source.name) == .tokenEmbedding else {
                throw .importanceMismatch(tensor: entry.source.name, expected: columns, found: found.sums.count)
            }
        }
        guard known > 0 else { throw .importanceOfAnotherModel(tensors: importance.entries.count) }
    }

    /// All of the source's keys but those that are about its being split or aligned.
    private static func metadata(of source: any ModelSource, fileType: UInt32) -> GGUFHeader {
        var header = GGUFHeader()
        let dropped: Set = ["split.no", "split.count", "split.tensors.count", "general.alignment"]
        for key in source.metadata.keys where !dropped.contains(key) {
            if let value = source.metadata.value(key) { header.set(key, value) }
        }
        header.set("general.quantization_version", .uint32(2))
        header.set("general.file_type", .uint32(fileType))
        return header
    }

    /// What the file says, or the plainest mix of the type that holds most bytes.
    private static func fileType(of entries: [Entry], _ metadata: GGUFMetadata) -> UInt32 {
        if let stated = metadata.unsigned("general.file_type") { return UInt32(clamping: stated) }
        var byteCounts: [TensorType: Int] = [:]
        for entry in entries { byteCounts[entry.type, default: 0] += byteCount(entry.source, as: entry.type) }
        let most = byteCounts.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key
        return QuantisationMix.all.first { $0.type == most }?.fileType ?? 0
    }

    private static func record(_ importance: ImportanceMatrix, path: String, in header: inout GGUFHeader) {
        header.set("quantize.imatrix.file", .string(path))
        if let dataset = importance.datasets.first { header.set("quantize.imatrix.dataset", .string(dataset)) }
        header.set("quantize.imatrix.entries_count", .uint32(UInt32(clamping: importance.entries.count)))
        header.set("quantize.imatrix.chunks_count", .uint32(UInt32(clamping: importance.chunkCount)))
    }
}
