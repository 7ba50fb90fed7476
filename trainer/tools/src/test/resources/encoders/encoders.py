"""Writes the encoders beside this file: python3 encoders.py, with torch 1.13 or newer.

Small encoders of text as torch.onnx spells them out, of one architecture and of random weights."""

import math
import pathlib

import torch
from torch import nn

TOKENS, FEATURES, HEADS, HIDDEN, BLOCKS, LONGEST = 50, 12, 3, 20, 2, 16
HERE = pathlib.Path(__file__).parent


class Block(nn.Module):
    def __init__(self, gelu, fused):
        super().__init__()
        self.q, self.k, self.v, self.o = [nn.Linear(FEATURES, FEATURES) for _ in range(4)]
        self.n1, self.n2 = [nn.LayerNorm(FEATURES, eps=1e-12) for _ in range(2)]
        self.up, self.down = nn.Linear(FEATURES, HIDDEN), nn.Linear(HIDDEN, FEATURES)
        self.gelu, self.fused = gelu, fused

    def heads(self, x):
        return x.view(x.size(0), x.size(1), HEADS, FEATURES // HEADS).permute(0, 2, 1, 3)

    def turned(self, x):
        return x

    def forward(self, x, mask):
        q, k, v = self.turned(self.heads(self.q(x))), self.turned(self.heads(self.k(x))), self.heads(self.v(x))
        if self.fused:
            means = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        else:
            products = q @ k.transpose(-1, -2) / math.sqrt(FEATURES // HEADS)
            means = torch.softmax(products + mask, -1) @ v
        means = means.permute(0, 2, 1, 3).contiguous().view(x.size(0), x.size(1), FEATURES)
        x = self.n1(self.o(means) + x)
        return self.n2(self.down(self.gelu(self.up(x))) + x)


class RotaryBlock(Block):
    """With queries and keys turned by their positions, as models of Hugging Face's library do it."""

    def __init__(self, gelu, fused):
        super().__init__(gelu, fused)
        size = FEATURES // HEADS
        self.register_buffer("frequencies", 1000.0 ** -(torch.arange(0, size, 2) / size))

    def turned(self, x):
        half = x.size(3) // 2
        swapped = torch.cat((-x[..., half:], x[..., :half]), -1)
        places = torch.arange(x.size(2))[None, None].float()
        angles = (self.frequencies[None, :, None] @ places).transpose(1, 2)
        angles = torch.cat((angles, angles), -1)[:, None]
        return x * angles.cos() + swapped * angles.sin()


class Encoder(nn.Module):
    def __init__(self, gelu, fused=False, block=Block):
        super().__init__()
        self.tok = nn.Embedding(TOKENS, FEATURES)
        self.pos = nn.Embedding(LONGEST, FEATURES)
        self.typ = nn.Embedding(2, FEATURES)
        self.norm = nn.LayerNorm(FEATURES, eps=1e-12)
        self.blocks = nn.ModuleList([block(gelu, fused) for _ in range(BLOCKS)])
        self.register_buffer("places", torch.arange(LONGEST).expand(1, -1))
        self.fused = fused

    def mask(self, tokens, x):
        lowest = torch.finfo(x.dtype).min
        if not self.fused:
            return (1.0 - tokens[:, None, None, :].to(x.dtype)) * lowest
        length = tokens.size(1)
        spread = tokens[:, None, None, :].expand(tokens.size(0), 1, length, length).to(x.dtype)
        inverted = 1.0 - spread
        return inverted.masked_fill(inverted.to(torch.bool), lowest)

    def forward(self, input_ids, attention_mask, token_type_ids):
        places = self.places[:, : input_ids.size(1)]
        x = self.norm(self.tok(input_ids) + self.typ(token_type_ids) + self.pos(places))
        mask = self.mask(attention_mask, x)
        for block in self.blocks:
            x = block(x, mask)
        return x


class Pooled(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.encoder(input_ids, attention_mask, token_type_ids)
        mask = attention_mask.unsqueeze(-1).expand(x.size()).float()
        return torch.sum(x * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)


class Classifier(nn.Module):
    """Classes by the features of the first token, as BERT's classifiers have them."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.pooler, self.classifier = nn.Linear(FEATURES, FEATURES), nn.Linear(FEATURES, 3)

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.encoder(input_ids, attention_mask, token_type_ids)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))


class TanhGelu(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


class Fused(nn.Module):
    """One product for queries, keys and values, which are parted as vision transformers do or as GPT-2 does."""

    def __init__(self, split):
        super().__init__()
        self.qkv, self.o = nn.Linear(FEATURES, 3 * FEATURES), nn.Linear(FEATURES, FEATURES)
        self.split = split
        self.register_buffer("earlier", torch.tril(torch.ones(LONGEST, LONGEST))[None, None])

    def forward(self, x, mask):
        texts, length, _ = x.shape
        size = FEATURES // HEADS
        if self.split:
            q, k, v = [each.view(texts, length, HEADS, size).transpose(1, 2) for each in self.qkv(x).split(FEATURES, dim=2)]
        else:
            q, k, v = self.qkv(x).reshape(texts, length, 3, HEADS, size).permute(2, 0, 3, 1, 4).unbind(0)
        products = (q * size**-0.5) @ k.transpose(-2, -1)
        if self.split:
            products = products.masked_fill(self.earlier[:, :, :length, :length] == 0, float("-inf"))
        else:
            products = products + mask
        return self.o((products.softmax(-1) @ v).transpose(1, 2).reshape(texts, length, FEATURES))


class Grouped(nn.Module):
    """Three heads of queries that read one of keys and values, which are repeated."""

    def __init__(self):
        super().__init__()
        size = FEATURES // HEADS
        self.q, self.o = nn.Linear(FEATURES, FEATURES, bias=False), nn.Linear(FEATURES, FEATURES, bias=False)
        self.k, self.v = nn.Linear(FEATURES, size, bias=False), nn.Linear(FEATURES, size, bias=False)

    def forward(self, x, mask):
        texts, length, _ = x.shape
        size = FEATURES // HEADS
        q = self.q(x).view(texts, length, HEADS, size).transpose(1, 2)
        k, v = [layer(x).view(texts, length, 1, size).transpose(1, 2) for layer in (self.k, self.v)]
        k, v = [each[:, :, None].expand(texts, 1, HEADS, length, size).reshape(texts, HEADS, length, size) for each in (k, v)]
        products = q @ k.transpose(2, 3) / math.sqrt(size) + torch.full((length, length), -1e9).triu(1)
        return self.o((products.softmax(-1) @ v).transpose(1, 2).reshape(texts, length, FEATURES))


class OwnBlock(nn.Module):
    def __init__(self, attention):
        super().__init__()
        self.n1, self.n2, self.attention = nn.LayerNorm(FEATURES), nn.LayerNorm(FEATURES), attention
        self.up, self.down = nn.Linear(FEATURES, HIDDEN), nn.Linear(HIDDEN, FEATURES)

    def forward(self, x, mask):
        x = x + self.attention(self.n1(x), mask)
        return x + self.down(nn.functional.gelu(self.up(self.n2(x))))


class OwnEncoder(Encoder):
    def __init__(self, attention):
        super().__init__(nn.GELU())
        self.blocks = nn.ModuleList([OwnBlock(attention()) for _ in range(BLOCKS)])


class Library(Encoder):
    """The encoder of torch.nn, which has the batch second inside."""

    def __init__(self, batch_first):
        super().__init__(nn.GELU())
        layer = nn.TransformerEncoderLayer(FEATURES, HEADS, HIDDEN, 0.0, "gelu", batch_first=batch_first)
        self.blocks = nn.ModuleList()
        self.inner = nn.TransformerEncoder(layer, BLOCKS, enable_nested_tensor=False)
        self.batch_first = batch_first

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = super().forward(input_ids, attention_mask, token_type_ids)
        padding = attention_mask == 0
        if self.batch_first:
            return self.inner(x, src_key_padding_mask=padding)
        return self.inner(x.transpose(0, 1), src_key_padding_mask=padding).transpose(0, 1)


class Vision(nn.Module):
    """Patches of an image behind a class token, which is classified."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(2, FEATURES, 3, 3)
        self.token = nn.Parameter(torch.randn(1, 1, FEATURES))
        self.positions = nn.Parameter(torch.randn(1, 7, FEATURES))
        self.blocks = nn.ModuleList([Block(nn.GELU(), False) for _ in range(BLOCKS)])
        self.classifier = nn.Linear(FEATURES, 3)

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(x.size(0), -1, -1), x), 1) + self.positions
        for block in self.blocks:
            x = block(x, 0.0)
        return self.classifier(x[:, 0])


def write(name, network, opset, free=True, texts=2):
    network.eval()
    for parameter in network.parameters():
        if parameter.dim() == 1:
            nn.init.normal_(parameter, mean=0.2, std=0.3)
    tokens = torch.tensor([[5, 9, 3, 2, 0, 0, 0], [7, 1, 48, 22, 30, 4, 2]])[:texts]
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        network,
        (tokens, (tokens != 0).long(), torch.zeros_like(tokens)),
        str(HERE / f"{name}.onnx"),
        input_names=names,
        output_names=["features"],
        opset_version=opset,
        dynamic_axes={each: {0: "batch", 1: "length"} for each in names} if free else None,
    )


