"""The invented transcripts and articles of `tests/accuracy/trust`, read for the floors of trust.

Articles are in the order in which they are stored. A paragraph ends with the labels that a reader would allow for
the quotation in it, in brackets; `silent` stands for those that say nothing of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).with_name("trust")
HEAD = re.compile(r"^=== (.+)$", re.MULTILINE)
LABELS = re.compile(r" \[([a-z_ ]+)\]$", re.MULTILINE)
SILENT = {"not_found", "unclear"}


@dataclass(frozen=True, slots=True)
class Expected:
    """A paragraph of an article, as a span of its text, and the labels allowed for its quotation."""

    start: int
    end: int
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """An invented article."""

    id: str
    publisher: str
    day: str
    text: str
    expected: tuple[Expected, ...]

    def request(self) -> dict[str, Any]:
        """What a newsroom would post."""
        uri = f"https://{self.publisher.lower().replace(' ', '-')}.example/{self.id}"
        told = {"uri": uri, "publisher": self.publisher, "published_at": self.day}
        return {**told, "body_text": self.text}


def split_parts(name: str) -> Iterator[tuple[list[str], str]]:
    """The heads of a file, each split at its bars, with what follows them."""
    pieces = HEAD.split((HERE / name).read_text(encoding="utf-8"))[1:]
    for head, body in zip(pieces[::2], pieces[1::2], strict=True):
        yield head.split(" | "), body.strip()


def read_own_transcripts() -> list[dict[str, Any]]:
    """The transcripts as `verbatim import transcripts` takes them."""
    found = []
    for (name, title, kind, day), body in split_parts("transcripts.txt"):
        turns = [
            dict(zip(("speaker", "text"), line.split(": ", 1), strict=True)) for line in body.splitlines()
        ]
        told = {"uri": f"https://records.example/{name}", "title": title, "kind": kind}
        found.append({**told, "publisher": "Records of Kaldvik", "published_at": day, "turns": turns})
    return found


def read_own_articles() -> list[OwnArticle]:
    """The articles, in the order in which they are stored."""
    return [
        OwnArticle(name, publisher, day, *read_paragraphs(body))
        for (name, publisher, day), body in split_parts("articles.txt")
    ]


def read_paragraphs(body: str) -> tuple[str, tuple[Expected, ...]]:
    """The text without its labels, and what is expected where."""
    text, expected = "", []
    for paragraph in body.split("\n\n"):
        labels = LABELS.search(paragraph)
        words = paragraph[: labels.start()] if labels else paragraph
        text += "\n\n" if text else ""
        if labels:
            named = set(labels[1].split())
            allowed = named - {"silent"} | (SILENT if "silent" in named else set())
            expected.append(Expected(len(text), len(text) + len(words), frozenset(allowed)))
        text += words
    return text, tuple(expected)
