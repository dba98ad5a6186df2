"""Holds conversations that `martlet serve` remembers, with OpenAI's own client; prints the checks that passed.

    responses_client.py MARTLET MODEL
"""
import typing

import openai
import pydantic

from serve_process import MODEL, Server, expect, passed, refused

OPTIONS = dict(model=MODEL, instructions="Be brief.", temperature=0, max_output_tokens=24)
QUESTION = "What is the capital of France?"
TOOL = {
    "type": "function", "name": "get_weather", "description": "Get the weather.", "strict": False,
    "parameters": {
        "type": "object", "properties": {"city": {"type": "string", "enum": ["Paris", "Bonn"]}}, "required": ["city"],
        "additionalProperties": False}}


class Place(pydantic.BaseModel):
    city: typing.Literal["Paris", "Bonn"]


def check_responses(client):
    answer = client.responses.create(input=QUESTION, **OPTIONS)
    expect("Paris" in answer.output_text and answer.status in ("completed", "incomplete"), answer)
    expect(answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens, answer)
    short = client.responses.create(input=QUESTION, **{**OPTIONS, "max_output_tokens": 2})
    expect(short.status == "incomplete" and short.incomplete_details.reason == "max_output_tokens", short)
    expect(client.responses.retrieve(answer.id).output_text == answer.output_text)
    passed("responses")
    return answer


def check_stream(client, whole):
    with client.responses.stream(input=QUESTION, **OPTIONS) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()
    expect(text == whole.output_text == final.output_text, text)
    kinds = [event.type for event in client.responses.create(input=QUESTION, stream=True, **OPTIONS)]
    expect(kinds[:4] == [
        "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"], kinds)
    expect(kinds[-1] in ("response.completed", "response.incomplete"), kinds)
    passed("stream")
    return final


def check_state(client, first):
    second = client.responses.create(input="Which country is that in?", previous_response_id=first.id, **OPTIONS)
    whole = client.responses.create(
        input=[
            {"role": "user", "content": QUESTION}, *first.output,
            {"role": "user", "content": [{"type": "input_text", "text": "Which country is that in?"}]}],
        **OPTIONS)
    expect(second.usage.input_tokens == whole.usage.input_tokens > first.usage.input_tokens, (second, whole))
    expect(second.output_text[:8] == whole.output_text[:8], (second, whole))
    called = client.responses.create(
        input=[
            {"role": "user", "content": QUESTION},
            {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": "{\"city\": \"Paris\"}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "Rain."}],
        tools=[TOOL], **OPTIONS)
    expect(called.status in ("completed", "incomplete"), called)
    client.responses.delete(first.id)
    error = refused(
        lambda: client.responses.create(input="And?", previous_response_id=first.id, **OPTIONS), openai.BadRequestError)
    expect(error.code == "previous_response_not_found", error)
    passed("state")


def check_tools(client):
    options = {**OPTIONS, "max_output_tokens": 64}
    forced = dict(input=QUESTION, tools=[TOOL], tool_choice={"type": "function", "name": "get_weather"}, **options)
    answer = client.responses.create(**forced, parallel_tool_calls=False)
    with client.responses.stream(**forced, parallel_tool_calls=False) as stream:
        pieces = "".join(event.delta for event in stream if event.type == "response.function_call_arguments.delta")
        final = stream.get_final_response()
    for made in (answer, final):
        call = made.output[-1]
        expect(call.type == "function_call" and call.name == "get_weather", made)
        expect(Place.model_validate_json(call.arguments) and call.call_id, made)
    expect(pieces == final.output[-1].arguments, pieces)
    result = {"type": "function_call_output", "call_id": answer.output[-1].call_id, "output": "Rain."}
    expect(client.responses.create(input=[result], previous_response_id=answer.id, **OPTIONS).output_text)
    bound = client.responses.parse(input=QUESTION, text_format=Place, **options)
    expect(isinstance(bound.output_parsed, Place), bound)
    passed("tools")


def main():
    server = Server()
    client = openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0, timeout=3600)
    whole = check_responses(client)
    check_state(client, check_stream(client, whole))
    check_tools(client)
    refused(lambda: client.responses.create(input="word " * 5000, **OPTIONS), openai.BadRequestError)
    passed("errors")
    status, _ = server.end()
    expect(status == 0, status)
    passed("end")


main()
