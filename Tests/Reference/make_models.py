"""Makes and checks the fixtures of Tests/Chapter02Tests/ReferenceTests.swift, and those with stretched positions of
Tests/Chapter05Tests/DeepSeekReferenceTests.swift.

    pip install torch safetensors transformers
    python make_models.py                       writes the folder models/ beside this file
    python make_models.py --verify FOLDER       loads a model folder saved by us; no key may be missing or left over.
                                                With an expected.json in it ({"tokens": […], "logits": [[…] per token]},
                                                both written by us) the logits must agree too.

Maintainers run it; the tests read only what it wrote. Seeds are fixed, so a second run writes the same numbers.
"""

import json
import shutil
import sys
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent / "models"
SIZES = dict(
    vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2, max_position_embeddings=128,
    bos_token_id=0, eos_token_id=1, rms_norm_eps=1e-5, tie_word_embeddings=False,
)
MODELS = {
    "llama-mha": dict(num_attention_heads=4, num_key_value_heads=4, theta=10000.0),
    "llama-gqa": dict(num_attention_heads=4, num_key_value_heads=2, theta=500000.0, vocab_size=61),
    "llama-wide": dict(num_attention_heads=8, num_key_value_heads=4, head_dim=10, theta=10000.0, num_hidden_layers=1),
    "llama-tied": dict(num_attention_heads=2, num_key_value_heads=1, theta=10000.0, tie_word_embeddings=True),
    "qwen2-gqa": dict(num_attention_heads=4, num_key_value_heads=2, theta=1000000.0, intermediate_size=37),
    "qwen2-mqa": dict(num_attention_heads=4, num_key_value_heads=1, theta=10000.0, tie_word_embeddings=True, vocab_size=53),
    # Positions stretched so that some rotary pairs stay, some are slowed and some lie between.
    "llama-llama3": dict(
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, theta=100.0, max_position_embeddings=512,
        rope=dict(
            rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=64)),
    "qwen2-yarn": dict(
        num_attention_heads=2, num_key_value_heads=1, theta=100.0, max_position_embeddings=256,
        rope=dict(rope_type="yarn", factor=4.0, beta_fast=4, beta_slow=1, original_max_position_embeddings=64)),
}


def make(name, theta, rope=None, **sizes):
    """A model with every weight away from its initial value: a fresh one has unit norms and zero biases."""
    from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

    config_class, model_class = (LlamaConfig, LlamaForCausalLM) if name.startswith("llama") else (Qwen2Config, Qwen2ForCausalLM)
    rope = dict(rope or {"rope_type": "default"}, rope_theta=theta)
    config = config_class(**(SIZES | sizes), rope_parameters=rope)
    model = model_class(config).float().eval()
    with torch.no_grad():
        for weight in model.parameters():
            mean = 1.0 if weight.dim() == 1 and weight.mean() == 1 else 0.0
            weight.copy_(mean + (0.2 if weight.dim() == 1 else 0.25) * torch.randn_like(weight))
    return model


def greedy(model, prompt, count):
    """The likeliest continuation, each token computed from the whole text; a near tie would make it no reference."""
    tokens = list(prompt)
    for _ in range(count):
        logits = model(torch.tensor([tokens])).logits[0, -1]
        first, second = logits.topk(2).values.tolist()
        if first - second < 5e-3:
            return None
        tokens.append(int(logits.argmax()))
    return tokens[len(prompt):]


def expected(model):
    """Logits, loss and gradient norms of one text, and the likeliest continuations of two beginnings."""
    vocabulary = model.config.vocab_size
    tokens = torch.randint(2, vocabulary, (1, 21))
    result = model(tokens, labels=tokens)
    result.loss.backward()
    gradients = {name: weight.grad.double().norm().item() for name, weight in model.named_parameters()}
    continuations = []
    with torch.no_grad():
        while len(continuations) < 2:
            prompt = torch.randint(2, vocabulary, (3 + 4 * len(continuations),)).tolist()
            continuation = greedy(model, prompt, 16)
            if continuation:
                continuations.append({"prompt": prompt, "continuation": continuation})
    return {
        "tokens": tokens[0].tolist(), "loss": result.loss.item(), "gradients": gradients,
        "continuations": continuations,
        "logits": [[round(x, 6) for x in row] for row in result.logits[0].tolist()],
    }


def write_models():
    """One folder for each model, as transformers saves it, with the expected numbers beside it."""
    for name, sizes in MODELS.items():
        model = make(name, **sizes)
        model.save_pretrained(HERE / name)
        (HERE / name / "README.md").unlink(missing_ok=True)
        numbers = expected(model)
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in numbers.items()]
        (HERE / name / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
        print(f"{name}: loss {numbers['loss']:.4f}, {model.num_parameters()} parameters")


def verify(folder):
    """Loads a folder with transformers, insists on its keys and, given expected.json, on its logits."""
    from transformers import AutoModelForCausalLM

    model, report = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    wrong = {key: sorted(map(str, value)) for key, value in report.items() if value}
    if wrong:
        sys.exit(f"{folder}: {wrong}")
    print(f"{folder}: {type(model).__name__}, {model.num_parameters()} parameters, no key missing or unexpected")
    path = Path(folder) / "expected.json"
    if not path.exists():
        return
    ours = json.loads(path.read_text())
    with torch.no_grad():
        theirs = model.eval()(torch.tensor([ours["tokens"]])).logits[0]
    error = (theirs - torch.tensor(ours["logits"])).abs().max().item()
    if error > 2e-4:
        sys.exit(f"{folder}: logits differ by {error:.1e}")
    print(f"{folder}: logits of {len(ours['tokens'])} tokens differ by at most {error:.1e}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--verify"]:
        verify(sys.argv[2])
    else:
        torch.manual_seed(11)
        shutil.rmtree(HERE, ignore_errors=True)
        HERE.mkdir()
        write_models()
