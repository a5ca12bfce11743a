"""The network: a BERT encoder with features of the page beside each piece, a tagging head, two pointers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from service.extraction.tagger.encoding import Marking, Place, Writing
from service.extraction.tagger.labels import LABELS


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder; the defaults are those of MiniLM-L6-H384."""

    vocabulary: int = 30522
    positions: int = 512
    layers: int = 6
    hidden: int = 384
    heads: int = 12
    head: int = 32  # dimensions of each
    inner: int = 1536
    pointer: int = 64
    dropout: float = 0.1


class Layer(nn.Module):
    """One transformer layer, normalised after each half as BERT does."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.head = shape.heads, shape.head
        attended = shape.heads * shape.head
        self.qkv = nn.Linear(shape.hidden, 3 * attended)
        self.joined = nn.Linear(attended, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.up = nn.Linear(shape.hidden, shape.inner)
        self.down = nn.Linear(shape.inner, shape.hidden)
        self.output_norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.dropout = shape.dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[batch, pieces, hidden] → the same.

        `mask` is [batch, 1, 1, pieces], true where there is a piece.
        """
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, self.head).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        attended = self.joined(attended.transpose(1, 2).reshape(batch, length, -1))
        x = self.attention_norm(x + self._drop(attended))
        y = self.down(F.gelu(self.up(x)))
        return self.output_norm(x + self._drop(y))

    def _drop(self, x: Tensor) -> Tensor:
        return drop_columns(x, self.dropout) if self.training else x


def drop_columns(x: Tensor, share: float) -> Tensor:
    """Dropout with one mask for all pieces of a window.

    As good, and without a random number for each value.
    """
    mask = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= share
    return x * (mask.to(x.dtype) / (1 - share))


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length: [windows, pieces] each."""

    ids: Tensor
    marking: Tensor
    writing: Tensor
    place: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says of each piece.

    `tags` [windows, pieces, labels]: logits. `cue_of` and `source_of` [windows, pieces, pieces]: logits that
    the content piece of the row has the cue that begins at the column, and that the cue beginning at the row
    has the source that begins at the column; column 0 ([CLS]) is "none in this window". `states`: what each
    layer made of the pieces, [windows, pieces, hidden].
    """

    tags: Tensor
    cue_of: Tensor
    source_of: Tensor
    states: tuple[Tensor, ...]


class Network(nn.Module):
    """Pieces of a window → tags and pointers."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.word = nn.Embedding(shape.vocabulary, shape.hidden)
        self.position = nn.Embedding(shape.positions, shape.hidden)
        self.marking = nn.Embedding(len(Marking), shape.hidden)
        self.writing = nn.Embedding(len(Writing), shape.hidden)
        self.place = nn.Embedding(len(Place), shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.tags = nn.Linear(shape.hidden, len(LABELS))
        self.pointers = nn.Linear(shape.hidden, 4 * shape.pointer)
        for table in (self.marking, self.writing, self.place):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, batch: Batch) -> Answer:
        """The answer for a batch; see `Answer`."""
        length = batch.ids.shape[1]
        x = self.word(batch.ids) + self.position.weight[:length]
        x = x + self.marking(batch.marking) + self.writing(batch.writing) + self.place(batch.place)
        x = self.norm(x)
        if self.training:
            x = drop_columns(x, self.shape.dropout)
        mask = batch.mask[:, None, None, :]
        states = []
        for layer in self.layers:
            x = layer(x, mask)
            states.append(x)
        return self.answer(states, batch.mask)

    def answer(self, states: Sequence[Tensor], mask: Tensor) -> Answer:
        """What the heads make of the last layer's states; `mask` [windows, pieces] is true for a piece."""
        x = states[-1]
        if self.training:
            x = drop_columns(x, self.shape.dropout)
        content, cue, speech, source = self.pointers(x).chunk(4, dim=-1)
        blocked = ~mask[:, None, :]
        scale = self.shape.pointer**-0.5
        return Answer(
            self.tags(x).float(),
            (content @ cue.transpose(1, 2) * scale).float().masked_fill(blocked, -1e4),
            (speech @ source.transpose(1, 2) * scale).float().masked_fill(blocked, -1e4),
            tuple(states),
        )


def load_base(network: Network, weights: Path) -> None:
    """Fill the encoder from a BERT checkpoint in safetensors form; heads and features keep their start."""
    network.load_state_dict(network.state_dict() | read_encoder(weights, network.shape.layers))


def read_encoder(weights: Path, layers: int) -> dict[str, Tensor]:
    """The encoder of a BERT checkpoint in safetensors form, by the names that `Network` has for its parts."""
    from safetensors.torch import load_file

    base = load_file(str(weights))
    state = {
        "word.weight": base["embeddings.word_embeddings.weight"],
        "position.weight": base["embeddings.position_embeddings.weight"]
        + base["embeddings.token_type_embeddings.weight"][0],
    }
    _copy_pair(state, "norm", base, "embeddings.LayerNorm")
    for index in range(layers):
        own, pretrained = f"layers.{index}", f"encoder.layer.{index}"
        for part in ("weight", "bias"):
            names = (f"{pretrained}.attention.self.{name}.{part}" for name in ("query", "key", "value"))
            state[f"{own}.qkv.{part}"] = torch.cat([base[name] for name in names])
        _copy_pair(state, f"{own}.joined", base, f"{pretrained}.attention.output.dense")
        _copy_pair(state, f"{own}.attention_norm", base, f"{pretrained}.attention.output.LayerNorm")
        _copy_pair(state, f"{own}.up", base, f"{pretrained}.intermediate.dense")
        _copy_pair(state, f"{own}.down", base, f"{pretrained}.output.dense")
        _copy_pair(state, f"{own}.output_norm", base, f"{pretrained}.output.LayerNorm")
    return state


def _copy_pair(state: dict[str, Tensor], own: str, base: dict[str, Tensor], pretrained: str) -> None:
    for part in ("weight", "bias"):
        state[f"{own}.{part}"] = base[f"{pretrained}.{part}"]
