#!/usr/bin/env python3
"""Writes Tests/Fixtures/Formats: one weight in every quantised format, and what the reference packages make of it.

NAME/config.json, NAME/model.safetensors    a checkpoint of that weight alone, model.layers.0.mlp.up_proj
NAME/expected.safetensors                   `weight` as the reference gives it, in its type; U8 is GGUF's MXFP4 blocks
compressed-tensors formats come from that package. GPTQ, AWQ and ModelOpt's NVFP4 need a GPU to install: their packing is
written out here, from numbers that are known before packing.
Usage: make-hf-formats.py LLAMA_CPP_SOURCE. Needs: pip install numpy torch transformers safetensors compressed-tensors
"""
import json
import pathlib
import sys

import torch
from compressed_tensors.compressors import BaseCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from safetensors.torch import save_file

sys.path[:0] = [sys.argv[1], sys.argv[1] + "/gguf-py"]
from conversion.base import ModelBase  # noqa: E402

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Formats"
torch.manual_seed(3)


def write(name: str, parts: dict, expected: torch.Tensor, quantization: dict, dtype: str = "bfloat16") -> None:
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    config = dict(architectures=["Qwen2ForCausalLM"], model_type="qwen2", num_hidden_layers=1, hidden_size=64, num_attention_heads=2, dtype=dtype,
                  max_position_embeddings=64, quantization_config=quantization)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_file({f"model.layers.0.mlp.up_proj.{part}": tensor.contiguous() for part, tensor in parts.items()}, folder / "model.safetensors")
    save_file(dict(weight=expected.contiguous()), folder / "expected.safetensors")

def compressed(name: str, shape: tuple, scale: torch.Tensor, kind: str, zero: torch.Tensor | None = None, factor: float | None = None, **args) -> None:
    """A format of compressed-tensors, compressed and decompressed by the package."""
    arguments = QuantizationArgs(**args)
    scheme = QuantizationScheme(targets=["Linear"], weights=arguments)
    extras = dict(weight_zero_point=zero, weight_global_scale=None if factor is None else torch.tensor([factor]))
    state = dict(weight=torch.randn(shape, dtype=torch.bfloat16), weight_scale=scale) | {k: v for k, v in extras.items() if v is not None}
    packer = BaseCompressor.get_value_from_registry(kind)
    parts = packer.compress(state, scheme)
    expected = packer.decompress(parts, scheme)["weight"]
    if kind.startswith("mxfp4"):
        expected = torch.tensor(ModelBase.repack_mxfp4_blocks(parts["weight_packed"], parts["weight_scale"]))
    config = dict(quant_method="compressed-tensors", format=kind, config_groups=dict(group_0=dict(targets=["Linear"], weights=json.loads(arguments.model_dump_json()))))
    write(name, parts, expected, config)

def words(values: torch.Tensor, bits: int, dim: int, order=None) -> torch.Tensor:
    """Unsigned integers packed into 32-bit words along a dimension, low bits first."""
    count = 32 // bits
    grouped = values.movedim(dim, -1).reshape(*values.movedim(dim, -1).shape[:-1], -1, count).long()
    packed = sum(grouped[..., source] << (bits * place) for place, source in enumerate(order or range(count)))
    return torch.where(packed >= 1 << 31, packed - (1 << 32), packed).int().movedim(-1, dim)

