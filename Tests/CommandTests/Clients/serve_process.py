"""`martlet serve` as a child process, for the clients that talk to it."""
import atexit
import json
import os
import signal
import subprocess
import sys
import urllib.request

MARTLET, MODEL = sys.argv[1:3]


def passed(name):
    print(name, flush=True)


def expect(condition, facts=""):
    if not condition:
        raise AssertionError(facts)


def refused(call, kind):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"not refused with {kind}")


def call(server, path, body=None):
    """What a route answers to a JSON body, or without one to a GET."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(server.url + path, data)) as answer:
        return answer.read().decode()


def ask(server, path, body=None):
    return json.loads(call(server, path, body))


class Server:
    """The command under test, on a port that it finds itself."""

    def __init__(self, *arguments, model=MODEL, context=2048, environment=None):
        # The threads that tests run on block most signals; the child must not inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.process = subprocess.Popen(
            [MARTLET, "serve", *([model] if isinstance(model, str) else model), "--port", "0", "--context", str(context),
             # However busy the machine is, running answers may come to their end.
             "--drain-seconds", "86400", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        # A check that fails leaves nothing running.
        atexit.register(self.process.kill)
        self.url = self.process.stdout.readline().strip()
        expect(self.url.startswith("http://127.0.0.1:"), self.url)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate()
        return self.process.returncode, errors
