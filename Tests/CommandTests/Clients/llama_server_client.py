"""Talks to `martlet serve` as editors' plug-ins talk to llama-server, and prints the name of each check that passed.

    llama_server_client.py MARTLET MODEL
"""
import json
import urllib.error
import urllib.request

from serve_process import Server, expect, passed, refused


def call(server, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(server.url + path, data)) as answer:
        return answer.read().decode()


def ask(server, path, body=None):
    return json.loads(call(server, path, body))


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
    passed("end")


main()
