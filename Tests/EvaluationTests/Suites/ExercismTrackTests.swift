#if os(Linux)
    import Chat
    import Evaluation
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    @Suite("Exercism's tracks")
    struct ExercismTrackTests {
        /// A track of two exercises, of which one has no example.
        private func track() throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            let config =
                #"{"files": {"solution": ["twice.py"], "test": ["twice_test.py"], "example": [".meta/example.py"]}}"#
            let files = [
                "twice/.meta/config.json": config, "twice/.meta/example.py": "def twice(n):\n    return 2 * n\n",
                "twice/.docs/instructions.md": "# Instructions\n\nDouble a number.\n",
                "twice/twice.py": "def twice(n):\n    pass\n",
                "twice/twice_test.py": """
                import unittest
                from twice import twice

                class TwiceTest(unittest.TestCase):
                    def test_twice(self):
                        self.assertEqual(twice(3), 6)

                """,
                "bare/.meta/config.json": config, "bare/.docs/instructions.md": "Do something.",
            ]
            for (path, text) in files {
                let url = URL(fileURLWithPath: folder.path + "/exercises/practice/" + path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
            return folder
        }

        private func grader() async throws -> RepositoryGrader {
            var limits = RepositoryTests.limits
            (limits.wallSeconds, limits.cpuSeconds) = (900, 300)
            return RepositoryGrader(RepositoryTests(try await Sandbox(), limits: limits))
        }

        @Test("show instructions and stub, take files, and tell right from wrong")
        func verdicts() async throws {
            let folder = try track()
            let track = try ExercismTrack(folder: folder.path, .python)
            #expect(track.skipped.map(\.slug) == ["bare"])
            let task = try #require(track.tasks(try await grader()).first)
            var messages: [Message] = []
            if case .chat(let asked, false) = task.request { messages = asked }
            let question = try #require(messages.last?.content)
            #expect(question.contains("Double a number.") && question.contains("def twice(n):\n    pass"))
            #expect(!question.contains("2 * n") && task.attempts == 2)
            for (body, isRight) in [
                ("    return n + n", true), ("    return n", false), ("    raise SystemExit(0)", false),
            ] {
                let answer = "twice.py\n```python\ndef twice(n):\n\(body)\n```\n"
                let verdict = try await task.grade(answer)
                #expect(verdict.passed == isRight, "\(body): \(verdict.reason ?? "")")
                #expect(isRight || verdict.feedback?.isEmpty == false)
            }
            let cheat = "twice_test.py\n```python\n```\n"
            #expect(try await task.grade(cheat).passed == false)
        }

        @Test("say what is missing")
        func refusals() async throws {
            #expect(throws: SuiteError.noTrack(folder: "/nowhere")) {
                try ExercismTrack(folder: "/nowhere", .python)
            }
            let folder = try track()
            let example = folder.path + "/exercises/practice/twice/.meta/example.py"
            try Data("def twice(n): return 0\n".utf8).write(to: URL(fileURLWithPath: example))
            let task = try #require(try ExercismTrack(folder: folder.path, .python).tasks(try await grader()).first)
            await #expect(throws: SuiteError.self) { try await task.grade("twice.py\n```python\nx = 1\n```\n") }
        }
    }
#endif
