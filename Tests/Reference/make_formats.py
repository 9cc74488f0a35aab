"""Makes and checks the fixtures of Tests/Chapter06Tests: conversions to formats of few bits.

    pip install torch ml_dtypes numpy safetensors
    python make_formats.py                       writes the folder formats/ beside this file
    python make_formats.py --verify              compares PyTorch with ml_dtypes on a million numbers
    python make_formats.py --verify-model FOLDER dequantises each matrix of an FP8 checkpoint by hand and prints sums

Maintainers run it; the tests read only what it wrote. Seeds are fixed, so a second run writes the same bytes.
"""

import json
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import torch

HERE = Path(__file__).resolve().parent / "formats"
FORMATS = {
    "e4m3": (torch.float8_e4m3fn, ml_dtypes.float8_e4m3fn, np.uint8),
    "e5m2": (torch.float8_e5m2, ml_dtypes.float8_e5m2, np.uint8),
    "brain": (torch.bfloat16, ml_dtypes.bfloat16, np.uint16),
    "half": (torch.float16, np.float16, np.uint16),
}
INTEGERS = {np.uint8: torch.uint8, np.uint16: torch.int16}


def hexadecimal(values, width):
    return " ".join(f"{int(value):0{width}x}" for value in values)


def torch_codes(numbers, name):
    dtype, _, code = FORMATS[name]
    return torch.from_numpy(numbers).to(dtype).view(INTEGERS[code]).numpy().view(code)


def numpy_codes(numbers, name):
    _, dtype, code = FORMATS[name]
    with np.errstate(over="ignore", invalid="ignore"):
        return numbers.astype(dtype).view(code)


def numbers_of_all_sizes():
    """Every sort of number: borders of the formats, ties and their neighbours, and random bits."""
    edges = [0.0, 448.0, 464.0, 479.0, 480.0, 1e4, 57344.0, 61439.0, 61440.0, 65504.0, 65519.0, 65520.0, 1e38, np.inf, np.nan]
    edges += [2.0**-6, 2.0**-7, 2.0**-9, 2.0**-10, 1.5 * 2.0**-10, 2.0**-14, 2.0**-16, 2.0**-17, 1.5 * 2.0**-17, 2.0**-24, 2.0**-25, 1e-45]
    ties = [(1 + (2 * i + 1) / 16) * 2.0**e for e in (-6, 0, 7) for i in range(8)]
    ties += [(1 + (2 * i + 1) / 8) * 2.0**e for e in (-14, 0, 14) for i in range(4)] + [(2 * i + 1) * 2.0**-10 for i in range(8)]
    plain = np.array(edges + ties, dtype=np.float32)
    plain = np.concatenate([plain, np.nextafter(plain, np.float32(np.inf)), np.nextafter(plain, np.float32(0))])
    generator = np.random.default_rng(6)
    small = (generator.standard_normal(200) * np.exp2(generator.integers(-20, 17, 200))).astype(np.float32)
    wide = generator.integers(0, 2**31, 100, dtype=np.uint32).view(np.float32)
    numbers = np.concatenate([plain, small, wide])
    return np.concatenate([numbers, -numbers])


def scaled(matrix, rows, columns):
    """Codes and scales of a matrix, group by group, as PyTorch computes them."""
    codes = torch.zeros(matrix.shape, dtype=torch.uint8)
    scales = []
    for top in range(0, matrix.shape[0], rows):
        for left in range(0, matrix.shape[1], columns):
            place = (slice(top, top + rows), slice(left, left + columns))
            scale = matrix[place].abs().max().clamp(min=1e-4) / 448
            codes[place] = (matrix[place] / scale).to(torch.float8_e4m3fn).view(torch.uint8)
            scales.append(scale.view(torch.int32).item())
    return {"scales": hexadecimal(scales, 8), "codes": hexadecimal(codes.flatten(), 2)}


def write():
    HERE.mkdir(exist_ok=True)
    numbers = numbers_of_all_sizes()
    result = {"numbers": hexadecimal(numbers.view(np.uint32), 8)}
    for name, (_, _, code) in FORMATS.items():
        result[name] = hexadecimal(numpy_codes(numbers, name), np.dtype(code).itemsize * 2)
    # PyTorch once turned what is too large for E4M3 into NaN, as ml_dtypes does, and now saturates.
    result["e4m3_saturating"] = hexadecimal(torch_codes(numbers, "e4m3"), 2)
    # A tile of zeros, one of tiny numbers and tokens of very different sizes.
    torch.manual_seed(6)
    matrix = torch.randn(9, 140) * torch.exp2(torch.arange(9.0) - 4)[:, None]
    matrix[3] = 0
    matrix[5, 128:] = 1e-7
    result["matrix"] = hexadecimal(matrix.flatten().numpy().view(np.uint32), 8)
    for name, group in {"tile": (1, 128), "block": (128, 128), "column": (128, 1)}.items():
        result[name] = scaled(matrix, *group)
    (HERE / "conversions.json").write_text(json.dumps(result, indent=1) + "\n")


def verify():
    """The libraries agree but for the bits of a NaN, which mean nothing, and for E4M3 beyond 464, where one saturates."""
    numbers = np.random.default_rng(7).integers(0, 2**32, 1_000_000, dtype=np.uint32).view(np.float32)
    for name in FORMATS:
        ours, theirs = torch_codes(numbers, name), numpy_codes(numbers, name)
        if name == "e4m3":
            theirs = np.where(np.abs(numbers) > 464, np.where(numbers < 0, 0xFE, 0x7E), theirs).astype(np.uint8)
        values = [codes.view(FORMATS[name][1]).astype(np.float32) for codes in (ours, theirs)]
        both = np.isnan(values[0]) & np.isnan(values[1])
        print(name, "differences:", int(((ours != theirs) & ~both).sum()))


def verify_model(folder):
    """Reads an FP8 checkpoint with safetensors alone and multiplies the scales in by hand."""
    from safetensors import safe_open

    config = json.loads((folder / "config.json").read_text())
    rows, columns = config["quantization_config"]["weight_block_size"]
    tensors = {}
    for file in sorted(folder.glob("model*.safetensors")):
        with safe_open(file, "pt") as stored:
            tensors |= {key: stored.get_tensor(key) for key in stored.keys()}
    count = 0
    for key, codes in sorted(tensors.items()):
        if codes.dtype != torch.float8_e4m3fn:
            continue
        scales = tensors[key + "_scale_inv"]
        assert scales.dtype == torch.float32
        wide = scales.repeat_interleave(rows, 0).repeat_interleave(columns, 1)
        values = codes.to(torch.float32) * wide[: codes.shape[0], : codes.shape[1]]
        assert values.isfinite().all(), key
        print(key, f"{values.double().sum().item():.9g}")
        count += 1
    print(count, "matrices in eight bits")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--verify"]:
        verify()
    elif sys.argv[1:2] == ["--verify-model"]:
        verify_model(Path(sys.argv[2]))
    else:
        write()
