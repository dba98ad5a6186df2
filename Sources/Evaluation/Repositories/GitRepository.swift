internal import Foundation
internal import Processes

/// A repository, read by git. Nothing in it is changed, and nothing of its own is run.
struct GitRepository: Sendable {
    /// Of the repository's top.
    let path: String

    init(path: String) throws(RepositoryError) {
        self.path = path
        guard try text("rev-parse", "--is-inside-work-tree").hasPrefix("true") else {
            throw .git(repository: path, reason: "it has no working tree")
        }
        guard try text("rev-parse", "--show-prefix").allSatisfy(\.isWhitespace) else {
            throw .git(repository: path, reason: "it is a folder of a repository; give the repository's top")
        }
    }

    /// The full name of a commit.
    func commit(_ name: String) throws(RepositoryError) -> String {
        guard !name.hasPrefix("-") else { throw .noCommit(repository: path, name) }
        do {
            return try text("rev-parse", "--verify", "--end-of-options", name + "^{commit}").trimmed
        } catch {
            throw .noCommit(repository: path, name)
        }
    }

    /// Whether what is checked out is what was committed.
    var isClean: Bool {
        get throws(RepositoryError) { try run(["status", "--porcelain"]).isEmpty }
    }

    func text(_ arguments: String...) throws(RepositoryError) -> String {
        String(decoding: try run(arguments), as: UTF8.self)
    }

    /// What git prints.
    /// - Parameter input: its standard input.
    func run(_ arguments: [String], input: [UInt8] = []) throws(RepositoryError) -> [UInt8] {
        let process = GitCommand.process(in: path, arguments)
        let output = Pipe()
        process.standardOutput = output
        let errors: FileHandle
        do {
            // Files, not pipes: nobody has to read and write two at once.
            errors = try Self.file([])
            process.standardError = errors
            process.standardInput = try input.isEmpty ? FileHandle.nullDevice : Self.file(input)
            try process.run()
        } catch {
            throw .git(repository: path, reason: "git can't be started: \(error.localizedDescription)")
        }
        let printed = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            try? errors.seek(toOffset: 0)
            let words = (try? errors.readToEnd()) ?? Data()
            let last = String(decoding: words, as: UTF8.self).trimmed.prefix(300)
            throw .git(
                repository: path, reason: last.isEmpty ? "it ended with \(process.terminationStatus)" : String(last))
        }
        return Array(printed)
    }

    /// A file without a name that begins with the bytes.
    private static func file(_ bytes: [UInt8]) throws -> FileHandle {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try FileHandle(forUpdating: url)
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
