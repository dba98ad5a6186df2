#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the store knows of a model, kept as `model.json` beside its files.
package struct ModelManifest: Codable, Hashable, Sendable {
    package struct File: Codable, Hashable, Sendable {
        /// A name inside the model's folder, or an absolute path for a file that stays where it is.
        package let path: String
        package let byteCount: Int
        package let sha256: String

        enum CodingKeys: String, CodingKey {
            case path
            case byteCount = "bytes"
            case sha256
        }
    }

    /// The layout of this file.
    package var version = 1
    package let name: String
    /// The reference that it came from, such as `hf:owner/repository/file.gguf`.
    package let source: String
    /// The address behind `source`.
    package let origin: String
    package let revision: String?
    package let files: [File]
    package let licence: Licence
    /// When it was pulled, ISO 8601.
    package let pulled: String
    /// Whether the digests were compared with ones that the source or the catalogue gave; otherwise they were computed
    /// on arrival and tell only whether the files have changed since.
    package let verified: Bool

    static let fileName = "model.json"

    func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // SAFETY of the force: strings, integers and a bool always encode.
        return Array(try! encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    init(contentsOf path: String) throws(StoreError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        do {
            self = try unsafe JSONDecoder().decode(ModelManifest.self, from: Data(file.bytes))
        } catch {
            throw .damagedManifest(path: path, reason: "it is not the JSON expected")
        }
        guard files.allSatisfy({ ContentHash(hexadecimal: $0.sha256) != nil && $0.byteCount >= 0 }), !files.isEmpty
        else { throw .damagedManifest(path: path, reason: "its list of files is wrong") }
    }

    init(
        name: String, source: String, origin: String, revision: String?, files: [File], licence: Licence,
        verified: Bool, pulled: Date = Date()
    ) {
        self.name = name
        self.source = source
        self.origin = origin
        self.revision = revision
        self.files = files
        self.licence = licence
        self.verified = verified
        self.pulled = pulled.formatted(.iso8601)
    }
}
