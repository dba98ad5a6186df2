#!/usr/bin/env python3
"""Writes tiny random models of DeepSeek's line; see family_fixtures.py for how to run it."""
import pathlib
import shutil
import sys

import family_fixtures as tiny
from family_fixtures import COMMON

import gguf
import numpy as np
import transformers as hf

YARN = dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=32, beta_fast=4.0, beta_slow=1.0)
LATENT = COMMON | dict(num_key_value_heads=4, kv_lora_rank=32, qk_rope_head_dim=16, qk_nope_head_dim=16,
                       v_head_dim=16, moe_intermediate_size=16, n_routed_experts=8, num_experts_per_tok=3,
                       first_k_dense_replace=1)
GROUPS = dict(q_lora_rank=48, n_group=4, topk_group=2)
SIGMOID = GROUPS | dict(n_shared_experts=1, routed_scaling_factor=2.5, norm_topk_prob=True, scoring_func="sigmoid")


def scaled(magnitude: float) -> dict:
    return dict(rope_parameters=YARN | dict(mscale=magnitude, mscale_all_dim=magnitude))


CONFIGS = {
    "deepseek-v2-lite": lambda: hf.DeepseekV2Config(
        **LATENT | scaled(0.707), q_lora_rank=None, n_group=1, topk_group=1, topk_method="greedy", n_shared_experts=2,
        scoring_func="softmax"),
    "deepseek-v2": lambda: hf.DeepseekV2Config(
        **LATENT | GROUPS | scaled(1.0), topk_method="group_limited_greedy", n_shared_experts=2, routed_scaling_factor=4.0,
        scoring_func="softmax"),
    "deepseek-v3": lambda: hf.DeepseekV3Config(**LATENT | SIGMOID | scaled(1.0)),
    "deepseek-v32": lambda: hf.DeepseekV32Config(**LATENT | SIGMOID | scaled(1.0), index_topk=12, index_head_dim=32,
                                                 index_n_heads=4),
    "glm4-moe-lite": lambda: hf.Glm4MoeLiteConfig(
        **LATENT | SIGMOID | dict(n_group=1, topk_group=1), rope_parameters=dict(rope_type="default", rope_theta=1e6),
        mlp_layer_types=["dense", "sparse"]),
}


def unsplit(path: pathlib.Path, target: pathlib.Path) -> None:
    """The file as converters wrote it before they split keys from values, for which old files still stand."""
    reader = gguf.GGUFReader(path)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    writer = gguf.GGUFWriter(target, "deepseek2")
    heads, ranks = fields["deepseek2.attention.head_count"], fields["deepseek2.attention.kv_lora_rank"]
    new = {f"deepseek2.attention.{kind}_length": fields[f"deepseek2.attention.{kind}_length_mla"] for kind in ("key", "value")}
    new["deepseek2.attention.head_count_kv"] = heads
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name.endswith("_mla") or name == "general.architecture":
            continue
        element = field.types[1] if len(field.types) > 1 else None
        writer.add_key_value(name, new.get(name, fields[name]), field.types[0], element)
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    for name, tensor in tensors.items():
        if name.endswith("attn_v_b.weight"):
            continue
        if not name.endswith("attn_k_b.weight"):
            writer.add_tensor(name, tensor.data, raw_dtype=tensor.tensor_type)
            continue
        values = tensors[name.replace("_k_b", "_v_b")].data.view(np.uint16).reshape(heads, -1, ranks)
        keys = tensor.data.view(np.uint16).reshape(heads, ranks, -1).transpose(0, 2, 1)
        joined = np.concatenate([keys, values], axis=1).reshape(-1, ranks)
        writer.add_tensor(name.replace("_k_b", "_kv_b"), joined.view(np.uint8), raw_dtype=tensor.tensor_type)
    writer.write_header_to_file(), writer.write_kv_data_to_file(), writer.write_tensors_to_file(), writer.close()


def main() -> None:
    chosen = sys.argv[1:]
    for name, config in CONFIGS.items():
        if not chosen or name in chosen:
            tiny.write(name, tiny.build(config()))
    old = tiny.MODELS / "deepseek-v2-unsplit.gguf"
    unsplit(tiny.MODELS / "deepseek-v2.gguf", old)
    old.with_suffix(".logits.f32").write_bytes((tiny.MODELS / "deepseek-v2.logits.f32").read_bytes())
    for name in ("deepseek-v2", "deepseek-v32", "glm4-moe-lite"):  # Read from folders, they would show nothing new.
        shutil.rmtree(tiny.MODELS / name, ignore_errors=True)
    tiny.index("families-deepseek.json", {name: 0.001 for name in [*CONFIGS, old.stem]})


main()
