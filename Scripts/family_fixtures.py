"""What the generators of tiny random models of many families share.

  LLAMA_CPP=FOLDER Scripts/make-family-fixtures.py [NAME ...]

FOLDER holds llama.cpp's sources, whose converter makes the GGUF files: the ones that circulate come from it. For each model
Tests/Fixtures/Models receives NAME/ (a Hugging Face folder, BF16), NAME.gguf (BF16 matrices) and NAME.logits.f32,
[17, vocabulary] float32 as transformers computes them: after the prompt, then after each further id of the index.
Needs: pip install gguf numpy safetensors tokenizers torch transformers
"""
import json
import os
import pathlib
import shutil
import sys

import numpy as np
import tokenizers
import torch
import transformers as hf
from tokenizers import models, pre_tokenizers

sys.path[:0] = [os.environ["LLAMA_CPP"], os.environ["LLAMA_CPP"] + "/gguf-py"]
import conversion.base
import gguf

VOCABULARY = 128
PROMPT, DECODE = np.split(np.random.default_rng(3).integers(0, VOCABULARY - 3, 80), [64])
MODELS = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/Models"
COMMON = dict(vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
              intermediate_size=48, max_position_embeddings=128, bos_token_id=125, eos_token_id=126, pad_token_id=127,
              tie_word_embeddings=False)


def value(name: str, shape: tuple, random: np.random.Generator, zero_centred: bool) -> np.ndarray:
    """Peaked: a wrong position, norm, bias or choice of experts moves the logits by a tenth of their range."""
    noise = random.standard_normal(shape)
    if "norm" in name and name.endswith("weight"):
        queries = any(part in name for part in ("q_norm", "k_norm"))  # They set how peaked attention is.
        return 0.5 * noise + (0 if zero_centred else 1) + (0.6 if queries else 0)
    if "sinks" in name:
        return 3 + noise
    if len(shape) < 2 or name.endswith("_bias"):  # The latter has a row for each expert.
        return 0.5 * noise
    if "embed" in name or "lm_head" in name:
        return 0.3 * noise
    gain = 1.6 if any(part in name for part in ("q_proj", "k_proj", "gate.weight", "router")) else 1
    return gain * noise / shape[-1] ** 0.5


def build(config: hf.PretrainedConfig, seed: int = 2, zero_centred: bool = False) -> torch.nn.Module:
    """A model in float32 whose every weight fits BF16."""
    config._attn_implementation = "eager"
    model = hf.AutoModelForCausalLM.from_config(config).float().eval()
    random = np.random.default_rng(seed)
    biases = [(n, b) for n, b in model.named_buffers() if n.endswith("e_score_correction_bias")]
    for name, weight in [*model.named_parameters(), *biases]:
        weight.data = torch.tensor(value(name, tuple(weight.shape), random, zero_centred)).bfloat16().float()
    return model


def save(model: torch.nn.Module, folder: pathlib.Path) -> None:
    """The folder as hubs hold it, with a byte-level tokenizer that knows ASCII."""
    shutil.rmtree(folder, ignore_errors=True)
    model.bfloat16().save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    tokens = [chr(c) for c in range(33, 127)] + ["Ġ", "Ċ", "Ġt", "he"] + [f"<|unused{i}|>" for i in range(27)]
    tokenizer = tokenizers.Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, [("Ġ", "t"), ("h", "e")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|begin|>", "<|end|>", "<|pad|>"])
    hf.PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<|begin|>", eos_token="<|end|>",
                               pad_token="<|pad|>").save_pretrained(folder)


def convert(folder: pathlib.Path) -> None:
    """NAME/ -> NAME.gguf by llama.cpp's converter, which knows tokenizers by a hash of what they do."""
    kind = conversion.get_model_class(json.loads((folder / "config.json").read_text())["architectures"][0])
    families = [conversion.base.TextModel]
    for family in families:
        family.get_vocab_base_pre, family.set_vocab = lambda self, tokenizer: "qwen2", lambda self: self._set_vocab_gpt2()
        families += family.__subclasses__()
    kind(folder, gguf.LlamaFileType.MOSTLY_BF16, folder.with_suffix(".gguf")).write()


@torch.inference_mode()
def write(name: str, model: torch.nn.Module, prepare=save) -> None:
    """All files of one model. `prepare` writes its folder."""
    ids = torch.tensor(np.concatenate([PROMPT, DECODE]))[None]
    rows = model(ids, use_cache=False).logits[0, len(PROMPT) - 1 :]
    rows.numpy().astype("<f4").tofile(MODELS / f"{name}.logits.f32")
    prepare(model, MODELS / name)
    convert(MODELS / name)
    print(name, f"range {rows.max() - rows.min():.2f}", (MODELS / f"{name}.gguf").stat().st_size, "bytes")


def index(path: str, tolerances: dict[str, float]) -> None:
    """`path` (families*.json) lists models with what may separate us from transformers, as a share of the logits' range."""
    facts = dict(vocabulary=VOCABULARY, prompt=PROMPT.tolist(), decode=DECODE.tolist(), models=tolerances)
    (MODELS / path).write_text(json.dumps(facts) + "\n")
