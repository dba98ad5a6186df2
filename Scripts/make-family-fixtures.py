#!/usr/bin/env python3
"""Writes tiny random models of the families that are built from shared blocks; see family_fixtures.py for how to run it."""
import json
import pathlib
import sys

import numpy as np
import safetensors.torch
import torch
import transformers as hf

import family_fixtures as tiny
from family_fixtures import COMMON, gguf

EXPERTS = dict(moe_intermediate_size=16, num_experts=8, num_experts_per_tok=3, norm_topk_prob=True)
LOCAL_EXPERTS = dict(num_local_experts=8, num_experts_per_tok=3)
YARN = dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=32)


def theta(base: float) -> dict:
    return dict(rope_parameters=dict(rope_type="default", rope_theta=base))


CONFIGS = {
    "qwen3": lambda: hf.Qwen3Config(**COMMON | theta(1e6), head_dim=16),
    "qwen3moe": lambda: hf.Qwen3MoeConfig(**COMMON | theta(1e6) | EXPERTS | dict(num_key_value_heads=1), head_dim=16),
    "starcoder2": lambda: hf.Starcoder2Config(**COMMON | theta(1e5), sliding_window=None),
}
CONFIGS |= {
    "mixtral": lambda: hf.MixtralConfig(**COMMON | theta(1e6) | LOCAL_EXPERTS | dict(intermediate_size=16), head_dim=16),
    "mistral3": lambda: hf.Ministral3Config(**COMMON, head_dim=16, rope_parameters=YARN | dict(
        original_max_position_embeddings=16, mscale=1.0, mscale_all_dim=1.0, llama_4_scaling_beta=0.3)),
    # Five of six layers see a window; both kinds have rotations of their own.
    "gemma3": lambda: hf.Gemma3TextConfig(
        **COMMON | dict(tie_word_embeddings=True, num_hidden_layers=6, num_attention_heads=2, num_key_value_heads=1),
        head_dim=16, query_pre_attn_scalar=16, sliding_window=12, rope_parameters=dict(
            full_attention=dict(rope_type="linear", rope_theta=1e6, factor=4.0),
            sliding_attention=dict(rope_type="default", rope_theta=1e4))),
    "glm4moe": lambda: hf.Glm4MoeConfig(
        **COMMON | dict(num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1), head_dim=16, use_qk_norm=True,
        attention_bias=True, moe_intermediate_size=16, n_routed_experts=8, num_experts_per_tok=3, n_shared_experts=1,
        routed_scaling_factor=1.5, num_nextn_predict_layers=0,
        rope_parameters=dict(rope_type="default", rope_theta=1e6, partial_rotary_factor=0.5)),
    "gpt-oss": lambda: hf.GptOssConfig(**COMMON | LOCAL_EXPERTS | dict(intermediate_size=32, num_local_experts=5), head_dim=16,
                                       sliding_window=12, rope_parameters=YARN | dict(beta_fast=4.0, truncate=False)),
    "minimax-m2": lambda: hf.MiniMaxM2Config(
        **COMMON | LOCAL_EXPERTS | dict(intermediate_size=16), head_dim=16, rotary_dim=8, scoring_func="sigmoid",
        rope_parameters=dict(rope_type="default", rope_theta=5e6, partial_rotary_factor=0.5)),
    "seed-oss": lambda: hf.SeedOssConfig(**COMMON | theta(1e7), head_dim=16, residual_dropout=0.0),
    "qwen2moe": lambda: hf.Qwen2MoeConfig(**COMMON | theta(1e6) | EXPERTS | dict(norm_topk_prob=False),
                                          shared_expert_intermediate_size=24),
}


def with_mxfp4(model: torch.nn.Module, folder: pathlib.Path) -> None:
    """The folder with its experts as gpt-oss's own checkpoints hold them: codes of 4 bits and a scale for 32."""
    tiny.save(model, folder)
    tensors = safetensors.torch.load_file(folder / "model.safetensors")
    for name in [name for name in tensors if name.endswith(("gate_up_proj", "down_proj"))]:
        rows = tensors.pop(name).float().transpose(1, 2).contiguous().numpy()  # [experts, rows, columns]
        blocks = gguf.quants.quantize(rows, gguf.GGMLQuantizationType.MXFP4).reshape(*rows.shape[:2], -1, 17)
        codes = np.concatenate([blocks[..., 1:] & 15, blocks[..., 1:] >> 4], axis=-1)  # GGUF: element j beside j + 16
        tensors[f"{name}_blocks"] = torch.tensor(codes[..., ::2] | codes[..., 1::2] << 4)
        tensors[f"{name}_scales"] = torch.tensor(blocks[..., 0])
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata=dict(format="pt"))
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = dict(quant_method="mxfp4")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def decoded(model: torch.nn.Module) -> torch.nn.Module:
    """With experts that MXFP4 holds exactly."""
    for name, weight in model.named_parameters():
        if name.endswith(("gate_up_proj", "down_proj")):
            rows = weight.data.transpose(1, 2).contiguous().numpy()
            kind = gguf.GGMLQuantizationType.MXFP4
            weight.data = torch.tensor(gguf.quants.dequantize(gguf.quants.quantize(rows, kind), kind)).transpose(1, 2).contiguous()
    return model


def main() -> None:
    chosen = sys.argv[1:]
    for name, config in CONFIGS.items():
        if not chosen or name in chosen:
            tiny.write(name, tiny.build(config(), zero_centred=name == "gemma3"))
    if not chosen or "gpt-oss-mxfp4" in chosen:
        tiny.write("gpt-oss-mxfp4", decoded(tiny.build(CONFIGS["gpt-oss"]())), with_mxfp4)
    # Activations that meet quantised weights have 8 bits, one scale a group, here for all 32 elements of a row.
    tiny.index("families.json", {name: 0.001 for name in CONFIGS} | {"gpt-oss-mxfp4": 0.06})


main()
