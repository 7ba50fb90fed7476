"""Dense training steps of a network in PyTorch, for the bench "sparse" to time.

Usage: torch_step.py NETWORK. Reads orders line by line: a number of steps, which it trains, and prints the
seconds of processor time that one of them took; "name", and prints its version and BLAS. A step is that of the bench: 128 images of bytes, drawn at random and
normalised; cross-entropy; SGD with momentum and weight decay. One thread.
"""

import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH, CLASSES, EXAMPLES = 128, 10, 10_000


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = functional.relu(self.norm1(self.conv1(x)))
        return functional.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


def mlp(*hidden):
    layers, inputs = [nn.Flatten()], 784
    for width in hidden:
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, CLASSES))


def resnet(blocks, width):
    layers, inputs = [nn.Conv2d(1, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()], width
    for stage in range(3):
        for block in range(blocks):
            outputs = width << stage
            layers.append(Block(inputs, outputs, 2 if stage > 0 and block == 0 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, CLASSES))


NETWORKS = {
    "lenet-300-100": lambda: mlp(300, 100),
    "mlp-1024-1024": lambda: mlp(1024, 1024),
    "resnet-20": lambda: resnet(3, 16),
}


def name():
    """PyTorch's version and BLAS; where it is built for any BLAS, the one that the system loads."""
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    blas = blas.group(1) if blas else "unknown"
    if blas == "generic":
        with open("/proc/self/maps") as maps:
            loaded = maps.read()
        blas = next((each for each in ("openblas", "libmkl", "blis", "atlas") if each in loaded), "reference")
    return "PyTorch %s, BLAS %s" % (torch.__version__.split("+")[0], blas)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = NETWORKS[sys.argv[1]]()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9, weight_decay=1e-4)
    images = torch.randint(0, 256, (EXAMPLES, 1, 28, 28), dtype=torch.uint8)
    labels = torch.randint(0, CLASSES, (EXAMPLES,))

    def step():
        batch = torch.randint(0, EXAMPLES, (BATCH,))
        inputs = (images[batch].float() / 255 - 0.286) / 0.353
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(network(inputs), labels[batch]).backward()
        optimizer.step()

    for line in sys.stdin:
        if line.strip() == "name":
            print(name(), flush=True)
            continue
        steps = int(line)
        start = time.thread_time()
        for _ in range(steps):
            step()
        print((time.thread_time() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
