"""Makes and checks the fixtures of Tests/Chapter05Tests/DeepSeekReferenceTests.swift.

    pip install torch safetensors transformers==5.23.0
    python make_deepseek.py                     writes the folder deepseek/ beside this file
    python make_deepseek.py --verify FOLDER     loads a model folder saved by us; no key may be missing or left over,
                                                but for the predictor's, which transformers leaves aside.
                                                With an expected.json in it ({"tokens": […], "logits": [[…] per token]},
                                                both written by us) the logits must agree too; with "mtp_logits" those of
                                                the predictors as well.

Maintainers run it; the tests read only what it wrote. Seeds are fixed, so a second run writes the same numbers.

What each model is there for:

    v3                as transformers saves a V3: predictors in config.json, but not in the file; queries
                      compressed, four groups of two experts, a bias that changes the choice, a dense first layer
    v3-plain          queries not compressed, one group, weights not divided by their sum, two shared experts
    v3-yarn           YaRN in the old spelling, with mscale, and the factors that follow from it
    v3-yarn-new       YaRN in the new spelling, with different mscale and mscale_all_dim, whose ratio scales cosines and sines
    v3-half           rotary pairs half a head apart: rope_interleave is false
    v3-bf16           weights in BF16 and the routers' biases in F32, in three shards
    v3-mtp            two predictors under the released names, with copies of embedding and head
    v3-fp8            matrices in E4M3 with a scale for each block of 8 by 12, ragged at the edges, in shards
    v2                group_limited_greedy, queries compressed, YaRN with mscale
    v2-greedy         greedy, queries not compressed, no groups

Weights are named as in the released files: one tensor for each matrix of each expert. transformers 5 keeps the experts
of a layer in two tensors, so gradients are cut apart here before their norms are taken.
"""

import json
import math
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent / "deepseek"
COMMON = dict(
    vocab_size=32, hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=2, q_lora_rank=12, kv_lora_rank=8, qk_nope_head_dim=6, qk_rope_head_dim=4, v_head_dim=5,
    moe_intermediate_size=10, n_routed_experts=8, n_shared_experts=1, num_experts_per_tok=2, first_k_dense_replace=1,
    max_position_embeddings=64, bos_token_id=0, eos_token_id=1, tie_word_embeddings=False,
)
V3 = COMMON | dict(
    n_group=4, topk_group=2, norm_topk_prob=True, routed_scaling_factor=2.5, num_mtp_layers=0,
)
V2 = COMMON | dict(routed_scaling_factor=1.0)
YARN = dict(factor=4.0, original_max_position_embeddings=16, beta_fast=4, beta_slow=1)
LONG = YARN | dict(original_max_position_embeddings=256)
MODELS = {
    "v3": V3 | dict(num_mtp_layers=1),
    "v3-plain": V3 | dict(
        q_lora_rank=None, n_group=1, topk_group=1, norm_topk_prob=False, n_shared_experts=2, num_experts_per_tok=3,
        routed_scaling_factor=1.5, first_k_dense_replace=0),
    "v3-yarn": V3 | dict(
        qk_rope_head_dim=8, rope_theta=10000.0, rope_scaling=dict(type="yarn", mscale=1.0, mscale_all_dim=1.0) | YARN),
    "v3-yarn-new": V3 | dict(
        qk_rope_head_dim=8, max_position_embeddings=1024,
        rope_parameters=dict(rope_type="yarn", rope_theta=500.0, mscale=1.3, mscale_all_dim=0.6) | LONG),
    "v3-half": V3 | dict(rope_interleave=False, hidden_size=20, num_attention_heads=3, num_key_value_heads=3),
    "v3-bf16": V3 | dict(n_routed_experts=6, n_group=3),
    "v3-mtp": V3 | dict(num_mtp_layers=2, n_routed_experts=6, n_group=3),
    "v3-fp8": V3 | dict(q_lora_rank=20, kv_lora_rank=10, moe_intermediate_size=14, num_mtp_layers=1),
    "v2": V2 | dict(
        n_group=4, topk_group=2, topk_method="group_limited_greedy", routed_scaling_factor=16.0, n_shared_experts=2,
        num_experts_per_tok=3, qk_rope_head_dim=8, max_position_embeddings=1024,
        rope_parameters=dict(rope_type="yarn", rope_theta=100.0, mscale=0.707, mscale_all_dim=0.707) | LONG),
    "v2-greedy": V2 | dict(
        q_lora_rank=None, topk_method="greedy", n_shared_experts=2, num_experts_per_tok=3, num_hidden_layers=3,
        n_routed_experts=7),
}
OLD_SPELLING = {"v3-yarn"}
SHARDED = {"v3-bf16": 8_000, "v3-fp8": 9_000}
PREDICTED = {"v3-mtp", "v3-fp8"}
BLOCK = (8, 12)
CLEAR = 3e-4  # the least distance between a router's last choice and the first that it left


