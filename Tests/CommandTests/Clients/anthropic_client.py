"""Talks to `martlet serve` with Anthropic's own client, and prints the name of each check that passed.

    anthropic_client.py MARTLET MODEL
"""
import json

import anthropic

from serve_process import MODEL, Server, expect, passed, refused

QUESTION = [{"role": "user", "content": [{"type": "text", "text": "What is the capital of France?"}]}]
LONG = [{"role": "user", "content": "Write a long story about a bird."}]
OPTIONS = dict(model=MODEL, system="Be brief.", messages=QUESTION, max_tokens=16, extra_body={"temperature": 0})
WEATHER = {
    "name": "get_weather", "description": "Get the current weather of a city.",
    "input_schema": {
        "type": "object", "properties": {"city": {"type": "string", "enum": ["Paris", "Bonn"]}}, "required": ["city"],
        "additionalProperties": False}}


def check_messages(client):
    answer = client.messages.create(**OPTIONS)
    expect("Paris" in answer.content[0].text, answer)
    expect(answer.stop_reason in ("end_turn", "max_tokens") and answer.role == "assistant", answer)
    expect(answer.usage.output_tokens > 0, answer)
    count = client.messages.count_tokens(model=MODEL, system="Be brief.", messages=QUESTION)
    expect(answer.usage.input_tokens + answer.usage.cache_read_input_tokens == count.input_tokens, count)
    short = client.messages.create(**{**OPTIONS, "messages": LONG, "max_tokens": 3})
    expect(short.stop_reason == "max_tokens" and short.usage.output_tokens == 3, short)
    stopped = client.messages.create(**OPTIONS, stop_sequences=["Paris", "Lyon"])
    expect(stopped.stop_reason == "stop_sequence" and stopped.stop_sequence == "Paris", stopped)
    blocks = client.messages.create(**{**OPTIONS, "system": [{"type": "text", "text": "Be brief."}]})
    expect(blocks.content[0].text == answer.content[0].text and blocks.usage.cache_read_input_tokens > 0, blocks)
    begun = QUESTION + [{"role": "assistant", "content": "The capital of France is"}]
    rest = client.messages.create(**{**OPTIONS, "messages": begun, "max_tokens": 2})
    expect(rest.content[0].text.startswith(" Paris"), rest)
    expect(rest.usage.input_tokens + rest.usage.cache_read_input_tokens == client.messages.count_tokens(
        model=MODEL, system="Be brief.", messages=begun).input_tokens, rest)
    passed("messages")
    return answer


def check_stream(client, whole):
    with client.messages.stream(**OPTIONS) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    expect(text == whole.content[0].text == final.content[0].text, text)
    expect(final.stop_reason == whole.stop_reason, final)
    expect(final.usage.output_tokens == whole.usage.output_tokens, final)
    kinds = [event.type for event in client.messages.create(**OPTIONS, stream=True)]
    expect(kinds[:2] == ["message_start", "content_block_start"], kinds)
    expect(kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"], kinds)
    passed("stream")


def check_tools(client):
    """What the model makes of tools is its own affair, unless it has to call them."""
    turns = QUESTION + [
        {"role": "assistant", "content": [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris"}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "Rain."}]}]}]
    with_tools = dict(model=MODEL, messages=turns, tools=[WEATHER])
    answer = client.messages.create(**with_tools, max_tokens=8, extra_body={"temperature": 0})
    expect(answer.stop_reason in ("end_turn", "max_tokens", "tool_use"), answer)
    expect(answer.usage.input_tokens + answer.usage.cache_read_input_tokens ==
           client.messages.count_tokens(**with_tools).input_tokens, answer)
    forced = dict(
        model=MODEL, messages=QUESTION, tools=[WEATHER], max_tokens=64, extra_body={"temperature": 0},
        tool_choice={"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True})
    whole = client.messages.create(**forced)
    with client.messages.stream(**forced) as stream:
        pieces = "".join(event.partial_json for event in stream if event.type == "input_json")
        final = stream.get_final_message()
    for made in (whole, final):
        call = made.content[-1]
        expect(made.stop_reason == "tool_use" and call.type == "tool_use" and call.name == "get_weather", made)
        expect(call.input["city"] in ("Paris", "Bonn") and call.id, made)
    expect(json.loads(pieces) == final.content[-1].input, pieces)
    bound = client.messages.create(
        **{**OPTIONS, "max_tokens": 64},
        output_config={"format": {"type": "json_schema", "schema": WEATHER["input_schema"]}})
    expect(json.loads(bound.content[0].text)["city"] in ("Paris", "Bonn"), bound)
    expect(client.messages.count_tokens(**with_tools).input_tokens >
           client.messages.count_tokens(model=MODEL, messages=QUESTION).input_tokens + 20)
    passed("tools")


def check_errors(client):
    words = [{"role": "user", "content": "word " * 5000}]
    for stream in (False, True):
        error = refused(
            lambda: client.messages.create(model=MODEL, max_tokens=9, messages=words, stream=stream),
            anthropic.BadRequestError)
        expect(error.body["error"]["type"] == "invalid_request_error" and "2048" in error.message, error)
    refused(lambda: client.messages.create(**{**OPTIONS, "model": "other"}), anthropic.NotFoundError)
    refused(lambda: client.messages.create(**{**OPTIONS, "extra_body": {"temperature": 9}}), anthropic.BadRequestError)
    stream = client.messages.create(**{**OPTIONS, "messages": LONG, "max_tokens": 1900}, stream=True)
    next(event for event in stream if event.type == "content_block_delta")
    stream.close()
    expect(client.messages.create(**{**OPTIONS, "max_tokens": 1}).usage.output_tokens == 1)
    passed("errors")


def main():
    server = Server(environment={"MARTLET_API_KEY": "secret"})

    def client(key):
        return anthropic.Anthropic(base_url=server.url, api_key=key, max_retries=0, timeout=3600)

    refused(lambda: client("wrong").messages.create(**OPTIONS), anthropic.AuthenticationError)
    whole = check_messages(client("secret"))
    check_stream(client("secret"), whole)
    check_tools(client("secret"))
    check_errors(client("secret"))
    status, errors = server.end()
    expect(status == 0 and "capital" not in errors and "client=gone" in errors, errors)
    passed("end")


main()
