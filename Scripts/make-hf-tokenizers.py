#!/usr/bin/env python3
"""Writes Tests/Fixtures/Tokenizers/huggingface.json and pieces.tokenizer.json: what tokenizer.json holds for the tokenizers of bytes.json and pieces.json.

pre_tokenizers    by the name that GGUF files have for it: the `pre_tokenizer` object, as `tokenizers` writes it
The second file is a whole tokenizer.json in the manner of Llama 2, of the vocabulary in pieces.json
Needs: pip install tokenizers tiktoken gguf
"""
import json
import pathlib

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers

import reference_tokenizers as reference

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Tokenizers"


def llama(tokens: list, types: list, scores: list) -> Tokenizer:
    rank = {token: index for index, token in enumerate(tokens) if types[index] == 1}
    merges = sorted((-scores[index], token[:cut], token[cut:]) for token, index in rank.items()
                    for cut in range(1, len(token)) if token[:cut] in rank and token[cut:] in rank)
    model = models.BPE({token: i for i, token in enumerate(tokens)}, [merge[1:] for merge in merges],
                       unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for i, token in enumerate(tokens) if types[i] in (2, 3)])
    return tokenizer


lists = json.loads((FOLDER / "bytes.json").read_text())
pre = {}
for name in reference.STAGES:
    tokenizer = reference.huggingface(lists["tokens"], lists["types"], lists["merges"], name)
    pre[name] = json.loads(tokenizer.to_str())["pre_tokenizer"]
pieces = json.loads((FOLDER / "pieces.json").read_text())
whole = json.loads(llama(pieces["tokens"], pieces["types"], pieces["scores"]).to_str())
(FOLDER / "huggingface.json").write_text(json.dumps(dict(pre_tokenizers=pre), separators=(",", ":")) + "\n")
(FOLDER / "pieces.tokenizer.json").write_text(json.dumps(whole, separators=(",", ":")) + "\n")
