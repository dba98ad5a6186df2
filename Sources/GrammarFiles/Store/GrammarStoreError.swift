package import ModelFiles
package import Syntax

/// Why the store has no grammar for a language.
package enum GrammarStoreError: Error, Hashable, Sendable {
    /// The bundle is not on this machine.
    case notInstalled(name: String)
    /// Neither the bundle nor the user has it.
    case unknown(name: String)
    case missing(name: String, path: String)
    case damaged(name: String, path: String, reason: String)
    /// A library of the user's own.
    case damagedOwn(name: String, path: String, reason: String)
    case notLoadable(GrammarError)
    case damagedManifest(path: String)
    case otherPlatform(folder: String, found: String, expected: String?)
    case file(FileError)
}

extension GrammarStoreError: CustomStringConvertible {
    private static let pull = "Try: martlet grammar pull"

    package var description: String {
        switch self {
        case .notInstalled(let name):
            "the grammar of \(name) is not on this machine. \(Self.pull)"
        case .unknown(let name):
            "there is no grammar of '\(name.prefix(100))'. 'martlet grammar list' shows all."
        case .missing(let name, let path):
            "the grammar of \(name) has lost its file \(path). \(Self.pull)"
        case .damaged(let name, let path, let reason):
            "the grammar of \(name) is damaged (\(path): \(reason)). \(Self.pull)"
        case .damagedOwn(let name, let path, let reason):
            "your grammar of \(name) cannot be used (\(path): \(reason)). Compile it again, or remove it."
        case .notLoadable(let error): "\(error)"
        case .damagedManifest(let path): "\(path) is not the JSON expected. \(Self.pull)"
        case .otherPlatform(let folder, let found, let expected):
            "the grammars in \(folder) are for \(found), and this machine is \(expected ?? "another kind"). Choose another folder with MARTLET_GRAMMARS."
        case .file(let error): "\(error)"
        }
    }
}
