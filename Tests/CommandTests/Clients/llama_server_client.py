"""Talks to `martlet serve` as editors' plug-ins talk to llama-server, and prints the name of each check that passed.

    llama_server_client.py MARTLET MODEL
"""
import json
import os
import tempfile
import urllib.error

from serve_process import Server, ask, call, expect, passed, refused


def check_completion(server):
    options = dict(prompt="The capital of France is", temperature=0, n_predict=8)
    whole = ask(server, "/completion", {**options, "n_probs": 2, "return_tokens": True})
    expect("Paris" in whole["content"] and whole["stop_type"] == "limit", whole)
    expect(whole["tokens_predicted"] == 8 == len(whole["tokens"]) == len(whole["completion_probabilities"]), whole)
    expect(whole["timings"]["predicted_n"] == 8 and whole["timings"]["predicted_per_second"] > 0, whole)
    lines = call(server, "/completion", {**options, "stream": True}).split("\n\n")
    pieces = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    expect("Paris" in "".join(piece["content"] for piece in pieces), pieces)
    expect([piece["stop"] for piece in pieces] == [False] * (len(pieces) - 1) + [True], pieces)
    stopped = ask(server, "/completion", {**options, "stop": ["Paris"]})
    expect(stopped["stop_type"] == "word" and stopped["stopping_word"] == "Paris", stopped)
    ids = ask(server, "/tokenize", {"content": options["prompt"]})["tokens"]
    several = ask(server, "/completion", {**options, "prompt": [ids, ids[:2] + [" of France is"], "1, 2, 3, 4,"]})
    expect([answer["index"] for answer in several] == [0, 1, 2], several)
    expect([answer["prompt"] for answer in several] == [options["prompt"], "The capital of France is", "1, 2, 3, 4,"], several)
    expect("Paris" in several[0]["content"] and several[2]["content"].startswith(" 5, 6"), several)
    bound = ask(server, "/completion", {**options, "grammar": 'root ::= " Bonn" | " Rome"'})
    expect(bound["content"] in (" Bonn", " Rome") and bound["stop_type"] == "eos", bound)
    passed("completion")


def check_tokens(server):
    text = "def f(x):\n    return x + 1  # é"
    tokens = ask(server, "/tokenize", {"content": text})["tokens"]
    expect(ask(server, "/detokenize", {"tokens": tokens})["content"] == text, tokens)
    pieces = ask(server, "/tokenize", {"content": "a b<|im_end|>", "with_pieces": True})["tokens"]
    expect("".join(piece["piece"] for piece in pieces) == "a b<|im_end|>" and len(pieces) == 3, pieces)
    plain = ask(server, "/tokenize", {"content": "<|im_end|>", "parse_special": False})["tokens"]
    expect(len(plain) > 1, plain)
    prompt = ask(server, "/apply-template", {"messages": [{"role": "user", "content": "Hi"}]})["prompt"]
    expect("<|im_start|>user\nHi<|im_end|>" in prompt and prompt.endswith("<|im_start|>assistant\n"), prompt)
    passed("tokens")


def check_reports(server):
    props = ask(server, "/props")
    expect(props["default_generation_settings"]["n_ctx"] == 2048 and "im_start" in props["chat_template"], props)
    expect(props["total_slots"] == 2 == len(ask(server, "/slots")), props)
    expect(ask(server, "/lora-adapters") == [] and ask(server, "/health")["status"] == "ok")
    passed("reports")


def check_slots():
    """What a slot holds goes to disk, and into another slot of another server."""
    options = dict(prompt="one two three four five six seven eight nine ten " * 40, temperature=0, n_predict=4)

    def server(folder):
        return Server("--parallel", "2", "--slot-save-path", folder, "--cache-disk", "0", "--quiet")

    with tempfile.TemporaryDirectory() as folder:
        first = server(folder)
        count = ask(first, "/completion", options)["tokens_evaluated"]
        saved = ask(first, "/slots/0?action=save", {"filename": "talk"})
        expect(saved["n_saved"] >= count and saved["n_written"] > 0 and saved["filename"] == "talk", saved)
        first.end()
        second = server(folder)
        restored = ask(second, "/slots/1?action=restore", {"filename": "talk"})
        expect(restored["n_restored"] == saved["n_saved"] and restored["n_read"] == saved["n_written"], restored)
        again = ask(second, "/completion", options)
        expect(again["timings"]["cache_n"] == count - 1, again["timings"])
        ask(second, "/slots/0?action=save", {"filename": "nothing"})
        expect(ask(second, "/slots/0?action=restore", {"filename": "nothing"})["n_restored"] == 0)
        expect(ask(second, "/slots/1?action=erase", {})["n_erased"] >= count)
        for path, body in [
                ("/slots/0?action=restore", {"filename": "other"}), ("/slots/0?action=save", {"filename": "../talk"}),
                ("/slots/0?action=save", {"filename": ""}), ("/slots/0?action=save", {}), ("/slots/0", {}),
                ("/slots/2?action=erase", {}), ("/slots/x?action=erase", {}), ("/slots/0?action=fly", {})]:
            error = refused(lambda: call(second, path, body), urllib.error.HTTPError)
            expect(error.code == 400, (path, body, error.read()))
        for name in [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]:
            if name.endswith(".kv"):
                with open(name, "r+b") as file:
                    file.seek(5000)
                    file.write(b"damage")
        error = refused(
            lambda: call(second, "/slots/0?action=restore", {"filename": "talk"}), urllib.error.HTTPError)
        expect(error.code == 400 and b"damaged" in error.read())
        expect(ask(second, "/completion", options)["content"] == again["content"])
        second.end()
    passed("slots")


def check_errors(server):
    for path, body, status in [
            ("/completion", {}, 400), ("/completion", {"prompt": "word " * 5000}, 400),
            ("/infill", {"input_prefix": "a", "input_suffix": "b"}, 400), ("/slots/0?action=save", {}, 501)]:
        error = refused(lambda: call(server, path, body), urllib.error.HTTPError)
        facts = json.loads(error.read())["error"]
        expect(error.code == status == facts["code"] and facts["message"], facts)
    passed("errors")


def main():
    server = Server("--parallel", "2")
    check_completion(server)
    check_tokens(server)
    check_reports(server)
    check_errors(server)
    status, _ = server.end()
    expect(status == 0, status)
    check_slots()
    passed("end")


main()
