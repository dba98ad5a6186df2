#if os(Linux)
    import Evaluation
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    /// A repository with commits, made by git itself.
    struct SmallRepository {
        let folder: TemporaryFolder

        var path: String { folder.path }

        init() throws {
            folder = try TemporaryFolder()
            try git("init", "--quiet")
        }

        @discardableResult
        func git(_ arguments: String...) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["git", "-C", path, "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
                + ["-c", "commit.gpgSign=false"] + arguments
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "\(arguments)")
            return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// - Returns: the commit.
        @discardableResult
        func commit(_ files: [String: String], _ message: String) throws -> String {
            for (path, text) in files { try folder.write(text, to: path) }
            try git("add", "--all")
            try git("commit", "--quiet", "-m", message)
            return try git("rev-parse", "HEAD")
        }

        static let area = "def area(side):\n    return side * side\n"
        static let perimeter = "\n\ndef perimeter(side):\n    return 4 * side\n"
        static let volume = "\n\ndef volume(side):\n    return side * side * side\n"

        /// Tests of functions, each by its value for 3.
        static func tests(_ functions: [(name: String, value: Int)]) -> String {
            "import unittest\n\nimport shape\n\n\nclass ShapeTests(unittest.TestCase):\n"
                + functions.map { name, value in
                    "    def test_\(name)(self):\n        self.assertEqual(shape.\(name)(3), \(value))\n"
                }.joined(separator: "\n")
        }

        /// A repository whose last commit adds a function and its test.
        static func withPerimeter() throws -> (repository: SmallRepository, commit: String) {
            let repository = try SmallRepository()
            try repository.commit(
                ["shape.py": area, "test_shape.py": tests([("area", 9)]), "README.md": "Shapes\n"], "Begin")
            let commit = try repository.commit(
                ["shape.py": area + perimeter, "test_shape.py": tests([("area", 9), ("perimeter", 12)])],
                "Add perimeters (#12)\n\nOf squares.\n\nSigned-off-by: Ada <ada@example.org>")
            return (repository, commit)
        }
    }

    extension RepositoryGrader {
        static func patient() async throws -> RepositoryGrader {
            var limits = RepositoryTests.limits
            (limits.wallSeconds, limits.cpuSeconds) = (900, 300)
            return RepositoryGrader(RepositoryTests(try await Sandbox(), limits: limits))
        }
    }

    let unittestCommand = ["python3", "-m", "unittest", "-v"]
#endif
