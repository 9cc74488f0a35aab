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


def write_mixtures():
    """config.json of the mixtures as released, written by hand, and as transformers 5 writes the same again."""
    from transformers import DeepseekV2Config, DeepseekV3Config

    yarn = {"beta_fast": 32, "beta_slow": 1, "factor": 40, "original_max_position_embeddings": 4096, "type": "yarn"}
    common = {
        "attention_bias": False, "attention_dropout": 0.0, "hidden_act": "silu", "initializer_range": 0.02,
        "moe_layer_freq": 1, "pretraining_tp": 1, "rms_norm_eps": 1e-06, "rope_theta": 10000, "seq_aux": True,
        "tie_word_embeddings": False, "torch_dtype": "bfloat16", "use_cache": True,
    }
    latent = {
        "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
        "max_position_embeddings": 163840, "ep_size": 1,
    }
    v3 = common | latent | {
        "architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "bos_token_id": 0, "eos_token_id": 1,
        "aux_loss_alpha": 0.0001, "first_k_dense_replace": 3, "hidden_size": 7168, "intermediate_size": 18432,
        "moe_intermediate_size": 2048, "n_group": 8, "n_routed_experts": 256, "n_shared_experts": 1,
        "norm_topk_prob": True, "num_attention_heads": 128, "num_experts_per_tok": 8, "num_hidden_layers": 61,
        "num_key_value_heads": 128, "num_nextn_predict_layers": 1,
        "quantization_config": {
            "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128]},
        "rope_scaling": yarn | {"mscale": 1.0, "mscale_all_dim": 1.0}, "routed_scaling_factor": 2.5,
        "scoring_func": "sigmoid", "topk_group": 4, "topk_method": "noaux_tc", "transformers_version": "4.33.1",
        "vocab_size": 129280,
    }
    v2 = common | latent | {
        "architectures": ["DeepseekV2ForCausalLM"], "model_type": "deepseek_v2", "bos_token_id": 100000,
        "eos_token_id": 100001, "aux_loss_alpha": 0.001, "first_k_dense_replace": 1, "hidden_size": 5120,
        "intermediate_size": 12288, "moe_intermediate_size": 1536, "n_group": 8, "n_routed_experts": 160,
        "n_shared_experts": 2, "norm_topk_prob": False, "num_attention_heads": 128, "num_experts_per_tok": 6,
        "num_hidden_layers": 60, "num_key_value_heads": 128,
        "rope_scaling": yarn | {"mscale": 0.707, "mscale_all_dim": 0.707}, "routed_scaling_factor": 16.0,
        "scoring_func": "softmax", "topk_group": 3, "topk_method": "group_limited_greedy",
        "transformers_version": "4.39.3", "vocab_size": 102400,
    }
    lite = v2 | {
        "hidden_size": 2048, "intermediate_size": 10944, "moe_intermediate_size": 1408, "n_group": 1,
        "n_routed_experts": 64, "num_attention_heads": 16, "num_hidden_layers": 27, "num_key_value_heads": 16,
        "q_lora_rank": None, "routed_scaling_factor": 1.0, "topk_group": 1, "topk_method": "greedy",
    }
    moe = common | {
        "architectures": ["DeepseekForCausalLM"], "model_type": "deepseek", "bos_token_id": 100000,
        "eos_token_id": 100001, "aux_loss_alpha": 0.001, "first_k_dense_replace": 1, "hidden_size": 2048,
        "intermediate_size": 10944, "max_position_embeddings": 4096, "moe_intermediate_size": 1408,
        "n_routed_experts": 64, "n_shared_experts": 2, "norm_topk_prob": False, "num_attention_heads": 16,
        "num_experts_per_tok": 6, "num_hidden_layers": 28, "num_key_value_heads": 16, "rope_scaling": None,
        "scoring_func": "softmax", "vocab_size": 102400,
    }
    for name, released in {"deepseek-v3": v3, "deepseek-v2": v2, "deepseek-v2-lite": lite, "deepseek-moe-16b": moe}.items():
        write_json(f"{name}-4.json", released)
    for name, config_class, released in [
            ("deepseek-v3", DeepseekV3Config, v3), ("deepseek-v2", DeepseekV2Config, v2),
            ("deepseek-v2-lite", DeepseekV2Config, lite)]:
        (HERE / f"{name}-5.json").write_text(config_class(**released).to_json_string(use_diff=False))


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
        write_mixtures()
