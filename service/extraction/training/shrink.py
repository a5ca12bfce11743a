"""A smaller network cut out of a trained one: the layers, heads and inner units that it can least do without.

What is cut off is chosen on the training part, and what remains learns from the whole network (`distil`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import torch
from torch import Tensor

from service.extraction.training.fit import Window, collate, loss_of
from service.extraction.training.network import Network, Shape

POINTER_WEIGHT: Final = 0.5
#: Of a layer, what no head or unit can be cut out of.
WHOLE: Final = (
    "joined.bias",
    "down.bias",
    "attention_norm.weight",
    "attention_norm.bias",
    "output_norm.weight",
    "output_norm.bias",
)


def shrink(
    whole: Network, shape: Shape, groups: Sequence[Sequence[Window]]
) -> tuple[Network, tuple[int, ...]]:
    """A network of `shape`, made of parts of `whole`, and which layers of `whole` its own were.

    `groups` are batches of windows to choose by.
    """
    kept = choose_layers(whole, shape.layers, groups)
    heads, units = weigh_parts(whole, groups)
    small = Network(shape)
    state = whole.state_dict()
    parts = {name: value for name, value in state.items() if not name.startswith("layers.")}
    for index, layer in enumerate(kept):
        best_heads = heads[layer].topk(shape.heads).indices.sort().values
        best_units = units[layer].topk(shape.inner).indices.sort().values
        parts |= cut_layer(state, (layer, index), best_heads, best_units, whole.shape)
    small.load_state_dict(parts)
    return small, kept


def choose_layers(whole: Network, count: int, groups: Sequence[Sequence[Window]]) -> tuple[int, ...]:
    """The layers that together lose least when all others are left out."""
    layers = list(whole.layers)
    losses = {}
    whole.eval()
    try:
        for kept in combinations(range(len(layers)), count):
            whole.layers = torch.nn.ModuleList(layers[index] for index in kept)
            with torch.inference_mode():
                losses[kept] = sum(_loss(whole, group).item() for group in groups[:4])
    finally:
        whole.layers = torch.nn.ModuleList(layers)
    return min(losses, key=lambda kept: losses[kept])


def weigh_parts(whole: Network, groups: Sequence[Sequence[Window]]) -> tuple[list[Tensor], list[Tensor]]:
    """Per layer what its heads and its inner units are worth.

    The worth of a part is the change of the loss that leaving it out would make, to the first order
    (Molchanov et al. 2017): the weights that lead out of it times their gradients, summed, without the sign.
    """
    size = whole.shape.head
    heads = [torch.zeros(whole.shape.heads) for _ in whole.layers]
    units = [torch.zeros(whole.shape.inner) for _ in whole.layers]
    whole.eval()
    for group in groups:
        whole.zero_grad(set_to_none=True)
        _loss(whole, group).backward()
        for index, joined, down in _ways_out(whole):
            heads[index] += joined.sum(dim=0).view(-1, size).sum(dim=1).abs()
            units[index] += down.sum(dim=0).abs()
    whole.zero_grad(set_to_none=True)
    return heads, units


def _ways_out(whole: Network) -> Iterator[tuple[int, Tensor, Tensor]]:
    for index, layer in enumerate(whole.layers):
        joined, down = layer.joined.weight, layer.down.weight
        yield index, (joined * joined.grad).detach(), (down * down.grad).detach()


def _loss(network: Network, group: Sequence[Window]) -> Tensor:
    batch, targets = collate(group)
    return loss_of(network(batch), targets, POINTER_WEIGHT)


def cut_layer(
    state: dict[str, Tensor], move: tuple[int, int], heads: Tensor, units: Tensor, shape: Shape
) -> dict[str, Tensor]:
    """The weights of layer `move[0]` with some heads and units only, named as those of layer `move[1]`."""
    former, index = (f"layers.{number}" for number in move)
    lanes = (heads[:, None] * shape.head + torch.arange(shape.head)).flatten()
    rows = torch.cat([lanes + part * shape.heads * shape.head for part in range(3)])
    cut = {name: state[f"{former}.{name}"] for name in WHOLE}
    cut["qkv.weight"], cut["qkv.bias"] = (
        state[f"{former}.qkv.weight"][rows],
        state[f"{former}.qkv.bias"][rows],
    )
    cut["joined.weight"] = state[f"{former}.joined.weight"][:, lanes]
    cut["up.weight"], cut["up.bias"] = state[f"{former}.up.weight"][units], state[f"{former}.up.bias"][units]
    cut["down.weight"] = state[f"{former}.down.weight"][:, units]
    return {f"{index}.{name}": value for name, value in cut.items()}
