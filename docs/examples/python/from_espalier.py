"""Reads a run of Espalier: weights and masks into PyTorch, events and figures into pandas."""

import json
import sys

import numpy
import pandas
import torch
from safetensors import safe_open

run, rows = sys.argv[1:]

# Weights: PyTorch's layouts, so that a state_dict takes them as they are.
with safe_open(f"{run}/model.safetensors", "pt") as file:
    about = file.metadata()
    weights = {name: file.get_tensor(name) for name in file.keys()}
names = dict(zip(("0", "2", "4"), ("fc1", "fc2", "output")))
network = torch.nn.Sequential(
    torch.nn.Linear(2, 32),
    torch.nn.ReLU(),
    torch.nn.Linear(32, 32),
    torch.nn.ReLU(),
    torch.nn.Linear(32, 2),
)
network.load_state_dict(
    {f"{ours}.{part}": weights[f"{theirs}.{part}"] for ours, theirs in names.items() for part in ("weight", "bias")}
)

# Masks: one bit per weight, 1 = kept, the lowest bit first.
with safe_open(f"{run}/masks.safetensors", "np") as file:
    masks = {
        name: numpy.unpackbits(file.get_tensor(name), count=numpy.prod(shape), bitorder="little").reshape(shape)
        for name, shape in json.loads(file.metadata()["shapes"]).items()
    }
for name, mask in masks.items():
    assert not weights[name][torch.from_numpy(mask == 0)].any(), "pruned weights are exactly 0"
    print(f"{name}: {mask.sum()} of {mask.size} weights kept")

# Inputs are normalised by the training rows of the run.
table = pandas.read_csv(rows)
normal = json.loads(about["normalization"])
raw = table[json.loads(about["columns"])].to_numpy()
inputs = torch.tensor((raw - normal["mean"]) / normal["standardDeviation"], dtype=torch.float32)
probabilities = network(inputs).softmax(1).detach().numpy()
classes = numpy.array(json.loads(about["classNames"]))[probabilities.argmax(1)]
pandas.DataFrame({"label": classes, "probability": probabilities.max(1)}).to_csv("torch.csv", index=False)
print(f"accuracy {(classes == table['moon']).mean():.4f}")

# Events: one JSON object per line, its facts under "data".
events = pandas.read_json(f"{run}/events.jsonl", lines=True)
updates = events[events.type == "io.espalier.masks.updated.v1"]
curve = pandas.json_normalize(updates.data.tolist())[["step", "maskVersion", "sparsity", "kept"]]
print(curve.to_string(index=False))

# Figures of the run, under names that never change meaning.
summary = pandas.read_json(f"{run}/summary.json", typ="series")
print(summary[["state", "accuracy", "sparsity", "kept"]].to_string())
