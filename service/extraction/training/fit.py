"""Fit the network: AdamW, linear warm-up and decay, an average of the weights."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from service.extraction.tagger.encoding import WINDOW_PIECES, Ids, cut_windows
from service.extraction.training.corpus import IGNORED, Example
from service.extraction.training.network import Answer, Batch, Network

_log = logging.getLogger(__name__)

MASK_ID: Final = 103  # of BERT's uncased vocabulary, whose words begin after its reserved ids
LAST_SPECIAL_ID: Final = 999


@dataclass(frozen=True, slots=True)
class Schedule:
    """How to fit. `hidden_words` is the share of pieces masked, so that no single word is relied on."""

    epochs: int = 4
    rate: float = 2e-4
    windows: int = 16
    warm_up: float = 0.06
    decay: float = 0.01
    pointer_weight: float = 0.3
    hidden_words: float = 0.1
    average: float = 0.995


@dataclass(frozen=True, slots=True)
class Window:
    """One window with [CLS] and [SEP].

    Features [pieces, 4] (ids, marking, writing, place), targets [pieces, 3].
    """

    features: Ids
    targets: Ids


W = TypeVar("W", bound=Window)


def windows_of(example: Example, limit: int, cls: int, sep: int) -> Iterator[Window]:
    """The windows of an article; pointers out of the window point to [CLS]."""
    pieces, targets = example.pieces, example.targets
    features = np.stack([pieces.ids, pieces.marking, pieces.writing, pieces.place], axis=1)
    for begin, end in cut_windows(pieces.starts, example.layout, limit):
        edges = np.zeros((2, 4), dtype=np.int64)
        edges[:, 0] = cls, sep
        rows = np.concatenate([edges[:1], features[begin:end], edges[1:]])
        wanted = np.full((len(rows), 3), IGNORED, dtype=np.int64)
        wanted[1:-1, 0] = targets.labels[begin:end]
        for column, pointer in ((1, targets.cue_of[begin:end]), (2, targets.source_of[begin:end])):
            within = (pointer >= begin) & (pointer < end)
            wanted[1:-1, column] = np.where(
                pointer == IGNORED, IGNORED, np.where(within, pointer - begin + 1, 0)
            )
        yield Window(rows, wanted)


def batches(windows: Sequence[W], size: int, dice: random.Random) -> Iterator[list[W]]:
    """Batches of windows of like length, in random order."""
    order = sorted(windows, key=lambda window: len(window.features) + dice.random() * 16)
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    dice.shuffle(groups)
    yield from groups


def collate(windows: Sequence[Window]) -> tuple[Batch, Tensor]:
    """Pad windows to the longest: the batch, and targets [windows, pieces, 3]."""
    length = max(len(window.features) for window in windows)
    features = torch.zeros(len(windows), length, 4, dtype=torch.long)
    targets = torch.full((len(windows), length, 3), IGNORED)
    mask = torch.zeros(len(windows), length, dtype=torch.bool)
    for row, window in enumerate(windows):
        features[row, : len(window.features)] = torch.from_numpy(window.features)
        targets[row, : len(window.features)] = torch.from_numpy(window.targets)
        mask[row, : len(window.features)] = True
    ids, marking, writing, place = features.unbind(-1)
    return Batch(ids, marking, writing, place, mask), targets


def loss_of(answer: Answer, targets: Tensor, pointer_weight: float) -> Tensor:
    """Cross entropy of the tags, and of the two pointers at `pointer_weight`."""
    tags = F.cross_entropy(answer.tags.flatten(0, 1), targets[..., 0].flatten(), ignore_index=IGNORED)
    cue = F.cross_entropy(answer.cue_of.flatten(0, 1), targets[..., 1].flatten(), ignore_index=IGNORED)
    source = F.cross_entropy(answer.source_of.flatten(0, 1), targets[..., 2].flatten(), ignore_index=IGNORED)
    return tags + pointer_weight * (torch.nan_to_num(cue) + torch.nan_to_num(source))


def fit(
    network: Network, examples: Sequence[Example], schedule: Schedule, seed: int, specials: tuple[int, int]
) -> None:
    """Train in place; at the end the network holds the averaged weights.

    `specials` are the ids of [CLS], [SEP].
    """
    torch.manual_seed(seed)
    fitting = Fitting(network, schedule)
    dice = random.Random(seed)  # noqa: S311
    total: int | None = None
    for epoch in range(schedule.epochs):
        windows = [
            window
            for example in examples
            for window in windows_of(example, dice.randint(WINDOW_PIECES - 64, WINDOW_PIECES), *specials)
        ]
        groups = list(batches(windows, schedule.windows, dice))
        total = total or len(groups) * schedule.epochs + 8  # later epochs may be cut into a few windows more
        losses = []
        for group in groups:
            batch, targets = collate(group)
            loss = partial(loss_of, targets=targets, pointer_weight=schedule.pointer_weight)
            losses.append(fitting.step(batch, loss, total))
        _log.info("epoch %d of %d: loss %.4f", epoch + 1, schedule.epochs, sum(losses) / len(losses))
    fitting.settle()


class Fitting:
    """A network while it is fitted: its optimizer and the running average of its weights.

    Parameters that ask for no gradient stay as they are.
    """

    def __init__(self, network: Network, schedule: Schedule) -> None:
        self.network = network
        self.schedule = schedule
        self.parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=schedule.rate, weight_decay=schedule.decay, betas=(0.9, 0.98), fused=True
        )
        self.averages = [parameter.detach().clone() for parameter in self.parameters]
        self.steps = 0

    def step(self, batch: Batch, loss_of_answer: Callable[[Answer], Tensor], total: int) -> float:
        """Learn from one batch, the next of `total`, some of whose words are hidden; answers the loss."""
        schedule = self.schedule
        self.network.train()
        self.steps += 1
        for settings in self.optimizer.param_groups:
            settings["lr"] = schedule.rate * _pace(min(self.steps / total, 1.0), schedule.warm_up)
        hidden = (torch.rand(batch.ids.shape) < schedule.hidden_words) & (batch.ids > LAST_SPECIAL_ID)
        batch.ids[hidden] = MASK_ID
        loss = loss_of_answer(self.network(batch))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        keep = min(schedule.average, self.steps / (self.steps + 10))
        torch._foreach_lerp_(self.averages, self.parameters, 1 - keep)
        return float(loss.item())

    def copy(self) -> list[Tensor]:
        """The averaged weights as they are now."""
        return [average.clone() for average in self.averages]

    def settle(self, passed: Sequence[Sequence[Tensor]] = ()) -> None:
        """Give the network the averaged weights, or the mean of them and of earlier copies."""
        with torch.no_grad():
            for parameter, *states in zip(self.parameters, *passed, self.averages, strict=True):
                parameter.copy_(sum(states[1:], start=states[0]) / len(states))


def _pace(progress: float, warm_up: float) -> float:
    """The share of the full rate: up from nothing over `warm_up`, then down to nothing."""
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)
