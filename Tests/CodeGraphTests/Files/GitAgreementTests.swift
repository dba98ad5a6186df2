import CodeGraph
import Foundation
import TestSupport
import Testing

/// What is found beside what git itself lists.
struct GitAgreementTests {
    private static let git = ["/usr/bin/git", "/opt/homebrew/bin/git", "/usr/local/bin/git"]
        .first(where: FileManager.default.isExecutableFile)

    /// Random folders in one repository, each with rules of its own below those of the repository and the user.
    private static let casesPerRepository = 20

    @Test("finds the files that git lists", .enabled(if: git != nil), arguments: 0..<40)
    func listing(_ seed: Int) async throws {
        let folder = try TemporaryFolder()
        try folder.writeGitFolder(at: "top")
        var common = RandomRepository(seed: seed)
        // Rules of the top reach into all the cases, so there are few of them.
        if seed % 2 == 0 { try folder.write(common.rules(), to: "top/.git/info/exclude") }
        if seed % 3 == 0 { try folder.write(common.rules(), to: "configuration/git/ignore") }
        for number in 0..<Self.casesPerRepository {
            var random = RandomRepository(seed: 1000 + seed * Self.casesPerRepository + number)
            let place = "top/case\(number)"
            let files = number % 2 == 0 ? random.files(below: place) : random.globs(below: place)
            for (path, text) in files { try folder.write(text, to: path) }
        }
        let environment = [
            "HOME": folder.path, "XDG_CONFIG_HOME": folder.path + "/configuration", "GIT_CONFIG_NOSYSTEM": "1",
        ]
        let run = try await CommandRun.run(
            try #require(Self.git),
            ["-c", "core.ignoreCase=false", "ls-files", "--others", "--exclude-standard", "-z"],
            environment: environment, folder: folder.path + "/top")
        try #require(run.status == 0, "\(run.errors)")
        let expected = Set(run.text.split(separator: "\0").map(String.init))
        let userRules = FileManager.default.contents(atPath: folder.path + "/configuration/git/ignore")
        let scan = try RepositoryScan(
            of: RepositoryRoot(folder.path + "/top"), userRules: IgnoreRules(parsing: userRules ?? Data()))
        let found = Set(scan.files.map(\.path))
        #expect(found.subtracting(expected).sorted() == [], "git ignores these")
        #expect(expected.subtracting(found).sorted() == [], "git lists these")
        #expect(scan.leftOut.count(.ignored) > 0)
    }
}

extension TemporaryFolder {
    /// The least that git takes for a repository.
    func writeGitFolder(at path: String) throws {
        try write("ref: refs/heads/main\n", to: path + "/.git/HEAD")
        for name in ["objects", "refs"] {
            try FileManager.default.createDirectory(
                atPath: self.path + "/" + path + "/.git/" + name, withIntermediateDirectories: true)
        }
    }
}
