internal import HTTP
internal import ModelFiles
internal import Synchronization
package import Syntax

/// The grammars on this machine: a folder for each version of the bundle, and `own` for libraries of the user's, which
/// go before those of the bundle.
///
/// A grammar that is missing or broken is an error for its language only. Libraries are loaded when they are asked for,
/// once, and stay until the process ends.
package final class GrammarStore: Sendable {
    package let root: String
    package let bundle: GrammarBundle
    /// What the libraries must be compiled for; nil where there are none but the user's.
    package let platform: GrammarPlatform?
    private let loaded = Mutex<[String: Grammar]>([:])

    package init(root: String, bundle: GrammarBundle = .current, platform: GrammarPlatform? = .current) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.bundle = bundle
        self.platform = platform
    }

    /// MARTLET_GRAMMARS, or `martlet/grammars` in the user's data folder (XDG_DATA_HOME, ~/.local/share).
    package convenience init(environment: [String: String]) {
        let home = environment.nonEmpty("HOME") ?? "."
        let data = environment.nonEmpty("XDG_DATA_HOME") ?? home + "/.local/share"
        self.init(root: environment.nonEmpty("MARTLET_GRAMMARS") ?? data + "/martlet/grammars")
    }

    /// Where the bundle's libraries are, or would be.
    package var folder: String { root + "/" + bundle.version }
    /// Where the user's own libraries are: `libtree_sitter_NAME.so`.
    package var ownFolder: String { root + "/own" }

    /// The grammar of a language, such as `python`; loaded by the first call.
    package func grammar(named name: String) throws(GrammarStoreError) -> Grammar {
        let result = loaded.withLock { loaded in
            Result { () throws(GrammarStoreError) in
                if let grammar = loaded[name] { return grammar }
                let grammar = try load(name)
                loaded[name] = grammar
                return grammar
            }
        }
        return try result.get()
    }

    private func load(_ name: String) throws(GrammarStoreError) -> Grammar {
        guard PlainName.isLanguage(name) else { throw .unknown(name: name) }
        let own = ownLibrary(of: name)
        if FileTree.exists(own) { return try loadOwn(name, path: own) }
        guard let manifest = try manifest() else { throw .notInstalled(name: name) }
        guard let library = manifest.grammars[name] else { throw .unknown(name: name) }
        let path = folder + "/" + library.file
        // The system's loader would not notice that the file ends early, and the first access beyond would be a SIGBUS.
        guard let size = FileTree.fileSize(path) else { throw .missing(name: name, path: path) }
        guard size == library.byteCount else {
            throw .damaged(name: name, path: path, reason: Self.sizeProblem(found: size, expected: library.byteCount))
        }
        return try open(name, path: path, symbol: library.symbol)
    }

    private func loadOwn(_ name: String, path: String) throws(GrammarStoreError) -> Grammar {
        if let problem = Self.ownProblem(path) { throw .damagedOwn(name: name, path: path, reason: problem) }
        return try open(name, path: path, symbol: Self.ownSymbol(of: name))
    }

    private func open(_ name: String, path: String, symbol: String) throws(GrammarStoreError) -> Grammar {
        do { return try Grammar(name: name, path: path, symbol: symbol) } catch { throw .notLoadable(error) }
    }

    /// The manifest of the bundle; nil when it is not installed.
    package func manifest() throws(GrammarStoreError) -> GrammarManifest? {
        let path = folder + "/" + GrammarManifest.fileName
        guard FileTree.exists(path) else { return nil }
        let manifest = try GrammarManifest(contentsOf: path)
        // A home folder may be shared between machines.
        guard manifest.platform == platform?.name else {
            throw .otherPlatform(folder: folder, found: manifest.platform, expected: platform?.name)
        }
        return manifest
    }

    func ownLibrary(of name: String) -> String {
        "\(ownFolder)/\(Self.ownPrefix)\(name)\(Self.ownSuffix)"
    }

    static let ownPrefix = "libtree_sitter_"
    static let ownSuffix = "." + GrammarPlatform.libraryExtension

    /// C#'s grammar has an underscore in its symbol that the usual name of the language has not.
    private static func ownSymbol(of name: String) -> String {
        "tree_sitter_" + (name == "csharp" ? "c_sharp" : name)
    }

    static func ownProblem(_ path: String) -> String? {
        do throws(FileError) {
            return try SharedLibraryFile(path: path).problem
        } catch { return "it cannot be read: \(error.reason)" }
    }

    static func sizeProblem(found: Int, expected: Int) -> String { "it has \(found) bytes instead of \(expected)" }

    /// Where downloads gather.
    var partialFolder: String { root + "/.partial" }
    var lockPath: String { partialFolder + "/" + bundle.version + ".lock" }
}
