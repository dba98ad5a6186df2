extension ModelStore {
    /// What a removal took away.
    package struct Removal: Hashable, Sendable {
        package let name: String
        /// Freed on disk. Files that were only referred to stay where they are.
        package let byteCount: Int
        package let wasPartial: Bool
    }

    /// Removes a model with all its files, or what an interrupted pull left of it; nil when neither is here.
    ///
    /// The folder vanishes in one step: no other process sees it half empty. A process that has the model open keeps
    /// it until it ends.
    package func remove(_ name: String) throws(StoreError) -> Removal? {
        do throws(FileError) {
            let stored = try? model(named: name)
            let name = stored?.manifest.name ?? catalogue.entry(named: name)?.name ?? name
            let folder = folder(of: name)
            let trash = partialFolder + "/" + Self.folderName(name) + ".trash"
            let partial = partialFolder + "/" + Self.folderName(name)
            let wasPartial = FileTree.exists(partial)
            let wasStored = FileTree.exists(folder)
            guard wasStored || wasPartial else { return nil }
            try FileTree.makeFolder(partialFolder)
            try FileTree.remove(trash)
            if wasStored {
                try FileTree.rename(folder, to: trash)
                try FileTree.synchronize(root)
            }
            try FileTree.remove(trash)
            try FileTree.remove(partial)
            let own = stored?.manifest.files.filter { !$0.path.hasPrefix("/") } ?? []
            return Removal(
                name: name, byteCount: own.reduce(0) { $0.clampedSum($1.byteCount) },
                wasPartial: wasPartial && !wasStored)
        } catch { throw .file(error) }
    }
}