# The model and its predictors, both of transformers' own modules.


def make(name, config):
    """A model with every weight away from its initial value: a fresh one has unit norms and routers without bias."""
    from transformers import DeepseekV2ForCausalLM, DeepseekV3ForCausalLM
    from transformers.modeling_layers import MtpModel

    model_class = DeepseekV3ForCausalLM if config.model_type == "deepseek_v3" else DeepseekV2ForCausalLM
    model = model_class(config).float().eval()
    predictors = MtpModel(model, config.num_mtp_layers).float().eval() if name in PREDICTED else None
    with torch.no_grad():
        for part in [model] + ([predictors.layers] if predictors is not None else []):
            for key, weight in part.named_parameters():
                if weight.dim() == 1:
                    weight.copy_(1 + 0.2 * torch.randn_like(weight))
                else:
                    weight.copy_((0.6 if key.endswith("gate.weight") else 0.25) * torch.randn_like(weight))
            for key, buffer in part.named_buffers():
                if key.endswith("e_score_correction_bias"):
                    buffer.copy_(0.3 * torch.randn_like(buffer))
    return model, predictors


def predicted(model, predictors, tokens, hidden):
    """The logits of each predictor: position i of depth k has seen the tokens up to i + k and scores token i + k + 1.

    Each depth takes what the one before it passed on: the first the main model's hidden rows after its last norm, the
    next ones those of the depth before, after the norm in front of the shared head.
    """
    logits = []
    for depth, layer in enumerate(predictors.layers, start=1):
        embedded = model.model.embed_tokens(tokens[:, depth:])
        hidden = hidden[:, :-1]
        positions = torch.arange(depth, tokens.shape[1])[None]
        count = hidden.shape[1]
        mask = torch.full((count, count), -math.inf).triu(1)[None, None]
        hidden = layer(
            embedded, hidden, position_embeddings=model.model.rotary_emb(embedded, positions), attention_mask=mask,
            position_ids=positions, past_key_values=None)
        logits.append(model.lm_head(hidden)[0])
    return logits


def mtp_losses(logits, tokens):
    """Of each depth the mean over the positions that have a target."""
    return [
        torch.nn.functional.cross_entropy(row[: -1], tokens[0, depth + 1 :])
        for depth, row in enumerate(logits, start=1)
    ]


# Names and files as released.


def released(name, tensor, layers):
    """One tensor of transformers under the names of the released files: a part for each expert."""
    if name.endswith("mlp.experts.gate_up_proj"):
        prefix = name.removesuffix("gate_up_proj")
        for index, expert in enumerate(tensor):
            gate, up = expert.chunk(2)
            yield f"{prefix}{index}.gate_proj.weight", gate
            yield f"{prefix}{index}.up_proj.weight", up
    elif name.endswith("mlp.experts.down_proj"):
        prefix = name.removesuffix("down_proj")
        for index, expert in enumerate(tensor):
            yield f"{prefix}{index}.down_proj.weight", expert
    else:
        yield name, tensor


def predictor_name(name, layers):
    """The released name of a tensor of the predictors, from the name in MtpModel.layers."""
    depth, rest = name.split(".", 1)
    rest = rest.removeprefix("mtp_block.").replace("post_norm.", "shared_head.norm.")
    return f"model.layers.{layers + int(depth)}.{rest}"


def named(model, predictors, take):
    """Everything that take gives of a module, under released names and in one part for each expert."""
    layers = model.config.num_hidden_layers
    found = {}
    for name, tensor in take(model):
        found |= dict(released(name, tensor, layers))
    if predictors is not None:
        for name, tensor in take(predictors.layers):
            found |= dict(released(predictor_name(name, layers), tensor, layers))
    return found


def stored_weights(model, predictors):
    """All tensors of a released checkpoint; predictors repeat the embedding and the head."""
    tensors = named(model, predictors, lambda module: module.state_dict().items())
    for depth in range(len(predictors.layers) if predictors is not None else 0):
        prefix = f"model.layers.{model.config.num_hidden_layers + depth}"
        tensors[f"{prefix}.embed_tokens.weight"] = tensors["model.embed_tokens.weight"].clone()
        tensors[f"{prefix}.shared_head.head.weight"] = tensors["lm_head.weight"].clone()
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


