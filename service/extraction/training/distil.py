"""Teach a small network, cut out of a whole one, to read as that does.

It learns each layer's states, which are as wide as the whole network's, besides its answers and the gold:
one epoch of that is worth more than five of learning the answers alone. What the whole network makes of the
windows is reckoned once and kept in memory, about 900 MB a layer and cut.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from service.extraction.tagger.encoding import WINDOW_PIECES, Encoder
from service.extraction.training.checkpoints import Keep
from service.extraction.training.corpus import IGNORED, Example
from service.extraction.training.fit import Fitting, Schedule, Window, batches, collate, loss_of, windows_of
from service.extraction.training.network import Answer, Network, Shape
from service.extraction.training.shrink import shrink

_log = logging.getLogger(__name__)

CHOSEN_ON: Final = 24  # batches on which the parts of the small network are chosen
READ_AT_ONCE: Final = 16  # windows


@dataclass(frozen=True, slots=True)
class Stage:
    """How a small network is taught, and what its loss is made of.

    `taught` is the share of the whole network's answers in the loss, the rest being the gold's; `likeness`
    weighs the distance of the states, in units of their variance. The articles are cut into windows of at
    most so many pieces, one of `cuts` an epoch, in turn. With `parts` the network ends as the mean of what it
    was at the beginning, after each part but the last, and at the end.
    """

    schedule: Schedule
    taught: float
    cuts: tuple[int, ...]
    likeness: float = 1.0
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Shown(Window):
    """A window and what the teacher makes of it: `states` [states, pieces, hidden], 16-bit floats."""

    states: Tensor


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """What networks learn from."""

    examples: Sequence[Example]
    encoder: Encoder
    seed: int

    def windows(self, most: int) -> list[Window]:
        """All articles in windows of at most `most` pieces."""
        specials = self.encoder.cls, self.encoder.sep
        return [window for example in self.examples for window in windows_of(example, most, *specials)]


@dataclass(frozen=True, slots=True)
class Distillation:
    """What small network is made, by which stages, of a teacher that was `taught_by` these schedules."""

    shape: Shape
    stages: tuple[Stage, ...]
    taught_by: tuple[Schedule, ...]


def distil(teacher: Network, plan: Distillation, training_set: TrainingSet, keep: Keep) -> Network:
    """A network cut out of the teacher and taught by it, a stage after the other; kept after each.

    Its word and position vectors stay the teacher's.
    """
    teacher.eval()
    dice = random.Random(training_set.seed)  # noqa: S311
    groups = list(batches(training_set.windows(WINDOW_PIECES), READ_AT_ONCE, dice))
    network, kept = shrink(teacher, plan.shape, groups[:CHOSEN_ON])
    _log.info("layers %s of the whole network are kept", kept)
    for table in (network.word, network.position):
        table.weight.requires_grad_(False)
    # A layer stands for itself and those left out behind it: it is to end where they do.
    ends = (*(layer - 1 for layer in kept[1:]), teacher.shape.layers - 1)
    recipes = [replace(plan, stages=plan.stages[: number + 1]) for number in range(len(plan.stages))]
    done = next((n for n in range(len(recipes), 0, -1) if keep.take(network, "stage", recipes[n - 1])), 0)
    for number, stage in enumerate(plan.stages[done:], done):
        teach(network, (teacher, ends), stage, training_set, training_set.seed + number)
        keep.put(network, "stage", recipes[number])
    network.eval()
    return network


def teach(
    network: Network, by: tuple[Network, Sequence[int]], stage: Stage, training_set: TrainingSet, seed: int
) -> None:
    """One stage, in place, by a teacher and its layers that the network's own are to resemble."""
    teacher, ends = by
    dice = random.Random(seed)  # noqa: S311
    torch.manual_seed(seed)
    shown = [show(teacher, training_set.windows(most), ends) for most in stage.cuts]
    sample = torch.cat([each.states.float() for each in shown[0][:50]], dim=1)
    variance = sample.var(dim=(1, 2))
    schedule = stage.schedule
    fitting = Fitting(network, schedule)
    steps = [-(-len(shown[epoch % len(shown)]) // schedule.windows) for epoch in range(schedule.epochs)]
    passed = [fitting.copy()]
    for epoch in range(schedule.epochs):
        losses = []
        for group in batches(shown[epoch % len(shown)], schedule.windows, dice):
            batch, targets = collate(group)
            states = collate_states(group)
            with torch.no_grad():
                wanted = teacher.answer(list(states.unbind(1)), batch.mask)
            known = Known(targets, wanted, batch.mask, variance)
            loss = partial(loss_beside, known=known, stage=stage)
            losses.append(fitting.step(batch, loss, max(steps) * schedule.epochs + 8))
            if stage.parts and fitting.steps % (sum(steps) // stage.parts) == 0:
                passed.append(fitting.copy())
        _log.info("epoch %d of %d: loss %.4f", epoch + 1, schedule.epochs, sum(losses) / len(losses))
    fitting.settle(passed[: stage.parts])


@torch.inference_mode()
def show(teacher: Network, windows: Sequence[Window], ends: Sequence[int]) -> list[Shown]:
    """The windows with the teacher's states after the layers `ends`, in the order of the windows."""
    order = sorted(range(len(windows)), key=lambda index: len(windows[index].features))
    shown: dict[int, Shown] = {}
    for start in range(0, len(order), READ_AT_ONCE):
        indices = order[start : start + READ_AT_ONCE]
        batch, _ = collate([windows[index] for index in indices])
        answer = teacher(batch)
        states = torch.stack([answer.states[end] for end in ends], dim=1).half()
        for row, index in enumerate(indices):
            window = windows[index]
            mine = states[row, :, : len(window.features)].clone()
            shown[index] = Shown(window.features, window.targets, mine)
    _log.info("the whole network has read %d windows", len(windows))
    return [shown[index] for index in range(len(windows))]


def collate_states(group: Sequence[Shown]) -> Tensor:
    """The teacher's states as `collate` pads the windows: [windows, states, pieces, hidden]."""
    length = max(each.states.shape[1] for each in group)
    count, _, hidden = group[0].states.shape
    states = torch.zeros(len(group), count, length, hidden)
    for row, each in enumerate(group):
        states[row, :, : each.states.shape[1]] = each.states
    return states


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a batch: the gold, what the teacher says, where pieces are, the states' variances."""

    targets: Tensor
    wanted: Answer
    mask: Tensor
    variance: Tensor


def loss_beside(answer: Answer, known: Known, stage: Stage) -> Tensor:
    """The distance to the gold, to the teacher's answers and to its states, weighed as the stage says."""
    weight = stage.schedule.pointer_weight
    gold = loss_of(answer, known.targets, weight)
    told = distance_of(answer, known.wanted, known.targets, weight)
    apart = [
        ((student[known.mask] - teacher[known.mask]) ** 2).mean() / variance
        for student, teacher, variance in zip(answer.states, known.wanted.states, known.variance, strict=True)
    ]
    unlike = torch.stack(apart).mean()
    return (1 - stage.taught) * gold + stage.taught * told + stage.likeness * unlike


def distance_of(answer: Answer, wanted: Answer, targets: Tensor, pointer_weight: float) -> Tensor:
    """Cross entropy to the teacher's own probabilities, wherever `loss_of` asks a question."""

    def distance(logits: Tensor, teacher: Tensor, asked: Tensor) -> Tensor:
        if not asked.any():
            return logits.sum() * 0
        return F.cross_entropy(logits[asked], teacher[asked].softmax(dim=-1))

    tags, cue, source = (targets[..., column] != IGNORED for column in range(3))
    pointers = distance(answer.cue_of, wanted.cue_of, cue) + distance(
        answer.source_of, wanted.source_of, source
    )
    return distance(answer.tags, wanted.tags, tags) + pointer_weight * pointers
