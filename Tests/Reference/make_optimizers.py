"""Writes optimizers.json: runs of torch.optim.AdamW and torch.optim.Muon.

Run by maintainers only:  python Tests/Reference/make_optimizers.py

Weights and gradients follow formulas that are exact in single precision, so that only the results
have to be stored. The tests compute the same formulas.
"""

import json
import pathlib

import torch


def start(count):
    return torch.tensor([((i * 29) % 32 - 15) / 16 for i in range(count)])


def gradient(count, step):
    return torch.tensor([((i * 37 + step * 101) % 64 - 31) / 16 for i in range(count)])


def adamw():
    """A matrix that decays and a vector that does not, and that misses the seventh step."""
    matrix = torch.nn.Parameter(start(21).reshape(3, 7))
    vector = torch.nn.Parameter(start(5))
    optimizer = torch.optim.AdamW(
        [{"params": [matrix], "weight_decay": 0.1}, {"params": [vector], "weight_decay": 0.0}],
        lr=1e-2, betas=(0.9, 0.95), eps=1e-8)
    kept = {}
    for step in range(1, 21):
        for group in optimizer.param_groups:
            group["lr"] = 1e-2 * (1 if step <= 10 else 0.5)
        matrix.grad = gradient(21, step).reshape(3, 7)
        vector.grad = None if step == 7 else gradient(5, step)
        optimizer.step()
        if step in (1, 5, 20):
            kept[str(step)] = {
                "matrix": matrix.detach().flatten().tolist(), "vector": vector.detach().tolist()}
    state = optimizer.state[matrix]
    return {
        "weights": kept,
        "first_moment": state["exp_avg"].flatten().tolist(),
        "second_moment": state["exp_avg_sq"].flatten().tolist(),
    }


def muon():
    """A wide, a square and a tall matrix; torch computes the products in bfloat16."""
    shapes = {"wide": (3, 8), "square": (5, 5), "tall": (8, 3)}
    parameters = {
        name: torch.nn.Parameter(start(rows * columns).reshape(rows, columns))
        for name, (rows, columns) in shapes.items()}
    optimizer = torch.optim.Muon(
        parameters.values(), lr=0.02, weight_decay=0.1, momentum=0.95, nesterov=True,
        adjust_lr_fn="original")
    for step in range(1, 6):
        for parameter in parameters.values():
            parameter.grad = gradient(parameter.numel(), step).reshape(parameter.shape)
        optimizer.step()
    return {
        name: {
            "weight": parameter.detach().flatten().tolist(),
            "momentum": optimizer.state[parameter]["momentum_buffer"].flatten().tolist(),
        }
        for name, parameter in parameters.items()}


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("optimizers.json")
    path.write_text(json.dumps({"adamw": adamw(), "muon": muon()}, indent=1) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, torch {torch.__version__}")