def is_quantized(name):
    """What the released V3 stores in eight bits: the matrices of attention, feed-forward layers and experts."""
    return name.endswith("_proj.weight") or name.endswith("kv_a_proj_with_mqa.weight")


def quantized(weight):
    """E4M3 codes and the scale of each block, as weight_scale_inv has it, and the numbers that they stand for."""
    rows, columns = BLOCK
    scales = torch.zeros(math.ceil(weight.shape[0] / rows), math.ceil(weight.shape[1] / columns))
    codes = torch.zeros_like(weight).to(torch.float8_e4m3fn)
    values = torch.zeros_like(weight)
    for i in range(scales.shape[0]):
        for j in range(scales.shape[1]):
            place = (slice(i * rows, (i + 1) * rows), slice(j * columns, (j + 1) * columns))
            scales[i, j] = weight[place].abs().max() / 448
            codes[place] = (weight[place] / scales[i, j]).to(torch.float8_e4m3fn)
            values[place] = codes[place].float() * scales[i, j]
    return codes, scales, values


def round_weights(name, model, predictors):
    """Puts the numbers into the model that its file can hold, and returns the tensors of the file."""
    tensors = {}
    for key, tensor in stored_weights(model, predictors).items():
        if name == "v3-bf16" and not key.endswith("e_score_correction_bias"):
            tensors[key] = tensor.to(torch.bfloat16)
        elif name == "v3-fp8" and is_quantized(key) and not key.endswith("eh_proj.weight"):
            codes, scales, values = quantized(tensor)
            tensors[key], tensors[f"{key}_scale_inv"] = codes, scales
        else:
            tensors[key] = tensor
    put_back(model, predictors, tensors)
    return tensors


def put_back(model, predictors, tensors):
    """Copies what a file holds into the modules, experts and all."""
    values = {}
    for key, tensor in tensors.items():
        scale = tensors.get(f"{key}_scale_inv")
        value = tensor.float()
        if scale is not None:
            wide = scale.repeat_interleave(BLOCK[0], 0).repeat_interleave(BLOCK[1], 1)
            value = value * wide[: value.shape[0], : value.shape[1]]
        values[key] = value
    targets = named(model, predictors, lambda module: [
        (key, tensor) for key, tensor in module.state_dict().items()])
    with torch.no_grad():
        for key, target in targets.items():
            target.copy_(values[key])


def write_shards(folder, tensors, limit):
    """One file or, given a limit in bytes, several with an index; a weight and its scales may part company."""
    if limit is None:
        return save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    shards, size = [{}], 0
    for name, tensor in sorted(tensors.items()):
        if size + tensor.nbytes > limit and shards[-1]:
            shards.append({})
            size = 0
        shards[-1][name] = tensor
        size += tensor.nbytes
    weight_map = {}
    for number, shard in enumerate(shards, start=1):
        name = f"model-{number:05}-of-{len(shards):06}.safetensors"
        save_file(shard, folder / name, metadata={"format": "pt"})
        weight_map |= {key: name for key in shard}
    total = sum(tensor.nbytes for tensor in tensors.values())
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def configuration(name, sizes):
    """The configuration class of the family."""
    from transformers import DeepseekV2Config, DeepseekV3Config

    config_class = DeepseekV3Config if name.startswith("v3") else DeepseekV2Config
    config = config_class(**{key: dict(value) if isinstance(value, dict) else value for key, value in sizes.items()})
    config._attn_implementation = config._experts_implementation = "eager"
    return config


def write_configuration(name, sizes, config, folder):
    """config.json as transformers writes it, or in the spelling of the released files."""
    written = json.loads(config.to_json_string())
    written["architectures"] = ["DeepseekV3ForCausalLM" if name.startswith("v3") else "DeepseekV2ForCausalLM"]
    written["dtype"] = "bfloat16" if name == "v3-bf16" else "float32"
    if name in OLD_SPELLING:
        del written["rope_parameters"], written["head_dim"], written["qk_head_dim"], written["rope_interleave"]
        written |= {key: sizes[key] for key in ("rope_theta", "rope_scaling")}
        written |= {"topk_method": "noaux_tc", "scoring_func": "sigmoid", "moe_layer_freq": 1, "ep_size": 1}
        written["torch_dtype"] = written.pop("dtype")
    if name == "v3-fp8":
        written["quantization_config"] = {
            "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": list(BLOCK)}
    (folder / "config.json").write_text(json.dumps(written, indent=1) + "\n")


