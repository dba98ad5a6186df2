"""Checks a function in one process by tests in another.

A job is a JSON document {"code", "setup", "test", "entry", "token"}. The process that runs the code is made before it is
read, so that nothing of the tests is in its memory; the one that has the tests and the token cannot be looked into.
Arguments and results travel pickled; of what the other process sends, only plain values are read. There has to be no
/proc, where files of others could be opened.

Without an argument standard input is one job, and the last line of standard output is its token if all tests passed.
With --serve there are many jobs, each behind its size, and as many answers: the token, or why the tests do not pass. Each
job has processes of its own, made by one that reads no job, and all that they started is ended before the next. Where
code ends its process there is no answer.
"""
import ctypes
import io
import json
import os
import pickle
import signal
import struct
import sys
import types

# Classes of plain values, by their modules.
PLAIN = {
    "builtins": {"bytearray", "complex", "dict", "frozenset", "int", "list", "range", "set", "slice"},
    "collections": {"Counter", "OrderedDict", "defaultdict", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
}


class PlainUnpickler(pickle._Unpickler):
    # What sets attributes, also those of a class, no plain value needs.
    dispatch = {code: action for code, action in pickle._Unpickler.dispatch.items() if code != pickle.BUILD[0]}

    def find_class(self, module, name):
        if name not in PLAIN.get(module, ()):
            raise pickle.UnpicklingError(f"a result has a {module}.{name} in it")
        return super().find_class(module, name)


# The little of NumPy that tests of data sets compare with, where they import it: no sandbox has it.
NUMPY = """
class ndarray: pass
class float32: pass
class float64: pass
inf = float("inf")
nan = float("nan")
def allclose(a, b, rtol=1e-05, atol=1e-08):
    if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(allclose(x, y, rtol, atol) for x, y in zip(a, b))
    return a == b or bool(abs(a - b) <= atol + rtol * abs(b) < inf)
"""


def read(file):
    size = file.read(8)
    if len(size) < 8:
        raise EOFError
    (count,) = struct.unpack("<Q", size)
    data = file.read(count)
    if len(data) < count:
        raise EOFError
    return data


def write(file, data):
    file.write(struct.pack("<Q", len(data)) + data)
    file.flush()


def work(questions, answers):
    """The process of the code that is checked."""
    for number in (0, 1):
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    sys.stdin, sys.stdout = open(0), open(1, "w")
    # Whatever else this process was given: the ends of the pipes to those that know the tests.
    kept = 3
    for number in sorted((questions.fileno(), answers.fileno())):
        os.closerange(kept, number)
        kept = number + 1
    os.closerange(kept, 1024)
    scope = {"__name__": "candidate"}
    code, entry = pickle.loads(read(questions))
    try:
        exec(compile(code, "candidate.py", "exec"), scope)
        function = scope[entry]
        problem = None
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}"
    write(answers, pickle.dumps((problem is None, problem)))
    while True:
        arguments, names = pickle.loads(read(questions))
        try:
            answer = pickle.dumps((True, function(*arguments, **names)))
        except BaseException as error:
            answer = pickle.dumps((False, f"{type(error).__name__}: {error}"))
        write(answers, answer)


class Refused(Exception):
    """What the code raised."""


class Ended(SystemExit):
    """The code ended its process, or was ended."""


def grade(read_job):
    """The token of a job whose tests pass; SystemExit says why they do not."""
    to_worker, to_grader = os.pipe(), os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(to_worker[1]), os.close(to_grader[0])
        try:
            work(os.fdopen(to_worker[0], "rb"), os.fdopen(to_grader[1], "wb"))
        finally:
            os._exit(1)
    # From here on the other process can read neither this one's memory nor its files.
    shield()
    os.close(to_worker[0]), os.close(to_grader[1])
    questions, answers = os.fdopen(to_worker[1], "wb"), os.fdopen(to_grader[0], "rb")
    job = read_job()

    def ask(question):
        write(questions, pickle.dumps(question))
        is_answer, value = PlainUnpickler(io.BytesIO(read(answers))).load()
        if is_answer is not True:
            raise Refused(str(value)[:500])
        return value

    if "numpy" in job["test"]:
        sys.modules["numpy"] = types.ModuleType("numpy")
        exec(NUMPY, sys.modules["numpy"].__dict__)
    scope = {"__name__": "grader"}
    try:
        ask((job["code"], job["entry"]))
        # Functions that the tests use beside the one they check.
        exec(compile(job["setup"], "setup.py", "exec"), scope)
        exec(compile(job["test"], "test.py", "exec"), scope)
        scope["check"](lambda *arguments, **names: ask((arguments, names)))
    except EOFError:
        raise Ended("the code ended the process")
    except BaseException as error:
        sys.exit(f"{type(error).__name__}: {error}")
    os.kill(worker, 9)
    return job["token"]


def shield():
    """Has no other process look into this one."""
    if ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) != 0:
        raise OSError("the grader cannot be shielded")


def serve():
    shield()
    # Processes whose parents are gone become children of this one.
    if ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) != 0:
        sys.exit("processes cannot be adopted")
    answers = os.fdopen(1, "wb")
    while True:
        said, says = os.pipe()
        grader = os.fork()
        if grader == 0:
            os.close(said)
            sys.stdout = open(os.devnull, "w")
            try:
                verdict = grade(lambda: json.loads(read(sys.stdin.buffer)))
            except Ended:
                os._exit(1)
            except SystemExit as reason:
                verdict = str(reason)[:2000]
            os.write(says, verdict.encode(errors="replace"))
            os._exit(0)
        os.close(says)
        answer = b""
        while part := os.read(said, 4096):
            answer += part
        os.close(said)
        while True:
            try:
                os.kill(-1, signal.SIGKILL)
            except ProcessLookupError:
                pass
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                break
        if not answer:
            # Its job may be half read.
            sys.exit("a grader was ended")
        write(answers, answer)


if sys.argv[1:] == ["--serve"]:
    serve()
else:
    print(grade(lambda: json.load(sys.stdin)))
