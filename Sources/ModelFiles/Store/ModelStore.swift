internal import HTTP

/// The models on this machine: one folder each, named after the model, with its files and `model.json`.
///
/// A folder appears under its name only when everything in it has been checked; what is on its way lies in `.partial`.
package struct ModelStore: Sendable {
    package let root: String
    package let catalogue: Catalogue

    package init(root: String, catalogue: Catalogue = .builtIn) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.catalogue = catalogue
    }

    /// MARTLET_MODELS, or `martlet/models` in the user's data folder (XDG_DATA_HOME, ~/.local/share).
    package init(environment: [String: String], catalogue: Catalogue = .builtIn) {
        let home = environment.nonEmpty("HOME") ?? "."
        let data = environment.nonEmpty("XDG_DATA_HOME") ?? home + "/.local/share"
        self.init(root: environment.nonEmpty("MARTLET_MODELS") ?? data + "/martlet/models", catalogue: catalogue)
    }

    /// All models, by name, and what is wrong with the folders that are none.
    package func list() throws(StoreError) -> (models: [StoredModel], problems: [StoreError]) {
        var models: [StoredModel] = []
        var problems: [StoreError] = []
        for name in try names(in: root) where !name.hasPrefix(".") {
            let folder = root + "/" + name
            guard FileTree.exists(folder + "/" + ModelManifest.fileName) else { continue }
            do throws(StoreError) {
                models.append(try StoredModel(folder: folder))
            } catch { problems.append(error) }
        }
        return (models.sorted { $0.manifest.name < $1.manifest.name }, problems)
    }

    /// The stored model of exactly that name, or the default of that family; nil when it is not here.
    package func model(named name: String) throws(StoreError) -> StoredModel? {
        for candidate in [name, catalogue.entry(named: name)?.name].compactMap({ $0 }) {
            let folder = folder(of: candidate)
            guard FileTree.exists(folder + "/" + ModelManifest.fileName) else { continue }
            return try StoredModel(folder: folder)
        }
        return nil
    }

    /// The command that fetches a stored model again.
    package func pullCommand(for model: StoredModel) -> String {
        let (name, source) = (model.manifest.name, model.manifest.source)
        if catalogue.entry(named: name)?.name == name { return "martlet model pull \(name) --force" }
        // Shells give braces and blanks a meaning of their own.
        let quoted = source.contains { "{}*?[]()&;|<>$`\"'\\ ".contains($0) } ? "'\(source)'" : source
        return "martlet model pull \(quoted)" + (source == name ? "" : " --as \(name)") + " --force"
    }

    func folder(of name: String) -> String { root + "/" + Self.folderName(name) }

    /// Where downloads for the model of that name gather.
    var partialFolder: String { root + "/.partial" }

    func lockPath(of name: String) -> String { partialFolder + "/" + Self.folderName(name) + ".lock" }

    /// A name that every file system takes. Names of the catalogue stay readable; others get a digest against clashes.
    static func folderName(_ name: String) -> String {
        let readable = String(
            name.utf8.map { byte -> Character in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    Character(Unicode.Scalar(byte))
                default: "-"
                }
            })
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        if isPlain, !readable.hasPrefix("."), name.utf8.count(where: { $0 == UInt8(ascii: ":") }) <= 1 {
            return readable
        }
        let tail = readable.suffix(80).drop { $0 == "." || $0 == "-" }
        return tail + "-" + ContentHash(of: name.utf8).hexadecimal.prefix(10)
    }

    private func names(in path: String) throws(StoreError) -> [String] {
        do { return try FileTree.names(in: path) } catch { throw .file(error) }
    }
}

/// A model of the store.
package struct StoredModel: Hashable, Sendable {
    package let manifest: ModelManifest
    package let folder: String

    init(folder: String) throws(StoreError) {
        self.folder = folder
        manifest = try ModelManifest(contentsOf: folder + "/" + ModelManifest.fileName)
    }

    /// The model's files in order; of a split model the first one opens all.
    package var paths: [String] {
        manifest.files.map { $0.path.hasPrefix("/") ? $0.path : folder + "/" + $0.path }
    }

    package var byteCount: Int { manifest.files.reduce(0) { $0.clampedSum($1.byteCount) } }
}
