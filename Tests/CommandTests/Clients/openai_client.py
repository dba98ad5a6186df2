"""Talks to `martlet serve` with OpenAI's own client, and prints the name of each check that passed.

    openai_client.py MARTLET MODEL
"""
import json
import re
import signal
import typing
import urllib.request

import openai
import pydantic

import serve_process
from serve_process import MODEL, expect, passed, refused

QUESTION = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is the capital of France?"}]
LONG = [{"role": "user", "content": "Write a long story about a bird."}]


class Server(serve_process.Server):
    def client(self, key="none"):
        return openai.OpenAI(base_url=self.url + "/v1", api_key=key, max_retries=0, timeout=3600)


def check_chat(client):
    expect([model.id for model in client.models.list()] == [MODEL])
    answer = client.chat.completions.create(model=MODEL, messages=QUESTION, temperature=0, max_tokens=16)
    expect("Paris" in answer.choices[0].message.content, answer)
    expect(answer.choices[0].finish_reason in ("stop", "length"), answer)
    expect(answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens, answer)
    two = client.chat.completions.create(model=MODEL, messages=LONG, temperature=1, seed=1, max_tokens=8, n=2)
    expect(two.choices[0].message.content != two.choices[1].message.content, two)
    expect([choice.index for choice in two.choices] == [0, 1] and two.usage.completion_tokens == 16, two)
    pieces = ["", ""]
    for chunk in client.chat.completions.create(
            model=MODEL, messages=LONG, temperature=1, seed=1, max_tokens=8, n=2, stream=True):
        for choice in chunk.choices:
            pieces[choice.index] += choice.delta.content or ""
    expect(all(pieces) and pieces[0] != pieces[1], pieces)
    short = client.chat.completions.create(model=MODEL, messages=LONG, temperature=0, max_completion_tokens=3)
    expect(short.choices[0].finish_reason == "length" and short.usage.completion_tokens == 3, short)
    passed("chat")
    return answer


def check_stream(client, whole):
    options = dict(model=MODEL, messages=QUESTION, temperature=0, max_tokens=16)
    chunks = list(client.chat.completions.create(**options, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    expect(text == whole.choices[0].message.content, text)
    expect([chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == whole.choices[0].finish_reason)
    expect(chunks[-1].usage.completion_tokens == whole.usage.completion_tokens, chunks[-1])
    passed("stream")
    stopped = client.chat.completions.create(**options, stop=["Paris"], stream=True)
    expect("P" not in "".join(chunk.choices[0].delta.content or "" for chunk in stopped))
    passed("stop")
    told = client.chat.completions.create(**options, logprobs=True, top_logprobs=2)
    tokens = told.choices[0].logprobs.content
    expect("".join(token.token for token in tokens).startswith(text[:4]), tokens)
    expect(all(len(token.top_logprobs) == 2 and token.logprob <= 0 for token in tokens), tokens)
    seeded = [
        client.chat.completions.create(model=MODEL, messages=LONG, temperature=1, seed=7, max_tokens=8)
        .choices[0].message.content for _ in range(2)]
    expect(seeded[0] == seeded[1], seeded)
    passed("logprobs and seeds")


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather", "description": "Tells the weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
            "required": ["city", "unit"]}}}


def check_tools(client):
    messages = [{"role": "user", "content": "How warm is it in Paris?"}]
    options = dict(model=MODEL, tools=[WEATHER], temperature=1, seed=3, max_tokens=200)
    for choice in ("required", {"type": "function", "function": {"name": "get_weather"}}):
        answer = client.chat.completions.create(
            messages=messages, tool_choice=choice, parallel_tool_calls=False, **options).choices[0]
        expect(answer.finish_reason == "tool_calls" and answer.message.content is None, answer)
        [call] = answer.message.tool_calls
        arguments = json.loads(call.function.arguments)
        expect(call.function.name == "get_weather" and arguments.keys() == {"city", "unit"}, call)
        expect(arguments["unit"] in ("celsius", "fahrenheit"), call)
    chunks = list(client.chat.completions.create(
        messages=messages, tool_choice="required", parallel_tool_calls=False, stream=True, **options))
    deltas = [part for chunk in chunks for part in chunk.choices[0].delta.tool_calls or []]
    expect(deltas[0].function.name == "get_weather" and deltas[0].id, deltas[0])
    expect(len(deltas) > 3, deltas)
    expect("city" in json.loads("".join(delta.function.arguments for delta in deltas)), deltas)
    expect(chunks[-1].choices[0].finish_reason == "tool_calls", chunks[-1])
    messages += [answer.message, {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}]
    said = client.chat.completions.create(messages=messages, tool_choice="none", **options).choices[0]
    expect(said.message.content and not said.message.tool_calls, said)
    passed("tools")


