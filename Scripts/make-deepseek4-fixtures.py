#!/usr/bin/env python3
"""Writes tiny random models of DeepSeek-V4; see family_fixtures.py for how to run it."""
import json
import pathlib
import re
import shutil

import family_fixtures as tiny
from family_fixtures import COMMON

import gguf
import numpy as np
import safetensors.torch
import torch
import transformers as hf

MXFP4 = gguf.GGMLQuantizationType.MXFP4
RATIOS = [0, 4, 16]  # No compression, overlapping windows with an indexer, plain windows.
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=32, beta_fast=4.0, beta_slow=1.0)
EXTRA = dict(compress_ratios=RATIOS, num_hash_layers=1, qk_rope_head_dim=16)
FACTS = dict(
    num_hidden_layers=len(RATIOS), num_attention_heads=4, num_key_value_heads=1, head_dim=32, q_lora_rank=48, hc_mult=4,
    moe_intermediate_size=32, n_routed_experts=4, num_experts_per_tok=2, n_shared_experts=1, routed_scaling_factor=1.5,
    sliding_window=12, o_groups=2, o_lora_rank=32, index_n_heads=4, index_head_dim=32, index_topk=4, swiglu_limit=1.0,
    hc_sinkhorn_iters=5, rope_theta=1e4, compress_rope_theta=16e4, scoring_func="sqrtsoftplus", norm_topk_prob=True,
    compress_rates=dict(compressed_sparse_attention=4, heavily_compressed_attention=16),
    layer_types=["sliding_attention", "compressed_sparse_attention", "heavily_compressed_attention"])

RENAMED = {r"^model\.": "", "^embed_tokens": "embed", r"hc_head\.hc_": "hc_head_", r"attn\.norm": "attn.kv_norm"}


def build() -> torch.nn.Module:
    """Experts are what MXFP4 holds exactly; the first layers' are fixed by the token."""
    model = tiny.build(hf.DeepseekV4Config(
        **{key: fact for key, fact in COMMON.items() if key != "intermediate_size"} | FACTS | EXTRA, rope_parameters=YARN))
    random = np.random.default_rng(4)
    for name, weight in model.named_parameters():
        if "experts." in name and "shared" not in name:
            weight.data = torch.tensor(gguf.quants.dequantize(gguf.quants.quantize(weight.data.numpy(), MXFP4), MXFP4))
    for name, table in model.named_buffers():
        if name.endswith("tid2eid"):
            rows = [random.permutation(FACTS["n_routed_experts"])[: table.shape[1]] for _ in range(table.shape[0])]
            table.data = torch.tensor(np.array(rows))
    return model


def save(model: torch.nn.Module, folder: pathlib.Path) -> None:
    """The folder under the names and with the keys of the published checkpoints: experts of 4 bits."""
    tiny.save(model, folder)
    tensors = {}
    for name, value in safetensors.torch.load_file(folder / "model.safetensors").items():
        for pattern, new in RENAMED.items():
            name = re.sub(pattern, new, name)
        tensors[name] = value.float() if re.search("hc_|attn_sink|norm|ape$|gate.bias", name) else value
    for name in [name for name in tensors if re.search(r"experts\.\d+\.w\d\.weight$", name)]:
        rows = tensors.pop(name).float().numpy()
        blocks = gguf.quants.quantize(rows, MXFP4).reshape(rows.shape[0], -1, 17)
        codes = np.concatenate([blocks[..., 1:] & 15, blocks[..., 1:] >> 4], axis=-1)  # GGUF: element j beside j + 16
        packed = (codes[..., ::2] | codes[..., 1::2] << 4).reshape(rows.shape[0], -1)
        tensors[name] = torch.tensor(packed).view(torch.int8)
        tensors[name.replace(".weight", ".scale")] = torch.tensor(blocks[..., 0].copy()).view(torch.float8_e8m0fnu)
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata=dict(format="pt"))
    config = json.loads((folder / "config.json").read_text())
    config |= FACTS | EXTRA | dict(rope_scaling=dict(YARN, type="yarn"))
    config.pop("rope_parameters")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def widen(path: pathlib.Path, target: pathlib.Path) -> None:
    """The file with its experts in BF16: activations that meet quantised weights are rounded."""
    reader, writer = gguf.GGUFReader(path), gguf.GGUFWriter(target, "deepseek4")
    for name, field in reader.fields.items():
        if not name.startswith(("GGUF.", "tokenizer.chat_template")) and name != "general.architecture":
            writer.add_key_value(name, field.contents(), field.types[0], field.types[1] if len(field.types) > 1 else None)
    for tensor in reader.tensors:
        if tensor.tensor_type == MXFP4:
            rows = gguf.quants.dequantize(tensor.data, MXFP4)
            data = gguf.quants.quantize(rows, gguf.GGMLQuantizationType.BF16)
            writer.add_tensor(tensor.name, data, raw_dtype=gguf.GGMLQuantizationType.BF16)
        else:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file(), writer.write_kv_data_to_file(), writer.write_tensors_to_file(), writer.close()


def main() -> None:
    tiny.write("deepseek-v4", build(), save)
    path, narrow = tiny.MODELS / "deepseek-v4.gguf", tiny.MODELS / "deepseek-v4-mxfp4.gguf"
    path.rename(narrow)
    widen(narrow, path)
    narrow.unlink(), shutil.rmtree(tiny.MODELS / "deepseek-v4")
    tiny.index("families-deepseek4.json", {"deepseek-v4": 0.001})


main()
