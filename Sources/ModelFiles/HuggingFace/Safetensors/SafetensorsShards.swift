import JSON

/// All tensors of a checkpoint, which may be split over several safetensors files.
package struct SafetensorsShards: Sendable {
    package let files: [SafetensorsFile]
    package let tensors: [String: SafetensorsTensor]

    static let indexName = "model.safetensors.index.json"
    private static let indexLimit = 256 << 20
    private static let fileLimit = 10_000

    /// Opens what the folder's index lists or, without one, its safetensors files.
    package init(folder: String) throws(HuggingFaceError) {
        let index = folder + "/" + Self.indexName
        let listed = FileTree.exists(index) ? try Self.index(index) : [:]
        let names = try listed.isEmpty ? Self.unindexed(folder) : Set(listed.values).sorted()
        var files: [SafetensorsFile] = []
        var tensors: [String: SafetensorsTensor] = [:]
        var origin: [String: String] = [:]
        for name in names {
            let file: SafetensorsFile
            do { file = try SafetensorsFile(path: folder + "/" + name) } catch {
                if case .unreadable(let error) = error, error.isNotFound, !listed.isEmpty {
                    throw .missingShard(name, index: index)
                }
                throw error
            }
            for tensor in file.tensors {
                guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
                    throw .duplicateTensor(tensor.name, files: [origin[tensor.name] ?? "", name])
                }
                origin[tensor.name] = name
            }
            files.append(file)
        }
        for (tensor, name) in listed where origin[tensor] != name {
            throw .brokenIndex(file: index, reason: "it places the tensor '\(tensor)' in \(name), where it is not")
        }
        self.files = files
        self.tensors = tensors
    }

    /// The file of each tensor. Names may not lead out of the folder, nor back to an index.
    private static func index(_ path: String) throws(HuggingFaceError) -> [String: String] {
        let json = try JSONValue(file: path, limit: indexLimit, valueLimit: 1 << 23)
        guard let members = json.object?["weight_map"]?.object?.members, !members.isEmpty else {
            throw .brokenIndex(file: path, reason: "it has no 'weight_map'")
        }
        var listed: [String: String] = [:]
        var names: Set<String> = []
        for (tensor, value) in members {
            guard let name = value.string else {
                throw .brokenIndex(file: path, reason: "the file of tensor '\(tensor)' is \(value.summary)")
            }
            guard name.hasSuffix(".safetensors"), !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")),
                !name.utf8.contains(UInt8(ascii: "\\")), !name.utf8.contains(0)
            else {
                throw .brokenIndex(
                    file: path, reason: "'\(name.prefix(80))' is not the name of a safetensors file beside it")
            }
            guard listed.updateValue(name, forKey: tensor) == nil else {
                throw .brokenIndex(file: path, reason: "it lists the tensor '\(tensor)' twice")
            }
            names.insert(name)
            guard names.count <= fileLimit else {
                throw .brokenIndex(file: path, reason: "it lists more than \(fileLimit) files")
            }
        }
        return listed
    }

    private static func unindexed(_ folder: String) throws(HuggingFaceError) -> [String] {
        let names: [String]
        do { names = try FileTree.names(in: folder) } catch { throw .unreadable(error) }
        let weights = names.filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }
        if weights.contains("model.safetensors") { return ["model.safetensors"] }
        let parts = weights.filter { $0.hasPrefix("model") }
        let found = parts.isEmpty && weights.count == 1 ? weights : parts
        guard !found.isEmpty else {
            let pickled = names.contains { $0.hasSuffix(".bin") || $0.hasSuffix(".pth") }
            throw .noWeights(folder: folder, pickled: pickled)
        }
        return found
    }

    var byteCount: Int { files.reduce(0) { $0.clampedSum($1.byteCount) } }
}
