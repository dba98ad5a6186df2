import CodeGraph
import Foundation
import TestSupport
import Testing

struct RepositoryScanTests {
    let folder = try! TemporaryFolder()

    private func scan(
        usesIgnoreRules: Bool = true, userRules: String = "", beforeFolder: (String) throws -> Void = { _ in }
    ) throws -> RepositoryScan {
        try RepositoryScan(
            of: RepositoryRoot(folder.path), usesIgnoreRules: usesIgnoreRules,
            userRules: IgnoreRules(parsing: userRules), beforeFolder: beforeFolder)
    }

    private func paths(_ scan: RepositoryScan) -> [String] { scan.files.map(\.path) }

    @Test("lists files in the order of their paths' bytes, folders between")
    func order() throws {
        let names = ["b", "a/x", "a.b", "a-b", "a0", "B", "a/é", "a/y/z", "ab/c", "a!/q", "~"]
        for name in names { try folder.write("", to: name) }
        let found = paths(try scan())
        #expect(found == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test("knows sizes, times and inodes as the system does")
    func status() throws {
        let path = try folder.write("four", to: "a/b")
        var times = [timespec(tv_sec: 5, tv_nsec: 0), timespec(tv_sec: 1_234_567_890, tv_nsec: 987_654_321)]
        #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        let file = try #require(try scan().files.first)
        #expect(file.path == "a/b")
        #expect(file.byteCount == 4)
        #expect(file.modifiedNanoseconds == 1_234_567_890_987_654_321)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(file.inode == attributes[.systemFileNumber] as? UInt64)
    }

    @Test("skips what is ignored, counts it, and takes it when asked to")
    func ignored() throws {
        try folder.write("*.o\nbuild/\n", to: ".gitignore")
        for name in ["x.o", "build/y", "build/z", "src/build/y", "src/x.c", "user.tmp"] {
            try folder.write("", to: name)
        }
        let found = try scan(userRules: "*.tmp")
        #expect(paths(found) == [".gitignore", "src/x.c"])
        #expect(found.leftOut.count(.ignored) == 4)
        #expect(found.leftOut.firstPaths(.ignored) == ["build/", "src/build/", "user.tmp", "x.o"])
        #expect(try scan(usesIgnoreRules: false).files.count == 7)
    }

    @Test("lets the repository's own rules overrule the user's, and ignore files overrule both")
    func precedence() throws {
        try folder.writeGitFolder(at: ".")
        try folder.write("!b\n!c\n", to: ".git/info/exclude")
        try folder.write("c\n", to: ".gitignore")
        try folder.write("!c\n", to: "inner/.gitignore")
        for name in ["a", "b", "c", "inner/a", "inner/c"] { try folder.write("", to: name) }
        let found = try scan(userRules: "a\nb\nc\n")
        #expect(paths(found) == [".gitignore", "b", "inner/.gitignore", "inner/c"])
    }

    @Test("keeps the count of all and the first few paths")
    func examples() throws {
        try folder.write("*", to: ".gitignore")
        for number in 10..<40 { try folder.write("", to: "file\(number)") }
        let leftOut = try scan().leftOut
        #expect(leftOut.count(.ignored) == 31)
        #expect(leftOut.firstPaths(.ignored) == [".gitignore"] + (10..<17).map { "file\($0)" })
        #expect(leftOut.firstPaths(.special) == [])
    }

    @Test("walks repositories within, under their rules and not those around them")
    func nested() throws {
        try folder.writeGitFolder(at: ".")
        try folder.write("*.log\n/inner/gone\n", to: ".gitignore")
        try folder.write("*.tmp\n", to: ".git/info/exclude")
        // A submodule: its .git is a file that names the folder.
        try folder.write("gitdir: ../.git/modules/inner\n", to: "inner/.git")
        try folder.write("*.c\n", to: ".git/modules/inner/info/exclude")
        // A worktree: it shares the folder of its repository.
        try folder.write("gitdir: \(folder.path)/.git/worktrees/tree\n", to: "tree/.git")
        try folder.write("../..\n", to: ".git/worktrees/tree/commondir")
        for place in ["", "inner/", "inner/deep/", "tree/"] {
            for name in ["a.log", "a.tmp", "a.c", "a.user"] { try folder.write("", to: place + name) }
        }
        try folder.write("", to: "inner/gone")
        let found = paths(try scan(userRules: "*.user"))
        #expect(
            found == [
                ".gitignore", "a.c", "inner/a.log", "inner/a.tmp", "inner/deep/a.log", "inner/deep/a.tmp",
                "inner/gone", "tree/a.c", "tree/a.log",
            ])
    }