class Bird(pydantic.BaseModel):
    name: str = pydantic.Field(max_length=20)
    wingspan: int = pydantic.Field(ge=1, le=99)
    colours: list[typing.Literal["black", "white", "red"]] = pydantic.Field(max_length=3)
    eggs: typing.Optional[typing.Literal[1, 2, 3]]


def check_formats(client):
    messages = [{"role": "user", "content": "Describe a martlet."}]
    options = dict(model=MODEL, messages=messages, temperature=1, max_tokens=400)
    for seed in range(5):
        answer = client.chat.completions.parse(response_format=Bird, seed=seed, **options).choices[0]
        expect(answer.finish_reason == "stop" and isinstance(answer.message.parsed, Bird), answer)
    whole = client.chat.completions.create(
        response_format={"type": "json_object"}, **{**options, "temperature": 0}).choices[0]
    expect(whole.finish_reason == "length" or isinstance(json.loads(whole.message.content), dict), whole)
    for extra, expected in (
            ({"guided_regex": "[0-9]{4}-[0-9]{2}"}, r"[0-9]{4}-[0-9]{2}"),
            ({"grammar": 'root ::= "ab" [cd]+ "e"'}, "ab[cd]+(e|$)"),
            ({"structured_outputs": {"choice": ["yes", "no"]}}, "yes|no")):
        told = client.chat.completions.create(extra_body=extra, **{**options, "max_tokens": 40}).choices[0]
        expect(re.fullmatch(expected, told.message.content), told)
    error = refused(
        lambda: client.chat.completions.create(
            response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": {"not": {}}}}, **options),
        openai.BadRequestError)
    expect("not" in error.message, error)
    passed("formats")


def check_completions(client):
    # A cached prompt may lead to other roundings than one that is read: each token here is far more likely than others.
    options = dict(model=MODEL, prompt="1, 2, 3, 4, 5, 6,", temperature=0, max_tokens=8)
    whole = client.completions.create(**options, echo=True)
    expect(whole.choices[0].text.startswith(options["prompt"]), whole)
    pieces = "".join(chunk.choices[0].text for chunk in client.completions.create(**options, stream=True))
    expect(options["prompt"] + pieces == whole.choices[0].text, pieces)
    told = urllib.request.Request(
        str(client.base_url).replace("/v1/", "/tokenize"), json.dumps({"content": options["prompt"]}).encode())
    ids = json.loads(urllib.request.urlopen(told).read())["tokens"]
    several = client.completions.create(**{**options, "prompt": [ids, ids[:12]]}, echo=True, n=2)
    expect([choice.index for choice in several.choices] == [0, 1, 2, 3], several)
    expect([choice.text for choice in several.choices[:2]] == [whole.choices[0].text] * 2, several)
    expect(all(choice.text.startswith("1, 2, 3, 4") for choice in several.choices), several)
    expect(several.usage.prompt_tokens == len(ids) + 12 and several.usage.completion_tokens == 32, several.usage)
    error = refused(lambda: client.completions.create(**{**options, "prompt": [10 ** 6]}), openai.BadRequestError)
    expect("1000000" in error.message, error)
    passed("completions")
    error = refused(lambda: client.completions.create(**options, suffix="return n"), openai.BadRequestError)
    expect("filling in the middle" in error.message, error)
    passed("suffix")


def check_errors(client):
    words = [{"role": "user", "content": "word " * 5000}]
    for stream in (False, True):
        error = refused(
            lambda: client.chat.completions.create(model=MODEL, messages=words, stream=stream), openai.BadRequestError)
        expect(error.code == "context_length_exceeded" and "2048" in error.message, error)
    refused(lambda: client.chat.completions.create(model="other", messages=QUESTION), openai.NotFoundError)
    error = refused(
        lambda: client.chat.completions.create(model=MODEL, messages=QUESTION, temperature="hot"),
        openai.BadRequestError)
    expect(error.param == "temperature", error)
    passed("errors")


def check_disconnect(client):
    for wait_for_text in (True, False):
        stream = client.chat.completions.create(model=MODEL, messages=LONG, max_tokens=1900, stream=True, temperature=0)
        if wait_for_text:
            next(chunk for chunk in stream if chunk.choices and chunk.choices[0].delta.content)
        stream.close()
    impatient = client.with_options(timeout=0.2)
    refused(
        lambda: impatient.chat.completions.create(model=MODEL, messages=LONG, max_tokens=1900, temperature=0),
        openai.APITimeoutError)
    # The engine is free again: otherwise this would come after thousands of tokens.
    answer = client.chat.completions.create(model=MODEL, messages=QUESTION, temperature=0, max_tokens=1)
    expect(answer.usage.completion_tokens == 1, answer)


def check_order(server):
    """Requests that come together are all answered."""
    streams = [
        server.client().chat.completions.create(model=MODEL, messages=QUESTION, temperature=0, max_tokens=4, stream=True)
        for _ in range(4)]
    texts = ["".join(chunk.choices[0].delta.content or "" for chunk in stream) for stream in streams]
    expect(len(set(texts)) == 1 and texts[0], texts)
    passed("several at once")


def check_end(server):
    """SIGTERM lets a running answer come to its end."""
    client = server.client()
    stream = client.chat.completions.create(model=MODEL, messages=LONG, temperature=0, max_tokens=40, stream=True)
    next(iter(stream))
    server.process.send_signal(signal.SIGTERM)
    reasons = [chunk.choices[0].finish_reason for chunk in stream if chunk.choices]
    expect(reasons[-1] in ("length", "stop"), reasons)
    _, errors = server.process.communicate()
    expect(server.process.returncode == 0, server.process.returncode)
    expect("Write a long story" not in errors and "France" not in errors, errors)
    log = [line for line in errors.splitlines() if " POST /v1/chat/completions 200 " in line]
    expect(log and any("client=gone" in line for line in log), errors)
    passed("end")


def check_metrics(client):
    """What the engine and the requests counted."""
    answer = client.chat.completions.create(model="bird", messages=QUESTION, temperature=0, max_tokens=4)
    # The end of an answer is noted after the answer has left.
    while True:
        model = client.get("/status", cast_to=object)["models"][0]
        if all(slot["state"] == "idle" for slot in model["slots"]):
            break
    expect(model["context"] == 2048 and model["waiting"] == 0, model)
    expect(model["generated_tokens"] == answer.usage.completion_tokens, (model, answer.usage))
    expect(model["read_tokens"] == answer.usage.prompt_tokens, (model, answer.usage))
    expect(model["slots"][0]["held_tokens"] >= answer.usage.prompt_tokens, model)
    url = str(client.base_url).replace("/v1/", "/metrics")
    text = urllib.request.urlopen(urllib.request.Request(url, headers={"x-api-key": "secret"})).read().decode()
    expect('martlet_engine_generated_tokens_total{model="bird"} 4' in text, text)
    expect("martlet_time_to_first_token_seconds_count 1" in text, text)


def main():
    server = Server()
    client = server.client()
    whole = check_chat(client)
    check_stream(client, whole)
    check_tools(client)
    check_formats(client)
    check_completions(client)
    check_errors(client)
    check_disconnect(client)
    passed("disconnect")
    check_order(server)
    check_end(server)
    server = Server("--alias", "bird", "--log-format", "json", environment={"MARTLET_API_KEY": "secret"})
    refused(lambda: server.client("wrong").models.list(), openai.AuthenticationError)
    expect([model.id for model in server.client("secret").models.list()] == ["bird"])
    check_metrics(server.client("secret"))
    status, errors = server.end()
    expect(status == 0, status)
    passed("keys")
    lines = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    # What is turned away by its head has no route.
    expect([line["status"] for line in lines if line.get("route") == "/v1/models"] == [200], errors)
    expect([line for line in lines if line.get("status") == 401 and "route" not in line], errors)
    expect(all("T" in line["time"] for line in lines) and lines[-1]["event"] == "ending", errors)
    expect(not any(line.get("route") == "/v1/status" for line in lines), errors)
    passed("log of objects")


main()
