#!/usr/bin/env python3
"""Writes Tests/Fixtures/Adapters: random LoRA adapters of tiny folders in Folders/ and Models/, as PEFT saves them.

  Scripts/make-adapter-fixtures.py CONVERT_LORA_TO_GGUF.py

NAME/ is the PEFT folder, NAME.gguf what llama.cpp's converter makes of it, NAME.logits.f32 the logits of PEFT's own forward
pass, [17, vocabulary]: after the prompt and after each further id of Fixtures/Folders/folders.json.
Needs: pip install gguf numpy peft torch transformers
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import peft
import torch
import transformers as hf

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures"
ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
ADAPTERS = {
    "llama-all": ("Folders/llama", dict(r=4, lora_alpha=8, target_modules=ATTENTION + ["gate_proj", "up_proj", "down_proj"])),
    "qwen2-attention": ("Folders/qwen2", dict(r=3, lora_alpha=5, target_modules=ATTENTION)),
    "mistral-ranked": ("Folders/mistral", dict(r=3, lora_alpha=5, target_modules=["q_proj", "down_proj"], use_rslora=True)),
    # GGUF holds in_proj_qkvz in two parts.
    "qwen3next-linear": ("Models/qwen3next", dict(r=2, lora_alpha=4, target_modules=["in_proj_qkvz", "in_proj_ba", "out_proj", "q_proj"])),
}
CONVERTED = ["llama-all", "qwen2-attention"]


@torch.no_grad()
def main() -> None:
    index = json.loads((ROOT / "Folders/folders.json").read_text())
    ids = torch.tensor(index["prompt"] + index["decode"])[None]
    for name, (base, options) in ADAPTERS.items():
        torch.manual_seed(7)
        model = hf.AutoModelForCausalLM.from_pretrained(ROOT / base, dtype=torch.float32, attn_implementation="eager")
        model = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **options)).eval()
        for key, weight in model.named_parameters():
            if "lora_" in key:
                weight.data = torch.randn_like(weight) * 0.3
        folder = ROOT / "Adapters" / name
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = base.split("/")[1]
        config["target_modules"].sort()
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=1))
        rows = model(ids).logits[0, len(index["prompt"]) - 1 :]
        rows.numpy().astype("<f4").tofile(ROOT / "Adapters" / f"{name}.logits.f32")
        if name not in CONVERTED:  # The converter forgets use_rslora.
            continue
        subprocess.run([sys.executable, sys.argv[1], folder, "--base", ROOT / base, "--outtype", "f32",
                        "--outfile", ROOT / "Adapters" / f"{name}.gguf"], check=True)


main()
