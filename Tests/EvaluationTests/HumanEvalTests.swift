#if os(Linux)
    import Evaluation
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    @Suite("HumanEval")
    struct HumanEvalTests {
        @Test("every solution of the data set passes, as a body and as a whole, and none does without its body")
        func solutions() async throws {
            let problems = try HumanEvalFile.dataSet().problems
            #expect(problems.count == 164)
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            var checks: [(id: String, check: FunctionGrader.Check, isRight: Bool)] = []
            for problem in problems {
                checks.append((problem.id, problem.check(problem.solution), true))
                checks.append((problem.id, problem.check("    pass\n"), false))
            }
            for problem in problems.prefix(12) {
                checks.append((problem.id, problem.check(problem.prompt + problem.solution), true))
                // As the tests of it would be, but of a function that is never there.
                checks.append(
                    (problem.id, problem.check("def \(problem.entry)(*a, **n):\n    return object()\n"), false))
            }
            try await withThrowingTaskGroup(of: (String, Bool, Verdict).self) { group in
                var next = checks.makeIterator()
                func add() {
                    guard let (id, check, isRight) = next.next() else { return }
                    group.addTask { (id, isRight, try await grader.verdict(check)) }
                }
                for _ in 0..<3 { add() }
                for try await (id, isRight, verdict) in group {
                    #expect(verdict.passed == isRight, "\(id): \(verdict)")
                    add()
                }
            }
        }

        @Test("says what is wrong with a file that is not it")
        func damaged() {
            #expect(throws: SuiteError.empty) { try HumanEval(lines: []) }
            let whole = #"{"task_id":"a","prompt":"","entry_point":"","canonical_solution":"","test":""}"#
            #expect(throws: SuiteError.notJSON(line: 2)) { try HumanEval(lines: Array((whole + "\n[").utf8)) }
            #expect(throws: SuiteError.missing(field: "prompt", line: 1)) {
                try HumanEval(lines: Array(#"{"task_id":"HumanEval/0"}"#.utf8))
            }
        }
    }
#endif
