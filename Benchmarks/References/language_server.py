"""Asks a language server where names are defined. Positions are counted from 0, columns in UTF-16 units, as in its protocol."""

import json
import os
import queue
import subprocess
import threading
import time
import urllib.parse


class LanguageServer:
    def __init__(self, command, root, language, settings=None):
        self.language = language
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root)
        self.next, self.answers, self.settings = 0, queue.Queue(), settings
        self.sending = threading.Lock()
        self.is_indexed, self.heard = threading.Event(), time.monotonic()
        threading.Thread(target=self._read, daemon=True).start()
        folder = {"uri": uri(root), "name": "root"}
        self.capabilities = self.wait([self.ask("initialize", {
            "processId": os.getpid(), "rootUri": uri(root), "workspaceFolders": [folder],
            "initializationOptions": settings or {},
            "capabilities": {
                "workspace": {"configuration": True}, "window": {"workDoneProgress": True},
                "textDocument": {"definition": {}}}})])[0]["capabilities"]
        self.tell("initialized", {})

    def open(self, path, text):
        document = {"uri": uri(path), "languageId": self.language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def close(self, path):
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri(path)}})

    def definitions(self, path, positions):
        """For each (line, column) the list of (path, line, column) that the name there leads to."""
        asked = []
        for line, column in positions:
            asked.append(self.ask("textDocument/definition", {
                "textDocument": {"uri": uri(path)}, "position": {"line": line, "character": column}}))
        return [places(answer) for answer in self.wait(asked)]

    def wait_for_index(self):
        """Until the server says that it has read all files, or nothing for a while; one must be open for it to begin."""
        while not self.is_indexed.wait(1) and time.monotonic() < self.heard + 60:
            pass

    def ask(self, method, parameters):
        self.next += 1
        self._send({"id": self.next, "method": method, "params": parameters})
        return self.next

    def tell(self, method, parameters):
        self._send({"method": method, "params": parameters})

    def wait(self, asked):
        known, missing = {}, set(asked)
        while missing:
            message = self.answers.get(timeout=600)
            if message is None:
                raise SystemExit("the language server ended")
            if message["id"] in missing:
                missing.discard(message["id"])
                known[message["id"]] = message.get("result")
        return [known[number] for number in asked]

    def stop(self):
        self.process.kill()

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        with self.sending:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()

    def _read(self):
        stream = self.process.stdout
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = stream.readline()
            message = json.loads(stream.read(length))
            if "method" not in message:
                self.answers.put(message)
            elif message["method"] == "$/progress":
                self.heard = time.monotonic()
                if message["params"]["value"].get("kind") == "end":
                    self.is_indexed.set()
            elif "id" in message:  # a question of the server: it is told that there is nothing to say
                items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
                result = None if items is None else [self.settings or {} for _ in items]
                self._send({"id": message["id"], "result": result})
        self.answers.put(None)


def uri(path):
    return "file://" + urllib.parse.quote(os.path.abspath(path))


def places(answer):
    found = []
    for item in [answer] if isinstance(answer, dict) else answer or []:
        start = (item.get("targetSelectionRange") or item.get("range"))["start"]
        path = urllib.parse.unquote((item.get("targetUri") or item["uri"]).removeprefix("file://"))
        found.append((path, start["line"], start["character"]))
    return found
