"""The sentence encoder as a PyTorch network: BERT's layers, the mean of the pieces, length one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LAYERS: Final = 6
HIDDEN: Final = 384
INNER: Final = 1536
HEADS: Final = 12
VOCABULARY: Final = 30522
POSITIONS: Final = 512


class Layer(nn.Module):
    """One transformer layer, normalised after each half as BERT does."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.joined = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.output_norm = nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[texts, pieces, hidden] → the same; `mask` [texts, 1, 1, pieces] is true where there is a piece."""
        texts, length, _ = x.shape
        q, k, v = self.qkv(x).view(texts, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.attention_norm(x + self.joined(attended.transpose(1, 2).reshape(texts, length, HIDDEN)))
        return self.output_norm(x + self.down(F.gelu(self.up(x))))


class Network(nn.Module):
    """Pieces of texts → unit vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = 0.0

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """`ids`, `mask` [texts, pieces] → [texts, hidden], each of length one."""
        x = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]])
        x = F.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        weights = mask[..., None].to(x.dtype)
        return F.normalize((x * weights).sum(dim=1) / weights.sum(dim=1), dim=-1)


def load_base(weights: Path) -> Network:
    """The network filled from a BERT checkpoint in safetensors form."""
    from safetensors.torch import load_file

    network = Network()
    base = load_file(str(weights))
    state = network.state_dict()
    state["word.weight"] = base["embeddings.word_embeddings.weight"]
    state["position.weight"] = (
        base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
    )
    names = {"norm": "embeddings.LayerNorm"}
    for index in range(LAYERS):
        ours, theirs = f"layers.{index}", f"encoder.layer.{index}"
        names |= {
            f"{ours}.joined": f"{theirs}.attention.output.dense",
            f"{ours}.attention_norm": f"{theirs}.attention.output.LayerNorm",
            f"{ours}.up": f"{theirs}.intermediate.dense",
            f"{ours}.down": f"{theirs}.output.dense",
            f"{ours}.output_norm": f"{theirs}.output.LayerNorm",
        }
        for part in ("weight", "bias"):
            parts = (f"{theirs}.attention.self.{name}.{part}" for name in ("query", "key", "value"))
            state[f"{ours}.qkv.{part}"] = torch.cat([base[name] for name in parts])
    for name, theirs in names.items():
        for part in ("weight", "bias"):
            state[f"{name}.{part}"] = base[f"{theirs}.{part}"]
    network.load_state_dict(state)
    return network
