"""Runs a repository's unittest or pytest in one process, and tells from another what came of it.

Standard input: a line of JSON {"token", "runner", "arguments", "module", "setup", "tests"}, then the repository as a
tar archive. The process that runs the tests is made before that is read, so that the token is not in its memory, and it
has neither this one's input nor its standard output. It says which tests passed; this one adds the token, and whether
the tests' files are what they were. There has to be no /proc, where files of others could be opened.
"""
import ctypes
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import tarfile
import traceback
import unittest
import unittest.mock

FOLDER = os.path.join(os.getcwd(), "repository")
# Of what a test relies on, to be found as it was.
WATCHED = [unittest.TestCase, unittest.TestSuite, unittest.TestResult, unittest.TestLoader, unittest.TextTestResult]


def read(file):
    size = file.read(8)
    if len(size) < 8:
        return None
    (count,) = struct.unpack("<Q", size)
    # Whoever writes something else here means no length.
    data = file.read(count) if count < 1 << 28 else b""
    return data if len(data) == count else None


def write(file, data):
    file.write(struct.pack("<Q", len(data)) + data)
    file.flush()


def functions(holder):
    """What can be called of a class or module, with the code behind it."""
    return {name: (value, getattr(value, "__code__", None)) for name, value in vars(holder).items() if callable(value)}


class Guard:
    """Notices when what tests are made of is replaced."""

    def __init__(self, holders):
        self.before = [(holder, functions(holder)) for holder in holders]
        self.builtins = functions(__import__("builtins"))
        self.tests = []

    def watch(self, *holders):
        self.before += [(holder, functions(holder)) for holder in holders]

    def add(self, holder, name):
        found = getattr(holder, name, None)
        self.tests.append((holder, name, found, getattr(found, "__code__", None)))

    def changed(self):
        """The name of something that is not what it was."""
        for holder, before in self.before:
            now = functions(holder)
            for name in sorted(now.keys() | before.keys()):
                if now.get(name) != before.get(name):
                    return f"{holder.__name__}.{name}"
        now = functions(__import__("builtins"))
        for name, value in self.builtins.items():
            if now.get(name) != value:
                return f"builtins.{name}"
        for holder, name, found, code in self.tests:
            now = getattr(holder, name, None)
            if now != found or getattr(now, "__code__", None) is not code:
                return f"{holder.__name__}.{name}"
        return None


def must_fail():
    """Tests that fail wherever assertions mean what they say; under a name that nobody knows before."""

    class Case(unittest.TestCase):
        def a(self):
            self.assertEqual(1, 2)

        def b(self):
            self.assertTrue(False)

        def c(self):
            with self.assertRaises(ValueError):
                pass

        def d(self):
            assert 1 == 2

        def e(self):
            self.assertEqual([1, {"a": "b"}], [1, {"a": "c"}])

        def f(self):
            self.fail("as it should")

    word = f"{random.SystemRandom().getrandbits(64):016x}"
    for letter in "abcdef":
        setattr(Case, f"test_{letter}_{word}", getattr(Case, letter))
    return Case


def run_unittest(arguments, guard):
    passed, failed = [], []

    class Recorder(unittest.TextTestResult):
        def addSuccess(self, test):
            passed.append(test.id())
            super().addSuccess(test)

        def addExpectedFailure(self, test, error):
            passed.append(test.id())
            super().addExpectedFailure(test, error)

        def addError(self, test, error):
            failed.append(test.id())
            super().addError(test, error)

        def addFailure(self, test, error):
            failed.append(test.id())
            super().addFailure(test, error)

        def addSubTest(self, test, subtest, error):
            if error is not None:
                failed.append(test.id())
            super().addSubTest(test, subtest, error)

    class Runner(unittest.TextTestRunner):
        resultclass = Recorder

    class Program(unittest.TestProgram):
        def createTests(self, *places, **names):
            super().createTests(*places, **names)
            left = [self.test]
            while left:
                test = left.pop()
                if isinstance(test, unittest.TestCase):
                    guard.add(type(test), test._testMethodName)
                else:
                    left.extend(test)

    guard.watch(Recorder, Runner, Program)
    program = Program(module=None, argv=["python3 -m unittest"] + arguments, testRunner=Runner, exit=False)
    case = must_fail()
    result = unittest.TestResult()
    names = unittest.TestLoader().getTestCaseNames(case)
    for name in names:
        case(name).run(result)
    is_honest = len(names) == 6 and len(result.failures) == 6
    # Functions belong to classes, which are watched; an object with its own does not have theirs.
    is_honest = is_honest and not any(callable(getattr(Recorder, name, None)) for name in vars(program.result))
    is_good = program.result.wasSuccessful() and program.result.testsRun > 0
    return 0 if is_good else 1, passed, failed, is_honest


