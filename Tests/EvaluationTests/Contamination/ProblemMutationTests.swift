#if os(Linux)
    import Evaluation
    import Foundation
    import Statistics
    import TestSupport
    import Testing
    import Workspaces

    @Suite("A problem in other words")
    struct ProblemMutationTests {
        private struct Line: Encodable {
            var task_id = "own/0"
            var prompt: String
            var entry_point: String
            var canonical_solution: String
            var test: String
        }

        private static let count = Line(
            prompt: """
                from typing import List

                def helper(n):
                    return n + 1

                def count_elements(lst: List[int], n: int, flag=False) -> int:
                    \"\"\" Return how many elements of lst are under n, as 'n elements' says.
                    A line\\n has no n. The result should be an integer.
                    >>> count_elements([1, 2, 3], 3)
                    2
                    \"\"\"

                """,
            entry_point: "count_elements",
            canonical_solution: """
                    if lst and lst[0] > 100:
                        return count_elements(lst[1:], n)
                    found = [x for x in lst if x < n]
                    found.sort(key=lambda n: -n)
                    return helper(len(found)) - 1
                """ + "\n",
            test: """
                def check(candidate):
                    assert candidate([1, 2, 3], 3) == 2
                    assert candidate([500, 1], 3) == count_elements([1], 3)
                    assert candidate([1], 3, flag=True) == helper(0)
                """)

        private func problem(_ line: Line) throws -> HumanEval.Problem {
            try HumanEval(lines: Array(JSONEncoder().encode(line))).problems[0]
        }

        private func mutated(_ line: Line, seed: UInt64 = 1) throws -> ProblemMutation.Mutated {
            try #require(ProblemMutation(seed: seed).mutated(problem(line)))
        }

        @Test("has other names everywhere, and keeps those that cannot be replaced")
        func names() throws {
            let mutated = try mutated(Self.count)
            let words = { (text: String) in
                Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
            }
            for text in [mutated.problem.prompt, mutated.problem.solution, mutated.problem.test] {
                #expect(words(text).isDisjoint(with: ["count_elements", "lst"]), "\(text)")
            }
            // The tests call it by its name.
            #expect(mutated.kept == ["flag"] && Set(mutated.names.keys) == ["count_elements", "lst", "n"])
            // The helper's own is another's, and the key is sort's.
            #expect(mutated.problem.prompt.contains("def helper(n):\n    return n + 1"))
            #expect(mutated.problem.solution.contains("key=lambda"))
            #expect(mutated.problem.id == "own/0" && mutated.problem.prompt.contains("def \(mutated.problem.entry)("))
            #expect(try self.mutated(Self.count) == mutated)
            let seeds = try Set((1...9).map { try self.mutated(Self.count, seed: $0).problem.prompt })
            #expect(seeds.count > 1)
        }

        @Test("says the same in other words, but for what is quoted or an example")
        func documentation() throws {
            let prompt = try mutated(Self.count).problem.prompt
            #expect(
                prompt.contains("Produce how many items of") && prompt.contains("must be a whole number."), "\(prompt)")
            #expect(prompt.contains("'n elements'") && prompt.contains("A line\\n has no arg_n."), "\(prompt)")
            // Examples are last, and nothing says where they are.
            let example = try #require(prompt.range(of: ">>> "))
            let prose = try #require(prompt.range(of: "Produce"))
            #expect(example.lowerBound < prose.lowerBound && prompt.contains("([1, 2, 3], 3)\n    2\n"))
            var line = Self.count
            line.prompt = line.prompt.replacing("A line", with: "See below. A line")
            let kept = try mutated(line).problem.prompt
            #expect(try #require(kept.range(of: ">>> ")).lowerBound > #require(kept.range(of: "Produce")).lowerBound)
        }

        @Test("passes its tests still")
        func grades() async throws {
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            for seed in 1...3 as ClosedRange<UInt64> {
                let mutated = try mutated(Self.count, seed: seed).problem
                let right = try await grader.verdict(mutated.check(mutated.solution))
                #expect(right.passed, "\(right) \(mutated)")
                let wrong = try await grader.verdict(mutated.check("    pass\n"))
                #expect(!wrong.passed)
                // What was learnt by heart is another function.
                let old = try await grader.verdict(mutated.check(Self.count.canonical_solution))
                #expect(!old.passed)
            }
        }

        @Test("of HumanEval passes its tests, and all but one can be mutated")
        func humanEval() async throws {
            let problems = try HumanEvalFile.dataSet().problems
            let mutation = ProblemMutation(seed: 5)
            let all = problems.compactMap(mutation.mutated)
            #expect(
                all.count == 163 && all.allSatisfy { all in !problems.contains { $0.prompt == all.problem.prompt } })
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            for mutated in all.enumerated().filter({ $0.offset % 8 == 0 }).map(\.element.problem) {
                let verdict = try await grader.verdict(mutated.check(mutated.solution))
                #expect(verdict.passed, "\(mutated.id): \(verdict)")
            }
        }

        @Test("is none where names are asked for as text, or there is no function")
        func unsafe() throws {
            var line = Self.count
            line.canonical_solution = "    return eval('len(lst)')\n"
            #expect(ProblemMutation().mutated(try problem(line)) == nil)
            line = Self.count
            line.entry_point = "nothing"
            #expect(ProblemMutation().mutated(try problem(line)) == nil)
            line = Self.count
            line.canonical_solution = "    return f'{n} of {flag}'\n"
            #expect(try mutated(line).kept == ["n", "flag"])
        }

        // MARK: - The gap

        private func results(_ passed: [(String, Bool)]) -> [TaskResult] {
            passed.map { TaskResult(task: $0.0, passed: $0.1) }
        }

        @Test("is harder by the tasks that only the original lets pass")
        func gap() throws {
            let tasks = (0..<40).map { "t/\($0)" }
            let originals = results(tasks.enumerated().map { ($1, $0 < 30) } + [("only/here", true)])
            let mutated = results(tasks.enumerated().reversed().map { ($1, $0 < 20 || $0 == 39) })
            let gap = try #require(MutationGap(originals: originals, mutated: mutated))
            #expect(gap.tasks == 40 && gap.originalRate == 0.75 && gap.mutatedRate == 0.525)
            #expect(gap.onlyOriginal == 10 && gap.onlyMutated == 1 && abs(gap.gap.value - 0.225) < 1e-12)
            // 2 (1 + 11) / 2^11
            #expect(abs(gap.probability - 24.0 / 2048) < 1e-12)
            #expect(gap.gap.interval.low > 0.05 && gap.gap.interval.low < 0.12)
            #expect(gap.gap.interval.high > 0.33 && gap.gap.interval.high < 0.42)
            #expect(MutationGap(originals: originals, mutated: results([("other", true)])) == nil)
        }

        @Test("counts a task once, however many samples it has")
        func samples() throws {
            let originals = results([("a", true), ("a", true), ("a", false), ("a", false), ("b", true)])
            let mutated = results([("a", true), ("a", false), ("b", false)])
            let gap = try #require(MutationGap(originals: originals, mutated: mutated))
            #expect(gap.tasks == 2 && gap.gap.value == 0.5 && gap.onlyOriginal == 1 && gap.onlyMutated == 0)
        }
    }
#endif
