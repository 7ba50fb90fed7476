"""Trains a network in PyTorch and writes what Espalier needs to go on from it and to prune it."""

import pandas
import torch
from safetensors.torch import save_file

# A table as Espalier reads it: a header row, a column of classes.
torch.manual_seed(7)
count = 600
angle, upper = torch.rand(count) * torch.pi, torch.arange(count) % 2 == 0
x = torch.where(upper, angle.cos(), 1 - angle.cos()) + 0.25 * torch.randn(count)
y = torch.where(upper, angle.sin(), 0.5 - angle.sin()) + 0.25 * torch.randn(count)
table = pandas.DataFrame({"x": x, "y": y, "moon": ["upper" if each else "lower" for each in upper]})
table.to_csv("moons.csv", index=False)

network = torch.nn.Sequential(
    torch.nn.Linear(2, 32),
    torch.nn.ReLU(),
    torch.nn.Linear(32, 32),
    torch.nn.ReLU(),
    torch.nn.Linear(32, 2),
)
values = torch.tensor(table[["x", "y"]].to_numpy())
inputs = (values - values.mean(0)) / values.std(0, correction=0)  # Espalier normalises columns too
labels = upper.long()  # classes are numbered in the order of their names: lower 0, upper 1
optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
for _ in range(200):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(network(inputs), labels).backward()
    optimizer.step()
accuracy = (network(inputs).argmax(1) == labels).double().mean().item()
print(f"PyTorch: accuracy {accuracy:.3f}")

save_file(network.state_dict(), "moons.safetensors")
with open("moons.conf", "w") as recipe:
    recipe.write("""
name = "moons"
data { kind = csv, path = "moons.csv", label = moon, test = 20%, batch-size = 32 }
model {
  kind = mlp
  hidden = [32, 32]
  weights {
    file = "moons.safetensors"
    names { "fc1.*" = "0.*", "fc2.*" = "2.*", "output.*" = "4.*" }   # Espalier's names = PyTorch's
  }
}
train { epochs = 20 }
prune { sparsity = 80% }
""")
