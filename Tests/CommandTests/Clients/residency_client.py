"""Lets `martlet serve` swap models, and prints the name of each check that passed.

    residency_client.py MARTLET SMALL SECOND LARGE VECTORS
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import ollama
import openai
import requests

from serve_process import MODEL, Server, expect, passed, refused

SECOND, LARGE, VECTORS = sys.argv[3:6]
# Room for one of the two at a time, with contexts of 2,048 tokens.
TIGHT = ("--memory", "420M", "--cache-memory", "60M")


def ask(client, model, **options):
    """Continues a text: one of the models is a base model."""
    return client.completions.create(
        model=model, temperature=0, **{"prompt": "2 + 2 = 4, 3 + 3 = 6, 4 + 4 = 8, 5 + 5 =", "max_tokens": 8, **options})


def connect(server):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0)


def states(server):
    return {entry["id"]: entry["status"]["value"] for entry in requests.get(server.url + "/v1/models").json()["data"]}


def status_of(server, name):
    return next(model for model in requests.get(server.url + "/v1/status").json()["models"] if model["id"] == name)


def loaded(server):
    return [name for name, state in states(server).items() if state == "loaded"]


def check_demand(server, client):
    expect(loaded(server) == [MODEL], states(server))
    facts = requests.get(server.url + "/api/tags").json()["models"]
    expect([model["name"] for model in facts] == [MODEL, SECOND] and all(model["size"] > 0 for model in facts), facts)
    for name in (SECOND, MODEL, SECOND, MODEL):
        expect(", 6 +" in ask(client, name).choices[0].text, name)
        expect(loaded(server) == [name], states(server))
    # Without a name the first answers; prompts are looked at in models that are not there, too.
    expect(requests.post(server.url + "/tokenize", json={"content": "a", "model": SECOND}).json()["tokens"])
    expect(loaded(server) == [SECOND], states(server))
    whole = client.embeddings.create(model=VECTORS, input="Bonjour")
    expect(len(whole.data[0].embedding) == 384)
    expect(VECTORS in loaded(server), states(server))
    status = status_of(server, MODEL)
    expect(status["residence"]["loads"] >= 3 and status["generated_tokens"] > 0, status)
    metrics = requests.get(server.url + "/metrics").text
    expect(re.search(r'martlet_model_unloads_total\{model="%s"\} [1-9]' % re.escape(MODEL), metrics), metrics)
    passed("on demand")


def check_prefixes(server, client):
    story = "The lamp was red and the door was green. " * 60
    turns = {}
    for name in (MODEL, SECOND, MODEL, SECOND):
        prompt = turns.get(name, story + "The lamp was")
        answer = ask(client, name, prompt=prompt)
        cached = answer.usage.prompt_tokens_details.cached_tokens
        if name in turns:
            expect(cached > 500, (name, answer.usage))
            expect(status_of(server, name)["cache"]["bytes"] > 0, name)
        turns[name] = prompt + answer.choices[0].text + " And the door was"
    passed("prefixes")


def wait_until(condition):
    while not condition():
        pass


def check_keep_alive(server):
    client = ollama.Client(host=server.url)
    client.generate(SECOND, keep_alive=-1)
    expect([model.model for model in client.ps().models] == [SECOND])
    client.generate(SECOND, "Hi", raw=True, options=dict(num_predict=2), keep_alive=0)
    wait_until(lambda: not client.ps().models)
    expect(client.generate(SECOND, keep_alive="5m").done_reason == "load")
    left = requests.get(server.url + "/api/ps").json()["models"][0]["expires_at"]
    expect(left.startswith("20"), left)
    expect(client.generate(SECOND, keep_alive=0).done_reason == "unload")
    wait_until(lambda: SECOND not in loaded(server))
    expect(requests.post(server.url + "/models/load", json={"model": MODEL}).json() == {"success": True})
    expect(MODEL in loaded(server))
    refused(lambda: client.generate(SECOND, keep_alive="soon"), ollama.ResponseError)
    passed("keep alive")


def check_crowd(server, client):
    """Answers, streams that are left, and vectors, of three models at once."""
    problems = []

    def work(number):
        name = (MODEL, SECOND)[number % 2]
        try:
            for turn in range(4):
                if (number + turn) % 3 == 0:
                    with ask(client, name, prompt="1, 2, 3, 4, 5,", max_tokens=500, stream=True) as stream:
                        next(iter(stream))
                elif (number + turn) % 3 == 1:
                    expect(", 6 +" in ask(client, name).choices[0].text)
                else:
                    client.embeddings.create(model=VECTORS, input="Bonjour")
        except BaseException as error:
            problems.append((number, error))

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expect(not problems, problems)
    wait_until(lambda: all(status_of(server, name)["residence"]["users"] == 0 for name in (MODEL, SECOND)))
    passed("a crowd")


def check_names():
    server = Server("--alias", "first", "--alias", f"gpt-4o={SECOND}", "--keep-alive", "0", model=[MODEL, SECOND])
    client = connect(server)
    wait_until(lambda: not loaded(server))
    expect(list(states(server)) == ["first", SECOND], states(server))
    expect(ask(client, "gpt-4o").model == SECOND and ask(client, "first").model == "first")
    error = refused(lambda: ask(client, MODEL), openai.NotFoundError)
    expect("'first'" in str(error), error)
    wait_until(lambda: not loaded(server))
    status, errors = server.end()
    expect(status == 0 and f"loaded {SECOND} " in errors and "unloaded first" in errors, errors)
    passed("names")


def check_broken_file(folder):
    """A file that is cut off after the server has seen it: the request says so, and finds it when it is whole again."""
    path = os.path.join(folder, "second.gguf")
    whole = resolved(SECOND)
    shutil.copy(whole, path)
    server = Server(model=[MODEL, path])
    client = connect(server)
    os.truncate(path, 1000)
    for stream in (False, True):
        error = refused(lambda: list(ask(client, "second", stream=stream)), openai.InternalServerError)
        expect("'second' cannot be loaded" in str(error) and "second.gguf" in str(error), error)
    expect(", 6 +" in ask(client, MODEL).choices[0].text)
    shutil.copy(whole, path)
    expect(", 6 +" in ask(client, "second").choices[0].text)
    expect(status_of(server, "second")["residence"]["failed_loads"] == 2)
    expect(server.end()[0] == 0)
    passed("a broken file")


def resolved(name):
    """The file of a model, as the command that prints it finds it."""
    shown = subprocess.run([sys.argv[1], "model", "show", name, "--json"], stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(shown.stdout)["path"]


def start_fails(*arguments):
    run = subprocess.run(
        [sys.argv[1], "serve", *arguments, "--port", "0", "--context", "2048"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    expect(run.returncode == 2 and not run.stdout, run)
    return run.stderr


def check_refusals():
    expect("--memory" in start_fails(MODEL, "--memory", "50M"))
    expect("no such model" in start_fails(MODEL, "--alias", "a=b"))
    expect("two models" in start_fails(MODEL, SECOND, "--alias", SECOND))
    expect("keep-alive" in start_fails(MODEL, "--keep-alive", "soon"))
    expect("nothing-like-it" in start_fails(MODEL, "nothing-like-it"))
    passed("refusals")


def check_store():
    # The last context counts: more than some of them take.
    server = Server("--all", "--memory", "900M", "--cache-memory", "20M", "--context", "16384", model=[])
    client = connect(server)
    expect(not loaded(server) and {MODEL, SECOND, LARGE, VECTORS} <= set(states(server)), states(server))
    lengths = {card["id"]: card["max_model_len"] for card in requests.get(server.url + "/v1/models").json()["data"]}
    expect(lengths[MODEL] == 8192 and lengths[SECOND] == 16384 and lengths[VECTORS] == 256, lengths)
    expect(", 6 +" in ask(client, SECOND).choices[0].text)
    # What can never fit is an error that says so, not a wait.
    error = refused(lambda: ask(client, LARGE), openai.BadRequestError)
    expect("--memory" in str(error), error)
    expect(server.end()[0] == 0)
    passed("a whole store")


def main():
    server = Server(*TIGHT, "--embedding", VECTORS, model=[MODEL, SECOND])
    client = connect(server)
    check_demand(server, client)
    check_prefixes(server, client)
    check_keep_alive(server)
    check_crowd(server, client)
    status, errors = server.end()
    expect(status == 0, errors)
    check_names()
    with tempfile.TemporaryDirectory() as folder:
        check_broken_file(folder)
    check_refusals()
    check_store()


main()
