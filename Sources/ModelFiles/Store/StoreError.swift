/// Why the store has no answer.
package enum StoreError: Error, Hashable, Sendable {
    case reference(ReferenceError)
    case file(FileError)
    /// - suggestions: names that look alike, best first.
    case unknownModel(name: String, suggestions: [String])
    /// The catalogue knows it, but it has not been pulled. - present: what the store has of the same family.
    case notPulled(name: String, byteCount: Int?, present: [String])
    case referenceNotPulled(reference: String)
    case noSuchFile(path: String, defaultModel: String?)
    case ambiguousFolder(path: String, models: [String])
    case damagedManifest(path: String, reason: String)
    /// - pull: the command that fetches it again.
    case filesMissing(name: String, path: String, pull: String)

    /// What the other commands suggest.
    private static func pull(_ name: String) -> String { "martlet model pull \(name)" }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reference(let error): return error.description
        case .file(let error): return error.description
        case .unknownModel(let name, let suggestions):
            guard !suggestions.isEmpty else {
                return "there is no model '\(name)'. Try: martlet model list --available"
            }
            return
                "there is no model '\(name)'. Did you mean \(suggestions.joined(separator: " or "))? 'martlet model list --available' shows all."
        case .notPulled(let name, let byteCount, let present):
            let size = byteCount.map { " (\(ByteCount($0)))" } ?? ""
            let others = present.isEmpty ? "" : " Here is: \(present.joined(separator: ", "))."
            return "\(name) is not on this machine.\(others) Try: \(Self.pull(name))\(size)"
        case .referenceNotPulled(let reference):
            return "\(reference) is not on this machine. Try: \(Self.pull(reference))"
        case .noSuchFile(let path, let defaultModel):
            let next = defaultModel.map { " Try: \(Self.pull($0))" } ?? ""
            return "there is no model at \(path).\(next)"
        case .ambiguousFolder(let path, let models):
            return models.isEmpty
                ? "\(path) is a folder without a GGUF file. Name the model's file."
                : "\(path) holds several models (\(models.prefix(3).joined(separator: ", "))). Name one of them."
        case .damagedManifest(let path, let reason):
            return "\(path) cannot be read (\(reason)). Remove its folder and pull the model again."
        case .filesMissing(let name, let path, let pull):
            return "\(name) has lost its file \(path). Try: \(pull)"
        }
    }
}
