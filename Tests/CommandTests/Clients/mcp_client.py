"""Talks to `martlet mcp` with the protocol's own client, and prints the name of each check that passed.

    mcp_client.py MARTLET FOLDER MODEL

FOLDER gets a repository; the cache of indexes is where XDG_CACHE_HOME says. MODEL is a file whose tokenizer counts.
"""
import asyncio
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

from mcp import Client, MCPError, StdioServerParameters

MARTLET, FOLDER, MODEL = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
TOOLS = ["search", "context", "symbol", "relations", "outline", "read"]

STORE = '''"""Keeps items on disk."""
import os
from json import loads


class Store:
    """A folder of items."""

    def load(self, name):
        """Reads an item, and tries again when the disk is busy."""
        return self.retry(lambda: open(name))

    def retry(self, action):
        for attempt in range(MAXIMUM_RETRIES):
            return action()


class Cache(Store):
    def load(self, name):
        return super().load(name)


MAXIMUM_RETRIES = 5
'''
MAIN = "from store import Cache\n\n\ndef main():\n    store = Cache()\n    print(store.load('a'))\n"


def passed(name):
    print(name, flush=True)


def expect(condition, facts=""):
    if not condition:
        raise AssertionError(facts)


def write_repository():
    for entry in FOLDER.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (FOLDER / "src").mkdir()
    (FOLDER / "store.py").write_text(STORE)
    (FOLDER / "main.py").write_text(MAIN)
    (FOLDER / "src" / "long.txt").write_text("".join(f"line {number}\n" for number in range(1, 2001)))
    (FOLDER / ".gitignore").write_text("ignored.py\n")
    (FOLDER / "ignored.py").write_text("SECRET = 1\n")


async def ask(client, tool, **arguments):
    answer = await client.call_tool(tool, arguments)
    expect(not answer.is_error, answer)
    return answer.content[0].text, answer.structured_content


async def fails(client, tool, **arguments):
    answer = await client.call_tool(tool, arguments)
    expect(answer.is_error and len(answer.content) == 1, answer)
    return answer.content[0].text


async def check_tools(client):
    tools = (await client.list_tools()).tools
    expect([tool.name for tool in tools] == TOOLS, tools)
    expect(all(tool.description and tool.input_schema["type"] == "object" for tool in tools), tools)
    expect(all(tool.annotations.read_only_hint for tool in tools), tools)
    expect((await client.list_resources()).resources == [] and (await client.list_prompts()).prompts == [])

    text, data = await ask(client, "search", query="where are retries capped?")
    expect(data["answers"][0]["symbol"] == "MAXIMUM_RETRIES" and data["answers"][0]["path"] == "store.py", data)
    expect(text.startswith("store.py:23  "), text)
    text, data = await ask(client, "search", query="load", limit="1")
    expect(len(data["answers"]) == 1 and data["leftOut"] >= 1 and "Left out: 1 or more." in text, text)
    text, data = await ask(client, "search", query="items", files=True)
    expect(data["answers"][0]["path"] == "store.py", data)
    text, data = await ask(client, "search", query="zebra")
    expect(data["answers"] == [] and "Nothing" in text, text)

    text, data = await ask(client, "context", task="let load give up sooner", tokens=400)
    expect("def load(self, name):" in text and 0 < data["tokens"] <= 400, (text, data))
    expect("Store.load" in [item["symbol"] for item in data["items"]] and data["items"][0]["reason"], data)
    _, data = await ask(client, "context", task="zebra")
    expect(data["answers"] == [], data)

    text, data = await ask(client, "symbol", name="Store.load")
    expect("9\t    def load(self, name):" in text and data["firstLine"] == 9 and data["lastLine"] == 11, text)
    text, data = await ask(client, "symbol", name="load")
    expect([answer["symbol"] for answer in data["answers"]] == ["Store.load", "Cache.load"], data)

    for kind, wanted in [
        ("callers", ["main.py:6"]), ("callees", ["store.py:9"]), ("references", ["main.py:6"]), ("overrides", []),
    ]:
        _, data = await ask(client, "relations", symbol="Cache.load", kind=kind)
        expect([f"{answer['path']}:{answer['line']}" for answer in data["answers"]] == wanted, (kind, data))
    _, data = await ask(client, "relations", symbol="Store", kind="subclasses")
    expect([answer["symbol"] for answer in data["answers"]] == ["Cache"], data)
    text, data = await ask(client, "relations", symbol="store.py", kind="imports")
    expect([answer["symbol"] for answer in data["answers"]] == ["os", "json"], data)

    text, data = await ask(client, "outline", path="store.py")
    expect(data["total"] == 6 and "\n9-11\t  method load: def load(self, name):\n" in text, text)
    text, data = await ask(client, "outline")
    expect("src/\t1 files" in text and "main.py" in text and "ignored.py" not in text, text)
    important = [item["symbol"] for item in data["map"]["items"]]
    expect("Store" in important and 0 < data["map"]["tokens"] <= 2000, data)
    expect("\nmain.py\n" in text and "\n6: class Store:\n" in text and " of 2000 tokens, " in text, text)
    text, data = await ask(client, "outline", path=str(FOLDER), tokens="20")
    expect(0 < data["map"]["tokens"] <= 20 and "Cache" in [item["symbol"] for item in data["map"]["items"]], data)
    text, data = await ask(client, "outline", path=".", tokens=0)
    expect("map" not in data and "important" not in text, text)
    _, data = await ask(client, "outline", path="src")
    expect("map" not in data, data)

    text, data = await ask(client, "read", path="store.py", lines="6-7")
    expect(text == 'store.py, lines 6-7 of 23\n6\tclass Store:\n7\t    """A folder of items."""\n', text)
    expect(data["text"] == 'class Store:\n    """A folder of items."""', data)
    text, data = await ask(client, "read", path=str(FOLDER / "src" / "long.txt"))
    expect(data["lastLine"] == 300 and "ask for lines 301-600" in text, text[-200:])


