"""Asks `martlet serve` for vectors with OpenAI's own client, and prints the name of each check that passed.

    embedding_client.py MARTLET EMBEDDING_MODEL CHAT_MODEL
"""
import math
import os
import signal
import subprocess
import sys

import openai

MARTLET, EMBEDDING, CHAT = sys.argv[1:4]


def passed(name):
    print(name, flush=True)


def expect(condition, facts=""):
    if not condition:
        raise AssertionError(facts)


def refused(call, kind):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"not refused with {kind}")


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(x * x for x in b))


class Server:
    """The command under test, on a port that it finds itself."""

    def __init__(self, *arguments):
        # The threads that tests run on block most signals; the child must not inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.process = subprocess.Popen(
            [MARTLET, "serve", *arguments, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=os.environ)
        self.url = self.process.stdout.readline().strip()
        expect(self.url.startswith("http://127.0.0.1:"), self.url)
        self.client = openai.OpenAI(base_url=self.url + "/v1", api_key="none", max_retries=0, timeout=600)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait() == 0)


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
    server = Server(EMBEDDING)
    expect([model.id for model in server.client.models.list()] == [EMBEDDING])
    check_vectors(server.client)
    check_errors(server.client)
    refused(
        lambda: server.client.chat.completions.create(model=EMBEDDING, messages=[{"role": "user", "content": "Hi"}]),
        openai.BadRequestError)
    server.end()
    server = Server(CHAT, "--embedding", EMBEDDING, "--context", "2048")
    expect([model.id for model in server.client.models.list()] == [CHAT, EMBEDDING])
    check_vectors(server.client)
    own = server.client.embeddings.create(model=CHAT, input=["a bird in the hand", "a bird in the hand"])
    expect(cosine(own.data[0].embedding, own.data[1].embedding) > 0.9999)
    expect(abs(sum(x * x for x in own.data[0].embedding) - 1) < 1e-4)
    passed("a chat model's own")
    server.end()


main()
