#!/usr/bin/env python3
"""Writes Tests/Fixtures/Folders: tiny random models as Hugging Face folders, beside those of make-family-fixtures.py.

NAME/                 config.json and model.safetensors (BF16), as transformers saves them
NAME.logits.f32       [17, vocabulary]: after the prompt of folders.json, then after each further id (float32)
NAME.gguf.json        what llama.cpp's own converter makes of the folder: metadata, and of each tensor type, shape, digest
Usage: make-hf-models.py LLAMA_CPP_SOURCE. Needs: pip install numpy torch transformers safetensors
"""
import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import torch
import transformers as hf

SOURCE = pathlib.Path(sys.argv[1])
sys.path[:0] = [str(SOURCE), str(SOURCE / "gguf-py")]
import conversion  # noqa: E402
import gguf  # noqa: E402

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Folders"
VOCABULARY = 128
PROMPT, DECODE = np.split(np.random.default_rng(5).integers(0, VOCABULARY, 80), [64])
BASE = dict(vocab_size=VOCABULARY, hidden_size=32, num_attention_heads=4, num_key_value_heads=2, intermediate_size=48, num_hidden_layers=2,
            max_position_embeddings=128, tie_word_embeddings=False, attn_implementation="eager", bos_token_id=1, eos_token_id=2, pad_token_id=None)
MIX = BASE | dict(head_dim=16, num_experts_per_tok=2, moe_intermediate_size=16, norm_topk_prob=True)
LATENT = BASE | dict(n_routed_experts=8, num_experts_per_tok=2, moe_intermediate_size=16, n_shared_experts=1, num_key_value_heads=4, kv_lora_rank=32,
                     qk_nope_head_dim=16, qk_rope_head_dim=16, v_head_dim=16, first_k_dense_replace=1, n_group=4, topk_group=2, routed_scaling_factor=1.5)
# Indexers of few heads score many keys with zero, and which of those are picked is nowhere defined.
MODELS = {
    "llama": BASE | dict(head_dim=16, rope_parameters=dict(rope_type="llama3", rope_theta=1e4, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                                           original_max_position_embeddings=32)),
    "mistral": BASE | dict(head_dim=16), "qwen2": BASE | dict(tie_word_embeddings=True), "qwen3_moe": MIX | dict(num_experts=4),
    "starcoder2": BASE | dict(use_bias=True, sliding_window=None),
    "deepseek_v32": LATENT | dict(q_lora_rank=16, index_n_heads=8, index_head_dim=32, index_topk=16),
}


def build(kind: str) -> torch.nn.Module:
    config = hf.AutoConfig.for_model(kind, **MODELS[kind])
    model = hf.AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    random = np.random.default_rng(7)
    for name, weight in model.named_parameters():
        gain = 1.6 if "q_proj" in name or "k_proj" in name else 1
        scale = 0.3 if "embed" in name or "lm_head" in name else gain / weight.shape[-1] ** 0.5 if weight.ndim >= 2 else 0.3
        weight.data = torch.tensor(scale * random.standard_normal(weight.shape) + ("norm" in name)).bfloat16().float()
    for name, buffer in model.named_buffers():
        if "correction" in name: buffer.copy_(torch.tensor(0.05 * random.standard_normal(buffer.shape)).bfloat16().float())
    return model


def digest(folder: pathlib.Path) -> dict:
    """Runs the real converter, without a tokenizer: those of random models have no name that it knows."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(folder, place, dirs_exist_ok=True)
        stub = dict(model=dict(vocab={str(i): i for i in range(VOCABULARY)}), added_tokens=[])
        (pathlib.Path(place) / "tokenizer.json").write_text(json.dumps(stub))
        hparams = conversion.ModelBase.load_hparams(pathlib.Path(place), False) | json.loads((folder / "config.json").read_text())
        kind = conversion.get_model_class(conversion.get_model_architecture(hparams, conversion.ModelType.TEXT))
        kind.set_vocab, kind.no_mtp = lambda self: None, True
        out = pathlib.Path(place) / "out.gguf"
        with torch.inference_mode():
            kind(pathlib.Path(place), gguf.LlamaFileType.MOSTLY_BF16, out, hparams=hparams).write()
        reader = gguf.GGUFReader(out)
        keys = {name: field.contents() for name, field in reader.fields.items() if not name.startswith(("GGUF.", "general."))}
        tensors = {t.name: [t.tensor_type.name, [int(n) for n in t.shape], hashlib.sha256(t.data.tobytes()).hexdigest()] for t in reader.tensors}
        return dict(architecture=reader.get_field("general.architecture").contents(), metadata=keys, tensors=tensors)


for kind in sys.argv[2:] or MODELS:
    model, folder = build(kind), FOLDER / kind
    shutil.rmtree(folder, ignore_errors=True)
    with torch.inference_mode():
        ids = torch.tensor([[*PROMPT, *DECODE]])
        logits = model(ids).logits[0, len(PROMPT) - 1:].numpy()
    folder.mkdir(parents=True)
    logits.astype("<f4").tofile(FOLDER / f"{kind}.logits.f32")
    model.to(torch.bfloat16).save_pretrained(folder)
    (FOLDER / f"{kind}.gguf.json").write_text(json.dumps(digest(folder), sort_keys=True) + "\n")
names = sorted(path.parent.name for path in FOLDER.glob("*/config.json"))
(FOLDER / "folders.json").write_text(json.dumps(dict(vocabulary=VOCABULARY, prompt=PROMPT.tolist(), decode=DECODE.tolist(), models=names)) + "\n")