# The numbers.


def greedy(model, prompt, count):
    """The likeliest continuation, each token computed from the whole text; a near tie would make it no reference."""
    tokens = list(prompt)
    with Margins(model) as margins:
        for _ in range(count):
            logits = model(torch.tensor([tokens])).logits[0, -1]
            first, second = logits.topk(2).values.tolist()
            if first - second < 5e-3 or margins.smallest < CLEAR:
                return None
            tokens.append(int(logits.argmax()))
    return tokens[len(prompt):]


def clear_text(model, predictors):
    """A text for which no router is close to another choice, and every expert has something to do.

    A vague choice would be no reference: the last digit of a score would decide it.
    """
    for _ in range(1000):
        tokens = torch.randint(2, model.config.vocab_size, (1, 21))
        with Margins(model, predictors) as margins, torch.no_grad():
            hidden = model(tokens, output_hidden_states=True).hidden_states[-1]
            if predictors is not None:
                predicted(model, predictors, tokens, hidden)
        if margins.smallest >= CLEAR and len(margins.used) == model.config.n_routed_experts:
            return tokens, margins
    sys.exit("no text of a thousand leaves the routers in no doubt")


class Margins:
    """Records how clearly the routers chose, and which choices the bias changed."""

    def __init__(self, *modules):
        self.smallest, self.changed, self.choices, self.used = math.inf, 0, 0, set()
        self.handles = [
            router.register_forward_hook(self.look)
            for module in modules if module is not None
            for name, router in module.named_modules() if type(router).__name__.endswith("TopkRouter")
        ]

    def look(self, router, inputs, outputs):
        logits, _, chosen = outputs
        scores = logits.sigmoid() if hasattr(router, "e_score_correction_bias") else logits.softmax(-1)
        bias = getattr(router, "e_score_correction_bias", torch.zeros(scores.shape[-1]))
        for row, experts in zip((scores + bias).tolist(), chosen.tolist()):
            groups = router.num_group or 1
            size = len(row) // groups
            parts = [sorted(row[g * size : (g + 1) * size], reverse=True) for g in range(groups)]
            totals = sorted(
                (sum(part[:2]) if hasattr(router, "e_score_correction_bias") else part[0] for part in parts),
                reverse=True)
            kept = router.topk_group or groups
            if kept < groups and getattr(router, "topk_method", "") != "greedy":
                self.smallest = min(self.smallest, totals[kept - 1] - totals[kept])
            reached = sorted({e // size for e in experts})
            worst = min(row[e] for e in experts)
            others = [x for e, x in enumerate(row) if e not in experts and e // size in reached]
            if others:
                self.smallest = min(self.smallest, worst - max(others))
            self.used |= set(experts)
        unbiased = (scores).topk(chosen.shape[-1], -1).indices.sort(-1).values
        self.changed += (unbiased != chosen.sort(-1).values).any(-1).sum().item()
        self.choices += len(chosen)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for handle in self.handles:
            handle.remove()


def expected(model, predictors):
    """Logits, losses and gradient norms of one text, and the likeliest continuations of two beginnings."""
    vocabulary = model.config.vocab_size
    tokens, margins = clear_text(model, predictors)
    result = model(tokens, labels=tokens, output_hidden_states=True)
    losses, predictions = [], []
    if predictors is not None:
        predictions = predicted(model, predictors, tokens, result.hidden_states[-1])
        losses = mtp_losses(predictions, tokens)
    result.loss.backward(retain_graph=True)
    gradients = norms(model, predictors)
    numbers = {"tokens": tokens[0].tolist(), "loss": result.loss.item(), "gradients": gradients}
    if losses:
        for module in (model, predictors):
            module.zero_grad()
        sum(losses).backward()
        numbers |= {
            "mtp_losses": [loss.item() for loss in losses], "mtp_gradients": norms(model, predictors),
            "mtp_logits": [rounded(logits) for logits in predictions],
        }
    continuations = []
    with torch.no_grad():
        while len(continuations) < 2:
            prompt = torch.randint(2, vocabulary, (3 + 4 * len(continuations),)).tolist()
            continuation = greedy(model, prompt, 16)
            if continuation:
                continuations.append({"prompt": prompt, "continuation": continuation})
    return numbers | {"continuations": continuations, "logits": rounded(result.logits[0])}, margins


def rounded(logits):
    return [[round(x, 5) for x in row] for row in logits.tolist()]


def norms(model, predictors):
    """The norm of each gradient that is not nothing at all."""
    def take(module):
        return [(name, weight.grad) for name, weight in module.named_parameters() if weight.grad is not None]

    found = {name: grad.double().norm().item() for name, grad in named(model, predictors, take).items()}
    return {name: float(f"{norm:.8g}") for name, norm in sorted(found.items()) if norm > 0}


def write_models():
    """One folder for each model, with the expected numbers beside it."""
    for seed, (name, sizes) in enumerate(MODELS.items(), start=1):
        torch.manual_seed(seed)
        config = configuration(name, sizes)
        model, predictors = make(name, config)
        tensors = round_weights(name, model, predictors)
        numbers, margins = expected(model, predictors)
        folder = HERE / name
        folder.mkdir()
        write_configuration(name, sizes, config, folder)
        write_shards(folder, tensors, SHARDED.get(name))
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in numbers.items()]
        (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
        check(name, folder, numbers, tensors)
        print(
            f"{name}: loss {numbers['loss']:.4f}, predictors {numbers.get('mtp_losses')}, "
            f"margin {margins.smallest:.4f}, {margins.changed} of {margins.choices} choices changed by bias or groups")


def check(name, folder, numbers, tensors):
    """Loads what was written as anyone would: the file must mean the numbers beside it."""
    if name == "v3-fp8":
        return
    model, missing = load(folder)
    with torch.no_grad():
        logits = model(torch.tensor([numbers["tokens"]])).logits[0]
    error = (logits - torch.tensor(numbers["logits"])).abs().max().item()
    if missing or error > 1e-5:
        sys.exit(f"{name}: differs by {error:.1e} after loading, {missing}")


# Checking a folder that the Swift program saved.


def load(folder):
    """The model of a folder, and the keys that it lacks or has besides the predictor's."""
    from transformers import AutoModelForCausalLM

    model, report = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True, attn_implementation="eager",
        experts_implementation="eager")
    prefixes = tuple(
        f"model.layers.{model.config.num_hidden_layers + depth}."
        for depth in range(getattr(model.config, "num_nextn_predict_layers", 0) or 0))
    wrong = {}
    for kind, keys in report.items():
        keys = [str(key) for key in keys if not (prefixes and str(key).startswith(prefixes))]
        if keys:
            wrong[kind] = sorted(keys)
    return model.eval(), wrong


def all_tensors(folder):
    return {name: tensor for path in sorted(Path(folder).glob("*.safetensors")) for name, tensor in load_file(path).items()}


def load_predictors(folder, model):
    """The predictors of a folder, from the released names; every one of their weights must be there."""
    from transformers.modeling_layers import MtpModel

    depth = getattr(model.config, "num_nextn_predict_layers", 0) or 0
    predictors = MtpModel(model, depth).float().eval()
    tensors = all_tensors(folder)
    layers = model.config.num_hidden_layers
    with torch.no_grad():
        for name, target in predictors.layers.state_dict().items():
            for key, part in released(predictor_name(name, layers), target, layers):
                part.copy_(tensors[key].float())
    return predictors


def verify(folder):
    """Loads a folder with transformers, insists on its keys and, given expected.json, on its logits."""
    model, wrong = load(folder)
    if wrong:
        sys.exit(f"{folder}: {wrong}")
    print(f"{folder}: {type(model).__name__}, {model.num_parameters()} parameters, no key missing or unexpected")
    path = Path(folder) / "expected.json"
    if not path.exists():
        return
    ours = json.loads(path.read_text())
    tokens = torch.tensor([ours["tokens"]])
    with torch.no_grad():
        result = model(tokens, output_hidden_states=True)
        compared = [("logits", result.logits[0], ours["logits"])]
        if "mtp_logits" in ours:
            logits = predicted(model, load_predictors(folder, model), tokens, result.hidden_states[-1])
            compared += [(f"predictor {k}", *pair) for k, pair in enumerate(zip(logits, ours["mtp_logits"], strict=True))]
    for what, theirs, found in compared:
        error = (theirs - torch.tensor(found)).abs().max().item()
        if error > 2e-4:
            sys.exit(f"{folder}: {what} differ by {error:.1e}")
        print(f"{folder}: {what} of {len(found)} tokens differ by at most {error:.1e}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["--verify"]:
        verify(sys.argv[2])
    else:
        shutil.rmtree(HERE, ignore_errors=True)
        HERE.mkdir()
        write_models()