torch.manual_seed(1)
for opset in (11, 14, 17):
    write(f"bert{opset}", Encoder(nn.GELU()), opset)
write("bert17tanh", Encoder(TanhGelu()), 17)
write("bert17sdpa", Encoder(nn.GELU(), fused=True), 17)
write("bert14sdpa", Encoder(nn.GELU(approximate="tanh"), fused=True), 14)
write("pooled14", Pooled(Encoder(nn.GELU())), 14)
write("fixed17", Encoder(nn.GELU()), 17, free=False)
write("classifier17", Classifier(Encoder(nn.GELU())), 17)
torch.onnx.export(
    Vision().eval(),
    (torch.randn(2, 2, 6, 9),),
    str(HERE / "vision17.onnx"),
    input_names=["images"],
    output_names=["logits"],
    opset_version=17,
    dynamic_axes={"images": {0: "batch"}},
)
write("rotary17", Encoder(nn.GELU(), block=RotaryBlock), 17)
write("library17", Library(True), 17)
write("library14", Library(False), 14)
write("library17one", Library(True), 17, free=False, texts=1)
write("fused11", OwnEncoder(lambda: Fused(False)), 11)
write("split14", OwnEncoder(lambda: Fused(True)), 14)
write("grouped17", OwnEncoder(Grouped), 17)
