#if os(Linux)
    import Evaluation
    import TestSupport
    import Testing
    import Workspaces

    @Suite("A function that tests check")
    struct FunctionGraderTests {
        private static let test = """
            def check(candidate):
                assert candidate(2) == 4
                assert candidate(-3) == 9, "secret words"
                assert [candidate(x=n) for n in range(50)] == [n * n for n in range(50)]
            """

        private func verdict(
            _ code: String, test: String = test, setup: String = "", limits: SandboxLimits = .patient
        ) async throws -> Verdict {
            try await FunctionGrader(Sandbox(), limits: limits)
                .verdict(FunctionGrader.Check(code: code, entry: "square", setup: setup, test: test))
        }

        @Test(
            "passes when it is right, however it is written",
            arguments: [
                "def square(x): return x * x", "square = lambda x: x ** 2",
                "import math\ndef square(x):\n    print('noise')\n    return int(math.pow(x, 2))",
            ])
        func right(_ code: String) async throws {
            let verdict = try await verdict(code)
            #expect(verdict.passed, "\(verdict)")
        }

        @Test(
            "fails when it is wrong, and says why",
            arguments: [
                ("def square(x): return x + x", "AssertionError: secret words"),
                ("def square(x): return", "AssertionError"),
                ("def square(x: return", "SyntaxError"), ("def cube(x): return x", "KeyError: 'square'"),
                ("def square(x): raise ValueError('no')", "ValueError: no"),
                ("def square(x): return lambda: 1", "pickle"),
                ("import nothing_such", "ModuleNotFoundError"),
                ("def square(x):\n    return square(x)", "RecursionError"),
            ])
        func wrong(_ code: String, _ reason: String) async throws {
            let verdict = try await verdict(code)
            #expect(!verdict.passed && verdict.reason?.contains(reason) == true, "\(verdict)")
        }

        /// Pickled by hand: `__eq__` of a class becomes one that is always true, then an object of it is the answer.
        private static func patchedClass(_ name: String) -> String {
            """
            import pickle
            answer = b"(I01\\nc\(name)\\n(N(S'__eq__'\\ncbuiltins\\nslice\\ndtb0c\(name)\\n)Rt."
            pickle.dumps = lambda value: answer
            def square(x): return 0
            """
        }

        /// Each does what would make a careless grader say that all is well.
        @Test(
            "fails when it cheats",
            arguments: [
                "import os; os._exit(0)", "raise SystemExit(0)", "def square(x): exit(0)",
                // A value that is equal to everything.
                "class E:\n    def __eq__(self, o): return True\n    def __mul__(self, o): return self\nE.__hash__ = None\n"
                    + "def square(x): return E()",
                "class E(int):\n    def __eq__(self, o): return True\ndef square(x): return E(0)",
                // A class of the grader's own that is told to be equal to everything.
                patchedClass("fractions\\nFraction"), patchedClass("collections\\nCounter"),
                // What the grader would run while it reads an answer.
                "class R:\n    def __reduce__(self): return (print, ('x',))\ndef square(x): return R()",
                "class R:\n    def __reduce__(self): return (exec, (\"raise SystemExit(0)\",))\ndef square(x): return R()",
                // The grader's own memory, files, and output.
                "import os\ndef square(x):\n    return open(f'/proc/{os.getppid()}/mem', 'rb').read(8)",
                "import os\ndef square(x):\n    return open(f'/proc/{os.getppid()}/fd/0').read()",
                "import os\nfor n in range(64):\n    try: os.write(n, b'\\n' * 4096)\n    except OSError: pass\n"
                    + "def square(x): return 0",
                "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\ndef square(x): return 0",
                "import os, signal\nos.kill(-1, signal.SIGKILL)\ndef square(x): return 0",
                "def square(x):\n    return open('/proc/1/fd/0').read()",
                "def square(x):\n    return open('/proc/1/mem', 'rb')",
                "import os\nopen('/proc/1/fd/0').read()\ndef square(x): return x * x",
                // The tests, where they might lie about.
                "import gc\ndef square(x):\n    return next(len(o) for o in gc.get_objects() if 'secret words' in str(o))",
                "import builtins\nbuiltins.AssertionError = type('A', (Exception,), {})\nimport sys\n"
                    + "sys.settrace(None)\ndef square(x): return 0",
            ])
        func cheats(_ code: String) async throws {
            let verdict = try await verdict(code)
            #expect(!verdict.passed, "\(code)")
        }

        @Test("fails at a limit")
        func limits() async throws {
            var limits = SandboxLimits.patient
            limits.wallSeconds = 3
            let slow = try await verdict("import time\ndef square(x): time.sleep(10000)", limits: limits)
            #expect(slow.reason == "ran out of wall", "\(slow)")
            limits = SandboxLimits.patient
            limits.memoryBytes = 256 << 20
            let large = try await verdict("def square(x): return bytearray(1 << 30)", limits: limits)
            #expect(large.reason == "ran out of memory" || large.reason?.contains("MemoryError") == true, "\(large)")
        }

        @Test("has values of every plain kind as arguments and results")
        func values() async throws {
            let test = """
                import collections, datetime, decimal
                def check(candidate):
                    for value in [None, True, 1.5, float("inf"), 10**40, "é", b"x", (1, [2]), {"a": {3}}, frozenset([1]), 2j,
                                  collections.Counter("aab"), datetime.date(2020, 1, 1), decimal.Decimal("1.1"), range(3)]:
                        assert candidate(value) == value, value
                        assert helper(value)
                """
            let verdict = try await verdict(
                "def square(x): return x", test: test, setup: "def helper(x): return True")
            #expect(verdict.passed, "\(verdict)")
        }
    }
#endif
