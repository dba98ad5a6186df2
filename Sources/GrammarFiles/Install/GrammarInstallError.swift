package import ModelFiles

/// Why the bundle could not be installed.
package enum GrammarInstallError: Error, Sendable {
    case noBundle(platform: String?)
    /// What was given is another file than the wheel of this version.
    case otherWheel(path: String, expected: String, found: ContentHash)
    case pull(PullError)
    case zip(ZipError)
    case gzip(archive: String, GzipError)
    case tar(archive: String, TarError)
    case badManifest(archive: String, reason: String)
    case missingLibrary(archive: String, file: String)
    case wrongHash(archive: String, file: String)
    case diskTooSmall(folder: String, needed: UInt64, free: UInt64)
    case file(FileError)
    case cancelled

    init(_ error: PullError) {
        self =
            switch error {
            case .cancelled: .cancelled
            case .file(let error): .file(error)
            case .zip(let error): .zip(error)
            default: .pull(error)
            }
    }

    package var isCancellation: Bool {
        if case .cancelled = self { true } else { false }
    }
}

extension GrammarInstallError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noBundle(let platform):
            return
                "there are no compiled grammars for \(platform ?? "this kind of machine"). Compile those that you need, and put them in the folder 'own' that 'martlet grammar list' names."
        case .otherWheel(let path, let expected, let found):
            return
                "\(path) is not \(expected), which this version of martlet takes: its SHA-256 is \(found). Fetch that file."
        case .pull(let error): return error.description
        case .zip(let error): return error.description
        case .gzip(let archive, let error): return Self.damaged(archive, error.description)
        case .tar(let archive, let error): return Self.damaged(archive, error.description)
        case .badManifest(let archive, let reason): return Self.damaged(archive, reason)
        case .missingLibrary(let archive, let file): return Self.damaged(archive, "\(file) is not in it")
        case .wrongHash(let archive, let file):
            return Self.damaged(archive, "\(file) does not match its SHA-256")
        case .diskTooSmall(let folder, let needed, let free):
            return
                "\(folder) has \(ByteCount(free)) free and \(ByteCount(needed)) are needed. Free some space, or choose another disk with MARTLET_GRAMMARS."
        case .file(let error):
            return
                "cannot \(error.operation.rawValue) \(error.path): \(error.reason). Check the path and its permissions, or choose another folder with MARTLET_GRAMMARS."
        case .cancelled: return PullError.cancelled.description
        }
    }

    private static func damaged(_ archive: String, _ reason: String) -> String {
        "the grammars in \(archive) cannot be used: \(reason). Fetch them again."
    }
}
