"""The tagger: for each word of a text, the probabilities of its role, and pointers between roles.

One ONNX session a process, loaded when first needed and shared by its threads.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.tagger.encoding import Encoder, Layout, Pieces, Writing, cut_windows
from service.extraction.tagger.labels import LABELS
from service.extraction.thresholds import FEWEST_PIECES, REPEATED_PIECES
from service.inference import fingerprint_model, open_session
from service.text.span import Span

MODEL_FOLDER: Final = Path(__file__).parents[1] / "model"
MODEL_FILE: Final = "tagger.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"

Floats = NDArray[np.float32]

NOTHING_SAID: Final = np.array([[0.0, *[-30.0] * (len(LABELS) - 1)]], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class WindowReading:
    """The pointers of the words `first` to `last` of a text, which the network read together.

    `content`, `speech` [words, d] ask; `cue`, `source` [1 + words, d] answer, row 0 for "none in this
    window": the dot product of a row of `content` with one of `cue` is the logit that the word's cue begins
    there, and of `speech` with `source` that the source of the cue beginning at the word begins there.
    """

    first: int
    last: int
    content: Floats
    cue: Floats
    speech: Floats
    source: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of a text: its words, and log probabilities of the labels [words, labels].

    `windows` are those that were read: one of symbols alone is not.
    """

    words: Sequence[Span]
    tags: Floats
    windows: Sequence[WindowReading]


class Tagger:
    """The network and its tokenizer. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._session = open_session(folder / MODEL_FILE)
        self._encoder = Encoder(folder / TOKENIZER_FILE)

    def read(self, text: str, layout: Layout) -> Reading:
        """Read all of `text`, window by window; nothing is said where there are only symbols."""
        pieces = self._encoder.encode(text, layout)
        first = np.flatnonzero(pieces.starts_word)
        last = np.append(first[1:], len(pieces)) - 1 if len(first) else first
        words = [
            Span(*pair)
            for pair in zip(pieces.starts[first].tolist(), pieces.ends[last].tolist(), strict=True)
        ]
        tags, windows, done = [np.zeros((0, len(LABELS)), dtype=np.float32)], [], 0
        for begin, end in cut_windows(pieces.starts, layout):
            rows = np.flatnonzero(pieces.starts_word[begin:end]) + 1
            if _says_nothing(pieces, begin, end):
                tags.append(np.repeat(NOTHING_SAID, len(rows), axis=0))
            else:
                logits, pointers = self._run(pieces, begin, end)
                tags.append(_log_softmax(logits[rows]))
                windows.append(_window(pointers, rows, done))
            done += len(rows)
        return Reading(words, np.concatenate(tags), windows)

    def _run(self, pieces: Pieces, begin: int, end: int) -> tuple[Floats, Floats]:
        feed = {
            name: np.zeros((1, end - begin + 2), dtype=np.int64)
            for name in ("ids", "marking", "writing", "place")
        }
        for name, row in feed.items():
            row[0, 1:-1] = getattr(pieces, name)[begin:end]
        feed["ids"][0, 0], feed["ids"][0, -1] = self._encoder.cls, self._encoder.sep
        tags, pointers = self._session.run(None, feed)
        return tags[0], pointers[0]


def _says_nothing(pieces: Pieces, begin: int, end: int) -> bool:
    """Whether a window holds only symbols, or the same few pieces again and again, as no prose does."""
    if (pieces.writing[begin:end] == Writing.SYMBOL).all():
        return True
    return end - begin >= REPEATED_PIECES and len(np.unique(pieces.ids[begin:end])) < FEWEST_PIECES


def _window(pointers: Floats, rows: NDArray[np.intp], first: int) -> WindowReading:
    content, cue, speech, source = np.split(pointers, 4, axis=1)
    columns = np.concatenate([[0], rows])
    scale = np.float32(cue.shape[1] ** -0.5)
    return WindowReading(
        first, first + len(rows), content[rows] * scale, cue[columns], speech[rows] * scale, source[columns]
    )


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


class SharedTagger:
    """The tagger of this process, loaded on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._tagger: Tagger | None = None

    def get(self) -> Tagger:
        """Load on first use."""
        with self._lock:
            if self._tagger is None:
                self._tagger = Tagger(self.folder)
            return self._tagger

    @property
    def is_loaded(self) -> bool:
        """Whether it is loaded."""
        return self._tagger is not None

    @cached_property
    def fingerprint(self) -> str:
        """The first twelve hex digits of the model's SHA-256; "untrained" before there is a model."""
        if not (self.folder / MODEL_FILE).exists():
            return "untrained"
        return fingerprint_model(self.folder / MODEL_FILE)


TAGGER: Final = SharedTagger(MODEL_FOLDER)
