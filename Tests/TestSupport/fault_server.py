"""A small file server with faults, for the tests of downloads.

    fault_server.py FOLDER      prints its port, then serves FOLDER/NAME until standard input ends

/FAULT/NAME sends the file with this fault:
    none        Range requests answered as they should be
    drop        the connection ends half-way, three times
    norange     Range requests get the whole file
    dropnorange the connection ends half-way once, and there are no ranges
    busy        503 twice
    slow        about 2 MB/s
    crawl       about 1 kB/s: however busy the machine is, there is time to interrupt it
    stall       half of it, then silence
    wrongrange  a range gets another part of the file
    missing     404
/hub/FAULT/OWNER/REPO/resolve/REVISION/NAME answers as a Hugging Face hub: a redirect to the file under another host name.
    Names that begin with "gated" need the token "secret".
/simple/DISTRIBUTION/ lists the wheels, as JSON where that is accepted; /html/DISTRIBUTION/ always as HTML;
    /slowindex/DISTRIBUTION/ lets all after the sixth crawl; /busyindex/DISTRIBUTION/ answers 503 once.
Every request adds a line to FOLDER/requests.log: method, path, range and authorization.
"""
import collections, hashlib, json, os, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[1]
seen = collections.Counter()


def contents(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        with open(os.path.join(folder, "requests.log"), "a") as log:
            log.write(" ".join([self.command, self.path, self.headers.get("Range", "-"),
                                self.headers.get("Authorization", "-").replace(" ", ":")]) + "\n")
        fault, _, rest = self.path.lstrip("/").partition("/")
        name = rest.rsplit("/", 1)[-1]
        if fault in ("simple", "html", "slowindex", "busyindex"):
            return self.index(fault, rest.strip("/"))
        if fault == "missing" or not os.path.isfile(os.path.join(folder, name)):
            return self.reply(404, b"")
        if fault == "hub":
            return self.hub(rest.split("/")[0], name)
        self.file(fault, name)

    def hub(self, fault, name):
        if name.startswith("gated") and self.headers.get("Authorization") != "Bearer secret":
            return self.reply(401, b"")
        data = contents(name)
        self.reply(302, b"", {
            "Location": f"http://localhost:{self.server.server_port}/{fault}/{name}", "X-Repo-Commit": "c0ffee",
            "X-Linked-Size": str(len(data)), "X-Linked-Etag": f'"{hashlib.sha256(data).hexdigest()}"'})

    def index(self, kind, distribution):
        stem = distribution.replace("-", "_")
        wheels = [n for n in sorted(os.listdir(folder)) if n.startswith(stem + "-") and n.endswith(".whl")]
        if not wheels:
            return self.reply(404, b"")
        seen[kind, distribution] += 1
        if kind == "busyindex" and seen[kind, distribution] == 1:
            return self.reply(503, b"")
        fault = "crawl" if kind == "slowindex" and int(stem[-1]) > 6 else "none"
        files = [(n, hashlib.sha256(contents(n)).hexdigest(), len(contents(n))) for n in wheels]
        if kind != "html" and "json" in self.headers.get("Accept", ""):
            body = json.dumps({"files": [
                {"filename": n, "url": f"../../{fault}/{n}", "hashes": {"sha256": h}, "size": s} for n, h, s in files]})
            return self.reply(200, body.encode(), {"Content-Type": "application/vnd.pypi.simple.v1+json"})
        body = "".join(f'<a href="../../none/{n}#sha256={h}" data-requires-python="&gt;=3">{n}</a>' for n, h, _ in files)
        self.reply(200, body.encode(), {"Content-Type": "text/html"})

    def file(self, fault, name):
        data = contents(name)
        seen[fault, name] += self.command == "GET"
        if fault == "busy" and seen[fault, name] <= 2:
            return self.reply(503, b"", {"Retry-After": "0"})
        start, status, headers = 0, 200, {}
        wanted = self.headers.get("Range")
        if wanted and "norange" not in fault:
            start = int(wanted[len("bytes="):].split("-")[0])
            if start >= len(data):
                return self.reply(416, b"")
            start = max(0, start - 1) if fault == "wrongrange" else start
            status, headers = 206, {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
        limit = {"drop": 3, "dropnorange": 1, "stall": 1}.get(fault, 0)
        cut = seen[fault, name] <= limit
        self.reply(status, data[start:], headers, cut=cut, rate={"slow": 2_000_000, "crawl": 1000}.get(fault))
        if cut and fault == "stall":
            time.sleep(60)

    def reply(self, status, body, headers={}, cut=False, rate=None):
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        sent = body[:len(body) // 2] if cut else body
        try:
            piece = min(65536, rate or 65536)
            for at in range(0, len(sent), piece):
                self.wfile.write(sent[at:at + piece])
                if rate:
                    time.sleep(piece / rate)
        except OSError:
            self.close_connection = True
        self.wfile.flush()
        self.close_connection = self.close_connection or cut

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        # Tests end clients in the middle of an answer; a trace of each would bury what a test says.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
