import Evaluation
import Testing

@Suite("What is read of a repository's texts")
struct RepositoryTextTests {
    @Test(
        "a commit's message is a task without people, issues, and commits",
        arguments: [
            ("Add x (#12)", "Add x"), ("fix: empty hosts", "fix: empty hosts"),
            ("Add x\n\nFixes #3\nFixes: #4\nCo-authored-by: A <a@b>\nCc: you", "Add x"),
            ("Add x\n\nAs https://github.com/a/b/issues/4 says, y.", "Add x\n\nAs says, y."),
            ("Revert deadbeef12 for a facade of 1234567", "Revert for a facade of 1234567"),
            ("Note: x: y\n\n\n\nz", "Note: x: y\n\nz"), ("#3", ""), ("Use \\#hash in C#", "Use \\#hash in C#"),
            ("Add x\r\n\r\nSigned-off-by: A\r\n", "Add x"), ("a/b#12: Add x", ": Add x"),
        ])
    func message(_ message: String, _ task: String) {
        #expect(CommitMessage.task(message) == task)
    }

    @Test("tests, and what runs them, are told by their paths")
    func paths() {
        let tests = [
            "test_a.py", "a/b_test.py", "b_test.go", "src/a.test.ts", "a.spec.jsx", "Tests/X/ATests.swift",
            "spec/a_spec.rb",
            "src/test/java/ATest.java", "__tests__/a.js", "tests/data/x.json", "EvalTests/x.txt", "conftest.py",
        ]
        for path in tests { #expect(RepositoryPaths.isTest(path), "\(path)") }
        let others = [
            "latest.py", "contest.go", "src/testing.py", "attest.swift", "a.ts", "Test.swift", "testimony/a.rb",
            "protest.py",
        ]
        for path in others { #expect(!RepositoryPaths.isTest(path), "\(path)") }
        for path in [
            "a/conftest.py", "Package.swift", ".github/x", "jest.config.js", "a/Cargo.toml", "x.pth", "UNITTEST.py",
        ] {
            #expect(RepositoryPaths.runsTests(path), "\(path)")
        }
        for path in ["a.py", "src/config.py", "package.py", "builder.rs", "setup_x.py"] {
            #expect(!RepositoryPaths.runsTests(path), "\(path)")
        }
    }

    @Test(
        "tests that passed are found in what usual programs print",
        arguments: [
            (
                "--- PASS: TestAdd (0.00s)\n    --- PASS: TestAdd/zero (0.01s)\n--- FAIL: TestB (0.00s)\nok  \tx",
                ["TestAdd", "TestAdd/zero"]
            ),
            ("test shape::area ... ok\ntest shape::b ... FAILED\ntest result: ok. 1 passed", ["shape::area"]),
            ("test_a (t.T.test_a) ... ok\ntest_b (t.T.test_b) ... FAIL\nOK", ["test_a (t.T.test_a)"]),
            ("tests/t.py::test_a[1-x y] PASSED  [ 50%]\ntests/t.py::test_b FAILED", ["tests/t.py::test_a[1-x y]"]),
            ("TAP version 13\nok 1 - adds # time=1ms\nnot ok 2 - b\nok 3 - c # SKIP", ["adds"]),
            (
                "✔ Test \"adds\" passed after 0.01 seconds.\n✘ b failed\n  ✓ multiplies (3 ms)\n✔ sums (1.25ms)",
                ["Test \"adds\"", "multiplies", "sums"]
            ),
            (
                "Test Case '-[T testA]' passed (0.001 seconds)\nTest Case '-[T testB]' failed (0.1 seconds)",
                ["-[T testA]"]
            ),
            ("✓ one\r\nplain", ["one"]), ("", []),
        ] as [(String, [String])])
    func names(_ output: String, _ names: [String]) {
        #expect(PassedTests.names(in: output).sorted() == names.sorted())
    }

    @Test(
        "a command line is split as shells split it, and left to one where it has to be",
        arguments: [
            ("python3 -m pytest -q", ["python3", "-m", "pytest", "-q"]),
            ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]),
            ("a '' b", ["a", "", "b"]), ("a && b", ["/bin/sh", "-c", "a && b"]), ("X=1 a", ["/bin/sh", "-c", "X=1 a"]),
            ("a \"$X\"", ["/bin/sh", "-c", "a \"$X\""]), ("a '$X'", ["a", "$X"]), ("a {tests}", ["a", "{tests}"]),
            ("a 'b", ["/bin/sh", "-c", "a 'b"]), ("  ", []),
        ])
    func words(_ line: String, _ words: [String]) {
        #expect(CommandWords.words(of: line) == words)
    }
}
