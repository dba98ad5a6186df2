internal import ModelFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What a wheel says of the grammars in it.
struct WheelManifest: Decodable {
    struct Library: Decodable {
        let file: String
        let symbol: String
        let sha256: String
    }

    let platform: String
    /// The archive of the libraries, beside the manifest.
    let archive: String
    let languages: [String: Library]

    /// No manifest is longer.
    static let byteLimit = 4 << 20

    /// - text: JSON. - archive: named in errors.
    init(_ text: [UInt8], archive: String) throws(GrammarInstallError) {
        do {
            self = try JSONDecoder().decode(WheelManifest.self, from: Data(text))
        } catch { throw .badManifest(archive: archive, reason: "its manifest is not the JSON expected") }
        for (name, library) in languages {
            guard PlainName.isLanguage(name), PlainName.isFile(library.file), PlainName.isLanguage(library.symbol),
                library.file != GrammarManifest.fileName, ContentHash(hexadecimal: library.sha256) != nil
            else { throw .badManifest(archive: archive, reason: "its manifest says of \(name) what cannot be") }
        }
        guard PlainName.isFile(self.archive), Set(languages.values.map(\.file)).count == languages.count,
            !languages.isEmpty
        else { throw .badManifest(archive: archive, reason: "its manifest does not say what is in it") }
    }
}
