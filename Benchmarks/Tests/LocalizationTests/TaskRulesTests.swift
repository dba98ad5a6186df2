@testable import Localization
import Testing

@Suite("Making tasks out of commits")
struct TaskRulesTests {
    private func commit(
        _ message: String, author: String = "Ada", _ changes: [(status: String, path: String)]
    ) -> Commit {
        Commit(
            hash: "h", parent: "p", author: author, message: message,
            changes: changes.map { .init(status: $0.status, path: $0.path, newPath: $0.path) })
    }

    @Test("a log is read into commits; roots are left out")
    func log() {
        let log = """
            \u{1}aa\u{2}bb\u{2}Ada\u{2}Fix it

            Body
            \u{2}

            M\tsrc/a.py
            R090\told.py\tnew.py
            \u{1}cc\u{2}\u{2}Ada\u{2}First\u{2}

            A\ta.py
            """
        #expect(
            CommitHistory.commits(in: log) == [
                Commit(
                    hash: "aa", parent: "bb", author: "Ada", message: "Fix it\n\nBody\n",
                    changes: [
                        .init(status: "M", path: "src/a.py", newPath: "src/a.py"),
                        .init(status: "R090", path: "old.py", newPath: "new.py"),
                    ])
            ])
    }

    @Test("changed lines are those of the file before the commit")
    func lines() {
        let diff = "@@ -3 +3,2 @@ def f\n-a\n+b\n@@ -10,3 +12,0 @@\n-x\n@@ -20,0 +21,4 @@\n+y\n"
        #expect(CommitHistory.oldLines(inDiff: diff) == [3...3, 10...12, 20...20])
    }

    @Test("answers are source files that were there, without tests and documents")
    func files() {
        let message = "Retry requests that time out"
        #expect(
            TaskRules.files(
                of: commit(
                    message, [("M", "src/a.py"), ("A", "src/b.py"), ("M", "tests/test_a.py"), ("M", "README.md")]))
                == ["src/a.py"])
        #expect(TaskRules.files(of: commit(message, [("A", "src/b.py")])) == nil)
        #expect(TaskRules.files(of: commit(message, (0..<6).map { ("M", "src/\($0).go") })) == nil)
        #expect(TaskRules.files(of: commit(message, author: "renovate[bot]", [("M", "src/a.py")])) == nil)
        #expect(TaskRules.files(of: commit("Bump version to 1.2.3 now", [("M", "src/a.py")])) == nil)
    }

    @Test("a question has no trailers, links and numbers; a hard one no names of code either")
    func question() {
        let message = """
            Let `RetryPolicy` stop (#12)

            See https://example.org/1. max_retries in net/retry.py is not read by sendRequest(); it should be looked at there.
            Signed-off-by: Ada
            """
        let full = TaskRules.question(message, form: .full)
        #expect(full?.contains("RetryPolicy") == true && full?.contains("example.org") == false)
        #expect(full?.contains("#12") == false && full?.contains("Signed") == false)
        #expect(TaskRules.question(message, form: .subject) == nil)
        let hard = TaskRules.question(message, form: .hard) ?? ""
        for name in ["RetryPolicy", "max_retries", "retry.py", "sendRequest"] {
            #expect(!hard.contains(name), "\(hard)")
        }
        #expect(hard.contains("should be looked at there"))
    }
}
