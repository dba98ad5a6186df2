import CodeGraph
import Foundation
import TestSupport
import Testing

struct RepositoryRootTests {
    let folder = try! TemporaryFolder()
    private var path: String { get throws { try RepositoryRoot(folder.path).path } }

    @Test("finds the nearest folder with .git upward, folder or file")
    func find() throws {
        try folder.writeGitFolder(at: "top")
        try folder.write("gitdir: elsewhere", to: "top/module/.git")
        try folder.write("", to: "top/a/b/file")
        try folder.write("", to: "top/module/c/file")
        let base = try path
        #expect(try RepositoryRoot.find(from: folder.path + "/top/a/b").path == base + "/top")
        #expect(try RepositoryRoot.find(from: folder.path + "/top/a/b/file").path == base + "/top")
        #expect(try RepositoryRoot.find(from: folder.path + "/top").path == base + "/top")
        #expect(try RepositoryRoot.find(from: folder.path + "/top/module/c").path == base + "/top/module")
    }

    @Test("takes the folder itself where no repository is")
    func noRepository() throws {
        try folder.write("", to: "a/file")
        #expect(try RepositoryRoot.find(from: folder.path + "/a").path == path + "/a")
        #expect(try RepositoryRoot.find(from: folder.path + "/a/file").path == path + "/a")
        #expect(try RepositoryRoot("/").relativePath(of: path) == String(path.dropFirst()))
    }

    @Test("takes paths that lead inside, however they are written")
    func inside() throws {
        try folder.write("", to: "top/a/file")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/top/link", withDestinationPath: "a")
        let root = try RepositoryRoot(folder.path + "/top")
        for given in ["a/file", "./a//file", "a/../a/file", "link/file", "../top/a/file", root.path + "/a/file"] {
            #expect(try root.relativePath(of: given) == "a/file", "\(given)")
        }
        #expect(try root.relativePath(of: ".") == "")
        #expect(try root.relativePath(of: "") == "")
        #expect(try root.relativePath(of: root.path + "/") == "")
    }

    @Test("refuses paths that lead outside, and says where to")
    func outside() throws {
        try folder.write("", to: "top/a/file")
        try folder.write("", to: "topmost")
        try folder.write("", to: "secret/file")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/top/out", withDestinationPath: "../secret")
        let root = try RepositoryRoot(folder.path + "/top")
        let base = try path
        let escapes = [
            "..": base, "../topmost": base + "/topmost", base + "/topmost": base + "/topmost",
            "out/file": base + "/secret/file", "out": base + "/secret", "a/../../secret": base + "/secret", "/": "/",
        ]
        for (given, target) in escapes {
            let error = RepositoryPathError.outside(path: given, target: target, root: root.path)
            #expect(throws: error) { try root.relativePath(of: given) }
        }
        let error = RepositoryPathError.outside(path: "out", target: "/x", root: "/r")
        #expect(
            error.description == "'out' leads to /x, outside the repository /r. Name a path inside it.")
    }

    @Test("says of what is not there that it is not, in the words that were given")
    func missing() throws {
        try folder.write("", to: "file")
        let root = try RepositoryRoot(folder.path)
        for given in ["nothing", "file/below", "fi\0le"] {
            #expect(throws: RepositoryPathError.notFound(path: given)) { try root.relativePath(of: given) }
        }
        #expect(throws: RepositoryPathError.notAFolder(path: folder.path + "/file")) {
            try RepositoryRoot(folder.path + "/file")
        }
    }
}
