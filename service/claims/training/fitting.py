"""Fitting the weights: a listwise ranker, and a logistic model of how sure a pair is. Few weights, convex."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from service.claims.encoder import Floats

ORDER_PENALTY = 1e-3
SURE_PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Listed:
    """The candidates of one text: features [candidates, features], and which are right."""

    features: Floats
    right: NDArray[np.bool_]
    kind: str
    group: int  # texts of one group are learnt from and tested on together


def fit_order(lists: Sequence[Listed], mean: Floats, scale: Floats) -> Floats:
    """Weights that put the right candidate of each list first: cross entropy over the list."""
    usable = [listed for listed in lists if listed.right.any()]
    tables = [torch.from_numpy((listed.features - mean) / scale) for listed in usable]
    wanted = [torch.from_numpy(listed.right / listed.right.sum()).float() for listed in usable]

    def loss(weights: Tensor) -> Tensor:
        total = torch.zeros(())
        for table, right in zip(tables, wanted, strict=True):
            total = total - (torch.log_softmax(table @ weights, dim=0) * right).sum()
        return total / len(tables) + ORDER_PENALTY * weights.square().sum()

    return _minimise(loss, mean.size)


def fit_sureness(lists: Sequence[Listed], order: Floats, mean: Floats, scale: Floats) -> tuple[Floats, float]:
    """Weights and bias by which the first candidate of a list is right, as a probability."""
    rows, right = first_rows(lists, order, mean, scale)
    table = torch.from_numpy(np.concatenate([(rows - mean) / scale, np.ones((len(rows), 1))], axis=1)).float()
    wanted = torch.from_numpy(right).float()

    def loss(weights: Tensor) -> Tensor:
        misfit = torch.nn.functional.binary_cross_entropy_with_logits(table @ weights, wanted)
        return misfit + SURE_PENALTY * weights[:-1].square().sum()

    weights = _minimise(loss, mean.size + 1)
    return weights[:-1], float(weights[-1])


def first_rows(
    lists: Sequence[Listed], order: Floats, mean: Floats, scale: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """The features of each list's first candidate, and whether it is right."""
    kept = [listed for listed in lists if len(listed.features)]
    places = [int(np.argmax(((listed.features - mean) / scale) @ order)) for listed in kept]
    rows = np.stack([listed.features[place] for listed, place in zip(kept, places, strict=True)])
    right = np.array([listed.right[place] for listed, place in zip(kept, places, strict=True)])
    return rows, right


def _minimise(loss: Callable[[Tensor], Tensor], size: int) -> Floats:
    weights = torch.zeros(size, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def step() -> float:
        optimizer.zero_grad()
        value = loss(weights)
        value.backward()
        return float(value.detach())

    optimizer.step(step)
    fitted: Floats = weights.detach().numpy().astype(np.float32)
    return fitted