async def check_errors(client):
    expect("'query' is missing" in await fails(client, "search"))
    expect("whole number" in await fails(client, "search", query="a", limit="many"))
    expect("callers" in await fails(client, "relations", symbol="load", kind="friends"))
    expect("outside the repository" in await fails(client, "read", path="../../etc/passwd"))
    expect("outside the repository" in await fails(client, "read", path="/etc/passwd"))
    expect("outside the repository" in await fails(client, "outline", path=".."))
    expect("ignores it" in await fails(client, "read", path="ignored.py"))
    expect("no file" in await fails(client, "read", path="nowhere.py"))
    expect("is a folder" in await fails(client, "read", path="src"))
    expect("has 23 lines" in await fails(client, "read", path="store.py", lines="99"))
    try:
        await client.call_tool("remove", {})
    except MCPError as error:
        expect(error.code == -32602 and "There are: search" in error.message, error)
    else:
        raise AssertionError("an unknown tool was called")


async def check_edits(client):
    expect("no symbol 'saved'" in (await ask(client, "symbol", name="saved"))[0])
    (FOLDER / "later.py").write_text("def saved():\n    return 1\n")
    expect("later.py:1" in (await ask(client, "symbol", name="saved"))[0])
    (FOLDER / "later.py").write_text("\n\ndef saved():\n    return 2\n")
    expect("later.py:3" in (await ask(client, "symbol", name="saved"))[0])
    (FOLDER / "later.py").unlink()
    expect("no symbol 'saved'" in (await ask(client, "symbol", name="saved"))[0])


async def check_crowd(client):
    numbers = list(range(1, 41))
    answers = await asyncio.gather(*(ask(client, "read", path="src/long.txt", lines=str(n)) for n in numbers))
    expect([data["text"] for _, data in answers] == [f"line {n}" for n in numbers], answers)


async def check_session(server, mode):
    write_repository()
    async with Client(server, mode=mode) as client:
        await check_tools(client)
        await check_errors(client)
        await check_edits(client)
        await check_crowd(client)


def parameters():
    return StdioServerParameters(
        command=MARTLET, args=["mcp", "--repo", str(FOLDER)], env={"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]})


def check_plain_pipe():
    """What no client sends: rubbish, an array, no newline at the end. Nothing but messages comes back."""
    lines = [
        b"rubbish", b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
        b'{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}',
        b'[{"jsonrpc":"2.0","id":3,"method":"ping"},'
        b'{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"symbol","arguments":{"name":"Store"}}}]',
        b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"read","arguments":{"path":"main.py"}}}',
    ]
    run = subprocess.run(
        [MARTLET, "mcp"], input=b"\n".join(lines), cwd=FOLDER, capture_output=True, timeout=120)
    expect(run.returncode == 0, run.stderr)
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    expect(answers[0]["error"]["code"] == -32700 and answers[1]["error"]["code"] == -32602, answers)
    expect(answers[2]["result"]["protocolVersion"] == "2025-03-26", answers)
    expect([answer["id"] for answer in answers[3]] == [3, 4] and answers[4]["id"] == 5, answers)


