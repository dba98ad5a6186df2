#if os(Linux)
    import Evaluation
    import Foundation
    import TestSupport
    import Testing

    @Suite("A suite of a repository's own tasks")
    struct RepositorySuiteTests {
        private func maker(
            _ repository: SmallRepository, _ command: [String] = unittestCommand
        ) async throws -> RepositorySuiteMaker {
            try await RepositorySuiteMaker(path: repository.path, command: command, grader: .patient())
        }

        @Test("has commits whose tests fail before and pass after, and says why each other one is left out")
        func history() async throws {
            let repository = try SmallRepository()
            defer { withExtendedLifetime(repository) {} }
            let area = SmallRepository.area
            let both = area + SmallRepository.perimeter
            func tests(_ functions: (name: String, value: Int)...) -> String { SmallRepository.tests(functions) }
            let root = try repository.commit(["shape.py": area, "test_shape.py": tests(("area", 9))], "Begin")
            let good = try repository.commit(
                ["shape.py": both, "test_shape.py": tests(("area", 9), ("perimeter", 12)), "README.md": "Shapes\n"],
                "Add perimeters (#12)\n\nOf squares, as \(root.prefix(9)) should have.\n\nSigned-off-by: Ada <a@b.c>")
            let documented = try repository.commit(["README.md": "Squares\n"], "Say what it is")
            let tested = try repository.commit(
                ["test_shape.py": tests(("area", 9), ("perimeter", 12)) + "\n    def test_more(self):\n        pass\n"],
                "Test more")
            let early = try repository.commit(
                [
                    "shape.py": both + "\n# Sides are lengths.\n",
                    "test_shape.py": tests(("area", 9), ("perimeter", 12)),
                ],
                "Explain sides")
            let wrong = try repository.commit(
                [
                    "shape.py": both + "\n\ndef volume(side):\n    return side\n",
                    "test_shape.py": tests(("area", 9), ("perimeter", 12), ("volume", 27)),
                ], "Add volumes")
            let repaired = try repository.commit(
                [
                    "shape.py": both + SmallRepository.volume,
                    "test_shape.py": tests(("volume", 27), ("area", 9), ("perimeter", 12)),
                ], "fix: volumes are cubes")
            var many = ["test_shape.py": tests(("area", 9), ("perimeter", 12), ("volume", 27))]
            for number in 0..<7 { many["part\(number).py"] = "" }
            let large = try repository.commit(many, "Add parts")
            let long = try repository.commit(
                [
                    "part0.py": String(repeating: "x = 1\n", count: 301),
                    "test_shape.py": tests(("volume", 27), ("perimeter", 12), ("area", 9)),
                ], "Fill a part")
            let empty = try repository.commit(
                ["part1.py": "y = 1\n", "test_shape.py": tests(("area", 9), ("volume", 27), ("perimeter", 12))], "#3")

            var decided = 0
            let (tasks, skipped) = try await maker(repository).make(from: .history) { _ in decided += 1 }
            #expect(tasks.map(\.solution) == [repaired, good])
            #expect(decided == 10)
            #expect(
                skipped.map(\.commit) == [empty, long, large, wrong, early, tested, documented, root])
            #expect(
                Array(skipped.map(\.reason).prefix(3)) == [
                    .noMessage, .tooManyLines(301, most: 300), .tooManyFiles(7, most: 6),
                ])
            guard case .failsAfter(let line) = skipped[3].reason else {
                Issue.record("\(skipped[3])")
                return
            }
            #expect(line == "AssertionError: 3 != 27")
            #expect(skipped.suffix(4).map(\.reason) == [.passesBefore, .noSource, .noTests, .noParent])

            let task = try #require(tasks.last)
            #expect(task.message == "Add perimeters\n\nOf squares, as should have.")
            #expect(task.base == root && task.files == ["shape.py"] && task.protected == ["test_shape.py"])
            #expect(task.mustPass == ["test_shape.ShapeTests.test_area", "test_shape.ShapeTests.test_perimeter"])
            let bytes = RepositorySuite.lines(tasks)
            #expect(bytes.count { $0 == 10 } == 2)
            #expect(try RepositorySuite.tasks(lines: bytes, path: "s.jsonl") == tasks)
        }

        @Test("ends when it has as many tasks as are wanted")
        func limited() async throws {
            let (repository, _) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            try repository.commit(
                [
                    "shape.py": SmallRepository.area + SmallRepository.perimeter + SmallRepository.volume,
                    "test_shape.py": SmallRepository.tests([("area", 9), ("perimeter", 12), ("volume", 27)]),
                ], "Add volumes")
            var maker = try await maker(repository)
            maker.limit = 1
            let (tasks, skipped) = try await maker.make(from: .history)
            #expect(tasks.map(\.message) == ["Add volumes"] && skipped.isEmpty)
        }

        @Test("has one task of the tests that fail now, with the files that they are of")
        func failing() async throws {
            let (repository, _) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            let done = try await maker(repository).make(from: .failing)
            #expect(done.tasks.isEmpty && done.skipped.map(\.reason) == [.passesBefore])
            try repository.commit(
                ["shape.py": SmallRepository.area + "\n\ndef perimeter(side):\n    return 3 * side\n", "other.py": ""],
                "Break perimeters")
            let made = try await maker(repository).make(from: .failing)
            let task = try #require(made.tasks.first)
            #expect(task.files == ["shape.py"] && task.context == ["test_shape.py"] && task.solution == nil)
            #expect(task.message.contains("AssertionError: 9 != 12"))
            #expect(task.mustPass.count == 2 && task.protected == ["test_shape.py"])
            let grader = try await RepositoryGrader.patient()
            let answer =
                "shape.py\n```\n<<<<<<< SEARCH\n    return 3 * side\n=======\n    return 4 * side\n>>>>>>> REPLACE\n```"
            let verdict = try await grader.verdict(answer, of: task)
            #expect(verdict.passed, "\(verdict)")
            try repository.folder.write("", to: "left.py")
            await #expect(throws: RepositoryError.uncommitted(repository: repository.path)) {
                try await maker(repository).make(from: .failing)
            }
        }

        @Test(
            "says so where the command itself can't run",
            arguments: [["nowhere"], ["python3", "-m", "unittest", "no_such"]])
        func cannotRun(_ command: [String]) async throws {
            let (repository, _) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            let made = try await maker(repository, command).make(from: .failing)
            #expect(made.tasks.isEmpty)
            let isTold = made.skipped.allSatisfy { if case .cannotJudge = $0.reason { true } else { false } }
            // A module that is not there counts as a test that fails: nothing says which files would help.
            #expect(made.skipped.count == 1 && (isTold || made.skipped[0].reason == .noFiles), "\(made.skipped)")
        }

        @Test("takes tasks from a list, where their tests fail")
        func list() async throws {
            let (repository, commit) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            let tests = try JSONEncoder().encode(SmallRepository.tests([("perimeter", 12)]))
            let list = """
                - message: Add volume to shape.py
                  tests:
                    test_volume.py: |
                      import shape
                      assert shape.volume(2) == 8
                  command: python3 test_volume.py
                - {"id": "early", "message": "Add perimeters", "base": "HEAD~1", "files": ["shape.py"],
                  "tests": {"test_shape.py": \(String(decoding: tests, as: UTF8.self))}}
                - {id: done, message: Nothing is wrong}
                - {id: lost, message: Go back, base: no-such}
                - {id: 007, message: Please, command: "false", files: null}
                """
            let entries = try TaskList.entries(Array(list.utf8))
            let made = try await maker(repository).make(from: .list(entries))
            #expect(made.tasks.map(\.id) == ["task-1", "early"])
            #expect(made.tasks.map(\.files) == [["shape.py"], ["shape.py"]])
            #expect(made.tasks.map(\.base) == [commit, try repository.git("rev-parse", "HEAD~1")])
            #expect(made.skipped.map(\.commit) == ["done", "lost", "007"])
            #expect(made.skipped.map(\.reason) == [.passesBefore, .noCommit("no-such"), .noFiles])
            let bad = TaskListEntry(id: "out", message: "Go", files: ["../x"])
            await #expect(throws: RepositoryError.badList(reason: "'../x' of out is no path within the repository")) {
                try await maker(repository).make(from: .list([bad]))
            }
        }

        @Test(
            "a list that is none is an error that names the line",
            arguments: [
                ("message: x", "line 1: it is no list"), ("- x", "line 1: a task is keys and values"),
                ("- message: x\n- id: y", "line 2: a task has no 'message'"),
                ("- message: [x]", "line 1: 'message' is no text"),
                ("- message: x\n  test: y", "line 2: 'test' is not known"),
                ("- message: x\n  files: a.py", "line 2: 'files' is no list of paths"),
                ("- message: x\n  tests: [a.py]", "line 2: 'tests' are no texts by path"),
                ("- {id: a, message: x}\n- {id: a, message: y}", "line 2: a second task is called 'a'"),
                ("- {message: x", "line 2: did not find expected ',' or '}'"),
            ])
        func badList(list: String, reason: String) {
            #expect(throws: RepositoryError.badList(reason: reason)) { try TaskList.entries(Array(list.utf8)) }
        }

        @Test("says what is wrong with a repository or a file that is none")
        func refused() async throws {
            let folder = try TemporaryFolder()
            let (repository, _) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            try repository.folder.write("", to: "inner/x")
            for path in [folder.path, folder.path + "/nowhere", repository.path + "/inner"] {
                let maker = try await RepositorySuiteMaker(path: path, command: ["true"], grader: .patient())
                await #expect(throws: RepositoryError.self) { try await maker.make(from: .history) }
            }
            await #expect(throws: RepositoryError.emptyCommand) {
                try await maker(repository, []).make(from: .history)
            }
            #expect(throws: RepositoryError.damaged(path: "s", line: 1)) {
                try RepositorySuite.tasks(lines: Array("{}\n".utf8), path: "s")
            }
        }
    }
#endif
