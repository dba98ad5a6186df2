"""Talks to `martlet serve` through litellm, as routers and agents do: by OpenAI's, Anthropic's and Ollama's interfaces.

    litellm_client.py MARTLET MODEL EMBEDDING_MODEL
"""
import json
import os
import sys

# Prices and context sizes of models elsewhere, which it would fetch while it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm

from serve_process import MODEL, Server, expect, passed, refused

EMBEDDING = sys.argv[3]
QUESTION = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is the capital of France?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather", "description": "Tells the weather in a city.",
        "parameters": {
            "type": "object", "properties": {"city": {"type": "string", "enum": ["Paris", "Bonn"]}},
            "required": ["city"]}}}


def route(server, provider):
    """What makes litellm talk to the server by a provider's interface."""
    base = server.url + ("/v1" if "openai" in provider else "")
    return dict(model=f"{provider}/{MODEL}", api_base=base, api_key="none", temperature=0, max_tokens=16, timeout=3600)


def check_chat(server, provider):
    options = route(server, provider)
    whole = litellm.completion(messages=QUESTION, **options)
    expect("Paris" in whole.choices[0].message.content, whole)
    expect(whole.choices[0].finish_reason in ("stop", "length") and whole.usage.completion_tokens > 0, whole)
    chunks = list(litellm.completion(messages=QUESTION, stream=True, stream_options={"include_usage": True}, **options))
    built = litellm.stream_chunk_builder(chunks, messages=QUESTION)
    expect(built.choices[0].message.content == whole.choices[0].message.content, built)
    expect(built.choices[0].finish_reason == whole.choices[0].finish_reason, built)
    expect(built.usage.completion_tokens == whole.usage.completion_tokens, built)


def check_tools(server, provider):
    options = {**route(server, provider), "max_tokens": 64}
    for streams in (False, True):
        answer = litellm.completion(
            messages=QUESTION, tools=[WEATHER], tool_choice="required", parallel_tool_calls=False, stream=streams,
            **options)
        if streams:
            answer = litellm.stream_chunk_builder(list(answer), messages=QUESTION)
        choice = answer.choices[0]
        call = choice.message.tool_calls[0]
        expect(choice.finish_reason == "tool_calls" and call.id, answer)
        expect(call.function.name == "get_weather", call)
        expect(json.loads(call.function.arguments)["city"] in ("Paris", "Bonn"), call)
    turns = QUESTION + [
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "Rain."}]
    expect(litellm.completion(messages=turns, tools=[WEATHER], **options).choices, provider)


def check_prefix(server):
    begun = QUESTION + [{"role": "assistant", "content": "The capital of France is", "prefix": True}]
    for provider in ("openai", "anthropic", "ollama_chat"):
        text = litellm.completion(messages=begun, **{**route(server, provider), "max_tokens": 2}).choices[0].message.content
        # For some interfaces litellm puts the beginning in front again.
        expect(text.removeprefix(begun[-1]["content"]).startswith(" Paris"), (provider, text))
    passed("answers begun")


def check_completions(server):
    options = {**route(server, "text-completion-openai"), "max_tokens": 6}
    prompts = ["1, 2, 3, 4, 5, 6,", "a, b, c, d, e, f,"]
    answer = litellm.text_completion(prompt=prompts, **options)
    texts = [choice.text for choice in answer.choices]
    expect(texts[0].startswith(" 7, 8") and texts[1].startswith(" g, h"), texts)
    several = litellm.completion(
        messages=QUESTION, n=2, stream=True, seed=3, **{**route(server, "openai"), "temperature": 1})
    expect({choice.index for chunk in several for choice in chunk.choices} == {0, 1})
    passed("several prompts and answers")


def check_embeddings(server):
    for texts in (["a bird", "a fish"], ["a bird"]):
        answer = litellm.embedding(
            model="openai/" + EMBEDDING, input=texts, api_base=server.url + "/v1", api_key="none")
        expect([len(item["embedding"]) for item in answer.data] == [384] * len(texts), answer.usage)
    passed("embeddings")


def check_errors(server):
    long = [{"role": "user", "content": "word " * 5000}]
    error = refused(
        lambda: litellm.completion(messages=long, **route(server, "openai")), litellm.ContextWindowExceededError)
    expect("2048" in str(error), error)
    error = refused(
        lambda: litellm.completion(messages=long, **route(server, "anthropic")), litellm.ContextWindowExceededError)
    for provider in ("openai", "anthropic"):
        other = {**route(server, provider), "model": provider + "/other"}
        refused(lambda: litellm.completion(messages=QUESTION, **other), litellm.NotFoundError)
    passed("errors")


def main():
    litellm.num_retries = 0
    litellm.suppress_debug_info = True
    server = Server("--embedding", EMBEDDING, "--parallel", "2")
    for provider in ("openai", "anthropic", "ollama_chat"):
        check_chat(server, provider)
        passed(provider)
    for provider in ("openai", "anthropic"):
        check_tools(server, provider)
    passed("tools")
    check_prefix(server)
    check_completions(server)
    check_embeddings(server)
    check_errors(server)
    status, errors = server.end()
    expect(status == 0, errors)
    passed("end")


main()
