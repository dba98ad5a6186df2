"""Asks `martlet serve` for vectors with OpenAI's own client, and prints the name of each check that passed.

    embedding_client.py MARTLET EMBEDDING_MODEL CHAT_MODEL
"""
import math
import sys

import openai

from serve_process import MODEL as EMBEDDING, Server, expect, passed, refused

CHAT = sys.argv[3]


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(x * x for x in b))


def client(server):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0, timeout=3600)


def end(server):
    status, errors = server.end()
    expect(status == 0, errors)


def check_vectors(client):
    texts = ["The cat sits on the mat.", "A feline is resting on a rug.", "Stocks fell sharply on Tuesday."]
    # The client asks for base 64 unless told otherwise.
    packed = client.embeddings.create(model=EMBEDDING, input=texts)
    plain = client.embeddings.create(model=EMBEDDING, input=texts, encoding_format="float")
    a, b, c = [item.embedding for item in packed.data]
    expect(len(a) == 384 and [item.index for item in packed.data] == [0, 1, 2])
    expect(all(cosine(one.embedding, other.embedding) > 0.999999 for one, other in zip(packed.data, plain.data)))
    expect(cosine(a, b) > cosine(a, c) + 0.3, (cosine(a, b), cosine(a, c)))
    expect(packed.usage.prompt_tokens == packed.usage.total_tokens > 20, packed.usage)
    passed("both encodings")
    single = client.embeddings.create(model=EMBEDDING, input=texts[0])
    expect(cosine(single.data[0].embedding, a) > 0.999999)
    # The first text's tokens, frame included.
    tokens = client.embeddings.create(model=EMBEDDING, input=[101, 1996, 4937, 7719, 2006, 1996, 13523, 1012, 102])
    expect(cosine(tokens.data[0].embedding, a) > 0.999999)
    short = client.embeddings.create(model=EMBEDDING, input=texts, dimensions=64)
    expect(len(short.data[0].embedding) == 64 and cosine(short.data[0].embedding, a[:64]) > 0.999999)
    expect(abs(sum(x * x for x in short.data[0].embedding) - 1) < 1e-4)
    passed("tokens and dimensions")


def check_errors(client):
    error = refused(
        lambda: client.embeddings.create(model=EMBEDDING, input=["short", "word " * 300]), openai.BadRequestError)
    expect(error.code == "context_length_exceeded" and "302" in error.message and "256" in error.message, error)
    refused(lambda: client.embeddings.create(model=EMBEDDING, input=""), openai.BadRequestError)
    refused(lambda: client.embeddings.create(model=EMBEDDING, input="a", dimensions=1000), openai.BadRequestError)
    refused(lambda: client.embeddings.create(model="other", input="a"), openai.NotFoundError)
    passed("errors")


def main():
    server = Server("--quiet")
    asks = client(server)
    expect([model.id for model in asks.models.list()] == [EMBEDDING])
    check_vectors(asks)
    check_errors(asks)
    refused(
        lambda: asks.chat.completions.create(model=EMBEDDING, messages=[{"role": "user", "content": "Hi"}]),
        openai.BadRequestError)
    end(server)
    server = Server("--embedding", EMBEDDING, "--quiet", model=CHAT)
    asks = client(server)
    expect([model.id for model in asks.models.list()] == [CHAT, EMBEDDING])
    check_vectors(asks)
    own = asks.embeddings.create(model=CHAT, input=["a bird in the hand", "a bird in the hand"])
    expect(cosine(own.data[0].embedding, own.data[1].embedding) > 0.9999)
    expect(abs(sum(x * x for x in own.data[0].embedding) - 1) < 1e-4)
    passed("a chat model's own")
    end(server)


main()
