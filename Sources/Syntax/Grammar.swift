internal import TreeSitter

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A language that tree-sitter can parse, loaded from a shared library. It stays loaded until the process ends.
@safe package struct Grammar: @unchecked Sendable {
    package let name: String
    /// The version of the interface between parser tables and library, 13 to 15.
    package let version: Int
    // SAFETY: a language is constant data of a library that is never unloaded.
    let language: OpaquePointer

    /// Loads the language from the shared library at `path`.
    /// - Parameter symbol: the function that gives it; nil for `tree_sitter_NAME`.
    package init(name: String, path: String, symbol: String? = nil) throws(GrammarError) {
        guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw .notLoadable(
                path: path, reason: unsafe dlerror().map { unsafe String(cString: $0) } ?? "no reason given")
        }
        let symbol = symbol ?? "tree_sitter_\(name)"
        guard let address = unsafe dlsym(library, symbol) else {
            throw .noSymbol(path: path, symbol: symbol)
        }
        typealias Constructor = @convention(c) () -> OpaquePointer?
        // SAFETY: grammars export exactly one such function, without parameters.
        guard let language = unsafe unsafeBitCast(address, to: Constructor.self)() else {
            throw .noSymbol(path: path, symbol: symbol)
        }
        let version = unsafe Int(ts_language_abi_version(language))
        let supported = Int(TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION)...Int(TREE_SITTER_LANGUAGE_VERSION)
        guard supported.contains(version) else {
            throw .wrongVersion(path: path, version: version, supported: supported)
        }
        self.name = name
        self.version = version
        unsafe self.language = language
    }
}

package enum GrammarError: Error, Hashable, CustomStringConvertible {
    case notLoadable(path: String, reason: String)
    case noSymbol(path: String, symbol: String)
    case wrongVersion(path: String, version: Int, supported: ClosedRange<Int>)
    /// A query names something that the grammar does not have, or is malformed.
    case badQuery(grammar: String, line: Int, column: Int, problem: String)

    package var description: String {
        switch self {
        case .notLoadable(let path, let reason): "the grammar \(path) cannot be loaded: \(reason)"
        case .noSymbol(let path, let symbol): "\(path) is no grammar: it has no \(symbol)"
        case .wrongVersion(let path, let version, let supported):
            "the grammar \(path) is of version \(version); this build reads \(supported.lowerBound) to \(supported.upperBound)"
        case .badQuery(let grammar, let line, let column, let problem):
            "the query for \(grammar) is wrong at line \(line), column \(column): \(problem)"
        }
    }
}
