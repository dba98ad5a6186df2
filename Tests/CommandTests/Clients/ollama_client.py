"""Talks to `martlet serve` with Ollama's own client, and prints the name of each check that passed.

    ollama_client.py MARTLET MODEL
"""
import json

import ollama

from serve_process import MODEL, Server, expect, passed, refused

QUESTION = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is the capital of France?"}]
OPTIONS = dict(temperature=0, num_predict=16)


def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: the first
        b: the second
    """
    return a + b


def check_chat(client):
    answer = client.chat(MODEL, QUESTION, options=OPTIONS)
    expect("Paris" in answer.message.content and answer.done, answer)
    expect(answer.done_reason in ("stop", "length") and answer.eval_count > 0 and answer.total_duration > 0, answer)
    pieces = list(client.chat(MODEL, QUESTION, options=OPTIONS, stream=True))
    expect("".join(piece.message.content for piece in pieces) == answer.message.content, pieces)
    expect(pieces[-1].done and pieces[-1].eval_count == answer.eval_count, pieces[-1])
    turns = QUESTION + [
        ollama.Message(role="assistant", tool_calls=[
            ollama.Message.ToolCall(function=ollama.Message.ToolCall.Function(name="add", arguments={"a": 1, "b": 2}))]),
        {"role": "tool", "tool_name": "add", "content": "3"}]
    expect(client.chat(MODEL, turns, tools=[add], options=OPTIONS).done)
    schema = {"type": "object", "properties": {"city": {"enum": ["Paris", "Bonn"]}}, "required": ["city"]}
    bound = client.chat(MODEL, QUESTION, format=schema, options=dict(temperature=0, num_predict=64))
    expect(json.loads(bound.message.content)["city"] in ("Paris", "Bonn"), bound)
    passed("chat")


def check_generate(client):
    answer = client.generate(MODEL, "What is the capital of France?", options=OPTIONS)
    expect("Paris" in answer.response, answer)
    raw = client.generate(MODEL, "def fibonacci(n):", raw=True, options=OPTIONS)
    pieces = client.generate(MODEL, "def fibonacci(n):", raw=True, options=OPTIONS, stream=True)
    expect(raw.response and "".join(piece.response for piece in pieces)[:8] == raw.response[:8], raw)
    expect(client.generate(MODEL).done_reason == "load")
    passed("generate")


def check_models(client):
    expect([model.model for model in client.list().models] == [MODEL])
    shown = client.show(MODEL)
    expect(shown.details.quantization_level == "Q4_1" and "completion" in shown.capabilities, shown)
    expect(shown.modelinfo["general.architecture"] == "llama" and shown.template, shown)
    expect(client.ps().models[0].context_length == 2048)
    expect([step.status for step in client.pull(MODEL, stream=True)] == ["success"])
    error = refused(lambda: list(client.pull("./nowhere.gguf", stream=True)), ollama.ResponseError)
    expect("is a path" in str(error), error)
    passed("models")


def check_errors(client):
    error = refused(lambda: client.chat("other", QUESTION), ollama.ResponseError)
    expect(error.status_code == 404 and "other" in error.error, error)
    words = [{"role": "user", "content": "word " * 5000}]
    for stream in (False, True):
        error = refused(lambda: list(client.chat(MODEL, words, stream=stream)), ollama.ResponseError)
        expect(error.status_code == 400 and "2048" in error.error, error)
    error = refused(lambda: client.generate(MODEL, "a", suffix="b"), ollama.ResponseError)
    expect("filling in the middle" in error.error, error)
    passed("errors")


def main():
    server = Server()
    client = ollama.Client(host=server.url)
    check_chat(client)
    check_generate(client)
    check_models(client)
    check_errors(client)
    status, _ = server.end()
    expect(status == 0, status)
    passed("end")


main()
