import CodeGraph
import Foundation
import TestSupport
import Testing

private let git = ["/usr/bin/git", "/opt/homebrew/bin/git", "/usr/local/bin/git"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

/// Repositories with commits, made by git itself.
@Suite("What commits said of files", .enabled(if: git != nil))
struct HistoryTests {
    private let index: TestIndex

    init() throws {
        index = try TestIndex()
        try run("init", "--quiet")
        try commit(["store.py": "def keep(item):\n    return item\n"], "Add a place for things")
        try commit(["shelf.py": "def put(item):\n    return item\n"], "Add boards")
        try commit(["door.py": "def close():\n    return None\n"], "Add the way out")
    }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(git))
        process.arguments =
            ["-C", index.repository.path, "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
            + ["-c", "commit.gpgSign=false"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
    }

    private func commit(_ files: [String: String], _ message: String) throws {
        for (path, text) in files { try index.repository.write(text, to: path) }
        try run("add", "--all")
        try run("commit", "--quiet", "--allow-empty", "-m", message)
    }

    private func found(_ question: String) async throws -> [(path: String, reason: String)] {
        try await index.update()
        let reader = try GraphReader(GraphStore(path: index.path))
        return try Searcher(reader).files(SearchQuery(question), limit: 10).compactMap { hit in
            try reader.file(hit.file).map { ($0.path, hit.reason) }
        }
    }

    private func paths(_ question: String) async throws -> [String] { try await found(question).map(\.path) }

    @Test("ranks a file that was changed for the like before others with the same words")
    func likeBefore() async throws {
        #expect(try await paths("return when the cupboard overflows") == ["door.py", "shelf.py", "store.py"])
        try commit(["store.py": "def keep(item):\n    return [item]\n"], "Overflowing cupboards lose nothing")
        let found = try await found("return when the cupboard overflows")
        #expect(found.first?.path == "store.py" && found.first?.reason.contains("commit") == true)
        #expect(found.dropFirst().allSatisfy { !$0.reason.contains("commit") })
    }

    @Test("follows a file that was renamed, and a commit that is taken back")
    func renamed() async throws {
        try commit(["store.py": "def keep(item):\n    return [item]\n"], "Overflowing cupboards lose nothing")
        try run("mv", "store.py", "keeper.py")
        try commit([:], "Give it another name")
        #expect(try await paths("return when the cupboard overflows").first == "keeper.py")
        try run("reset", "--quiet", "--hard", "HEAD~2")
        #expect(try await paths("return when the cupboard overflows").first == "door.py")
        // Branches that were packed are in another file.
        try commit(["store.py": "def keep(item):\n    return (item,)\n"], "Overflowing cupboards are closed")
        try run("pack-refs", "--all")
        #expect(try await paths("return when the cupboard overflows").first == "store.py")
    }

    @Test("runs nothing that a repository's settings ask for")
    func settings() async throws {
        let trace = index.folder.path + "/ran"
        let script = index.folder.path + "/script"
        try Data("#!/bin/sh\ntouch '\(trace)'\nexit 1\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        try commit(["store.py": "def keep(item):\n    return [item]\n", ".gitattributes": "*.py diff=own\n"], "Full")
        for name in [
            "core.fsmonitor", "core.pager", "gpg.program", "diff.external", "diff.own.textconv", "core.sshCommand",
        ] {
            try run("config", name, script)
        }
        try run("config", "log.showSignature", "true")
        #expect(try await paths("keep full").first == "store.py")
        #expect(!FileManager.default.fileExists(atPath: trace))
    }

    @Test("is left out, and searches go on, where git's folder is damaged")
    func damaged() async throws {
        try FileManager.default.removeItem(atPath: index.repository.path + "/.git/objects")
        #expect(try await paths("return item") == ["shelf.py", "store.py", "door.py"])
        try index.repository.write("", to: ".git/HEAD")
        #expect(try await paths("return item") == ["shelf.py", "store.py", "door.py"])
    }
}
