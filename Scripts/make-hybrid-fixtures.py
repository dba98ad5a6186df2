#!/usr/bin/env python3
"""Writes tiny random models of the hybrid Qwen families; see family_fixtures.py for how to run it.

transformers has no module for the layer that predicts further tokens. qwen35-mtp's is put together here from its own decoder
layer as the checkpoints name the parts; NAME.drafts.f32, [79, vocabulary], holds what it makes of each token but the last.
"""
import shutil
import sys

import family_fixtures as tiny  # First: it finds the converter's own gguf.
from family_fixtures import COMMON, MODELS
import conversion.base
from next_token_head import Head
import gguf
import numpy as np
import safetensors.torch
import torch
import transformers as hf

ROPE = dict(rope_type="default", rope_theta=1e6, partial_rotary_factor=0.25)
LINEAR = dict(linear_key_head_dim=32, linear_value_head_dim=32, linear_num_key_heads=2, linear_num_value_heads=4,
              num_attention_heads=2, num_key_value_heads=1, head_dim=32, num_hidden_layers=3, rope_parameters=ROPE,
              layer_types=["linear_attention", "full_attention", "linear_attention"])
EXPERTS = dict(moe_intermediate_size=8, shared_expert_intermediate_size=24, num_experts=8, num_experts_per_tok=3)
CONFIGS = {
    "qwen3next": hf.Qwen3NextConfig(**COMMON | LINEAR | EXPERTS),
    "qwen35": hf.Qwen3_5TextConfig(**COMMON | LINEAR),
    "qwen35moe": hf.Qwen3_5MoeTextConfig(**COMMON | LINEAR | EXPERTS),
    "qwen35-mtp": hf.Qwen3_5TextConfig(**COMMON | LINEAR, mtp_num_hidden_layers=1),
}
CONFIGS["qwen3next-merged"] = CONFIGS["qwen3next"]


def build(name: str) -> torch.nn.Module:
    model = tiny.build(CONFIGS[name], zero_centred=True)
    for key, weight in model.named_parameters():
        if key.endswith("A_log"):  # States that last for some tens of tokens.
            weight.data = (weight.data - 3).bfloat16().float()
        if key.endswith("linear_attn.norm.weight"):
            weight.data = (weight.data + 1).bfloat16().float()
    return model


def merge(path) -> None:
    """The form of older GGUF files: queries, keys, values and gates of each key head together in one matrix."""
    reader = gguf.GGUFReader(path)
    writer = gguf.GGUFWriter(path.with_suffix(".merged"), "qwen3next")
    for field in reader.fields.values():
        if not field.name.startswith(("GGUF.", "general.architecture")):
            kind = field.types[0]
            writer.add_key_value(field.name, field.contents(), kind, field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None)
    tensors = {t.name: t for t in reader.tensors}
    for name, tensor in tensors.items():
        data, block = np.array(tensor.data), name.rpartition("attn_")[0]
        if name.endswith("attn_gate.weight"):
            continue
        if name.endswith("attn_qkv.weight"):
            q, k, v = np.split(data, [64, 128])
            parts = [part.reshape(2, -1, data.shape[1]) for part in (q, k, v, np.array(tensors[f"{block}attn_gate.weight"].data))]
            name, data = f"{block}ssm_in.weight", np.concatenate(parts, axis=1).reshape(-1, data.shape[1])
        writer.add_tensor(name, data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file(), writer.write_kv_data_to_file(), writer.write_tensors_to_file(), writer.close()
    path.with_suffix(".merged").replace(path)


@torch.inference_mode()
def with_head(model, folder) -> None:
    head, random = Head(model.config).float().eval(), np.random.default_rng(5)
    for name, weight in head.named_parameters():
        weight.data = torch.tensor(tiny.value(name, tuple(weight.shape), random, True)).bfloat16().float()
    ids, body = torch.tensor(np.concatenate([tiny.PROMPT, tiny.DECODE]))[None], model.model
    hidden, positions = body(ids, use_cache=False).last_hidden_state, torch.arange(ids.shape[1] - 1)[None]
    out = head(body.embed_tokens(ids[:, 1:]), hidden[:, :-1], body.rotary_emb(hidden, positions))
    model.lm_head(out)[0].numpy().astype("<f4").tofile(MODELS / f"{folder.name}.drafts.f32")
    tiny.save(model, folder)
    tensors = safetensors.torch.load_file(folder / "model.safetensors")
    tensors |= {f"mtp.{name}": weight.bfloat16().contiguous() for name, weight in head.named_parameters()}
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata=dict(format="pt"))


def main() -> None:
    hf.AutoTokenizer.from_pretrained = hf.PreTrainedTokenizerFast.from_pretrained  # Not the class of the real models.
    for name in sys.argv[1:] or CONFIGS:
        conversion.base.ModelBase.no_mtp = not name.endswith("mtp")
        tiny.write(name, build(name), with_head if name.endswith("mtp") else tiny.save)
        if name.endswith("merged"):
            merge(MODELS / f"{name}.gguf")
            shutil.rmtree(MODELS / name)  # Hugging Face folders have one form only.
    tiny.index("families-hybrid.json", {name: 0.001 for name in CONFIGS})


main()
