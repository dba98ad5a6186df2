/// What came of running a repository's tests once.
struct TestRun: Sendable {
    /// The command's own word that all is well.
    var hasSucceeded: Bool
    /// Names of tests that passed.
    var passed: Set<String>
    /// Names of tests that did not.
    var failed: Set<String> = []
    /// Whether tests ran at all.
    var hasBegun: Bool
    /// Why what it says is not to be believed; nil where nothing speaks against it.
    var doubt: String?
    /// What the tests printed.
    var output: String
    /// How it ended, where it did not end by itself.
    var ending: String?
    var seconds: Double

    /// Why it is no pass; nil where it is one.
    /// - Parameter tests: that have to pass.
    func failure(mustPass tests: [String]) -> String? {
        if let ending { return ending }
        if let doubt { return doubt }
        guard hasSucceeded else { return tellingLine }
        let missing = tests.filter { !passed.contains($0) }
        if let first = missing.first { return "\(missing.count) of \(tests.count) tests did not run or pass: \(first)" }
        return nil
    }

    /// What the tests printed last that names an error, or else at all.
    var tellingLine: String {
        let lines = output.split(whereSeparator: \.isNewline).suffix(400).map {
            $0.trimmingPrefix(while: \.isWhitespace)
        }
        let error = lines.last { $0.prefix(300).firstMatch(of: /^(?:E +)?[A-Za-z_.]*(?:Error|Exception)\b/) != nil }
        guard let line = error ?? lines.last(where: { !$0.isEmpty }) else {
            return "the tests failed and printed nothing"
        }
        return String(line.prefix(300)).replacing(/^E +/, with: "")
    }

    /// The end of what the tests printed.
    func tail(lines: Int = 60, bytes: Int = 6000) -> String {
        let all = output.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let last = all.suffix(lines).joined(separator: "\n")
        return String(decoding: Array(last.utf8.suffix(bytes)), as: UTF8.self).trimmed
    }
}
