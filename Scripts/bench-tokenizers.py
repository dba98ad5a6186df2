#!/usr/bin/env python3
"""Compares Martlet's tokenizer with `tokenizers` and `tiktoken`, one thread each, alternating, on the same text.

Usage: bench-tokenizers.py MODEL.gguf TOOLCHAIN [MEGABYTES [ROUNDS]]      (after `make test`)
The text is Python's library and the toolchain's headers, in documents of 64 KiB. Prints the median of processor time.
"""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

os.environ |= {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
import reference_tokenizers as reference

ROOT = pathlib.Path(__file__).parent.parent


def corpus(toolchain, size):
    library = pathlib.Path(sysconfig.get_paths()["stdlib"])
    files = [path for path in library.rglob("*.py") if "site-packages" not in path.parts]
    files += [path for kind in ("*.h", "*.swiftinterface") for path in pathlib.Path(toolchain).rglob(kind)]
    text = "".join(path.read_bytes().decode(errors="ignore") for path in sorted(files))
    return text.encode()[:size].decode(errors="ignore").encode()


def timed(documents, encode):
    start = time.process_time()
    count = sum(len(encode(document)) for document in documents)
    return time.process_time() - start, count


def martlet(path, model):
    environment = os.environ | {"MARTLET_BENCH_TEXT": str(path), "MARTLET_BENCH_MODEL": model}
    command = ["swift", "test", "--skip-build", "-c", "release", "--disable-testable-imports", "--disable-xctest",
               "--filter", "TokenizerSpeed"]
    output = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"ids, (\S+) seconds", output)[1]), int(re.search(r"(\d+) ids", output)[1])


def main(model, toolchain, megabytes="16", rounds="5"):
    text = corpus(toolchain, int(megabytes) * 1_000_000)
    documents = [text[start:start + 65_536].decode(errors="ignore") for start in range(0, len(text), 65_536)]
    tokens, types, merges, pre = reference.gguf_lists(model)
    huggingface = reference.huggingface(tokens, types, merges, pre)
    # The expression is Qwen's, the only model of the tests whose ids are ranks.
    openai = reference.openai(tokens, types, reference.QWEN2) if pre == "qwen2" else None
    seconds = {"martlet": [], "tokenizers": [], "tiktoken": []}
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "text")
        path.write_bytes(text)
        for _ in range(int(rounds)):
            runs = {"martlet": martlet(path, model)}
            runs["tokenizers"] = timed(
                documents, lambda document: huggingface.encode_batch_fast([document], add_special_tokens=False)[0].ids)
            if openai:
                runs["tiktoken"] = timed(documents, lambda document: openai.encode(document, allowed_special="all"))
            for name, (duration, count) in runs.items():
                seconds[name].append(duration)
                counts[name] = count
    for name, durations in seconds.items():
        if durations:
            speeds = sorted(len(text) / 1e6 / duration for duration in durations)
            print(f"{name:11} {statistics.median(speeds):7.1f} MB/s (from {speeds[0]:.1f} to {speeds[-1]:.1f}), {counts[name]} ids")


main(*sys.argv[1:])
