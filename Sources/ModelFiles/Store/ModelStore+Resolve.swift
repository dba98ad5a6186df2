/// A model that is here, ready to open.
package struct ResolvedModel: Hashable, Sendable {
    /// The GGUF file, of a split model the first part; a Hugging Face folder; or one of word vectors.
    package let path: String
    /// Nil for a path outside the store.
    package let stored: StoredModel?

    /// What to call it: the name in the store, or the path.
    package var name: String { stored?.manifest.name ?? path }
}

extension StoredModel {
    /// What opens the model: its first file, or its folder.
    package var modelPath: String {
        HuggingFaceFolder.isModel(folder) || WordVectorFolder.isOne(folder) ? folder : paths.first ?? folder
    }
}

extension ModelStore {
    /// Finds the model that `text` means: a name (`qwen2.5-coder:1.5b`, or `qwen2.5-coder` for its default), a path to a
    /// file or a folder with one, or a pulled `hf:` or `pypi:` reference. Never fetches anything.
    package func resolve(_ text: String, home: String? = nil) throws(StoreError) -> ResolvedModel {
        let reference: ModelReference
        do { reference = try ModelReference(text) } catch { throw .reference(error) }
        switch reference {
        case .path(let path):
            return ResolvedModel(path: try file(at: path, home: home), stored: nil)
        case .hub, .wheels:
            guard let stored = try model(named: text) else { throw .referenceNotPulled(reference: text) }
            return try checked(stored)
        case .name(let name):
            if let stored = try model(named: name) { return try checked(stored) }
            // A file or folder of that name in the current folder, now that no model has it.
            if FileTree.exists(name) { return ResolvedModel(path: try file(at: name, home: home), stored: nil) }
            throw missing(name)
        }
    }

    private func checked(_ stored: StoredModel) throws(StoreError) -> ResolvedModel {
        for path in stored.paths where !FileTree.exists(path) {
            throw .filesMissing(name: stored.manifest.name, path: path, pull: pullCommand(for: stored))
        }
        return ResolvedModel(path: stored.modelPath, stored: stored)
    }

    private func missing(_ name: String) -> StoreError {
        let here = ((try? list())?.models ?? []).map(\.manifest.name)
        guard let entry = catalogue.entry(named: name) else {
            let similar = here.filter { Catalogue.distance(name.lowercased(), $0) <= 2 }
            return .unknownModel(name: name, suggestions: similar + catalogue.suggestions(for: name))
        }
        return .notPulled(
            name: entry.name, byteCount: entry.byteCount, present: here.filter { $0.hasPrefix(entry.family + ":") })
    }

    private func file(at path: String, home: String?) throws(StoreError) -> String {
        var path = path
        if let home, path == "~" || path.hasPrefix("~/") { path = home + path.dropFirst() }
        guard FileTree.isFolder(path) else {
            guard FileTree.exists(path) else {
                throw .noSuchFile(path: path, defaultModel: catalogue.suggestions(for: lastComponent(path)).first)
            }
            return path
        }
        if HuggingFaceFolder.isModel(path) || WordVectorFolder.isOne(path) { return path }
        let names: [String]
        do { names = try FileTree.names(in: path) } catch { throw .file(error) }
        // A split model counts once, by its first part.
        let models = names.filter { $0.hasSuffix(".gguf") && (GGUFSplitName(path: $0)?.part ?? 1) == 1 }
        guard models.count == 1 else { throw .ambiguousFolder(path: path, models: models) }
        return path + "/" + models[0]
    }

    private func lastComponent(_ path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }
}
