#!/usr/bin/env python3
"""Writes Tests/Fixtures/LongContext: what tiny models of Fixtures/Models give beyond the 128 tokens of their files.

NAME-CONTEXT.f32, [8, vocabulary] float32, holds transformers' logits after each of the last 8 of the 160 ids in index.json, with
YaRN by a factor of CONTEXT / 128. Needs: pip install numpy torch transformers
"""
import json
import pathlib

import numpy as np
import torch
import transformers as hf

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures"
TRAINED, ROWS = 128, 8
IDS = np.random.default_rng(11).integers(0, 125, 160)
MODELS = {"qwen3": [192, 512], "qwen3moe": [512], "qwen3next": [512], "qwen35": [512], "qwen35moe": [512]}


@torch.inference_mode()
def main() -> None:
    for name, contexts in MODELS.items():
        for context in contexts:
            config = hf.AutoConfig.from_pretrained(FIXTURES / "Models" / name)
            config.rope_parameters |= dict(rope_type="yarn", factor=context / TRAINED, original_max_position_embeddings=TRAINED)
            config.max_position_embeddings = context
            model = hf.AutoModelForCausalLM.from_pretrained(
                FIXTURES / "Models" / name, config=config, dtype=torch.float32, attn_implementation="eager")
            rows = model(torch.tensor(IDS)[None], use_cache=False).logits[0, -ROWS:].numpy()
            rows.astype("<f4").tofile(FIXTURES / f"LongContext/{name}-{context}.f32")
            print(name, context, f"range {rows.max() - rows.min():.2f}")
    index = dict(vocabulary=rows.shape[1], ids=IDS.tolist(), models=MODELS)
    (FIXTURES / "LongContext/index.json").write_text(json.dumps(index) + "\n")


main()
