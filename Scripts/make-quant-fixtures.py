#!/usr/bin/env python3
"""Writes Tests/Fixtures/Blocks/NAME.blocks and NAME.f32: encoded blocks and what they decode to.

Codes are random bytes plus all-zero and all-one blocks; scales are random and edge values (negative,
subnormal, zero, large), always finite. The reference is PyPI `gguf`'s NumPy code, and the block layout
itself for Q8_K, which that package cannot decode. Needs: pip install gguf numpy
"""
import pathlib
import sys

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T, quants

ELEMENTS = 1024
# Byte offsets of the f16 scales inside a block.
HALF_SCALES = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108],
    T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_NL: [0], T.IQ4_XS: [0],
}
EDGE_HALVES = np.array([-0.75, 0.0, 2**-24, -(2**-15), 1.0, -0.0, 6.1e-5, 512.0], np.float16)


def halves(random: np.random.Generator, count: int) -> np.ndarray:
    """f16 scales of both signs between 2^-12 and 1."""
    magnitude = np.exp2(random.uniform(-12, 0, count))
    return (magnitude * random.choice([-1.0, 1.0], count)).astype(np.float16)


def floats(random: np.random.Generator, kind: T) -> np.ndarray:
    """Finite 16-bit floats from raw bit patterns, subnormals and both zeros included."""
    bits = random.integers(0, 1 << 16, ELEMENTS).astype("<u2")
    bits[:6] = [0, 0x8000, 1, 0x8001, 0x0080, 0x03FF]
    exponent = 0x7F80 if kind == T.BF16 else 0x7C00
    bits[(bits & exponent) == exponent] ^= 0x4000
    return bits.view(np.uint8)


def blocks(random: np.random.Generator, kind: T) -> np.ndarray:
    """[block, byte] of random codes with scales put where the layout has them."""
    size, width = GGML_QUANT_SIZES[kind]
    count = ELEMENTS // size
    data = random.integers(0, 256, (count, width)).astype(np.uint8)
    data[-2 if count > 4 else 0], data[-1] = 0x00, 0xFF
    for field, offset in enumerate(HALF_SCALES.get(kind, [])):
        scales = halves(random, count)
        if count > 4:
            scales[: len(EDGE_HALVES)] = np.roll(EDGE_HALVES, 3 * field)
        else:
            scales[1 + field] = EDGE_HALVES[2 - field]  # A subnormal d, then a zero minimum.
        data[:, offset : offset + 2] = scales.view(np.uint8).reshape(count, 2)
    if kind == T.MXFP4:
        data[:, 0] = np.resize([0, 1, 2, 3, 100, 120, 127, 128, 135, 250], count)
    if kind == T.NVFP4:
        data[:, :4] = np.resize([0x38, 0x01, 0x07, 0x08, 0x00, 0x7E, 0x45, 0x7F, 0x2B], (count, 4))
    if kind == T.Q8_K:
        data[:, :4] = np.array([0.5, -0.0078125, 1e-39, 3.0], "<f4").view(np.uint8).reshape(count, 4)
        sums = data[:, 4:260].view(np.int8).reshape(count, 16, 16).sum(-1).astype("<i2")
        data[:, 260:] = sums.view(np.uint8)
    return data


def decoded(data: np.ndarray, kind: T) -> np.ndarray:
    if kind != T.Q8_K:
        return quants.dequantize(data, kind)
    return data[:, :4].copy().view("<f4") * data[:, 4:260].view(np.int8).astype(np.float32)


def main(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind in [T.F16, T.BF16, *HALF_SCALES, T.MXFP4, T.NVFP4, T.Q8_K]:
        random = np.random.default_rng([2, int(kind)])
        data = floats(random, kind) if kind in (T.F16, T.BF16) else blocks(random, kind)
        values = decoded(data, kind).astype("<f4").ravel()
        assert values.size == ELEMENTS and np.isfinite(values).all(), kind.name
        (folder / f"{kind.name}.blocks").write_bytes(data.tobytes())
        (folder / f"{kind.name}.f32").write_bytes(values.tobytes())


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/Blocks"
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default)
