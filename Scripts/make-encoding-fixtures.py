#!/usr/bin/env python3
"""Writes Tests/Fixtures/Encodings: rows of floats, their encodings, and the errors that other encoders make of them.

NAME.blocks are PyPI `gguf`'s encodings, for the types where that package has one algorithm to follow. errors.json holds,
for every type, the root of the mean squared error of ggml's own encoder, plain and weighted by importance:

    Scripts/make-encoding-fixtures.py PATH/libggml-base.so

Needs: pip install gguf numpy, and llama.cpp's shared library.
"""
import ctypes
import json
import pathlib
import sys

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T, quants

COLUMNS = 512
FIXED = [T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0]
ALL = FIXED[2:] + [T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K, T.IQ4_NL, T.IQ4_XS, T.MXFP4]


def rows(random: np.random.Generator) -> np.ndarray:
    """Bell curves of several widths, heavy tails, shifted and one-sided rows, outliers, ramps, constants, zeros."""
    bell = [random.normal(0, width, COLUMNS) for width in (0.001, 0.02, 0.02, 0.05, 1, 30)]
    heavy = [0.02 * random.standard_t(3, COLUMNS), 0.02 * random.standard_t(3, COLUMNS)]
    shifted = [random.normal(0.3, 0.02, COLUMNS), -np.abs(random.normal(0, 0.02, COLUMNS)), random.uniform(0, 1, COLUMNS)]
    outlier = random.normal(0, 0.02, COLUMNS)
    outlier[::97] *= 60
    ramp = np.linspace(-1, 1, COLUMNS)
    constants = [np.full(COLUMNS, 0.125), np.full(COLUMNS, -3.0), np.zeros(COLUMNS)]
    return np.array(bell + heavy + shifted + [outlier, ramp] + constants, np.float32)


def ggml_encoder(path: str):
    library = ctypes.CDLL(path)
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    floats = ctypes.POINTER(ctypes.c_float)
    library.ggml_quantize_chunk.argtypes = [
        ctypes.c_int, floats, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, floats]

    def encode(values: np.ndarray, kind: T, importance: np.ndarray | None) -> np.ndarray:
        size, width = GGML_QUANT_SIZES[kind]
        target = np.zeros(values.size // size * width, np.uint8)
        pointer = importance.ctypes.data_as(floats) if importance is not None else None
        library.ggml_quantize_chunk(
            int(kind), values.ctypes.data_as(floats), target.ctypes.data, 0, *values.shape, pointer)
        return target.reshape(len(values), -1)

    return encode


def main(library: str, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    values = rows(random)
    importance = np.exp(random.normal(0, 1.5, COLUMNS)).astype(np.float32)
    (folder / "values.f32").write_bytes(values.tobytes())
    (folder / "importance.f32").write_bytes(importance.tobytes())
    for kind in FIXED:
        (folder / f"{kind.name}.blocks").write_bytes(quants.quantize(values, kind).tobytes())
    encode = ggml_encoder(library)
    errors = {}
    for kind in ALL:
        plain = quants.dequantize(encode(values, kind, None), kind) - values
        weighted = quants.dequantize(encode(values, kind, importance), kind) - values
        errors[kind.name] = {
            "plain": np.sqrt((plain**2).mean(1)).tolist(),
            "weighted": np.sqrt((importance * weighted**2).mean(1)).tolist(),
        }
    (folder / "errors.json").write_text(json.dumps(errors, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/Encodings")
