#!/usr/bin/env python3
"""Encodes a corpus with the reference tokenizers, for the tests of Tokenization to compare with.

Usage: compare-tokens.py OUTPUT QWEN.gguf SMOLLM.gguf TOOLCHAIN [MEGABYTES]
Writes OUTPUT/corpus.bytes and corpus.ends (documents one after another and where each ends, in bytes), and for each
reference NAME.ids and NAME.ends (in ids). All numbers are 32 bits, little-endian.
"""
import pathlib
import random
import sys
import sysconfig
import unicodedata
from array import array

import reference_tokenizers as reference

SPACES = [*" \t\n\r\v\f\x1c\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u3000\u200b\ufeff", "\r\n", "    ", " \n", "\n\n"]
PIECES = [
    *SPACES, "'s", "'S", "'\u017f", "'ll", "'LL", "'Re", "'d", "’s", "can't", "a", "Z", "é", "e\u0301", "ß", "\u017f", "\u212a", "K",
    "12", "3", "٣", "Ⅷ", "½", "x²", "한국어", unicodedata.normalize("NFD", "한국어 각"), "\u1100\u1161\u11a8\u11a8", "日本語", "你好",
    "नमस्ते", "ไทย", "עברית", "العربية", "a\u0323\u0307", "a\u0307\u0323", "\u0344", "\u212b", "\u2126", "\uf900", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏽",
    "_", "->", "=>", "/", "//", "...", "!?", "{", "}", "(", ")", "\x00", "\x07", "\u00ad", "\ue000", "\ufffd", "\U0010ffff",
    "<|im_start|>", "<|im_end|>", "<|im_", "<|endoftext|>", "<tool_call>", "</tool_call>", "<|fim_prefix|", "<repo_name>",
]


def stress():
    draw = random.Random(2)
    assigned = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
    composing = [c for c in assigned if unicodedata.combining(c) or unicodedata.decomposition(c)[:1] not in ("", "<")]
    composing += [*"aAoOuUwW", *map(chr, [*range(0x1100, 0x1200), *range(0xAC00, 0xACFF)])]
    for _ in range(5000):
        pool = draw.choice((PIECES, SPACES, assigned, PIECES + draw.choices(assigned, k=40), composing))
        yield "".join(draw.choices(pool, k=draw.randrange(1, 120)))
    yield "".join(assigned)
    for letters in ("abcdefgh", "aAbB", "é", "日本語", "0123456789", "=-+*/", "(){};\n"):
        yield "".join(draw.choices(letters, k=1_000_000 // len(letters[0].encode())))
    # Expressions that backtrack refuse longer runs of whitespace.
    yield from (" " * 200_000 + "x", "\n" * 200_000, " \n" * 100_000, "\t" * 100_001)


def files(toolchain, limit):
    library = pathlib.Path(sysconfig.get_paths()["stdlib"])
    found = sorted(path for path in library.rglob("*.py") if "site-packages" not in path.parts)
    for pattern in ("*.h", "*.swiftinterface", "*.json", "*.py", "*.md"):
        found += sorted(pathlib.Path(toolchain).rglob(pattern))
    total = 0
    for path in found:
        text = path.read_bytes().decode(errors="replace")
        total += len(text.encode())
        if total > limit:
            return
        yield text


def write(folder, name, documents, code):
    content, ends = array(code), array("I")
    for document in documents:
        content.extend(document)
        ends.append(len(content))
    suffix = "bytes" if code == "B" else "ids"
    (folder / f"{name}.{suffix}").write_bytes(content.tobytes())
    (folder / f"{name}.ends").write_bytes(ends.tobytes())


def batched(tokenizer, texts):
    for start in range(0, len(texts), 256):
        for encoding in tokenizer.encode_batch_fast(texts[start:start + 256], add_special_tokens=False):
            yield encoding.ids


def main(output, qwen, smollm, toolchain, megabytes="64"):
    folder = pathlib.Path(output)
    texts = [*stress(), *files(toolchain, int(megabytes) * 1_000_000)]
    write(folder, "corpus", (text.encode() for text in texts), "B")
    tokens, types, merges, pre = reference.gguf_lists(qwen)
    write(folder, "qwen2-tokenizers", batched(reference.huggingface(tokens, types, merges, pre), texts), "I")
    encoding = reference.openai(tokens, types, reference.QWEN2)
    write(folder, "qwen2-tiktoken", encoding.encode_batch(texts, num_threads=2, allowed_special="all"), "I")
    write(folder, "smollm-tokenizers", batched(reference.huggingface(*reference.gguf_lists(smollm)), texts), "I")


main(*sys.argv[1:])
