"""Loads, chooses and unloads LoRA adapters of a running `martlet serve` while others are answered.

    adapter_client.py MARTLET MODEL FOLDER

FOLDER holds a.gguf and b.gguf, adapters of the model.
"""
import concurrent.futures
import json
import sys
import urllib.error
import urllib.request

from serve_process import Server, ask, call, expect, passed, refused

FOLDER = sys.argv[3]
PROMPT = [{"role": "user", "content": "What is the capital of France?"}]


def load(server, name, path, **more):
    return call(server, "/v1/load_lora_adapter", {"lora_name": name, "lora_path": path, **more})


def unload(server, name):
    return call(server, "/v1/unload_lora_adapter", {"lora_name": name})


def first(server, model=None, **more):
    """The first token of an answer."""
    body = {"messages": PROMPT, "max_tokens": 1, "temperature": 0, "logprobs": True, **more}
    if model:
        body["model"] = model
    answer = ask(server, "/v1/chat/completions", body)
    return answer["choices"][0]["logprobs"]["content"][0]["token"]


def status(action):
    error = refused(action, urllib.error.HTTPError)
    body = error.read()
    return error.code if error.code not in (400, 403, 404) or json.loads(body)["error"]["message"] else body


def check_start(server):
    adapters = ask(server, "/lora-adapters")
    expect([(entry["id"], entry["name"], entry["scale"]) for entry in adapters] == [(0, "first", 0)], adapters)
    models = ask(server, "/v1/models")["data"]
    base = models[0]["id"]
    expect([(model["id"], model.get("parent")) for model in models] == [(base, None), ("first", base)], models)
    plain, corrected = first(server, base), first(server, "first")
    expect(plain != corrected, (plain, corrected))
    expect(first(server, lora=[{"id": 0, "scale": 1}]) == corrected)
    expect(first(server, "first", lora=[]) == plain)
    passed("names at the start")
    return plain, corrected


def check_scales(server, plain, corrected):
    expect(ask(server, "/lora-adapters", [{"id": 0, "scale": 1}]) == {"success": True})
    expect(first(server) == corrected and first(server, lora=[]) == plain)
    expect(ask(server, "/lora-adapters", []) == {"success": True} and first(server) == plain)
    passed("scales in force")


def check_refusals(server):
    expect(status(lambda: load(server, "x", "../" + "x")) == 403)
    expect(status(lambda: load(server, "x", "/etc/passwd")) == 403)
    expect(status(lambda: load(server, "x", "none.gguf")) == 404)
    expect(status(lambda: load(server, "x", "text.gguf")) == 400)
    expect(status(lambda: load(server, "first", "b.gguf")) == 400)
    expect(status(lambda: unload(server, "x")) == 404)
    expect(status(lambda: first(server, "x")) == 404)
    passed("refusals")


def check_load(server, plain, corrected):
    """Adapters come and go while requests for all of them are answered."""
    load(server, "second", "b.gguf")
    second = first(server, "second")
    expect(second != plain and second != corrected, second)
    wanted = {None: plain, "first": corrected, "second": second}

    def round(number):
        name = f"new-{number}"
        path, value = [("a.gguf", corrected), ("b.gguf", second)][number % 2]
        load(server, name, path)
        found = first(server, name)
        unload(server, name)
        expect(found == value, (name, found, value))

    def usual(number):
        name = list(wanted)[number % 3]
        found = first(server, name)
        expect(found == wanted[name], (name, found, wanted[name]))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        work = [pool.submit(round if number % 3 == 0 else usual, number // 3 if number % 3 == 0 else number)
                for number in range(60)]
        for done in work:
            done.result()
    expect([entry["name"] for entry in ask(server, "/lora-adapters")] == ["first", "second"])
    passed("load and unload under load")


def check_use(server):
    """An answer comes to its end with the adapter that it began with."""
    body = json.dumps({"model": "second", "messages": PROMPT, "max_tokens": 40, "temperature": 0, "stream": True,
                       "logit_bias": {"2": -100, "0": -100}, "stream_options": {"include_usage": True}}).encode()
    with urllib.request.urlopen(urllib.request.Request(server.url + "/v1/chat/completions", body)) as stream:
        stream.readline()
        unload(server, "second")
        expect(status(lambda: first(server, "second")) == 404)
        rest = stream.read().decode()
    expect(rest.rstrip().endswith("[DONE]") and '"finish_reason":"length"' in rest, rest)
    passed("unloading what is in use")


def main():
    with open(FOLDER + "/text.gguf", "w") as file:
        file.write("no adapter")
    server = Server("--parallel", "4", "--adapter", f"first={FOLDER}/a.gguf", "--adapter-folder", FOLDER)
    plain, corrected = check_start(server)
    check_scales(server, plain, corrected)
    check_refusals(server)
    check_load(server, plain, corrected)
    check_use(server)
    expect(server.end()[0] == 0)
    server = Server("--adapter", f"{FOLDER}/a.gguf:0.5", "--adapter", f"{FOLDER}/b.gguf:0.5")
    expect([(entry["name"], entry["scale"]) for entry in ask(server, "/lora-adapters")] == [("a", 0.5), ("b", 0.5)])
    expect(status(lambda: load(server, "x", "a.gguf")) == 403)
    expect(first(server) != plain)
    expect(server.end()[0] == 0)
    passed("in force from the start")


main()
