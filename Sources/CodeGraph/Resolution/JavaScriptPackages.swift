import Foundation
internal import SQLite

/// What imports mean that do not begin with a dot: the repository's own packages, by the names in package.json, and other names
/// that tsconfig.json gives to files (`paths`, `baseUrl`). For one state of the index.
struct JavaScriptPackages {
    private struct Manifest: Decodable {
        var name: String?
        var main: String?
        var source: String?
    }

    private struct Configuration: Decodable {
        struct Options: Decodable {
            var baseUrl: String?
            var paths: [String: [String]]?
        }
        var compilerOptions: Options?
    }

    /// A package's folder, and where it says that it begins.
    private struct Package {
        var folder: String
        var entries: [String]
    }

    /// Names that hold for the files of a folder. A star stands for any text.
    private struct Aliases {
        var folder: String
        var base: String?
        /// The longest first.
        var patterns: [(name: String, targets: [String])]
    }

    private var packages: [String: Package] = [:]
    /// The deepest folders first.
    private var aliases: [Aliases] = []

    init(_ reader: GraphReader) throws(SQLiteError) {
        for id in try reader.fileIDs(pathEnding: "package.json") {
            guard let (path, manifest) = try Self.read(Manifest.self, id, reader), let name = manifest.name else {
                continue
            }
            let entries = [manifest.source, manifest.main].compactMap(\.self)
            // Of several of one name the first by path.
            if packages[name] == nil {
                packages[name] = Package(folder: RepositoryPath.folder(of: path), entries: entries)
            }
        }
        for file in ["tsconfig.json", "tsconfig.base.json", "tsconfig.app.json", "jsconfig.json"] {
            for id in try reader.fileIDs(pathEnding: file) {
                guard let (path, read) = try Self.read(Configuration.self, id, reader),
                    let options = read.compilerOptions, options.baseUrl != nil || options.paths != nil
                else { continue }
                let folder = RepositoryPath.folder(of: path)
                let base = options.baseUrl.map { RepositoryPath.join(folder, $0) } ?? nil
                let patterns = (options.paths ?? [:]).map { name, targets in
                    (name, targets.compactMap { RepositoryPath.join(base ?? folder, $0) })
                }
                aliases.append(
                    Aliases(
                        folder: folder, base: base,
                        patterns: patterns.sorted { ($0.0.utf8.count, $1.0) > ($1.0.utf8.count, $0.0) }))
            }
        }
        aliases.sort { $0.folder.utf8.count > $1.folder.utf8.count }
    }

    /// A file that is none of that kind says nothing.
    private static func read<T: Decodable>(
        _ type: T.Type, _ id: Int, _ reader: GraphReader
    ) throws(SQLiteError) -> (path: String, T)? {
        guard let file = try reader.store.file(id), !file.path.contains("node_modules/") else { return nil }
        let decoder = JSONDecoder()
        // Configurations have comments, and commas at the ends of lists.
        decoder.allowsJSON5 = true
        guard let value = try? decoder.decode(type, from: Data(file.text)) else { return nil }
        return (file.path, value)
    }

    /// The paths, without endings or with them, that a name may mean in a file; best first.
    func candidates(for module: String, from path: String) -> [String] {
        var found: [String] = []
        for alias in aliases where alias.folder.isEmpty || path.hasPrefix(alias.folder + "/") {
            for (name, targets) in alias.patterns {
                guard let middle = Self.match(module, name) else { continue }
                found += targets.map { $0.replacing("*", with: middle) }
            }
            if let base = alias.base, let path = RepositoryPath.join(base, module) { found.append(path) }
        }
        guard let (package, rest) = package(of: module) else { return found }
        let start = package.folder.isEmpty ? "" : package.folder + "/"
        if rest.isEmpty {
            found += package.entries.compactMap { RepositoryPath.join(package.folder, $0) }
            found += ["src/index", "index", "lib/index", "src/main"].map { start + $0 }
        } else {
            found += ["src/", "", "lib/"].map { start + $0 + rest }
        }
        return found
    }

    private func package(of module: String) -> (Package, rest: String)? {
        let parts = module.split(separator: "/", omittingEmptySubsequences: false)
        for count in [2, 1] where count <= parts.count {
            if let package = packages[parts.prefix(count).joined(separator: "/")] {
                return (package, parts.dropFirst(count).joined(separator: "/"))
            }
        }
        return nil
    }

    /// What a pattern's star stands for in a name; empty for a pattern without one.
    private static func match(_ name: String, _ pattern: String) -> String? {
        guard let star = pattern.firstIndex(of: "*") else { return name == pattern ? "" : nil }
        let (before, after) = (pattern[..<star], pattern[pattern.index(after: star)...])
        guard name.utf8.count >= before.utf8.count + after.utf8.count, name.hasPrefix(before), name.hasSuffix(after)
        else { return nil }
        return String(name.dropFirst(before.count).dropLast(after.count))
    }
}