class HTTPServer:
    """The command on a port that it finds itself."""

    def __init__(self, *arguments):
        # The threads that tests run on block most signals; the child must not inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.process = subprocess.Popen(
            [MARTLET, "mcp", "--repo", str(FOLDER), "--http", "127.0.0.1:0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        expect(self.url.startswith("http://127.0.0.1:") and self.url.endswith("/mcp"), self.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()

    def post(self, body, method="POST", **headers):
        """Status, headers and body of what a request gets."""
        head = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
        head.update({name.replace("_", "-"): value for name, value in headers.items()})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url, data, head, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()


def check_http_rules(server):
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}}
    tools = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    status, headers, body = server.post(hello)
    session = headers["mcp-session-id"]
    expect(status == 200 and session and json.loads(body)["result"]["protocolVersion"] == "2025-11-25", body)
    expect(server.post(tools)[0] == 400)
    expect(server.post(tools, mcp_session_id="nobody")[0] == 404)
    expect(server.post(tools, mcp_session_id=session)[0] == 200)
    expect(server.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, mcp_session_id=session)[0] == 202)
    expect(server.post(tools, mcp_session_id=session, mcp_protocol_version="1999-01-01")[0] == 400)
    status, headers, _ = server.post(None, method="GET", mcp_session_id=session)
    expect(status == 405 and headers["allow"] == "POST, DELETE", headers)
    expect(server.post(tools, mcp_session_id=session, content_type="text/plain")[0] == 415)
    expect(server.post(tools, mcp_session_id=session, accept="text/html")[0] == 406)
    expect(server.post(tools, mcp_session_id=session, origin="http://evil.example")[0] == 403)
    expect(server.post(tools, mcp_session_id=session, host="evil.example")[0] == 403)
    expect(server.post(tools, mcp_session_id=session, origin="http://localhost:3000")[0] == 200)
    call = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {
        "name": "outline", "arguments": {}, "_meta": {"progressToken": "t"}}}
    status, headers, body = server.post(call, mcp_session_id=session)
    expect(status == 200 and headers["content-type"] == "text/event-stream", headers)
    expect(body.startswith("event: message\ndata: {") and '"id":3' in body, body)
    expect(server.post(None, method="DELETE", mcp_session_id=session)[0] == 200)
    expect(server.post(tools, mcp_session_id=session)[0] == 404)

    version = "2026-07-28"
    meta = {"io.modelcontextprotocol/protocolVersion": version, "io.modelcontextprotocol/clientCapabilities": {}}
    stateless = dict(tools, params={"_meta": meta})
    expect(server.post(stateless, mcp_protocol_version=version, mcp_method="tools/list")[0] == 200)
    status, _, body = server.post(stateless, mcp_protocol_version=version, mcp_method="tools/call")
    expect(status == 400 and json.loads(body)["error"]["code"] == -32020, body)
    expect(server.post(stateless, mcp_method="tools/list")[0] == 400)
    unknown = dict(stateless, method="ping")
    expect(server.post(unknown, mcp_protocol_version=version, mcp_method="ping")[0] == 404)


def check_keys():
    keys = FOLDER / "keys"
    keys.write_text("secret\n")
    with HTTPServer("--api-key-file", str(keys)) as server:
        hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}}
        expect(server.post(hello)[0] == 401)
        expect(server.post(hello, authorization="Bearer secret")[0] == 200)
    run = subprocess.run([MARTLET, "mcp", "--repo", str(FOLDER), "--http", "0.0.0.0:0"], capture_output=True, text=True)
    expect(run.returncode == 2 and "--api-key-file" in run.stderr, run.stderr)


def precise_parameters(*arguments, **environment):
    """A server that finds the language servers of the tests' own packages."""
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    return StdioServerParameters(
        command=MARTLET, args=["mcp", "--repo", str(FOLDER), *arguments],
        env={"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"], "PATH": path, **environment})


LOOSE = "from store import Cache, Store\n\n\ndef run(stores: list[Store], things):\n" \
    "    [store.load('a') for store in stores]\n    [item.load('b') for item in things if isinstance(item, Cache)]\n" \
    "    [thing.load('c') for thing in things]\n"


async def check_counter():
    """Tokens are counted by the model that is named, in maps and contexts; one that is not there is told at once."""
    write_repository()
    (FOLDER / "src" / "deep.py").write_text("def deep():\n    return 1\n")
    async with Client(precise_parameters("--model", MODEL), mode="auto") as client:
        text, data = await ask(client, "context", task="let load give up sooner", tokens=400)
        expect(data["counter"] == MODEL and data["tokens"] <= 400, data)
        expect(text.endswith(f"({data['tokens']} of 400 tokens, counted as {MODEL} does)\n"), text)
        text, data = await ask(client, "outline", path="src", tokens=100)
        expect(data["map"]["counter"] == MODEL, data)
        expect([item["path"] for item in data["map"]["items"]] == ["src/deep.py"], data)
    run = subprocess.run([MARTLET, "mcp", "--model", "nowhere.gguf"], cwd=FOLDER, capture_output=True, text=True)
    expect(run.returncode == 2 and "nowhere.gguf" in run.stderr, run.stderr)


