#if os(Linux)
    import Evaluation
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    /// Checks in a sandbox that others were in before, by the program that does them.
    @Suite("A function that is checked where others were")
    struct PooledChecksTests {
        private static let square = "def square(x): return x * x"

        private func pool() async throws -> SandboxPool {
            let path = Repository.root + "/Sources/Evaluation/Graders/function_grader.py"
            var program = SandboxedProgram(
                ["/usr/bin/python3", "-I", "-S", "grader.py", "--serve"],
                files: ["grader.py": Array(try Data(contentsOf: URL(fileURLWithPath: path)))])
            program.seesProcesses = false
            return try await SandboxPool(Sandbox(), program, .patient)
        }

        /// Kept after any answer, so that what is wrong has somebody to spoil.
        private func ask(_ pool: SandboxPool, _ job: [UInt8]) async throws -> [UInt8]? {
            try await pool.answer(job, about: UUID().uuidString) { _ in true }
        }

        private func job(_ code: String, test: String = "assert candidate(3) == 9", token: String) throws -> [UInt8] {
            let job = [
                "code": code, "setup": "", "test": "def check(candidate):\n    \(test)", "entry": "square",
                "token": token,
            ]
            return Array(try JSONEncoder().encode(job))
        }

        @Test("is answered with the token of its own job, or none")
        func tokens() async throws {
            let pool = try await pool()
            for round in 0..<4 {
                let right = try await ask(pool, job(Self.square, token: "right \(round)"))
                #expect(right == Array("right \(round)".utf8))
                for (wrong, reason) in [
                    ("def square(x): return x", "AssertionError: "), ("square =", "Refused: SyntaxError"),
                    ("def square(x): raise SystemExit(0)", "Refused: SystemExit"),
                ] {
                    let answer = try #require(try await ask(pool, job(wrong, token: "wrong")))
                    #expect(String(decoding: answer, as: UTF8.self).hasPrefix(reason))
                }
                #expect(try await ask(pool, job("import os; os._exit(0)", token: "wrong")) == nil)
            }
            let loud = try job(Self.square, test: "print('x' * 100000); assert candidate(3) == 9", token: "t")
            #expect(try await ask(pool, loud) == Array("t".utf8))
        }

        @Test(
            "is not met by what was there before it",
            arguments: [
                // Processes that stay, and try to be there for the next one.
                "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(10000)",
                "import os\nif os.fork() == 0:\n    if os.fork() == 0:\n        while True: os.fork()",
                "import signal, os, time\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n"
                    + "    except OSError: pass\nif os.fork() == 0: time.sleep(10000)",
                // Whoever makes processes, and whoever grades: ended, stopped, or asked to end politely.
                "import os, signal\nos.kill(-1, signal.SIGKILL)",
                "import os, signal\nos.kill(os.getppid(), signal.SIGTERM)",
                "import os, signal\nfor n in range(2, 9):\n    try: os.kill(n, signal.SIGINT)\n    except OSError: pass",
                // What it was given: pipes of those that know.
                "import os\nfor n in range(3, 300):\n    try: os.write(n, b'=fake')\n    except OSError: pass",
                "import os\nfor n in range(300):\n    try: os.close(n)\n    except OSError: pass",
                "import sys\nsys.setrecursionlimit(10)\nimport builtins\nbuiltins.len = lambda x: 0",
                "x = bytearray(200 << 20)",
            ])
        func before(code: String) async throws {
            let pool = try await pool()
            #expect(try await ask(pool, job(Self.square, token: "first")) == Array("first".utf8))
            let bad = try await ask(pool, job(code + "\ndef square(x): return 0", token: "secret"))
            #expect(bad != Array("secret".utf8))
            for round in 0..<3 {
                let answer = try await ask(pool, job(Self.square, token: "\(round)"))
                #expect(answer == Array("\(round)".utf8))
                let wrong = try await ask(pool, job("def square(x): return 1", token: "no"))
                #expect(wrong == Array("AssertionError: ".utf8))
            }
        }

        /// It counts up the numbers of processes, by which the next one could know that it was there.
        private static let counting =
            "import os\nfor _ in range(200):\n    if os.fork() == 0: os._exit(0)\n    os.wait()\n"

        @Test("learns nothing from earlier answers to the same tests")
        func learnsNothing() async throws {
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            func passes(_ code: String, _ test: Int) async throws -> Bool {
                let test = "def check(candidate):\n    assert candidate(3) == 9, \(test)"
                return try await grader.verdict(.init(code: code, entry: "square", test: test)).passed
            }
            let spy = "import os\nisLater = os.getpid() > 100\ndef square(x): return 9 if isLater else 0"
            #expect(try await passes(Self.counting + Self.square, 1))
            // Another sandbox than that of the same tests, and the old one is gone.
            #expect(try await !passes(spy, 1))
            #expect(try await passes(Self.counting + Self.square, 2))
            // Of other tests it may know that somebody was there: the sandbox is used again.
            #expect(try await passes(spy, 3))
            #expect(try await !passes(Self.counting + "def square(x): return 0", 4))
            #expect(try await !passes(spy, 4))
        }

        @Test("of several at a time each has its own answer")
        func together() async throws {
            let grader = try await FunctionGrader(Sandbox(), limits: .patient)
            try await withThrowingTaskGroup { group in
                for number in 0..<24 {
                    group.addTask {
                        let test = "def check(candidate): assert candidate(\(number)) == \(number * number)"
                        let code = number % 3 == 0 ? "def square(x): return x + \(number)" : Self.square
                        let check = FunctionGrader.Check(code: code, entry: "square", test: test)
                        let passed = try await grader.verdict(check).passed
                        return passed == (number % 3 != 0 || number * 2 == number * number)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }
#endif
