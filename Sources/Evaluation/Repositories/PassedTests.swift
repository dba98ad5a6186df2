/// Names of tests that passed, in what usual programs print.
package enum PassedTests {
    /// As the programs print them.
    package static func names(in output: String) -> Set<String> {
        var names: Set<String> = []
        for line in output.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }) where line.count < 2000 {
            guard let text = String(line) else { continue }
            if let name = name(in: text) { names.insert(name) }
        }
        return names
    }

    private static func name(in line: String) -> String? {
        // Most lines are of no kind; to look for a word in them is quick.
        guard ["PASS", "ok", "passed", "✔", "✓", "√"].contains(where: { line.contains($0) }) else { return nil }
        // go test -v: `    --- PASS: TestAdd/zero (0.00s)`
        if let match = line.firstMatch(of: /^\s*--- PASS: (\S+)/) { return String(match.1) }
        // cargo test: `test shape::tests::area ... ok`; unittest -v: `test_add (calc.Tests.test_add) ... ok`
        if let match = line.firstMatch(of: /^(?:test )?(\S.*?) \.\.\. ok\s*$/) { return String(match.1) }
        // pytest -v: `tests/test_calc.py::test_add PASSED   [ 50%]`
        if let match = line.firstMatch(of: /^(\S+::.+?) PASSED\b/) { return String(match.1) }
        // TAP: `ok 3 - adds`
        if let match = line.firstMatch(of: /^\s*ok \d+ (?:- )?(?!.*# (?:SKIP|TODO))(\S.*?)\s*(?:# time=.*)?$/) {
            return String(match.1)
        }
        // XCTest: `Test Case '-[CalcTests testAdd]' passed (0.001 seconds)`
        if let match = line.firstMatch(of: /^Test Case '(.+)' passed/) { return String(match.1) }
        // Swift Testing, node, mocha, jest, vitest: `✔ Test "adds" passed after 0.001 seconds.`, `  ✓ adds (3 ms)`
        if let match = line.firstMatch(
            of: /^\s*[✔✓√] (.+?)(?: passed after [0-9.]+ seconds\.?)?(?: \(?[0-9.]+ ?m?s\)?)?\s*$/)
        {
            return String(match.1)
        }
        return nil
    }
}
