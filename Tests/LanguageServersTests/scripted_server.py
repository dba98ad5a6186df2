"""A language server that does one thing wrong, named by the first argument; the second is a folder to leave notes in."""

import json
import os
import signal
import subprocess
import sys

mode, folder = sys.argv[1], sys.argv[2]
with open(folder + "/starts", "a") as notes:
    notes.write(f"{os.getpid()}\n")
starts = len(open(folder + "/starts").readlines())
asked = 0
pending = None


def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()


def receive():
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return json.loads(sys.stdin.buffer.read(length)) if length else sys.exit(0)


def place(params):
    """The line below the one that is asked about."""
    position = {"line": params["position"]["line"] + 1, "character": params["position"]["character"]}
    return {"uri": params["textDocument"]["uri"], "range": {"start": position, "end": position}}


def note(name, text):
    with open(f"{folder}/{name}", "a") as notes:
        notes.write(text + "\n")


while True:
    message = receive()
    method, params = message.get("method"), message.get("params")
    note("heard", method or f"answer {json.dumps(message.get('result', message.get('error')))}")
    if method == "initialize":
        if mode == "deaf":
            signal.pause()
        if mode == "refuses":
            send({"id": message["id"], "error": {"code": -32603, "message": "not today"}})
            continue
        send({"id": message["id"], "result": {"capabilities": {"positionEncoding": "utf-8"}}})
        if mode == "stuck":
            signal.pause()
        if mode == "garbage":
            print("Welcome to the server!", flush=True)
        if mode == "huge":
            sys.stdout.write("Content-Length: 99999999999\r\n\r\n")
            sys.stdout.flush()
        if mode == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen(["sleep", "1000000"], stdin=subprocess.DEVNULL)
            note("child", str(child.pid))
    elif method == "initialized" and mode == "asks":
        questions = [
            ("workspace/configuration", {"items": [{"section": "python.analysis"}, {"section": "none"}, {}]}),
            ("window/workDoneProgress/create", {"token": 1}),
            ("client/registerCapability", {"registrations": []}),
            ("workspace/workspaceFolders", None),
            ("workspace/applyEdit", {"edit": {}}),
            ("window/showDocument", {"uri": "http://example.org"}),
            ("workspace/semanticTokens/refresh", None),
            ("window/unheard", None),
        ]
        for number, (name, value) in enumerate(questions):
            send({"id": f"q{number}", "method": name, "params": value})
    elif method == "initialized" and mode == "busy":
        send({"method": "$/progress", "params": {"token": "load", "value": {"kind": "begin", "title": "loading"}}})
    elif method == "textDocument/definition":
        asked += 1
        if mode == "crashes" or mode == "crashes once" and starts == 1 and asked == 3:
            print("cannot go on\nfor this reason", file=sys.stderr, flush=True)
            os._exit(3)
        elif mode == "silent" or mode == "silent twice" and asked <= 2:
            pass
        elif mode == "hog":
            hoard = bytearray(os.urandom(1 << 20)) * 600
        elif mode == "modified" and asked == 1:
            send({"id": message["id"], "error": {"code": -32801, "message": "content modified"}})
        elif mode == "busy" and asked == 1:
            send({"id": message["id"], "result": []})
            send({"method": "$/progress", "params": {"token": "load", "value": {"kind": "end"}}})
        elif mode == "nothing" or mode == "slow" and asked <= 2:
            send({"id": message["id"], "result": None})
        else:
            send({"id": message["id"], "result": place(params)})
    elif method == "shutdown":
        if mode != "stubborn":
            send({"id": message["id"], "result": None})
    elif method == "exit":
        if mode != "stubborn":
            sys.exit(0)
    elif method and "id" in message:
        send({"id": message["id"], "result": []})
