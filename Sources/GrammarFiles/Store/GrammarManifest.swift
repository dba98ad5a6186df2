internal import ModelFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What the store knows of an installed bundle, kept as `grammars.json` beside its libraries.
package struct GrammarManifest: Codable, Hashable, Sendable {
    package struct Library: Codable, Hashable, Sendable {
        /// A name inside the bundle's folder.
        package let file: String
        /// The function that gives the language.
        package let symbol: String
        package let sha256: String
        package let byteCount: Int

        enum CodingKeys: String, CodingKey {
            case file, symbol, sha256
            case byteCount = "bytes"
        }
    }

    /// The layout of this file.
    package var version = 1
    /// Such as `semble-grammars 0.1.2`.
    package let bundle: String
    package let platform: String
    /// The digest of the wheel that everything comes from.
    package let wheel: String
    /// When it was installed, ISO 8601.
    package let installed: String
    /// By the name of the language.
    package let grammars: [String: Library]

    static let fileName = "grammars.json"

    init(
        bundle: String, platform: GrammarPlatform, wheel: ContentHash, grammars: [String: Library],
        installed: Date = Date()
    ) {
        self.bundle = bundle
        self.platform = platform.name
        self.wheel = wheel.hexadecimal
        self.grammars = grammars
        self.installed = installed.formatted(.iso8601)
    }

    init(contentsOf path: String) throws(GrammarStoreError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        do {
            self = try unsafe JSONDecoder().decode(GrammarManifest.self, from: Data(file.bytes))
        } catch { throw .damagedManifest(path: path) }
        let isSound = grammars.allSatisfy { name, library in
            PlainName.isLanguage(name) && PlainName.isFile(library.file) && library.byteCount >= 0
        }
        guard isSound, !grammars.isEmpty else { throw .damagedManifest(path: path) }
    }

    func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // SAFETY of the force: strings and integers always encode.
        return Array(try! encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// Names that can become parts of paths and symbols as they are.
enum PlainName {
    /// Letters, digits and underscores, as languages and C functions are called.
    static func isLanguage(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100 && name.utf8.allSatisfy(isWordByte)
    }

    /// The above, dots and hyphens, and no dot at the front.
    static func isFile(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 200 && name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
