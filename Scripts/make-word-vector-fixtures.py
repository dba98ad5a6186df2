#!/usr/bin/env python3
"""Writes Tests/Fixtures/WordVectors/wordllama.json: what the package wordllama makes of texts, their ids and mean vectors.

make-word-vector-fixtures.py FOLDER     FOLDER as `martlet model pull wordllama` prints it
Needs: pip install wordllama==0.4.0.post1
"""
import json
import pathlib
import sys

from safetensors.numpy import load_file
from tokenizers import Tokenizer
from wordllama.inference import WordLlamaInference

FILE = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/WordVectors/wordllama.json"
MODEL = pathlib.Path(sys.argv[1])
TEXTS = [
    "delete", "remove the car from the garage", "parse HTTP Request headers 404", "naïve café ÉCOLE", "東京 は 日本 の 首都",
    "retry limit max backoff seconds test helpers py", "xqzzgrph", "🙂 ok",
]
model = WordLlamaInference(
    load_file(MODEL / "model.safetensors")["embedding.weight"], Tokenizer.from_file(str(MODEL / "tokenizer.json")))
vectors = [model.embed(text)[0] for text in TEXTS]
ids = [model.tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
FILE.parent.mkdir(parents=True, exist_ok=True)
FILE.write_text(json.dumps({
    "texts": TEXTS, "ids": ids, "vectors": [[round(float(value), 5) for value in vector] for vector in vectors],
}, separators=(",", ":")) + "\n")
