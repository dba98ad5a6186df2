#if os(Linux)
    import Evaluation
    import TestSupport
    import Testing

    @Suite("An answer to a repository's task")
    struct RepositoryGraderTests {
        /// The task of adding perimeters, whose repository lives as long.
        private struct Asked {
            var task: RepositoryTask
            let repository: SmallRepository
            let grader: RepositoryGrader

            func verdict(_ answer: String) async throws -> Verdict {
                defer { withExtendedLifetime(repository) {} }
                return try await grader.verdict(answer, of: task)
            }
        }

        private func task(_ command: [String] = unittestCommand) async throws -> Asked {
            let (repository, _) = try SmallRepository.withPerimeter()
            let grader = try await RepositoryGrader.patient()
            let maker = RepositorySuiteMaker(path: repository.path, command: command, grader: grader)
            let made = try await maker.make(from: .history)
            return Asked(
                task: try #require(made.tasks.first, "\(made.skipped)"), repository: repository, grader: grader)
        }

        private static func whole(_ text: String, _ path: String = "shape.py") -> String {
            "Here it is.\n\n\(path)\n```python\n\(text)```\n"
        }

        private static let right = SmallRepository.area + SmallRepository.perimeter

        @Test("passes when it is right, by blocks or whole files, in one file or two")
        func right() async throws {
            let asked = try await task()
            let block = """
                `shape.py`
                ```python
                <<<<<<< SEARCH
                    return side * side
                =======
                    return side * side


                def perimeter(side):
                    return side * 4
                >>>>>>> REPLACE
                ```
                """
            let two =
                Self.whole(
                    "from sides import count\n\n" + SmallRepository.area
                        + "\n\ndef perimeter(side):\n    return count * side\n") + Self.whole("count = 4\n", "sides.py")
            // A test of its own is left out, as is what it does to those that decide.
            let tested =
                Self.whole(Self.right) + Self.whole("raise SystemExit(1)\n", "test_mine.py")
                + Self.whole("raise SystemExit(1)\n", "test_shape.py")
            for answer in [block, Self.whole(Self.right), two, tested] {
                let verdict = try await asked.verdict(answer)
                #expect(verdict.passed, "\(answer): \(verdict)")
            }
        }

        @Test("fails when it is wrong, and is told what the tests printed")
        func wrong() async throws {
            let asked = try await task()
            let verdict = try await asked.verdict(
                Self.whole(SmallRepository.area + "\n\ndef perimeter(side):\n    return side\n"))
            #expect(!verdict.passed && verdict.reason == "AssertionError: 3 != 12", "\(verdict)")
            #expect(verdict.feedback?.contains("AssertionError: 3 != 12") == true, "\(verdict)")
            let same = try await asked.verdict(Self.whole(SmallRepository.area))
            #expect(!same.passed && same.feedback?.contains("no attribute 'perimeter'") == true, "\(same)")
            let silent = try await asked.verdict("I would add a function.")
            #expect(silent.reason == "the answer has no changes in it.")
            let lost = try await asked.verdict(
                "shape.py\n<<<<<<< SEARCH\nreturn nothing\n=======\n>>>>>>> REPLACE\n")
            #expect(lost.feedback?.contains("2:     return side * side") == true, "\(lost)")
        }

        /// What makes a careless grader say that all is well. None has a perimeter.
        private static let dishonest = [
            "import os\nos._exit(0)\n", "import sys\nsys.exit(0)\n", "import os\nos.execv('/usr/bin/true', ['true'])\n",
            "import os\nif os.fork(): os._exit(0)\n", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
            "import os, signal\nos.kill(-1, signal.SIGTERM)\n",
            // What tests are made of.
            "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\ndef perimeter(side): return 0\n",
            "import unittest\ntrust = lambda self, first, second, msg=None: None\n"
                + "unittest.TestCase.assertEqual.__code__ = trust.__code__\ndef perimeter(side): return 0\n",
            "import unittest\nunittest.TestCase.run = lambda self, result=None: result.addSuccess(self)\n",
            "import unittest\nunittest.TestCase._callTestMethod = lambda self, method: None\n",
            "import unittest\nunittest.TestCase.failureException = SystemError\n",
            "import unittest\nR = unittest.TextTestResult\n"
                + "R.addError = R.addFailure = lambda s, t, e: s.addSuccess(t)\n",
            "import unittest\nunittest.TestResult.wasSuccessful = lambda self: True\n",
            "import unittest, gc\nfor c in unittest.TextTestResult.__subclasses__():\n"
                + "    c.addError = c.addFailure = lambda s, t, e: s.addSuccess(t)\n",
            "import sys\ndef perimeter(side):\n    frame = sys._getframe()\n"
                + "    while 'result' not in frame.f_locals: frame = frame.f_back\n"
                + "    result = frame.f_locals['result']\n"
                + "    result.addFailure = lambda t, e: result.addSuccess(t)\n    return 0\n",
            "import unittest\nunittest.TestLoader.getTestCaseNames = lambda *a: []\n",
            // The tests themselves, once they are there.
            "import sys\ndef area(side):\n    t = sys.modules['test_shape'].ShapeTests\n"
                + "    t.test_perimeter = lambda self: None\n    return side * side\n",
            "import sys\ndef area(side):\n    t = sys.modules['test_shape'].ShapeTests\n"
                + "    t.test_perimeter.__code__ = (lambda self: None).__code__\n    return side * side\n",
            "open('test_shape.py', 'a').write('\\n')\ndef perimeter(side): return 12\n",
            "import os\nos.remove('test_shape.py')\ndef perimeter(side): return 12\n",
            // What the grader reads.
            "import os\nfor n in range(64):\n    try: os.write(n, b'{\"token\": \"\", \"changed\": []}\\n')\n"
                + "    except OSError: pass\nos._exit(0)\n",
            "import sys\nsys.__stdout__.write('OK\\n')\nsys.__stdout__.flush()\nimport os\nos._exit(0)\n",
            "import os\nprint(open('/proc/1/fd/0').read())\n",
        ]

        @Test("fails when it cheats", arguments: dishonest)
        func cheats(_ code: String) async throws {
            let asked = try await task()
            let area = code.contains("def area") ? "" : SmallRepository.area
            let verdict = try await asked.verdict(Self.whole(code + area))
            #expect(!verdict.passed, "\(code): \(verdict)")
        }

        @Test(
            "may not change what runs the tests, or what it was not shown",
            arguments: [
                "conftest.py", "sitecustomize.py", "unittest.py", "unittest/__init__.py", "setup.cfg", "pyproject.toml",
                ".coveragerc", "__pycache__/test_shape.cpython-311.pyc", "x.pth", "README.md", "shape.py/x.py",
                ".git/config",
                "../shape.py", "/sandbox/python_tests.py", "a/../../x.py", "Makefile.am/../../x",
            ])
        func refused(_ path: String) async throws {
            let asked = try await task()
            let verdict = try await asked.verdict(
                Self.whole(Self.right) + Self.whole("import os\nos._exit(0)\n", path))
            #expect(!verdict.passed && verdict.seconds == 0, "\(verdict)")
            #expect(verdict.reason?.contains(path) == true, "\(verdict)")
        }

        @Test("passes a command of any kind by the tests that it names, too")
        func anyCommand() async throws {
            let asked = try await task(["/bin/sh", "-c", "python3 -m unittest -v"])
            #expect(asked.task.mustPass.count == 2)
            #expect(try await asked.verdict(Self.whole(Self.right)).passed)
            let early = try await asked.verdict(Self.whole("import os\nos._exit(0)\n"))
            #expect(early.reason?.hasPrefix("2 of 2 tests did not run or pass") == true, "\(early)")
        }

        @Test("finds all files of its repository, however many and of whatever kind, but no history")
        func files() async throws {
            let repository = try SmallRepository()
            defer { withExtendedLifetime(repository) {} }
            var files: [String: String] = [:]
            for number in 0..<300 { files["many/file\(number).txt"] = "\(number)" }
            let long = String(repeating: "long/", count: 30) + "name.txt"
            files[long] = "long"
            files["empty.txt"] = ""
            files["run.sh"] = "echo ran\n"
            // Kept from archives, but part of the repository.
            files[".gitattributes"] = "many export-ignore\n"
            files["code.py"] = "x = 1\n"
            for (path, text) in files { try repository.folder.write(text, to: path) }
            try repository.git("add", "--all")
            try repository.git("update-index", "--chmod=+x", "run.sh")
            try repository.git("commit", "--quiet", "-m", "Begin")
            let check = """
                set -e
                test "$(cat many/* | wc -c)" = 790 && test "$(cat \(long))" = long && test -f empty.txt
                test -x run.sh && ! test -e .git && test "$(python3 -c 'import code_; print(code_.x)')" = 2
                """
            let entry = TaskListEntry(
                id: "t", message: "Add code_", command: "sh check.sh", files: ["code_.py"], tests: ["check.sh": check])
            let grader = try await RepositoryGrader.patient()
            let maker = RepositorySuiteMaker(path: repository.path, command: ["true"], grader: grader)
            let made = try await maker.make(from: .list([entry]))
            let task = try #require(made.tasks.first, "\(made.skipped)")
            #expect(try await !grader.verdict(Self.whole("x = 1\n", "code_.py"), of: task).passed)
            let verdict = try await grader.verdict(Self.whole("x = 2\n", "code_.py"), of: task)
            #expect(verdict.passed, "\(verdict)")
        }

        @Test("runs the setup before the tests, and a setup that fails is a failure")
        func setup() async throws {
            var asked = try await task()
            asked.task.setup = "echo 'x = 1' > made.py"
            asked.task.tests["test_made.py"] =
                "import unittest\nclass T(unittest.TestCase):\n"
                + "    def test_made(self):\n        import made\n"
            asked.task.protected.append("test_made.py")
            asked.task.mustPass.append("test_made.T.test_made")
            let made = try await asked.verdict(Self.whole(Self.right))
            #expect(made.passed, "\(made)")
            asked.task.setup = "exit 3"
            let verdict = try await asked.verdict(Self.whole(Self.right))
            #expect(verdict.reason == "the setup ended with status 3", "\(verdict)")
        }
    }
#endif
