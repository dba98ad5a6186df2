"""Ranks files by semble. Its own model comes from a hub; where that cannot be reached, wordllama's vectors stand in."""

import pathlib

import numpy
import semble.index.index as index_module
import wordllama
from model2vec import StaticModel
from safetensors.numpy import load_file
from semble import SembleIndex
from tokenizers import Tokenizer

from peer_tasks import answer


def wordllama_model():
    folder = pathlib.Path(wordllama.__file__).parent
    vectors = load_file(folder / "weights" / "l2_supercat_256.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    return StaticModel(vectors.astype(numpy.float32), tokenizer, config={"normalize": True})


def rank(folder, question):
    index = SembleIndex.from_path(folder)
    return [result.chunk.file_path for result in index.search(question, top_k=100)]


if __name__ == "__main__":
    model = wordllama_model()
    index_module.load_model = lambda path=None: (model, "wordllama")
    # An index that was kept would be of another commit.
    index_module.get_validated_cache = lambda *a, **k: None
    index_module.load_previous_for_incremental = lambda *a, **k: None
    answer(rank)
