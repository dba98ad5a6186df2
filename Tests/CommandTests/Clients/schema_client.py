"""Asks `martlet serve` for answers to random JSON schemas at temperature 1, and checks each with `jsonschema`.

    schema_client.py MARTLET MODEL COUNT

Prints how many were valid, how many were cut off by the limit of tokens, and the first ones that were neither.
"""
import concurrent.futures
import json
import random
import sys

import jsonschema
import openai

from serve_process import MODEL, Server

COUNT = int(sys.argv[3])
NAMES = ["name", "size", "über", "a b", 'quo"te', "x/y", "tags", "next", "id", "é~1"]
WORDS = ["red", "green", "", 'say "hi"', "back\\slash", "日本", "line\nend", "0"]


def string(r):
    kind = r.randrange(5)
    if kind == 0:
        return {"type": "string", "enum": r.sample(WORDS, r.randint(1, 4))}
    if kind == 1:
        return {"type": "string", "pattern": r.choice(["^[a-z]{1,4}$", "^(ab|cd){1,3}x?$", "^[0-9]{3}-[0-9]{2}$"])}
    if kind == 2:
        return {"type": "string", "format": r.choice(["date", "uuid", "ipv4", "time"])}
    least = r.randint(0, 3)
    return {"type": "string", "minLength": least, "maxLength": least + r.randint(0, 10)}


def number(r):
    low = r.randint(-50, 50)
    if r.random() < 0.5:
        return {"type": "integer", "minimum": low, "maximum": low + r.randint(0, 1000)}
    return {"type": "integer", "exclusiveMinimum": low, "exclusiveMaximum": low + r.randint(2, 9)}


def leaf(r):
    return r.choice([
        string, string, number, lambda r: {"type": "boolean"}, lambda r: {"type": "null"},
        lambda r: {"const": r.choice([1, "one", None, [1, "a"], {"k": False}])},
        lambda r: {"enum": [1, 2.5, "three", None]}])(r)


def schema(r, depth):
    if depth == 0 or r.random() < 0.3:
        return leaf(r)
    kind = r.randrange(6)
    if kind == 0:
        least = r.randint(0, 2)
        return {"type": "array", "items": schema(r, depth - 1), "minItems": least, "maxItems": least + r.randint(0, 2)}
    if kind == 1:
        return {"anyOf": [schema(r, depth - 1) for _ in range(r.randint(1, 3))]}
    if kind == 2:
        items = [schema(r, depth - 1) for _ in range(r.randint(1, 3))]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    names = r.sample(NAMES, r.randint(0, 4))
    return {"type": "object", "properties": {name: schema(r, depth - 1) for name in names},
            "required": r.sample(names, r.randint(0, len(names))), "additionalProperties": False}


def document(r):
    root = schema(r, 3)
    if r.random() < 0.05:
        node = {"type": "object", "properties": {"value": leaf(r), "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/node"}]}},
                "required": ["value", "next"], "additionalProperties": False}
        root = {"type": "object", "properties": {"list": {"$ref": "#/$defs/node"}, "rest": root},
                "required": ["list"], "additionalProperties": False, "$defs": {"node": node}}
    return root


def check(client, seed):
    wanted = document(random.Random(seed))
    answer = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": f"Invent number {seed}."}], temperature=1, seed=seed,
        # All that the model may say, not only what is likely: else many a list could not end.
        top_p=1, extra_body={"top_k": 0, "min_p": 0},
        max_tokens=700, response_format={"type": "json_schema", "json_schema": {"name": "wanted", "schema": wanted}})
    choice = answer.choices[0]
    if choice.finish_reason == "length":
        return "cut", wanted, choice.message.content
    try:
        jsonschema.Draft202012Validator(wanted).validate(json.loads(choice.message.content))
    except (ValueError, jsonschema.ValidationError) as error:
        return f"wrong: {error}", wanted, choice.message.content
    return "valid", wanted, choice.message.content


def main():
    server = Server("--parallel", "8", "--quiet")
    client = openai.OpenAI(base_url=server.url + "/v1", api_key="none", timeout=3600)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda seed: check(client, seed), range(COUNT)))
    server.end()
    kinds = [kind for kind, _, _ in results]
    print(f"{kinds.count('valid')} valid, {kinds.count('cut')} cut off, of {COUNT}")
    wrong = [result for result in results if result[0] not in ("valid", "cut")]
    for kind, wanted, content in wrong[:3]:
        print(kind, json.dumps(wanted), repr(content), sep="\n", file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
