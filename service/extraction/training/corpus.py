"""The corpus: articles with gold attributions, as JSON lines, and what the network is to answer on them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.extraction.tagger.encoding import Encoder, Ids, Layout, Pieces
from service.extraction.tagger.labels import Role, begin, inside

IGNORED: Final = -100  # a target no loss is taken on


@dataclass(frozen=True, slots=True)
class Article:
    """A text and its gold attributions: per role a list of [start, end] code points."""

    id: str
    text: str
    quotes: list[dict[str, list[list[int]]]]


@dataclass(frozen=True, slots=True)
class Targets:
    """Per piece: its label, for content the piece its cue begins at, for a cue's first piece its source's.

    -1 points to nothing: the content has no cue, the cue no source. IGNORED where there is no question.
    """

    labels: Ids
    cue_of: Ids
    source_of: Ids


@dataclass(frozen=True, slots=True)
class Example:
    """An article ready to be cut into windows."""

    article: Article
    layout: Layout
    pieces: Pieces
    targets: Targets


def read_articles(path: Path) -> Iterator[Article]:
    """The articles of a .jsonl or .jsonl.gz file."""
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                record = json.loads(line)
                yield Article(record["id"], record["text"], record["quotes"])


def prepare(article: Article, layout: Layout, encoder: Encoder) -> Example:
    """Encode an article and lay its gold spans over the pieces."""
    pieces = encoder.encode(article.text, layout)
    return Example(article, layout, pieces, _targets(article, pieces))


def _targets(article: Article, pieces: Pieces) -> Targets:
    labels = np.where(pieces.starts_word, 0, IGNORED)
    cue_of = np.full(len(pieces), IGNORED, dtype=np.int64)
    source_of = np.full(len(pieces), IGNORED, dtype=np.int64)
    for quote in article.quotes:
        cue = _lay(quote["cue"], "cue", pieces, labels)
        source = _lay(quote["source"], "source", pieces, labels)
        content = _lay(quote["content"], "content", pieces, labels)
        cue_of[content] = cue[0] if len(cue) else -1
        if len(cue):
            source_of[cue[0]] = source[0] if len(source) else -1
    return Targets(labels, cue_of, source_of)


def _lay(spans: list[list[int]], role: Role, pieces: Pieces, labels: Ids) -> NDArray[np.intp]:
    """Label the words more than half inside each span; answers the first pieces of all of them."""
    found = [
        np.flatnonzero(pieces.starts_word & (_overlap(pieces, start, end) * 2 > pieces.ends - pieces.starts))
        for start, end in spans
    ]
    for words in found:
        labels[words] = inside(role)
        labels[words[:1]] = begin(role)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)


def _overlap(pieces: Pieces, start: int, end: int) -> Ids:
    return np.minimum(pieces.ends, end) - np.maximum(pieces.starts, start)
