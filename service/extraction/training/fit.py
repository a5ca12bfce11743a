"""Fit the network: AdamW, linear warm-up and decay, an average of the weights."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from service.extraction.encoding import WINDOW_PIECES, Ids, cut_windows
from service.extraction.training.corpus import IGNORED, Example
from service.extraction.training.network import Answer, Batch, Tagger


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
    mask_id: int = 103


@dataclass(frozen=True, slots=True)
class Window:
    """One window with [CLS] and [SEP]: features [pieces, 4] (ids, marking, writing, place), targets [pieces, 3]."""

    features: Ids
    targets: Ids


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


def batches(windows: Sequence[Window], size: int, dice: random.Random) -> Iterator[list[Window]]:
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
    return Batch(*features.unbind(-1), mask), targets


def loss_of(answer: Answer, targets: Tensor, pointer_weight: float) -> Tensor:
    """Cross entropy of the tags, and of the two pointers at `pointer_weight`."""
    tags = F.cross_entropy(answer.tags.flatten(0, 1), targets[..., 0].flatten(), ignore_index=IGNORED)
    cue = F.cross_entropy(answer.cue_of.flatten(0, 1), targets[..., 1].flatten(), ignore_index=IGNORED)
    source = F.cross_entropy(answer.source_of.flatten(0, 1), targets[..., 2].flatten(), ignore_index=IGNORED)
    return tags + pointer_weight * (torch.nan_to_num(cue) + torch.nan_to_num(source))


def fit(
    tagger: Tagger,
    examples: Sequence[Example],
    schedule: Schedule,
    seed: int,
    specials: tuple[int, int],
    at_epoch=None,
) -> None:
    """Train in place; at the end the tagger holds the averaged weights."""
    torch.manual_seed(seed)
    dice = random.Random(seed)
    parameters = [p for p in tagger.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        parameters, lr=schedule.rate, weight_decay=schedule.decay, betas=(0.9, 0.98), fused=True
    )
    total = None
    step, started = 0, time.monotonic()
    averages = [p.detach().clone() for p in parameters]
    for epoch in range(schedule.epochs):
        windows = [
            window
            for example in examples
            for window in windows_of(example, dice.randint(WINDOW_PIECES - 64, WINDOW_PIECES), *specials)
        ]
        groups = list(batches(windows, schedule.windows, dice))
        total = total or len(groups) * schedule.epochs + 8
        running = 0.0
        tagger.train()
        for group in groups:
            step += 1
            for settings in optimizer.param_groups:
                settings["lr"] = schedule.rate * _pace(min(step / total, 1.0), schedule.warm_up)
            batch, targets = collate(group)
            hidden = (torch.rand(batch.ids.shape) < schedule.hidden_words) & (batch.ids > 999)
            batch.ids[hidden] = schedule.mask_id
            loss = loss_of(tagger(batch), targets, schedule.pointer_weight)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            keep = min(schedule.average, step / (step + 10))
            torch._foreach_lerp_(averages, parameters, 1 - keep)
            running += loss.item()
            if step % 20 == 0:
                print(
                    f"step {step}/{total} loss {loss.item():.3f} {time.monotonic() - started:.0f}s",
                    flush=True,
                )
        print(
            f"epoch {epoch + 1}: loss {running / len(groups):.4f}, {time.monotonic() - started:.0f}s",
            flush=True,
        )
        if at_epoch:
            at_epoch(epoch, averages)
    with torch.no_grad():
        for parameter, average in zip(parameters, averages, strict=True):
            parameter.copy_(average)


def _pace(progress: float, warm_up: float) -> float:
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)
