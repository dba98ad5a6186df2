#!/usr/bin/env python3
"""Writes Tests/Fixtures/Logits: what transformers computes for a text with the decoded weights of real models.

  Scripts/make-model-logits.py NAME=FILE.gguf ...

NAME.json holds the text's ids, the negative log-likelihood of each id after the first given those before it, and the
32 largest logits after the last. Weights are decoded to float32 and nothing is rounded on the way. A model of 1.5
billion parameters takes 14 GB of memory. Needs: pip install accelerate gguf torch transformers
"""
import json
import pathlib
import sys

import torch
import transformers as hf

TEXT = '''The function below returns the greatest common divisor of two integers, and the tests show how it is used.

def gcd(a: int, b: int) -> int:
    """Euclid's algorithm: replace the larger number by the remainder until nothing remains."""
    while b != 0:
        a, b = b, a % b
    return abs(a)


def test_gcd() -> None:
    assert gcd(12, 18) == 6
    assert gcd(17, 5) == 1
    assert gcd(0, 9) == 9
    assert gcd(-4, 6) == 2

The capital of France is Paris, the capital of Italy is Rome, and the capital of Spain is'''


@torch.no_grad()
def main() -> None:
    folder = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/Logits"
    folder.mkdir(exist_ok=True)
    for argument in sys.argv[1:]:
        name, path = argument.split("=")
        path = pathlib.Path(path)
        tokenizer = hf.AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        model = hf.AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32)
        # Without its first token Gemma predicts little.
        first = [tokenizer.bos_token_id] if "gemma" in name else []
        ids = first + tokenizer(TEXT, add_special_tokens=False).input_ids
        logits = model.eval()(torch.tensor([ids])).logits[0]
        loss = -logits[:-1].log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
        top = logits[-1].topk(32)
        index = dict(ids=ids, losses=[round(x, 5) for x in loss.tolist()], topIDs=top.indices.tolist(),
                     topLogits=[round(x, 4) for x in top.values.tolist()], range=(logits[-1].max() - logits[-1].min()).item())
        (folder / f"{name}.json").write_text(json.dumps(index) + "\n")
        print(name, len(ids), "tokens, mean loss", loss.mean().item(), repr(tokenizer.decode(top.indices[:3].tolist())))


main()
