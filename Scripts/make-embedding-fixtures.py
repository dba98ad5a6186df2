#!/usr/bin/env python3
"""Writes Tests/Fixtures/Embeddings: what torch and transformers make of texts with an embedding model's weights.

make-embedding-fixtures.py FOLDER     FOLDER as `martlet model pull all-minilm:l6` prints it

all-minilm-l6.json    texts, their ids by the folder's own tokenizer, and their vectors: the mean over the tokens of the
                      last layer's rows in float32, at length 1, as sentence-transformers has it
cross-encoder/        a tiny random BERT with a classifier as a Hugging Face folder, and pairs with their scores
Needs: pip install torch transformers tokenizers safetensors
"""
import json
import pathlib
import sys

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification, BertModel

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Embeddings"
MODEL = pathlib.Path(sys.argv[1])
PARAGRAPH = (
    "A thread pool keeps a fixed number of threads and hands them pieces of work from a queue. Making a thread costs tens of "
    "microseconds and a stack of its own, which is more than many pieces of work take, so it pays to make the threads once. ")
TEXTS = [
    "Hello, world!", "hello world", "The cat sits on the mat.", "A feline is resting on a rug.", "Stocks fell sharply on Tuesday.",
    "def fibonacci(n): return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)", "Wie heißt die Hauptstadt von Österreich?", "東京は日本の首都です。",
    "x", "...", "naïve café ÉCOLE", PARAGRAPH, PARAGRAPH * 3 + "It also bounds how much runs at a time.", "How do I sort a list of numbers in Swift?",
    "let sorted = numbers.sorted()", "word " * 253 + "end",
]
PAIRS = [[2, 5, 9, 3, 7, 8, 3], [2, 11, 3, 12, 13, 14, 15, 16, 17, 18, 19, 3], [2, 5, 9, 3, 5, 9, 3]]


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


torch.set_num_threads(2)
tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
tokenizer.no_truncation()
tokenizer.no_padding()
model = BertModel.from_pretrained(MODEL, attn_implementation="eager", dtype=torch.float32).eval()
ids, vectors = [], []
with torch.no_grad():
    for text in TEXTS:
        ids.append(tokenizer.encode(text).ids)
        mean = model(torch.tensor([ids[-1]])).last_hidden_state[0].mean(0)
        vectors.append([round(value, 7) for value in (mean / mean.norm()).tolist()])
write(FOLDER / "all-minilm-l6.json", {"texts": TEXTS, "ids": ids, "vectors": vectors})

torch.manual_seed(1)
config = BertConfig(
    vocab_size=64, hidden_size=48, num_hidden_layers=2, num_attention_heads=3, intermediate_size=80, max_position_embeddings=40,
    num_labels=1, layer_norm_eps=1e-12)
tiny = BertForSequenceClassification(config).eval()
for parameter in tiny.parameters():
    parameter.data.normal_(0, 0.3)
for name, parameter in tiny.named_parameters():
    if name.endswith("LayerNorm.weight"):
        parameter.data.add_(1)
tiny.save_pretrained(FOLDER / "cross-encoder")
tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", *["##" + c for c in "abcdefghijklmnopqrstuvwxyz"]]
tokens += [f"[unused{i}]" for i in range(64 - len(tokens))]
(FOLDER / "cross-encoder/vocab.txt").write_text("\n".join(tokens) + "\n")
scores, rows = [], []
with torch.no_grad():
    for pair in PAIRS:
        end = pair.index(3) + 1
        types = [0] * end + [1] * (len(pair) - end)
        batch = dict(input_ids=torch.tensor([pair]), token_type_ids=torch.tensor([types]))
        scores.append(tiny(**batch).logits[0, 0].item())
        row = tiny.bert(torch.tensor([pair])).last_hidden_state[0].mean(0)
        rows.append((row / row.norm()).tolist())
write(FOLDER / "cross-encoder.json", {"pairs": PAIRS, "scores": scores, "vectors": rows})
