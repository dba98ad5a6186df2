import CodeGraph
import Foundation
import TestSupport
import Testing

@Suite("Watching a repository")
struct RepositoryWatchTests {
    private let folder: TemporaryFolder
    private let watch: RepositoryWatch

    init() throws {
        folder = try TemporaryFolder()
        watch = RepositoryWatch(try RepositoryRoot(folder.path))
    }

    /// The paths of the next scan that has what is asked for; scans may come earlier, while things are half done.
    private func scan(until isDone: ([String]) -> Bool) async throws -> [String] {
        while true {
            if case .scan(let scan) = try await watch.next() {
                let paths = scan.files.map(\.path)
                if isDone(paths) { return paths }
            }
        }
    }

    @Test("tells of a file whose contents changed, and of no other")
    func contents() async throws {
        try folder.write("a", to: "a.py")
        let path = try folder.write("b", to: "x/b.py")
        #expect(try watch.scan().files.map(\.path) == ["a.py", "x/b.py"])
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.write(contentsOf: Data("c".utf8))
        #if os(Linux)
            guard case .contents(let files, _) = try await watch.next() else {
                Issue.record("it looked at everything")
                return
            }
            #expect(files.map(\.path) == ["x/b.py"])
        #endif
    }

    @Test("follows files and folders that come, move and go")
    func names() async throws {
        _ = try watch.scan()
        try folder.write("a", to: "new/deep/a.py")
        #expect(try await scan { !$0.isEmpty } == ["new/deep/a.py"])
        try folder.write("b", to: "new/deep/b.py")
        #expect(try await scan { $0.count == 2 } == ["new/deep/a.py", "new/deep/b.py"])
        rename(folder.path + "/new", folder.path + "/old")
        #expect(try await scan { $0.contains("old/deep/a.py") } == ["old/deep/a.py", "old/deep/b.py"])
        try folder.write("c", to: "old/deep/c.py")
        #expect(try await scan { $0.count == 3 }.last == "old/deep/c.py")
        try FileManager.default.removeItem(atPath: folder.path + "/old")
        #expect(try await scan { $0.isEmpty } == [])
    }

    @Test("looks at everything when rules change")
    func rules() async throws {
        let rules = try folder.write("\n", to: ".gitignore")
        try folder.write("a", to: "a.py")
        _ = try watch.scan()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: rules))
        try file.write(contentsOf: Data("*.py\n".utf8))
        #expect(try await scan { $0.count == 1 } == [".gitignore"])
    }

    @Test("ends when it is cancelled")
    func cancelled() async throws {
        let path = folder.path
        let task = Task {
            let watch = RepositoryWatch(try RepositoryRoot(path))
            _ = try watch.scan()
            _ = try await watch.next()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
