"""Treats `martlet serve` as a bad network would, and prints the name of each check that passed.

    storm_client.py MARTLET MODEL DISCONNECTS
"""
import concurrent.futures
import http.client
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time

from serve_process import Server, expect, passed

COUNT = int(sys.argv[3])
ROUTE = "/v1/chat/completions"


def port(server):
    return int(server.url.rsplit(":", 1)[1])


def connect(server):
    return socket.create_connection(("127.0.0.1", port(server)), timeout=3600)


def request(body, path=ROUTE):
    return (f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n").encode() + body


def chat(text, **more):
    return json.dumps({"messages": [{"role": "user", "content": text}], "temperature": 0, **more}).encode()


def post(server, body):
    connection = http.client.HTTPConnection("127.0.0.1", port(server), timeout=3600)
    connection.request("POST", ROUTE, body)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def answers(server):
    status, data = post(server, chat("Hi", max_tokens=2))
    expect(status == 200 and json.loads(data)["usage"]["completion_tokens"] == 2, data)


def leave(server, seed):
    """Goes away somewhere on the way: in the head, in the body, while it waits, reads, or is answered."""
    r = random.Random(seed)
    message = request(chat("bird " * r.randrange(400), max_tokens=200, stream=r.random() < 0.7))
    with connect(server) as client:
        whole = r.random() < 0.8
        client.sendall(message if whole else message[:r.randrange(len(message))])
        if whole and r.random() < 0.5:
            client.settimeout(r.random() * 0.2)
            try:
                client.recv(r.choice([1, 100, 10000]))
            except TimeoutError:
                pass
        if r.random() < 0.3:
            # The other side gets a reset instead of an end.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def check_disconnects(server):
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda seed: leave(server, seed), range(COUNT)))
    answers(server)
    passed("disconnects")


def check_idle(server):
    idle = [connect(server) for _ in range(500)]
    answers(server)
    for client in idle:
        client.close()
    passed("idle connections")


def check_bodies(server):
    status, data = post(server, b" " * (10 << 20))
    expect(status == 400 and b"JSON" in data, data[:200])
    status, data = post(server, chat("word " * (2 << 20)))
    expect(status == 400 and json.loads(data)["error"]["code"] == "context_length_exceeded", data[:200])
    for damage in (b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\0"):
        status, data = post(server, chat("@").replace(b"@", damage))
        expect(status == 400, (damage, status, data[:200]))
    answers(server)
    passed("bodies")


def check_slow_reader(server):
    """Who takes little holds nobody up."""
    with connect(server) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.sendall(request(chat("Write a long story.", max_tokens=300, stream=True)))
        answers(server)
        text = b""
        while b"[DONE]" not in text:
            piece = slow.recv(512)
            expect(piece, text[-200:])
            text += piece
    passed("slow reader")


def saved(folder):
    return [name for _, _, names in os.walk(folder) for name in names if name.endswith(".kv")]


def check_kill(folder):
    """What was read survives the process."""
    words = "one two three four five six seven eight nine ten " * 60
    cached = []
    for _ in range(2):
        server = Server("--cache-folder", folder, "--quiet")
        status, data = post(server, chat(words, max_tokens=2))
        expect(status == 200, data)
        cached.append(json.loads(data)["usage"]["prompt_tokens_details"]["cached_tokens"])
        if len(cached) == 1:
            while not saved(folder):
                time.sleep(0.05)
        server.process.send_signal(signal.SIGKILL)
        server.process.communicate()
    expect(cached[0] == 0 and cached[1] >= 256, cached)
    passed("kill -9")


def main():
    server = Server("--parallel", "4", "--queue", "2000", "--quiet")
    check_disconnects(server)
    check_idle(server)
    check_bodies(server)
    check_slow_reader(server)
    status, errors = server.end()
    expect(status == 0, (status, errors))
    passed("end")
    with tempfile.TemporaryDirectory() as folder:
        check_kill(folder)


main()
