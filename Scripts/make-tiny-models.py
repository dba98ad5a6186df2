#!/usr/bin/env python3
"""Writes Tests/Fixtures/Models: tiny random qwen2 and llama GGUF files and the logits that transformers computes.

models.json lists the files with one prompt and 16 further ids to decode, the same for all. NAME.logits.f32 is
[17, vocabulary] float32: after the prompt, then after each further id, with decoded weights where they are quantised.
Needs: pip install gguf numpy torch transformers
"""
import json
import pathlib

import gguf
import numpy as np
import torch
import transformers as hf
from gguf import GGMLQuantizationType as T, quants
from transformers.convert_slow_tokenizer import bytes_to_unicode

MERGES = ["Ġ t", "h e", "i n", "r e", "Ġt he", "Ġ Ġ", "ĠĠ ĠĠ", "e r"]
TOKENS = [*bytes_to_unicode().values()] + [m.replace(" ", "") for m in MERGES] + ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PROMPT, DECODE = np.split(np.random.default_rng(2).integers(0, len(TOKENS) - 3, 80), [64])


def sizes(hidden: int, heads: int, kv: int, head: int, ff: int, tied: bool = True, **rope: object) -> dict:
    return dict(hidden_size=hidden, num_attention_heads=heads, num_key_value_heads=kv, head_dim=head, intermediate_size=ff,
                tie_word_embeddings=tied, rope_parameters=dict(rope_type="default", rope_theta=1e6) | rope)


TIED = sizes(64, 4, 2, 16, 32)
SCALED = dict(rope_theta=1e4, factor=4.0, original_max_position_embeddings=32)
LLAMA3 = SCALED | dict(rope_type="llama3", low_freq_factor=1.0, high_freq_factor=4.0)
MODELS = {
    "qwen2-tied-f32": (T.F32, TIED), "qwen2-tied-q8_0": (T.Q8_0, TIED), "qwen2-tied-q4_0": (T.Q4_0, TIED),
    "qwen2-untied-f16": (T.F16, sizes(64, 2, 1, 32, 32, tied=False)),
    "qwen2-yarn-f32": (T.F32, sizes(32, 1, 1, 32, 32, rope_type="yarn", **SCALED)),
    "llama-plain-bf16": (T.BF16, sizes(32, 4, 2, 16, 48, tied=False)),  # Head rows differ from the hidden size.
    "llama-linear-f32": (T.F32, sizes(32, 1, 1, 32, 32, rope_type="linear", rope_theta=1e4, factor=4.0)),
    "llama-llama3-f32": (T.F32, sizes(32, 1, 1, 32, 32, **LLAMA3)),
}


def build(arch: str, sizes: dict) -> torch.nn.Module:
    """Weights whose attention is peaked enough that a wrong position or bias changes the logits visibly."""
    config, model = {"qwen2": (hf.Qwen2Config, hf.Qwen2ForCausalLM), "llama": (hf.LlamaConfig, hf.LlamaForCausalLM)}[arch]
    model = model(config(vocab_size=len(TOKENS), num_hidden_layers=2, max_position_embeddings=128, **sizes,
                         rms_norm_eps=1e-6 if arch == "qwen2" else 1e-3, attn_implementation="eager")).float().eval()
    random = np.random.default_rng(2)
    for name, weight in model.named_parameters():
        gain = 1.6 if "q_proj" in name or "k_proj" in name else 1
        scale = 0.3 if "embed" in name or "lm_head" in name else gain / weight.shape[-1] ** 0.5 if weight.ndim == 2 else 0.5
        weight.data = torch.tensor(scale * random.standard_normal(weight.shape) + ("norm" in name)).float()
    return model


def write(path: pathlib.Path, arch: str, kind: T, model: torch.nn.Module) -> None:
    """The keys and tensors that llama.cpp's converter writes; leaves the decoded weights in `model`."""
    config, rope, writer = model.config, model.config.rope_parameters, gguf.GGUFWriter(path, arch)
    facts = dict(name=path.stem, license="apache-2.0", quantization_version=2, block_count=config.num_hidden_layers,
                 file_type=gguf.LlamaFileType[("ALL_" if kind == T.F32 else "MOSTLY_") + kind.name], token_list=TOKENS,
                 embedding_length=config.hidden_size, context_length=config.max_position_embeddings, bos_token_id=264,
                 feed_forward_length=config.intermediate_size, head_count=config.num_attention_heads, eos_token_id=266,
                 head_count_kv=config.num_key_value_heads, layer_norm_rms_eps=config.rms_norm_eps, tokenizer_model="gpt2",
                 tokenizer_pre="qwen2" if arch == "qwen2" else "llama-bpe", token_merges=MERGES,
                 token_types=[1] * (len(TOKENS) - 3) + [3] * 3, rope_freq_base=rope["rope_theta"])
    if arch == "llama":
        facts |= dict(vocab_size=config.vocab_size, key_length=config.head_dim, value_length=config.head_dim,
                      rope_dimension_count=config.head_dim)
    if rope["rope_type"] in ("linear", "yarn"):
        facts |= dict(rope_scaling_type=gguf.RopeScalingType(rope["rope_type"]), rope_scaling_factor=rope["factor"])
    if rope["rope_type"] == "yarn":
        facts |= dict(rope_scaling_orig_ctx_len=rope["original_max_position_embeddings"])
    for key, value in facts.items():
        getattr(writer, f"add_{key}")(value)
    if rope["rope_type"] == "llama3":  # The file carries what each frequency is divided by.
        plain = rope["rope_theta"] ** -(np.arange(0, config.head_dim, 2) / config.head_dim)
        writer.add_tensor("rope_freqs.weight", (plain / model.model.rotary_emb.inv_freq.numpy()).astype(np.float32))
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[arch.upper()], config.num_hidden_layers)
    for name, weight in model.named_parameters():
        type = kind if weight.ndim == 2 else T.F32
        data = quants.quantize(weight.data.numpy(), type)
        weight.data = torch.tensor(quants.dequantize(data, type))
        if arch == "llama" and name.endswith(("q_proj.weight", "k_proj.weight")):  # Interleave each head's two halves.
            data = data.reshape(-1, 2, config.head_dim // 2, data.shape[1]).swapaxes(1, 2).reshape(data.shape)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), data, raw_dtype=type)
    writer.write_header_to_file(), writer.write_kv_data_to_file(), writer.write_tensors_to_file(), writer.close()


@torch.no_grad()
def main() -> None:
    folder = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/Models"
    for name, (kind, sizes) in MODELS.items():
        model = build(name.split("-")[0], sizes)
        write(folder / f"{name}.gguf", name.split("-")[0], kind, model)
        rows = model(torch.tensor(np.concatenate([PROMPT, DECODE]))[None]).logits[0, len(PROMPT) - 1 :]
        rows.numpy().astype("<f4").tofile(folder / f"{name}.logits.f32")
    index = dict(vocabulary=len(TOKENS), prompt=PROMPT.tolist(), decode=DECODE.tolist(), models=list(MODELS))
    (folder / "models.json").write_text(json.dumps(index))


main()
