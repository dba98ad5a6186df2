"""Puts `martlet serve` under load with wrk, and prints the name of each check that passed.

    load_client.py MARTLET MODEL SECONDS
"""
import re
import subprocess
import sys
import tempfile

from serve_process import Server, expect, passed

SECONDS = sys.argv[3]
ASKING = """\
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 2, "temperature": 0%s}'
"""


def load(server, path, connections, script=None):
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", SECONDS, "--timeout", "120"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        if script:
            file.write(script)
            file.flush()
            command += ["--script", file.name]
        run = subprocess.run([*command, server.url + path], capture_output=True, text=True)
    expect(run.returncode == 0, run.stderr)
    # wrk speaks of these only where there are some.
    expect("Non-2xx" not in run.stdout and "Socket errors" not in run.stdout, run.stdout)
    expect(int(re.search(r"(\d+) requests in", run.stdout)[1]) > 0, run.stdout)


def main():
    server = Server("--quiet", "--parallel", "4")
    load(server, "/v1/models", 200)
    passed("models")
    load(server, "/v1/chat/completions", 32, ASKING % "")
    passed("answers")
    load(server, "/v1/chat/completions", 32, ASKING % ', "stream": true')
    passed("streams")
    status, errors = server.end()
    expect(status == 0, errors)
    passed("end")


main()
