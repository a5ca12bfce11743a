"""Labelled texts for the heads: the newsroom corpora beside the checkout, our labels on them, our own
texts.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Spans = list[list[int]]
LABELS: Final = Path(__file__).with_name("data")
SHARED: Final = Path("../shared/data")
_TOKEN: Final = re.compile(r"\w+")
_SUFFIXES: Final = frozenset(
    [
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
        "sc",
        "qc",
        "kc",
        "md",
        "phd",
        "obe",
        "inc",
        "ltd",
        "plc",
        "corp",
        "co",
        "llc",
    ]
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text: `quotes` by their content with the speaker, `sources` by where they begin with the names."""

    id: str
    text: str
    quotes: list[tuple[Spans, list[str | None]]]
    sources: list[tuple[int, list[str | None]]]


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON lines file, gzipped or not."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    for line in data.decode("utf-8").splitlines():
        yield json.loads(line)


def newsroom(file: Path) -> list[Labelled]:
    """A newsroom corpus: every quotation of each text is labelled."""
    return [
        Labelled(r["id"], r["text"], [(q["content"], [q["speaker"]]) for q in r["quotes"]], [])
        for r in read_lines(file)
    ]


def unlabelled_texts(shared: Path) -> dict[str, str]:
    """The texts of the newsroom corpus that come without labels, by id."""
    return {r["id"]: r["text"] for r in read_lines(shared / "newsroom" / "unlabelled.jsonl.gz")}


def own_newsroom(shared: Path) -> list[Labelled]:
    """Those of the unlabelled texts of which we labelled every quotation."""
    texts = unlabelled_texts(shared)
    return [
        Labelled(r["id"], texts[r["id"]], [(q["content"], [q["speaker"]]) for q in r["quotes"]], [])
        for r in read_lines(LABELS / "newsroom_labels.jsonl")
    ]


def own_labels(shared: Path) -> list[Labelled]:
    """Our labels on single speakers of further unlabelled texts."""
    texts = unlabelled_texts(shared)
    found: dict[str, Labelled] = {}
    for label in read_lines(LABELS / "speaker_labels.jsonl"):
        text = found.setdefault(label["id"], Labelled(label["id"], texts[label["id"]], [], []))
        if "content" in label:
            text.quotes.append((label["content"], label["names"]))
        else:
            text.sources.append((label["at"], label["names"]))
    return list(found.values())


def polnear_sources(shared: Path, labels: Path) -> list[Labelled]:
    """The sources of PolNeAR's development part that the accuracy tests label."""
    texts = {r["id"]: r["text"] for r in read_lines(shared / "polnear" / "dev.jsonl.gz")}
    found: dict[str, Labelled] = {}
    for label in read_lines(labels):
        text = found.setdefault(label["id"], Labelled(label["id"], texts[label["id"]], [], []))
        text.sources.append((label["source"][0][0], label["names"]))
    return list(found.values())


def tokens(text: str, spans: Spans) -> frozenset[int]:
    """Where the words within some spans begin."""
    return frozenset(match.start() for start, end in spans for match in _TOKEN.finditer(text, start, end))


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """F1 of two sets of words."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's or body's: the same last word, or all of the shorter in the
    longer.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    within = set(first) <= set(second) or (set(second) <= set(first) and len(second) > 1)
    return first[-1] == second[-1] or within or "".join(word[0] for word in first) == "".join(second)


def _words(name: str) -> list[str]:
    words = re.findall(r"[\w']+", name.casefold().replace("’", "'").replace("'s ", " "))
    return [word for word in words if word not in _SUFFIXES] or words
