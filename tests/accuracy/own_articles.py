"""The project's own labelled articles: invented news, written for these tests, read from `own/articles.txt`.

`{2c words}` marks words of the content of quotation 2, `{2q …}` its cue, `{2s …}` its source. Below `---` stands
who is right as the speaker of each; `-` where naming nobody is right, `|` between answers that are both right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

OWN = Path(__file__).with_name("own")
ARTICLE = re.compile(r"^=== (\S+)\n(.*?)\n---\n(.*?)(?=^===|\Z)", re.MULTILINE | re.DOTALL)
MARKED = re.compile(r"\{(\d+)([cqs]) ([^{}]*)\}")


@dataclass(slots=True)
class Labelled:
    """One quotation as labelled: spans of characters, and every right answer for its speaker."""

    content: list[tuple[int, int]] = field(default_factory=list)
    cue: list[tuple[int, int]] = field(default_factory=list)
    source: list[tuple[int, int]] = field(default_factory=list)
    speakers: frozenset[str | None] = frozenset()


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """A text without its labels, and the labels."""

    name: str
    text: str
    quotations: tuple[Labelled, ...]


def read_own_articles() -> list[OwnArticle]:
    """All of them, in the order of the file."""
    text = (OWN / "articles.txt").read_text(encoding="utf-8")
    return [_read_article(*found.groups()) for found in ARTICLE.finditer(text)]


def _read_article(name: str, marked: str, speakers: str) -> OwnArticle:
    labelled: dict[int, Labelled] = {}
    text, end = "", 0
    for found in MARKED.finditer(marked):
        text += marked[end : found.start()]
        span = (len(text), len(text) + len(found[3]))
        of = labelled.setdefault(int(found[1]), Labelled())
        {"c": of.content, "q": of.cue, "s": of.source}[found[2]].append(span)
        text, end = text + found[3], found.end()
    for number, names in (line.split(" ", 1) for line in speakers.split("\n") if line):
        right = (None if one == "-" else one for one in names.split("|"))
        labelled[int(number)].speakers = frozenset(right)
    return OwnArticle(name, text + marked[end:], tuple(labelled[number] for number in sorted(labelled)))