async def check_precise():
    """What a language server says, and that it hears of edits."""
    write_repository()
    (FOLDER / "loose.py").write_text(LOOSE)

    async def callers(client, **arguments):
        text, data = await ask(client, "relations", symbol="Store.load", kind="callers", **arguments)
        return text, sorted(f"{a['path']}:{a['line']} {a['provenance']}" for a in data["answers"])

    async with Client(precise_parameters(), mode="auto") as client:
        _, guess = await callers(client, ambiguous=True)
        expect("exact" not in "".join(guess) and len(guess) == 4, guess)
        text, checked = await callers(client, ambiguous=True, precise=True)
        expect(checked == ["loose.py:5 exact", "loose.py:7 ambiguous", "store.py:20 exact"], checked)
        expect("Checked: ty was asked about 4 uses: 2 right, 1 wrong, 1 not settled" in text.splitlines()[0], text)
        # Everything moves, and one thing changes its type.
        (FOLDER / "store.py").write_text("# A first line.\n\n" + STORE)
        (FOLDER / "loose.py").write_text("\n" + LOOSE.replace("list[Store]", "list[Cache]"))
        (FOLDER / "more.py").write_text("import store\n\n\ndef more(each: list[store.Store]):\n    each[0].load('d')\n")
        _, checked = await callers(client, precise=True)
        expect(checked == ["more.py:5 exact", "store.py:22 exact"], checked)
        (FOLDER / "store.py").write_text(STORE.replace("class Cache(Store)", "class Cache"))
        (FOLDER / "more.py").unlink()
        _, data = await ask(client, "relations", symbol="Store", kind="implementers", precise=True)
        expect(data["answers"] == [], data)
        _, data = await ask(client, "relations", symbol="store.py", kind="imports", precise=True)
        expect([answer["symbol"] for answer in data["answers"]] == ["os", "json"], data)
    async with Client(precise_parameters("--no-precise"), mode="auto") as client:
        expect("--no-precise" in await fails(client, "relations", symbol="Store.load", precise=True))


def scripted(mode, notes):
    script = pathlib.Path(__file__).parents[2] / "LanguageServersTests" / "scripted_server.py"
    return f"python=python3 {script} {mode} {notes}"


async def check_precise_servers():
    """One process for all calls of a session, which ends with it, however that ends."""
    write_repository()
    notes = FOLDER / "notes"
    notes.mkdir()
    servers = {"MARTLET_PRECISE_SERVERS": scripted("polite", notes)}
    async with Client(precise_parameters(**servers), mode="auto") as client:
        for _ in range(3):
            await ask(client, "relations", symbol="Cache.load", precise=True)
            (FOLDER / "main.py").write_text((FOLDER / "main.py").read_text() + "\n")
    heard = (notes / "heard").read_text().split()
    expect(len((notes / "starts").read_text().split()) == 1, "the server was started more than once")
    expect(heard.count("workspace/didChangeWatchedFiles") == 2, heard)
    expect(heard.count("textDocument/didOpen") == heard.count("textDocument/didClose") == 3, heard)
    expect(heard[-2:] == ["shutdown", "exit"], heard)

    (notes / "heard").unlink()
    environment = dict(os.environ, MARTLET_PRECISE_SERVERS=scripted("silent", notes), MARTLET_PRECISE_TIMEOUT="3600")
    process = subprocess.Popen(
        [MARTLET, "mcp", "--repo", str(FOLDER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment)
    for message in [
        {"id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}},
        {"id": 2, "method": "tools/call", "params": {
            "name": "relations", "arguments": {"symbol": "Cache.load", "precise": True}}},
    ]:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        process.stdin.flush()
    while not (notes / "heard").exists() or "textDocument/definition" not in (notes / "heard").read_text():
        await asyncio.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    expect(process.returncode == 128 + signal.SIGTERM, process.returncode)
    expect(not pathlib.Path(f"/proc/{(notes / 'starts').read_text().split()[-1]}").exists(), "the server lives on")


async def main():
    for mode in ["legacy", "2026-07-28", "auto"]:
        await check_session(parameters(), mode)
        passed(f"stdio {mode}")
    check_plain_pipe()
    passed("plain pipe")
    await check_counter()
    passed("counter")
    await check_precise()
    passed("precise")
    await check_precise_servers()
    passed("precise servers")
    if "stdio" in sys.argv[4:]:
        return
    with HTTPServer() as server:
        for mode in ["legacy", "2026-07-28", "auto"]:
            await check_session(server.url, mode)
            passed(f"http {mode}")
        check_http_rules(server)
        passed("http rules")
    check_keys()
    passed("keys")


asyncio.run(main())
