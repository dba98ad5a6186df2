"""Offers `martlet serve` 300 tools and a schema of 1 MB, and prints the name of each check that passed.

    large_client.py MARTLET MODEL [ROUNDS]

With ROUNDS also measures: seconds until such an answer begins, and decode held to the schema over free decode, medians.
"""
import json
import statistics
import sys
import time
import urllib.request

import jsonschema
import openai

from serve_process import MODEL, Server, expect, passed

ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 0
VERBS = ["open", "close", "read", "write", "move", "copy", "list", "find", "count", "send"]


def tool(number):
    """Each takes a number of its own, so that a call of the wrong one is found out. Few words: a model has to read all."""
    return {"type": "function", "function": {"name": f"{VERBS[number % 10]}_{number}", "parameters": {
        "type": "object", "properties": {"n": {"const": number}}, "required": ["n"]}}}


TOOLS = [tool(number) for number in range(300)]


def large_schema():
    """Records of 1,000 kinds with properties of their own, and a name out of 15,000: 1 MB."""
    kinds = {
        f"kind{k}": {
            "type": "object", "additionalProperties": False, "required": ["kind", "size", "name"],
            "properties": {
                "kind": {"const": f"k{k}"}, "size": {"type": "integer", "minimum": k, "maximum": k + 99},
                "name": {"$ref": "#/$defs/name"}, f"extra{k}": {"type": "string", "maxLength": 40}}}
        for k in range(1000)}
    names = {"enum": [f"a name that is one of very many, with the number {n:06}" for n in range(15000)]}
    schema = {"$defs": {"name": names, **kinds}, "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds]}
    expect(len(json.dumps(schema)) > 1_000_000, len(json.dumps(schema)))
    return schema


def check_tools(client):
    question = [{"role": "user", "content": "Write to the second file."}]
    options = dict(model=MODEL, messages=question, tools=TOOLS, temperature=1, max_tokens=60, parallel_tool_calls=False)
    for seed, choice in enumerate(["required", {"type": "function", "function": {"name": "send_299"}}]):
        answer = client.chat.completions.create(tool_choice=choice, seed=seed, **options).choices[0]
        [call] = answer.message.tool_calls
        parameters = next(t["function"]["parameters"] for t in TOOLS if t["function"]["name"] == call.function.name)
        jsonschema.validate(json.loads(call.function.arguments), parameters)
        expect(answer.finish_reason == "tool_calls", answer)
    expect(call.function.name == "send_299", call)
    free = client.chat.completions.create(**options).choices[0]
    expect(free.message.content or free.message.tool_calls, free)
    passed("300 tools")


def check_schema(client, schema):
    for seed in range(2):
        answer = client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "Make a record."}], temperature=1, seed=seed, max_tokens=200,
            response_format={"type": "json_schema", "json_schema": {"name": "records", "schema": schema}}).choices[0]
        expect(answer.finish_reason == "stop", answer)
        record = json.loads(answer.message.content)
        kind = int(record["kind"][1:])
        expect(kind <= record["size"] <= kind + 99 and record["name"] in schema["$defs"]["name"]["enum"], record)
        expect(record.keys() <= {"kind", "size", "name", f"extra{kind}"}, record)
    passed("1 MB schema")


def measure(server, schema):
    """The texts are different ones, of equal length: what is compared is the time of a token."""
    endless = {"$defs": schema["$defs"], "type": "array", "minItems": 500, "items": {"anyOf": schema["anyOf"]}}

    def run(**more):
        body = dict(prompt="Records as JSON:\n", n_predict=128, temperature=1, cache_prompt=True, **more)
        start = time.time()
        request = urllib.request.Request(server.url + "/completion", json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            told = json.loads(answer.read())
        return told["timings"]["predicted_ms"] / told["timings"]["predicted_n"], time.time() - start

    first = run(json_schema=endless, seed=0)[1]
    rounds = [(run(seed=seed)[0], run(json_schema=endless, seed=seed)[0]) for seed in range(ROUNDS)]
    free, held = (statistics.median(column) for column in zip(*rounds))
    print(f"first answer {first:.2f} s; free {free:.2f} ms a token, held {held:.2f}; "
          f"ratio {statistics.median(f / h for f, h in rounds):.3f}")


def main():
    server = Server("--quiet", "--speculation", "off", context=18432)
    client = openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0, timeout=3600)
    schema = large_schema()
    check_tools(client)
    check_schema(client, schema)
    if ROUNDS:
        measure(server, schema)
    status, errors = server.end()
    expect(status == 0, errors)
    passed("end")


main()
