#!/usr/bin/env python3
"""Writes Tests/Fixtures/Tokenizers: what the reference libraries make of small texts, for every pre-tokenizer.

words.json    texts, and for each pre-tokenizer the lengths in bytes of the words it cuts them into (`tokenizers`)
bytes.json    a byte-level vocabulary and the ids of some of the texts under each pre-tokenizer (`tokenizers`)
pieces.json   a SentencePiece vocabulary; ids by `sentencepiece`, and by `tokenizers` where added tokens occur
Needs: pip install tokenizers tiktoken gguf sentencepiece==0.2.1
"""
import io
import json
import pathlib
import random
import unicodedata

import sentencepiece
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

import reference_tokenizers as reference

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Tokenizers"
PIECES = [
    *" \t\n\r\v\f\x1c\x85\xa0\u2003\u2028\u3000\u200b", "\r\n", "  ", "    ", " \n", "\n\n", " ", " ", "'s", "'S", "'\u017f", "'ll", "'LL",
    "'Re", "'d", "’s", "'", "a", "the", "Word", "ABC", "camelCase", "HTTPServer", "é", "e\u0301", "\u0301", "ǅ", "ʰ", "ª", "ß", "\u017f",
    "1", "22", "4096", "٣", "Ⅷ", "½", "²", "한국어", "\u1112\u1161\u11ab", "日本語", "カナ", "你好", "龦", "नमस्ते", "ไทย", "עברית", "\u0800",
    "𐐀", "👩‍👩‍👧", "🇩🇪", "👍🏽", "_", "->", "=>", "/", "//", "...", "!?", "{", "}", "()", ";", "\"", "$", "+", "^", "~", "`", "。", "，", "：",
    "“", "\x00", "\x07", "\u00ad", "\ue000", "\ufffd", "\U0010ffff", "\ua7ae", "\u2c7c", "\uff21", "x = [1, 2]\n", "if a:\n    return b\n",
]
# Contractions behind words, and Han characters that are letters, numbers and symbols.
CASED = ["it's", "DON'T", "Aa'LL", "é'd", "X'", "'ve", "中", "中文", "⺀", "〇", "〡", "々", "㐀", "豈", "𠀀", "中\u0301", " 中", "中 ", *PIECES[::4]]
ADDED = ["<|end|>", "<|endless|>", "<tool>"]
CODE = """def fibonacci(n):
    if n < 2:
        return n  # the first two
    return fibonacci(n - 1) + fibonacci(n - 2)

for index, value in enumerate(values[1:]):
        print(f"{index:04d}: {value!r}", file=sys.stderr)

struct Point: Hashable, Sendable { var x = 0.5, y = 128 }
"""
SOURCE = [(pathlib.Path(__file__).parent.parent / "LICENSE").read_text(), CODE]


def random_texts(count, longest, seed=1, pieces=PIECES):
    draw = random.Random(seed)
    return ["".join(draw.choices(pieces, k=draw.randrange(1, longest))) for _ in range(count)]


def write(name, value):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


def words(pre, text):
    stages = reference.STAGES[pre]
    # ByteLevel spells in its alphabet but keeps offsets into the text.
    split = pre_tokenizers.Sequence(stages).pre_tokenize_str(text)
    return [len(text[start:end].encode()) for _, (start, end) in split]


def byte_level(texts):
    trainer = trainers.BpeTrainer(vocab_size=1100, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = reference.BYTES  # no splits: merges reach over every boundary
    trained.train_from_iterator(texts + [line for source in SOURCE for line in source.splitlines(True)], trainer)
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get) + ADDED + ["[PAD0]"]
    types = [1] * len(model["vocab"]) + [3, 3, 4, 5]
    merges = [" ".join(merge) for merge in model["merges"]]
    samples = texts[:40] + ["a<|end|> b<|endless|>c<|endles<tool></tool>", "<tool>", "<|end|><|end|>"]
    ids = {pre: [reference.huggingface(tokens, types, merges, pre).encode(text).ids for text in samples] for pre in reference.STAGES}
    return {"tokens": tokens, "types": types, "merges": merges, "texts": samples, "ids": ids}


def pieces(texts):
    stream, lines = io.BytesIO(), [line for text in SOURCE + texts for line in text.splitlines() if "\x00" not in line]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=stream, vocab_size=900, model_type="bpe", byte_fallback=True, minloglevel=2,
        normalization_rule_name="identity", remove_extra_whitespaces=False, character_coverage=0.98, num_threads=1)
    model = sentencepiece.SentencePieceProcessor(model_proto=stream.getvalue())
    ids = range(model.get_piece_size())
    tokens, scores = [model.id_to_piece(i) for i in ids], [model.get_score(i) for i in ids]
    types = [6 if model.is_byte(i) else 3 if model.is_control(i) else 2 if model.is_unknown(i) else 1 for i in ids]
    # Ids of text with added tokens as the Llama 2 tokenizer.json has it: each stretch between them gets a space.
    rank = {token: index for index, token in enumerate(tokens) if types[index] == 1}
    merges = sorted((-scores[index], token[:cut], token[cut:]) for token, index in rank.items()
                    for cut in range(1, len(token)) if token[:cut] in rank and token[cut:] in rank)
    llama = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, [merge[1:] for merge in merges],
                                 unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    llama.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    llama.add_special_tokens([AddedToken(tokens[i], normalized=False, special=True) for i in ids if types[i] in (2, 3)])
    samples = [text for text in texts[:80] if "\x00" not in text] + [" ", "  a", "a  b   c", "▁x ▁ y", "x<s>y", ""]
    marked = ["a</s>b", "</s> b<unk>", "<s>def f(x):\n    return x</s>", " <s> "]
    return {"tokens": tokens, "types": types, "scores": scores, "texts": samples, "ids": [model.encode(text) for text in samples],
            "markedTexts": marked, "markedIds": [llama.encode(text).ids for text in marked]}


texts = random_texts(300, 24) + [unicodedata.normalize("NFD", text) for text in random_texts(20, 24, seed=2)]
cut = texts + random_texts(60, 16, seed=3, pieces=CASED)
write("words.json", {"texts": cut, "lengths": {pre: [words(pre, text) for text in cut] for pre in reference.STAGES}})
write("bytes.json", byte_level(texts))
write("pieces.json", pieces(texts))
