"""Makes and checks the fixtures of Tests/CheckpointsTests.

    pip install torch safetensors transformers
    python make_checkpoints.py                            writes the folder checkpoints/ beside this file
    python make_checkpoints.py --verify FILE EXPECTED     compares a safetensors file with a table of values
    python make_checkpoints.py --verify-model FOLDER      loads a model folder; no key may be missing or left over

Maintainers run it; the tests read only what it wrote. Seeds are fixed, so a second run writes the same bytes.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

HERE = Path(__file__).resolve().parent / "checkpoints"
FLOATS = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
NAMES = {torch.int64: "I64", torch.uint8: "U8", torch.bool: "BOOL", torch.float64: "F64"}
NAMES |= {dtype: name for name, dtype in FLOATS.items()}


def described(tensor):
    """Dtype, shape and exact contents: the bits after widening to F32, or the raw bytes in hexadecimal."""
    entry = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape)}
    if entry["dtype"] in FLOATS:
        wide = tensor.to(torch.float32)
        wide = torch.where(wide.isnan(), float("nan"), wide)  # the payload of a NaN means nothing
        entry["bits"] = [bits & 0xFFFFFFFF for bits in wide.contiguous().view(torch.int32).flatten().tolist()]
    else:
        entry["bytes"] = tensor.contiguous().flatten().view(torch.uint8).numpy().tobytes().hex()
    return entry


def write_json(name, value):
    """One line for each key."""
    lines = [f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items()]
    (HERE / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def write_formats():
    """One file with every format, odd sizes, empty and scalar tensors and names that need escapes."""
    special = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 6.1e-5, 1 / 3, float("inf"), -float("inf"), float("nan")])
    tensors = {}
    for name, dtype in FLOATS.items():
        tensors[f"{name}.matrix"] = torch.randn(5, 7).to(dtype)
        tensors[f"{name}.special"] = special.to(dtype)
        tensors[f"{name}.scalar"] = torch.tensor(0.1).to(dtype)
        tensors[f"{name}.empty"] = torch.zeros(3, 0, 2).to(dtype)
        tensors[f"{name}.one"] = torch.tensor([-7.25]).to(dtype)
    tensors["steps"] = torch.tensor([0, -1, 2**62])
    tensors["flags"] = torch.tensor([True, False, True])
    tensors["bytes"] = torch.arange(250, 256).to(torch.uint8)
    tensors["double"] = torch.tensor([0.1], dtype=torch.float64)
    tensors['é "quoted"\t\\ / 模型 🧮'] = torch.tensor([1.0, 2.0, 3.0])
    save_file(tensors, HERE / "formats.safetensors", metadata={"format": "pt"})
    write_json("formats.json", {name: described(tensor) for name, tensor in sorted(tensors.items())})


def write_sharded():
    """A tiny Llama as transformers saves it in shards, with its configuration."""
    from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2,
        rope_parameters={"rope_type": "default", "rope_theta": 500000.0},
    )
    model = LlamaForCausalLM(config).to(torch.bfloat16)
    model.generation_config = GenerationConfig(
        do_sample=True, temperature=0.6, top_p=0.95, top_k=20, bos_token_id=1, eos_token_id=[2, 3], max_new_tokens=32)
    model.save_pretrained(HERE / "sharded", max_shard_size="4KB")
    (HERE / "sharded" / "README.md").unlink(missing_ok=True)
    write_json("sharded.json", {name: described(tensor) for name, tensor in sorted(model.state_dict().items())})


def write_configurations():
    """config.json in the spelling of transformers 5, and by hand in the spelling of the released files."""
    from transformers import LlamaConfig, Qwen2Config

    llama = LlamaConfig(
        architectures=["LlamaForCausalLM"], vocab_size=128256, hidden_size=4096, intermediate_size=14336,
        num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=8, max_position_embeddings=8192,
        rms_norm_eps=1e-5, bos_token_id=128000, eos_token_id=[128001, 128009], dtype="bfloat16",
        rope_parameters={"rope_type": "default", "rope_theta": 500000.0},
    )
    qwen = Qwen2Config(
        architectures=["Qwen2ForCausalLM"], vocab_size=151936, hidden_size=1536, intermediate_size=8960,
        num_hidden_layers=28, num_attention_heads=12, num_key_value_heads=2, max_position_embeddings=131072,
        rms_norm_eps=1e-6, bos_token_id=151643, eos_token_id=151643, tie_word_embeddings=True, dtype="bfloat16",
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
    )
    (HERE / "llama-5.json").write_text(llama.to_json_string(use_diff=False))
    (HERE / "qwen2-5.json").write_text(qwen.to_json_string(use_diff=False))
    write_json("llama-4.json", {
        "architectures": ["LlamaForCausalLM"], "attention_bias": False, "attention_dropout": 0.0,
        "bos_token_id": 128000, "eos_token_id": [128001, 128009], "hidden_act": "silu", "hidden_size": 4096,
        "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 8192, "mlp_bias": False,
        "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
        "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": None, "rope_theta": 500000.0,
        "tie_word_embeddings": False, "torch_dtype": "bfloat16", "transformers_version": "4.43.0", "use_cache": True,
        "vocab_size": 128256,
    })
    write_json("qwen2-4.json", {
        "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
        "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 1536, "initializer_range": 0.02,
        "intermediate_size": 8960, "max_position_embeddings": 131072, "max_window_layers": 28,
        "model_type": "qwen2", "num_attention_heads": 12, "num_hidden_layers": 28, "num_key_value_heads": 2,
        "rms_norm_eps": 1e-06, "rope_theta": 1000000, "sliding_window": 131072, "tie_word_embeddings": True,
        "torch_dtype": "bfloat16", "transformers_version": "4.40.1", "use_cache": True, "use_mrope": False,
        "use_sliding_window": False, "vocab_size": 151936,
    })


def verify(path, expected_path):
    """Loads a file with the safetensors library and compares it with a table such as formats.json."""
    expected = json.loads(Path(expected_path).read_text())
    with safe_open(path, framework="pt") as file:
        found = {name: described(file.get_tensor(name)) for name in file.keys()}
    wrong = [name for name in sorted(expected.keys() | found.keys()) if expected.get(name) != found.get(name)]
    if wrong:
        sys.exit(f"{path}: differs in {', '.join(wrong)}")
    print(f"{path}: {len(found)} tensors equal")


def verify_model(folder):
    """Loads a folder with transformers and insists that its keys are exactly the model's."""
    from transformers import AutoModelForCausalLM

    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    wrong = {key: sorted(map(str, value)) for key, value in report.items() if value}
    if wrong:
        sys.exit(f"{folder}: {wrong}")
    print(f"{folder}: {type(model).__name__} loads, {model.num_parameters()} parameters")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--verify"]:
        verify(*sys.argv[2:4])
    elif sys.argv[1:2] == ["--verify-model"]:
        verify_model(sys.argv[2])
    else:
        torch.manual_seed(7)
        shutil.rmtree(HERE, ignore_errors=True)
        HERE.mkdir()
        write_formats()
        write_sharded()
        write_configurations()
