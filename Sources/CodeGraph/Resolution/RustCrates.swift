internal import SQLite

/// Where the modules of Rust's crates are. For one state of the index.
struct RustCrates {
    /// The folders of the sources of crates, by the names by which others use them.
    private let folders: [String: String]

    init(_ reader: GraphReader) throws(SQLiteError) {
        var folders: [String: String] = [:]
        for id in try reader.fileIDs(pathEnding: "Cargo.toml") {
            guard let file = try reader.store.file(id), let name = Self.name(inManifest: file.text) else { continue }
            let folder = RepositoryPath.folder(of: file.path)
            let sources = folder.isEmpty ? "src" : folder + "/src"
            let isBeside = try reader.fileID(path: sources + "/lib.rs") == nil
            folders[name.replacing("-", with: "_")] = isBeside ? folder : sources
        }
        self.folders = folders
    }

    /// A crate's folder and a path of modules within it.
    struct Module: Hashable {
        var folder: String
        var path: [String]
    }

    /// The name of the package, or of its library where that has one of its own.
    private static func name(inManifest text: [UInt8]) -> String? {
        var section = ""
        var name: String?
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("[") { section = String(line) }
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " }) == "name" else { continue }
            let value = String(parts[1].filter { $0 != " " && $0 != "\"" })
            if section == "[package]", name == nil { name = value }
            if section == "[lib]" { name = value }
        }
        return name
    }

    /// The module that a file is.
    func module(of path: String, _ reader: GraphReader) throws(SQLiteError) -> Module {
        var folder = RepositoryPath.folder(of: path)
        while try !isRoot(folder, reader) {
            // Tests, examples and programs of one file are crates by themselves.
            if folder.isEmpty || folders.values.contains(folder + "/src") {
                return Module(folder: RepositoryPath.folder(of: path), path: [])
            }
            folder = RepositoryPath.folder(of: folder)
        }
        var parts = path.dropFirst(folder.isEmpty ? 0 : folder.utf8.count + 1).split(separator: "/").map(String.init)
        let file = parts.removeLast()
        let stem = String(file.prefix { $0 != "." })
        let isFace = stem == "mod" || (parts.isEmpty && ["lib", "main"].contains(stem))
        return Module(folder: folder, path: isFace ? parts : parts + [stem])
    }

    private func isRoot(_ folder: String, _ reader: GraphReader) throws(SQLiteError) -> Bool {
        let start = folder.isEmpty ? "" : folder + "/"
        if try reader.fileID(path: start + "lib.rs") != nil { return true }
        return try reader.fileID(path: start + "main.rs") != nil
    }

    /// The file of a module; nil for one that stands within another's file, or is elsewhere.
    func file(of module: Module, _ reader: GraphReader) throws(SQLiteError) -> Int? {
        let start = module.folder.isEmpty ? "" : module.folder + "/"
        let path = module.path.joined(separator: "/")
        let names = module.path.isEmpty ? ["lib.rs", "main.rs"] : [path + ".rs", path + "/mod.rs"]
        for name in names {
            if let id = try reader.fileID(path: start + name) { return id }
        }
        return nil
    }

    /// The files that a path of modules may mean, as a file writes it; best first.
    func files(
        _ path: [String], from file: GraphReader.FactsOfFile, _ reader: GraphReader
    ) throws(SQLiteError) -> [Int] {
        guard let first = path.first else { return [] }
        let own = try module(of: file.path, reader)
        var rest = path[...]
        var starts: [Module] = []
        var found: [Int] = []
        switch first {
        case "crate", "$crate": starts = [Module(folder: own.folder, path: [])]
        case "self": starts = [own]
        case "super":
            // Modules that stand within the file have the file itself above them.
            if path.count == 1, file.facts.symbols.contains(where: { $0.kind == .module }) { found.append(file.id) }
            var module = own
            while rest.first == "super" {
                if module.path.popLast() == nil { break }
                rest = rest.dropFirst()
            }
            starts = [module]
            if rest.first == "super" { rest = rest.dropFirst() }
        default:
            starts = [Module(folder: own.folder, path: own.path + [first])]
            if let folder = folders[first] { starts.append(Module(folder: folder, path: [])) }
        }
        if first != "super" { rest = rest.dropFirst() }
        for start in starts {
            let module = Module(folder: start.folder, path: start.path + rest)
            if let id = try self.file(of: module, reader), !found.contains(id) { found.append(id) }
        }
        return found
    }
}