def gptq(name: str, bits: int, version: str, shuffled: bool = False, inputs: int = 64, outputs: int = 32, group: int = 16) -> None:
    values, top = torch.randint(0, 1 << bits, (inputs, outputs)), 1 << bits
    zeros, scales = torch.randint(0, top, (inputs // group, outputs)), (torch.rand(inputs // group, outputs) * 0.1).half()
    index = torch.arange(inputs) // group
    if shuffled: index = index[torch.randperm(inputs)]
    expected = (scales[index] * (values - zeros[index]).half()).T
    stored = (zeros - int(version == "gptq")) % top
    parts = dict(qweight=words(values, bits, 0), qzeros=words(stored, bits, 1), scales=scales, g_idx=index.int())
    write(name, parts, expected, dict(quant_method="gptq", bits=bits, group_size=group, desc_act=shuffled, checkpoint_format=version), "float16")

def awq(name: str, inputs: int = 64, outputs: int = 32, group: int = 16) -> None:
    values, zeros = torch.randint(0, 16, (inputs, outputs)), torch.randint(0, 16, (inputs // group, outputs))
    scales, order = (torch.rand(inputs // group, outputs) * 0.1).half(), [0, 2, 4, 6, 1, 3, 5, 7]
    spread = torch.arange(inputs) // group
    parts = dict(qweight=words(values, 4, 1, order), qzeros=words(zeros, 4, 1, order), scales=scales)
    write(name, parts, ((values - zeros[spread]).half() * scales[spread]).T, dict(quant_method="awq", bits=4, group_size=group, version="gemm"), "float16")

def blocks(name: str, rows: int, columns: int, size: list, kind=torch.float8_e4m3fn) -> None:
    weight, scale = torch.randn(rows, columns).to(kind), torch.rand(-(-rows // size[0]), -(-columns // size[1]))
    spread = scale.repeat_interleave(size[0], 0).repeat_interleave(size[1], 1)[:rows, :columns]
    config = dict(quant_method="fp8", weight_block_size=size, activation_scheme="dynamic")
    write(name, dict(weight=weight, weight_scale_inv=scale), (weight.float() * spread).bfloat16(), config)

def modelopt(name: str, rows: int = 8, columns: int = 64, factor: float = 0.0123) -> None:
    codes, scale = torch.randint(0, 16, (rows, columns)), (torch.rand(rows, columns // 16) * 200).to(torch.float8_e4m3fn)
    values = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])[codes]
    expected = (values.reshape(rows, -1, 16) * (scale.float() * torch.tensor(factor)).unsqueeze(-1)).reshape(rows, columns).bfloat16()
    parts = dict(weight=(codes[:, ::2] | codes[:, 1::2] << 4).to(torch.uint8), weight_scale=scale, weight_scale_2=torch.tensor(factor), input_scale=torch.tensor(1.0))
    write(name, parts, expected, dict(quant_method="modelopt", quant_algo="NVFP4"))

half = torch.bfloat16
INT4, INT8 = dict(num_bits=4, type="int", strategy="group", group_size=32), dict(num_bits=8, type="int", strategy="channel")
FP8, FP4 = dict(num_bits=8, type="float"), dict(num_bits=4, type="float")
fp8_scales = (torch.rand(16, 4) * 100).to(torch.float8_e4m3fn).to(half)
powers = torch.exp2(torch.randint(-6, 2, (16, 2)).float()).to(half)
blocks("fp8-blocks", 160, 136, [128, 128]), blocks("fp8-small-blocks", 40, 72, [16, 32]), blocks("fp8-e5m2", 16, 32, [8, 16], torch.float8_e5m2)
compressed("ct-fp8-channel", (16, 32), torch.rand(16, 1).to(half) * 0.1, "float-quantized", strategy="channel", **FP8)
compressed("ct-fp8-tensor", (16, 32), torch.rand(1).to(half) * 0.1, "float-quantized", strategy="tensor", **FP8)
compressed("ct-int8-channel", (16, 32), torch.rand(16, 1).to(half) * 0.1, "int-quantized", **INT8)
compressed("ct-int4-group", (16, 64), torch.rand(16, 2).to(half), "pack-quantized", **INT4)
compressed("ct-int8-packed", (16, 64), torch.rand(16, 1).to(half) * 0.1, "pack-quantized", **INT8)
compressed("ct-int4-zeros", (16, 64), torch.rand(16, 2).to(half), "pack-quantized", torch.randint(-8, 8, (16, 2)).to(torch.int8), symmetric=False, **INT4)
compressed("ct-nvfp4", (16, 64), fp8_scales, "nvfp4-pack-quantized", factor=77.7, strategy="tensor_group", group_size=16, **FP4)
compressed("ct-mxfp4", (16, 64), powers, "mxfp4-pack-quantized", strategy="group", group_size=32, **FP4)
modelopt("modelopt-nvfp4"), awq("awq"), gptq("gptq-int4", 4, "gptq"), gptq("gptq-int8", 8, "gptq"), gptq("gptq-v2-act-order", 4, "gptq_v2", True)
