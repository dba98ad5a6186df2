#if os(Linux)
    import Chat
    import Evaluation
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    /// Each suite with tasks of our own in its form: what is right has to pass, what is wrong has to fail.
    @Suite("Every suite tells right from wrong")
    struct SuiteSelfTests {
        private func verdicts(_ tasks: [SuiteTask], _ answers: [(answer: String, isRight: Bool)]) async throws {
            for task in tasks {
                for (answer, isRight) in answers {
                    let verdict = try await task.grade(answer)
                    #expect(verdict.passed == isRight, "\(task.id): \(answer)\n\(verdict.reason ?? "")")
                }
            }
        }

        @Test("HumanEval+, whose tests compare with NumPy")
        func humanEvalPlus() async throws {
            let line = #"""
                {"task_id": "HumanEval/0", "prompt": "def half(x):\n    \"\"\" Half of x. \"\"\"\n", "entry_point": "half", "canonical_solution": "    return x / 2\n", "test": "import numpy as np\ndef check(candidate):\n    for x, y in [(1, 0.5), ([2.0], None)]:\n        if y is None: continue\n        assert np.allclose(candidate(x), y, rtol=1e-07, atol=1e-6)\n        assert not np.allclose([candidate(x)], [y + 1])\n"}
                """#
            let suite = try HumanEval(lines: Array(line.utf8))
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            try await verdicts(
                suite.tasks(grader),
                [
                    ("    return x / 2", true), ("    return x * 0.5000000001", true), ("    return x", false),
                    ("def half(x):\n    return x / 2\n```\nThat is it.", true),
                ])
            try await verdicts(
                suite.tasks(grader, prefilled: false),
                [("Sure:\n```python\ndef half(x):\n    return x / 2\n```\nDone.", true), ("I cannot.", false)])
        }

        @Test("MBPP and MBPP+")
        func mbpp() async throws {
            let plain = #"""
                {"text": "Write a function to double a number.", "code": "def twice(n): return 2 * n", "task_id": 11, "test_setup_code": "import math", "test_list": ["assert set([twice(2)]) == {4}", "assert twice(math.floor(1.5)) == 2"], "challenge_test_list": []}
                """#
            let plus = #"""
                {"task_id": 11, "prompt": "Write a function to double a number.", "code": "def twice(n): return 2 * n", "test_imports": ["import math"], "test_list": ["assert twice(2) == 4"], "test": "import numpy as np\ninputs = [[1], [2], [0.5]]\nresults = [2, 4, 1.0]\nfor inp, exp in zip(inputs, results):\n    assert np.allclose(twice(*inp), exp)\n"}
                """#
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            for (line, isPlus) in [(plain, false), (plus, true)] {
                let suite = try MBPP(lines: Array(line.utf8), plus: isPlus)
                #expect(suite.problems[0].id == "MBPP/11" && suite.problems[0].entry == "twice")
                try await verdicts(
                    suite.tasks(grader),
                    [
                        (suite.problems[0].solution, true), ("def twice(n): return n + 2", false),
                        ("def other(n): return 2 * n", false), ("import sys\nsys.exit(0)", false),
                    ])
            }
        }

        @Test("infilling: lines and spans, and what a model is given")
        func infilling() async throws {
            let single = #"""
                {"task_id": "SingleLineInfilling/HumanEval/0/L0", "entry_point": "f", "prompt": "def f(x):\n", "suffix": "    return y\n", "canonical_solution": "    y = x + 1\n", "test": "def check(candidate):\n    assert candidate(1) == 2\n"}
                """#
            let span = #"""
                {"task_id": "RandomSpanInfilling/HumanEval/0/1", "entry_point": "f", "prompt": "def f(x):\n    ret", "suffix": " 1\n", "canonical_solution": "urn x +", "test": "def check(candidate):\n    assert candidate(1) == 2\n"}
                """#
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            let tasks = try Infilling(lines: Array("\(single)\n\(span)\n".utf8)).tasks(grader)
            #expect(tasks.map(\.stops) == [["\n"], []])
            #expect(tasks.map(\.domain) == ["SingleLineInfilling", "RandomSpanInfilling"])
            #expect(tasks[1].request == .infill(TextPrompt("def f(x):\n    ret", suffix: " 1\n")))
            try await verdicts([tasks[0]], [("    y = x + 1", true), ("    y = 1 + x\n", true), ("    y = x", false)])
            try await verdicts([tasks[1]], [("urn x +", true), ("urn x -", false), ("", false)])
        }

        @Test("CRUXEval, where calling the function helps nobody")
        func cruxEval() async throws {
            let line =
                #"{"code": "def f(a, b=1):\n    return [a] * b", "input": "'x', b=2", "output": "['x', 'x']", "id": "sample_0"}"#
            let suite = try CruxEval(lines: Array(line.utf8))
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            try await verdicts(
                suite.tasks(.output, grader),
                [("['x', 'x']", true), (" ['x'] * 2 ", true), ("['x']", false), ("f('x', b=2)", false), ("", false)])
            let assertions = [
                ("assert f('x', b=2) == ['x', 'x']", true), ("```python\nassert f('x', b=2) == ['x', 'y']\n```", false),
                ("assert f('x', b=2) == f('x', b=2)", false), ("assert", false), ("```python\n['x', 'x']\n```", true),
            ]
            try await verdicts(suite.tasks(.output, grader, prefilled: false), assertions)
            try await verdicts(
                suite.tasks(.input, grader, prefilled: false),
                [
                    ("assert f('x', 2) == ['x', 'x']", true), ("```\nassert f('x', b=1) == ['x', 'x']\n```", false),
                    ("f('x', 2)", true), ("'x', b=2", true),
                ])
            try await verdicts(
                suite.tasks(.input, grader),
                [
                    ("('x', b=2) == ['x', 'x']", true), ("('x', 2)", true), ("('x')", false),
                    ("(['x', 'x']) == ['x', 'x']", false), ("```python\nassert f('x', 2) == ['x', 'x']\n```", true),
                    ("(__import__('os')._exit(0))", false), (" == ['x', 'x']", false),
                ])
        }

        private func multiplE(_ language: String, prompt: String, tests: String, stops: [String]) throws -> MultiPLE {
            let object: [String: Any] = [
                "name": "HumanEval_0_double", "language": language, "prompt": prompt, "tests": tests,
                "stop_tokens": stops,
            ]
            return try MultiPLE(lines: Array(JSONSerialization.data(withJSONObject: object)), language: language)
        }

        @Test("MultiPL-E in the languages that are on every machine, and in Swift")
        func multiplE() async throws {
            let bash = try multiplE(
                "sh", prompt: "# Doubles $1.\ndouble() {\n",
                tests: "}\ncandidate() { double \"$@\"; }\nset -e\n[[ $(candidate 4) = 8 ]]\n", stops: ["\n}"])
            let perl = try multiplE(
                "pl", prompt: "# Doubles.\nsub double {\n    my($n) = @_;\n",
                tests: "}\nsub t { die unless double(4) == 8; }\nt();\n", stops: ["\n}"])
            let swift = try multiplE(
                "swift", prompt: "\n/// Doubles.\nfunc double(n: Int) -> Int {\n",
                tests: "}\nassert(double(n: 4) == 8)\n", stops: ["\n}"])
            let sandbox = try await Sandbox()
            var limits = ProgramGrader.limits
            (limits.wallSeconds, limits.cpuSeconds) = (900, 300)
            let cases = [
                (bash, "sh", "    echo $(( $1 * 2 ))", "    echo $(( $1 + 2 ))", "exit 0"),
                (perl, "pl", "    return 2 * $n;", "    return $n;", "exit(0);"),
                (swift, "swift", "    return 2 * n", "    return n", "    fatalError()"),
            ]
            for (suite, name, right, wrong, early) in cases {
                let grader = try ProgramGrader(sandbox, #require(ProgramLanguage.named(name)), limits: limits)
                try await verdicts(suite.tasks(grader), [(right, true), (wrong, false), (early, false)])
                let whole = "```\n" + suite.problems[0].prompt + right + "\n}\n```"
                try await verdicts(suite.tasks(grader, prefilled: false), [(whole, true)])
            }
        }

        /// Programs that double a number: head, tests behind it, and the bodies that are right, wrong, and end early.
        static let languages: [(name: String, head: String, tests: String, bodies: [String])] = [
            (
                "cpp", "#include <assert.h>\n#include <stdlib.h>\n// Doubles.\nint twice(int n) {",
                "}\nint main() {\n    auto candidate = twice;\n    assert(candidate(4) == 8);\n}\n",
                ["    return 2 * n;", "    return n;", "    exit(0);"]
            ),
            (
                "go", "package twice_test\n\nimport \"testing\"\n\n// Doubles.\nfunc twice(n int) int {",
                "}\nfunc TestTwice(t *testing.T) {\n    if twice(4) != 8 { t.Error(twice(4)) }\n}\n",
                ["    return 2 * n", "    return n", "    panic(0)"]
            ),
            (
                "java", "class Problem {\n    // Doubles.\n    public static int twice(int n) {",
                "    }\n    public static void main(String[] args) {\n    assert(twice(4) == 8);\n    }\n}\n",
                ["        return 2 * n;", "        return n;", "        throw new RuntimeException();"]
            ),
            (
                "js", "// Doubles.\nfunction twice(n){",
                "}\nconst assert = require('node:assert');\nfunction test() { assert.deepEqual(twice(4), 8); }\ntest();\n",
                ["    return 2 * n;", "    return n;", "    process.exit(0);"]
            ),
            (
                "rs", "/// Doubles.\nfn twice(n: i32) -> i32 {",
                "}\nfn main() {\n    let candidate = twice;\n    assert_eq!(candidate(4), 8);\n}\n",
                ["    2 * n", "    n", "    std::process::exit(0)"]
            ),
            (
                "lua", "-- Doubles.\nlocal function twice(n)",
                "end\nlu = require('luaunit')\nfunction test_humaneval()\n    lu.assertEquals(twice(4), 8)\nend\n"
                    + "os.exit(lu.LuaUnit.run())",
                ["    return 2 * n", "    return n", "    os.exit(0)"]
            ),
            (
                "php", "<?php\n// Doubles.\nfunction twice($n) {",
                "}\nfunction test(): void {\n    if (twice(4) !== 8) { throw new Exception(\"no\"); }\n}\ntest();\n",
                ["    return 2 * $n;", "    return $n;", "    exit(0);"]
            ),
            (
                "rb", "# Doubles.\ndef twice(n)",
                "end\nrequire 'test/unit'\nclass TestTwice < Test::Unit::TestCase\n  def test_twice\n"
                    + "    assert_equal(8, method(:twice).call(4))\n  end\nend\n",
                ["    2 * n", "    n", "    exit!(0)"]
            ),
            (
                "ts", "// Doubles.\nfunction twice(n: number): number {",
                "}\ndeclare var require: any;\nconst assert = require('node:assert');\n"
                    + "function test() { assert.deepEqual(twice(4), 8); }\ntest();\n",
                ["    return 2 * n;", "    return n;", "    throw 0;"]
            ),
        ]

        @Test("MultiPL-E in a language, where this machine has it", arguments: 0..<9)
        func compiled(index: Int) async throws {
            let (name, head, tests, bodies) = Self.languages[index]
            let language = try #require(ProgramLanguage.named(name))
            var limits = ProgramGrader.limits
            (limits.wallSeconds, limits.cpuSeconds) = (900, 300)
            let sandbox = try await Sandbox()
            guard let grader = try? ProgramGrader(sandbox, language, limits: limits) else { return }
            let suite = try multiplE(name, prompt: head + "\n", tests: tests, stops: ["\n}"])
            let answers = zip(bodies, [true, false, false]).map { (answer: $0 + "\n", isRight: $1) }
            try await verdicts(suite.tasks(grader), answers)
        }

        @Test("says which program is missing, and whose language a data set is of")
        func refusals() async throws {
            let sandbox = try await Sandbox()
            let go = try #require(ProgramLanguage.named("go"))
            #expect(throws: ProgramGraderError.programMissing("go", language: "Go")) {
                try ProgramGrader(sandbox, go, path: "/nowhere")
            }
            #expect(throws: SuiteError.otherLanguage("lua", expected: "go", line: 1)) {
                try MultiPLE(
                    lines: Array(#"{"name": "a", "language": "lua", "prompt": "", "tests": ""}"#.utf8), language: "go")
            }
            #expect(throws: SuiteError.self) { try SuiteEntry(named: "humanevil") }
            #expect(throws: SuiteError.self) { try SuiteEntry(named: "multipl-e:cobol") }
            for name in SuiteEntry.names.dropLast(2) { #expect(try SuiteEntry(named: name).name == name) }
        }

        @Test("damaged data sets are errors that name the line")
        func damaged() {
            let line = #"{"code": "def f(): pass", "input": "", "output": "None", "id": "sample_0"}"#
            #expect(throws: SuiteError.missing(field: "id", line: 2)) {
                try CruxEval(lines: Array("\(line)\n{\"code\": \"\"}\n".utf8))
            }
            #expect(throws: SuiteError.notJSON(line: 2)) { try CruxEval(lines: Array("\(line)\n[1]\n".utf8)) }
            #expect(throws: SuiteError.empty) { try CruxEval(lines: Array("\n\n".utf8)) }
            #expect(throws: SuiteError.empty) { try CruxEval(lines: Array("[]".utf8)) }
        }
    }
#endif
