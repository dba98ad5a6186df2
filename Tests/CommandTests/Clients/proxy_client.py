"""Puts nginx and Caddy in front of `martlet serve`, as Docs/Serving.md has it, and talks HTTPS to them.

    proxy_client.py MARTLET MODEL
"""
import atexit
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import time

import httpx
import openai

from serve_process import MODEL, Server, expect, passed, refused

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
PROGRAMS = os.path.join(ROOT, ".deps/programs/usr")
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]
LONG = [{"role": "user", "content": "Write a long story about a bird."}]
WRAPPER = """\
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include site.conf;
}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(name, *changes):
    """A file of Docs, with what every site has for itself replaced."""
    with open(os.path.join(ROOT, "Docs", name)) as file:
        text = file.read()
    for old, new in changes:
        expect(old in text, (name, old))
        text = text.replace(old, new)
    return text


def certificate(folder):
    paths = [os.path.join(folder, name) for name in ("certificate.pem", "key.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


class Proxy:
    """A proxy as a child process, listening when this returns."""

    def __init__(self, command, port, folder):
        # Writing into a pipe that nobody reads would stop it some day.
        self.log = open(os.path.join(folder, "log"), "w+")
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=self.log, stderr=self.log,
            env={**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder})
        atexit.register(self.process.kill)
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                self.log.seek(0)
                expect(self.process.poll() is None, self.log.read())
                time.sleep(0.02)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


def nginx(folder, upstream, port, pair):
    with open(os.path.join(folder, "site.conf"), "w") as file:
        file.write(configuration(
            "nginx.conf", ("127.0.0.1:8080", upstream), ("listen 443 ssl http2", f"listen 127.0.0.1:{port} ssl http2"),
            ("listen 80;", f"listen 127.0.0.1:{free_port()};"), ("/etc/ssl/certs/llm.example.org.pem", pair[0]),
            ("/etc/ssl/private/llm.example.org.key", pair[1]), ("llm.example.org", "localhost")))
    with open(os.path.join(folder, "nginx.conf"), "w") as file:
        file.write(WRAPPER)
    return Proxy([PROGRAMS + "/sbin/nginx", "-p", folder + "/", "-c", "nginx.conf", "-e", "stderr"], port, folder)


def caddy(folder, upstream, port, pair):
    with open(os.path.join(folder, "Caddyfile"), "w") as file:
        # Caddy gets certificates itself, for names that it can be reached by.
        file.write("{\n\tadmin off\n\tauto_https off\n}\n" + configuration(
            "Caddyfile", ("127.0.0.1:8080", upstream),
            ("llm.example.org {", f"https://localhost:{port} {{\n\ttls {pair[0]} {pair[1]}")))
    return Proxy([PROGRAMS + "/bin/caddy", "run", "--adapter", "caddyfile", "--config", "Caddyfile"], port, folder)


def status(server):
    address = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/v1/status", headers={"x-api-key": "secret"})
    with connection.getresponse() as answer:
        return json.loads(answer.read())["models"][0]


def check(server, port, authority):
    def client(key, url=f"https://localhost:{port}/v1"):
        verified = httpx.Client(verify=ssl.create_default_context(cafile=authority), timeout=3600, trust_env=False)
        return openai.OpenAI(base_url=url, api_key=key, max_retries=0, http_client=verified)

    secure = client("secret")
    refused(lambda: client("wrong").models.list(), openai.AuthenticationError)
    expect([model.id for model in secure.models.list()] == [MODEL])
    options = dict(model=MODEL, temperature=0, max_tokens=8)
    answer = secure.chat.completions.create(messages=QUESTION, **options)
    expect("Paris" in answer.choices[0].message.content, answer)
    # Larger than what proxies hold in memory, and than what they take by default.
    error = refused(
        lambda: secure.chat.completions.create(messages=[{"role": "user", "content": "word " * (2 << 20)}], **options),
        openai.BadRequestError)
    expect(error.code == "context_length_exceeded", error)
    # The only slot is taken. The beginning of an answer that waits comes all the same, and nothing more of it can.
    running = client("secret", server.url + "/v1").chat.completions.create(
        model=MODEL, messages=LONG, temperature=0, max_tokens=1900, stream=True)
    next(chunk for chunk in running if chunk.choices[0].delta.content)
    stream = secure.chat.completions.create(messages=QUESTION, stream=True, **options)
    first = next(stream)
    now = status(server)
    expect(first.choices[0].delta.role == "assistant" and now["waiting"] == 1, (first, now))
    running.close()
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    expect(text == answer.choices[0].message.content, text)
    # Who leaves the proxy leaves the server.
    left = secure.chat.completions.create(
        model=MODEL, messages=LONG, temperature=0, max_tokens=1900, stream=True)
    next(chunk for chunk in left if chunk.choices[0].delta.content)
    left.close()
    while any(slot["state"] != "idle" for slot in status(server)["slots"]):
        time.sleep(0.01)


def main():
    server = Server("--quiet", "--speculation", "off", environment={"MARTLET_API_KEY": "secret"})
    for proxy in (nginx, caddy):
        with tempfile.TemporaryDirectory() as folder:
            pair = certificate(folder)
            port = free_port()
            running = proxy(folder, server.url.removeprefix("http://"), port, pair)
            check(server, port, pair[0])
            running.end()
        passed(proxy.__name__)
    code, errors = server.end()
    expect(code == 0, errors)
    passed("end")


main()
