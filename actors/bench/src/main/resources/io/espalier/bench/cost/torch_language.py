"""Trains a language model in PyTorch, for the bench "language" to stand beside.

Usage: torch_language.py FILE. The file, safetensors, has the network's description, the optimizer's settings
and, of every step, tokens, labels and learning rate, and the initial parameters. Reads orders line by line: a
number of steps, which it trains, and prints the seconds of processor time that one of them took; "bits", and
prints the bits per character of the test part. One thread.
"""

import json
import math
import sys
import time

import torch
from safetensors import safe_open
from torch.nn import functional

WINDOWS = 64

ACTIVATIONS = {
    "RELU": functional.relu,
    "GELU": functional.gelu,
    "SILU": functional.silu,
    "SIGMOID": torch.sigmoid,
    "TANH": torch.tanh,
}


def norm(layer, parameters, x):
    shape, epsilon = (x.shape[-1],), layer["epsilon"]
    if layer["centred"]:
        return functional.layer_norm(x, shape, parameters["scale"], parameters["shift"], epsilon)
    return functional.rms_norm(x, shape, parameters["scale"], epsilon)


def heads(x, size):
    return x.view(x.shape[0], x.shape[1], -1, size).transpose(1, 2)


def rotary(layer, x):
    size = layer["headSize"]
    rates = layer["base"] ** (-2.0 * torch.arange(size // 2, dtype=torch.float64) / size)
    angles = torch.arange(x.shape[1], dtype=torch.float64)[:, None] * rates
    cosines, sines = angles.cos().float(), angles.sin().float()
    first, second = heads(x, size).chunk(2, dim=-1)
    turned = torch.cat((first * cosines - second * sines, second * cosines + first * sines), dim=-1)
    return turned.transpose(1, 2).reshape(x.shape)


def attention(layer, queries, keys, values):
    size = layer["headSize"]
    means = functional.scaled_dot_product_attention(
        heads(queries, size),
        heads(keys, size),
        heads(values, size),
        is_causal=layer["causal"],
        enable_gqa=queries.shape[-1] != keys.shape[-1],
    )
    return means.transpose(1, 2).reshape(queries.shape)


LAYERS = {
    "token-embedding": lambda layer, own, x: functional.embedding(x, own["weight"]),
    "position-embedding": lambda layer, own, x: own["weight"],
    "add": lambda layer, own, x, y: x + y,
    "multiply": lambda layer, own, x, y: x * y,
    "position-norm": norm,
    "linear": lambda layer, own, x: functional.linear(x, own["weight"], own.get("bias")),
    "rotary-embedding": lambda layer, own, x: rotary(layer, x),
    "attention": lambda layer, own, *x: attention(layer, *x),
    "activation": lambda layer, own, x: ACTIVATIONS[layer["function"]](x),
}


class Network:
    """Nodes of a description, with features as the last dimension."""

    def __init__(self, nodes, tensor):
        self.nodes = []
        self.parameters = []
        for node in nodes:
            layer = node["layer"]
            own = {}
            for name in tensor.keys():
                if name.rpartition(".")[0] == node["name"]:
                    values = tensor.get_tensor(name)
                    if layer["kind"].endswith("-embedding"):
                        values = values.t().contiguous()
                    own[name.rpartition(".")[2]] = values.requires_grad_()
            self.parameters += own.values()
            self.nodes.append((node["name"], LAYERS[layer["kind"]], layer, own, node["inputs"]))

    def __call__(self, tokens):
        outputs = {"input": tokens}
        for name, forward, layer, own, inputs in self.nodes:
            outputs[name] = forward(layer, own, *(outputs[each] for each in inputs))
        return outputs[name]


class Training:
    def __init__(self, path):
        with safe_open(path, framework="pt") as file:
            metadata = {name: json.loads(text) for name, text in file.metadata().items() if name != "format"}
            self.network = Network(metadata["network"]["nodes"], file)
            self.tokens = file.get_tensor("train:tokens").long()
            self.labels = file.get_tensor("train:labels").long()
            self.rates = file.get_tensor("train:rates").tolist()
            self.test = file.get_tensor("test:tokens").long(), file.get_tensor("test:labels").long()
        self.clip_norm = metadata["clipNorm"]
        self.steps = 0
        parameters = self.network.parameters
        settings = metadata["optimizer"]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in parameters if p.dim() > 1], "weight_decay": settings["weightDecay"]},
                {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0},
            ],
            betas=(settings["beta1"], settings["beta2"]),
            eps=settings["epsilon"],
            fused=True,
        )

    def step(self):
        for group in self.optimizer.param_groups:
            group["lr"] = self.rates[self.steps]
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.network(self.tokens[self.steps])
        functional.cross_entropy(logits.flatten(0, 1), self.labels[self.steps].flatten()).backward()
        for norm in self.clip_norm:
            torch.nn.utils.clip_grad_norm_(self.network.parameters, norm)
        self.optimizer.step()
        self.steps += 1

    @torch.no_grad()
    def bits(self):
        tokens, labels = self.test
        total = 0.0
        for start in range(0, len(tokens), WINDOWS):
            logits = self.network(tokens[start : start + WINDOWS])
            total += functional.cross_entropy(
                logits.flatten(0, 1), labels[start : start + WINDOWS].flatten(), reduction="sum"
            ).item()
        return total / labels.numel() / math.log(2)


def main():
    torch.set_num_threads(1)
    training = Training(sys.argv[1])
    for line in sys.stdin:
        if line.strip() == "bits":
            print(training.bits(), flush=True)
            continue
        steps = int(line)
        start = time.thread_time()
        for _ in range(steps):
            training.step()
        print((time.thread_time() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