def run_pytest(arguments, guard):
    import pytest

    class Recorder:
        def __init__(self):
            self.passed, self.failed = [], []

        def pytest_collection_finish(self, session):
            for item in session.items:
                holder = getattr(item, "cls", None) or getattr(item, "module", None)
                name = getattr(item, "originalname", None) or item.name
                if holder is not None:
                    guard.add(holder, name)

        def pytest_runtest_logreport(self, report):
            is_expected = hasattr(report, "wasxfail")
            if report.when == "call" and (report.passed or is_expected and report.skipped):
                self.passed.append(report.nodeid)
            elif report.failed:
                self.failed.append(report.nodeid)

        def pytest_collectreport(self, report):
            if report.failed:
                self.failed.append(report.nodeid)

    guard.watch(Recorder)
    recorder = Recorder()
    status = int(pytest.main(arguments, plugins=[recorder]))
    canary, folder = Recorder(), f"/tmp/check{random.SystemRandom().getrandbits(64):016x}"
    os.mkdir(folder)
    with open(folder + "/test_check.py", "w") as file:
        file.write("import unittest, pytest\ndef test_a():\n    assert 1 == 2\n")
        file.write("def test_b():\n    with pytest.raises(ValueError):\n        pass\n")
        file.write("class TestC(unittest.TestCase):\n    def test_c(self):\n        self.assertEqual(1, 2)\n")
    options = ["-q", "-c", "/dev/null", "--rootdir", folder, "--noconftest", "-p", "no:cacheprovider"]
    sys.stdout.flush(), sys.stderr.flush()
    output = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2), os.dup2(2, 1)
    canary_status = int(pytest.main(options + [folder + "/test_check.py"], plugins=[canary]))
    sys.stdout.flush(), sys.stderr.flush()
    os.dup2(output, 2), os.dup2(2, 1)
    is_honest = canary_status == 1 and len(canary.failed) == 3 and not canary.passed
    return status, recorder.passed, recorder.failed, is_honest


def work(orders, report):
    """The process of the repository."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    sys.stdin = open(0)
    order = read(orders)
    if order is None:
        return
    job = json.loads(order)
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    installed = [path for path in paths if path.startswith("/") and not path.startswith("/sandbox")]
    sys.path[:0] = installed
    if job["runner"] == "pytest":
        # Before anything of the repository can be found under its name.
        import pytest
    os.chdir(FOLDER)
    own = [os.path.abspath(path) for path in paths if path not in installed]
    sys.path[:0] = ([FOLDER] if job["module"] else []) + own
    sys.argv = [job["runner"]] + job["arguments"]
    # The tests' own code must not come from a file that was compiled before.
    sys.dont_write_bytecode = True
    sys.pycache_prefix = f"/tmp/compiled{random.SystemRandom().getrandbits(64):016x}"
    guard = Guard(WATCHED)
    try:
        run = run_pytest if job["runner"] == "pytest" else run_unittest
        status, passed, failed, is_honest = run(job["arguments"], guard)
    except BaseException:
        traceback.print_exc()
        status, passed, failed, is_honest = 1, [], [], True
    sys.stdout.flush(), sys.stderr.flush()
    answer = {"status": status, "passed": passed, "failed": failed, "honest": is_honest, "replaced": guard.changed()}
    write(report, json.dumps(answer).encode())


def digest(path):
    try:
        with open(os.path.join(FOLDER, path), "rb") as file:
            return hashlib.sha256(file.read()).digest()
    except OSError:
        return None


def main():
    to_worker, to_main = os.pipe(), os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(to_worker[1]), os.close(to_main[0])
        try:
            work(os.fdopen(to_worker[0], "rb"), os.fdopen(to_main[1], "wb"))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    # From here on the other process can read neither this one's memory nor its files.
    if ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) != 0:
        sys.exit("the tests' process cannot be kept apart")
    os.close(to_worker[0]), os.close(to_main[1])
    orders, report = os.fdopen(to_worker[1], "wb"), os.fdopen(to_main[0], "rb")
    job = json.loads(sys.stdin.buffer.readline())
    answer = {"token": job.pop("token")}
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as archive:
        if hasattr(tarfile, "fully_trusted_filter"):
            archive.extraction_filter = staticmethod(tarfile.fully_trusted_filter)
        archive.extractall(FOLDER)
    if job["setup"]:
        with open(os.devnull) as nothing:
            setup = subprocess.run(["/bin/sh", "-c", job["setup"]], cwd=FOLDER, stdin=nothing, stdout=2)
        if setup.returncode != 0:
            sys.exit(f"the setup ended with status {setup.returncode}")
    tests = job.pop("tests")
    before = [digest(path) for path in tests]
    write(orders, json.dumps(job).encode())
    said = read(report)
    os.kill(worker, 9)
    answer["said"] = None if said is None else json.loads(said)
    answer["changed"] = [path for path, was in zip(tests, before) if digest(path) != was]
    print(json.dumps(answer))


main()