    @Test("follows no symbolic link, neither in circles nor out, nor one that is an ignore file")
    func links() throws {
        try folder.write("", to: "a/file")
        let outside = try TemporaryFolder()
        let rules = try outside.write("*\n", to: "rules")
        let links = [
            "a/self": ".", "a/up": "..", "a/loop": "loop", "b": "a", "c": outside.path, "dead": "nothing",
            "f": "a/file",
            ".gitignore": rules,
        ]
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: target)
        }
        let found = try scan()
        #expect(paths(found) == ["a/file"])
        #expect(found.leftOut.count(.symbolicLink) == links.count)
        #expect(found.leftOut.firstPaths(.symbolicLink) == links.keys.sorted())
    }

    @Test("skips pipes without waiting for a writer, even one in the place of an ignore file")
    func special() throws {
        for name in ["pipe", ".gitignore"] { #expect(mkfifo(folder.path + "/" + name, 0o644) == 0) }
        let found = try scan()
        #expect(paths(found) == [])
        #expect(found.leftOut.firstPaths(.special) == [".gitignore", "pipe"])
    }

    #if os(Linux)
        @Test("skips names that are no UTF-8 and shows where they are")
        func notUTF8() throws {
            try folder.write("", to: "a/good")
            let bytes = Array((folder.path + "/a/b").utf8) + [0xFF, 0]
            let descriptor = bytes.withUnsafeBytes {
                open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o644)
            }
            #expect(descriptor >= 0)
            close(descriptor)
            let found = try scan()
            #expect(paths(found) == ["a/good"])
            #expect(found.leftOut.firstPaths(.notUTF8) == ["a/b\u{FFFD}"])
        }

        @Test("reports folders and files that may not be read, and goes on")
        func unreadable() throws {
            for name in ["a/closed/x", "a/listed/y", "b", "c"] { try folder.write("", to: name) }
            for (name, mode) in [("a/closed", 0o000), ("a/listed", 0o744), ("b", 0o200), ("", 0o755)] {
                #expect(chmod(folder.path + "/" + name, mode_t(mode)) == 0)
            }
            defer { chmod(folder.path + "/a/closed", 0o755) }
            let found = try OrdinaryUser.run {
                // Without this the test would say nothing: the superuser may read all.
                try #require(access(folder.path + "/c", R_OK) == 0 && open(folder.path + "/a/closed", O_RDONLY) < 0)
                return try scan()
            }
            // The superuser owns what it made; its own files stay readable to an ordinary user who runs the tests.
            let isOther = geteuid() == 0
            #expect(paths(found) == (isOther ? ["c"] : ["a/listed/y", "c"]))
            #expect(
                found.leftOut.firstPaths(.unreadable) == ["a/closed/"] + (isOther ? ["a/listed/y"] : []) + ["b"])
        }
    #endif

    @Test("leaves out what vanishes or changes its kind while it walks")
    func vanishing() throws {
        for name in ["a/x", "a/y", "b/x", "c/x", "d/x"] { try folder.write("", to: name) }
        let manager = FileManager.default
        let found = try scan { [path = folder.path] place in
            switch place {
            case "":
                try manager.removeItem(atPath: path + "/b")
                try manager.removeItem(atPath: path + "/c")
                try manager.createSymbolicLink(atPath: path + "/c", withDestinationPath: "a")
                try manager.removeItem(atPath: path + "/d")
                try Data().write(to: URL(fileURLWithPath: path + "/d"))
            case "a":
                try manager.removeItem(atPath: path + "/a/x")
            default: Issue.record("\(place) was entered")
            }
        }
        #expect(paths(found) == ["a/y"])
        #expect(found.leftOut.firstPaths(.vanished) == ["a/x", "b/", "c/", "d/"])
    }

    @Test("leaves out folders beyond the greatest depth")
    func depth() throws {
        let limit = RepositoryScan.maximumDepth
        let path = (0..<limit).map { _ in "d" }.joined(separator: "/")
        try folder.write("", to: path + "/last")
        try folder.write("", to: path + "/d/beyond")
        let found = try scan()
        #expect(paths(found) == [path + "/last"])
        #expect(found.leftOut.firstPaths(.tooDeep) == [path + "/d/"])
    }

    @Test("ends when its task is cancelled, or when the caller throws")
    func cancellation() async throws {
        struct Stop: Error {}
        for name in ["a/x", "b/x"] { try folder.write("", to: name) }
        var entered: [String] = []
        #expect(throws: Stop.self) {
            try scan {
                entered.append($0)
                if $0 == "a" { throw Stop() }
            }
        }
        #expect(entered == ["", "a"])
        let root = try RepositoryRoot(folder.path)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try RepositoryScan(of: root)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
