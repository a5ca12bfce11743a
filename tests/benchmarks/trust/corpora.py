"""The corpora beside the checkout, read as the benchmark needs them. Nothing of them is kept."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks.corpora import SHARED

SEED = 20_261_130
WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TURN = re.compile(
    r"\*\*(?P<name>[^*\n]{2,60}):\*\*\s*(?P<words>.*?)(?=\n\*\*[^*\n]{2,60}:\*\*|\Z)", re.DOTALL
)
CLOCK = re.compile(r"\\?\[\d{1,2}(?::\d\d){1,2}\\?\]")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
NOBODY = {"break", "voice over", "break:", "jingle", "clip"}  # labels of what is no turn of a person

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """An article of PolNeAR; its day and its publisher are in its id."""

    id: str
    text: str

    @property
    def day(self) -> str:
        """The day it was published, as an ISO date."""
        found = DAY.search(self.id)
        assert found is not None
        return found[0]

    def request(self, **members: Any) -> Record:
        """What a newsroom would post."""
        publisher = self.id.split("_", 1)[0]
        uri = f"https://{publisher}.example/{self.id}"
        told = {"uri": uri, "publisher": publisher, "published_at": self.day, "body_text": self.text}
        return {**told, **members}


def split_words(text: str) -> list[str]:
    """The words of a text, in lower case, with straight apostrophes."""
    return WORD.findall(text.lower().replace("’", "'"))


def word_runs(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    """Every run of so many words."""
    return zip(*(words[start:] for start in range(size)), strict=False)


def read_lines(path: Path) -> list[Record]:
    """The objects of an NDJSON file, packed or not."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


@cache
def read_transcripts() -> tuple[Record, ...]:
    """The presidential debates."""
    return tuple(read_lines(SHARED / "data/verdicts/transcripts.jsonl"))


@cache
def read_news(*parts: str) -> tuple[NewsArticle, ...]:
    """The articles of these parts of PolNeAR (train, dev), in the order of their days."""
    found = [
        NewsArticle(line["id"], line["text"])
        for part in parts
        for line in read_lines(SHARED / f"data/polnear/{part}.jsonl.gz")
    ]
    return tuple(sorted(found, key=lambda article: (article.day, article.id)))


@cache
def read_interviews() -> tuple[Record, ...]:
    """The interviews as transcripts."""
    return tuple(map(read_interview, sorted((SHARED / "data/interviews").glob("*-*.md"))))


def read_interview(path: Path) -> Record:
    """One interview: its turns without clock times, links and marks of emphasis."""
    turns = [
        {"speaker": turn["name"].strip(), "text": text}
        for turn in TURN.finditer(path.read_text(encoding="utf-8"))
        if turn["name"].strip().lower() not in NOBODY and (text := plain_words(turn["words"]))
    ]
    uri = f"urn:interview:{path.stem}"
    return {
        "uri": uri,
        "title": path.stem,
        "kind": "interview",
        "publisher": "Changelog Media",
        "published_at": "2020-01-15",
        "turns": turns,
    }


def plain_words(markdown: str) -> str:
    """A turn's words as a reader sees them."""
    text = LINK.sub(r"\1", CLOCK.sub(" ", markdown))
    text = re.sub(r"\\([\[\]()*_.!-])", r"\1", text.replace("**", "").replace("`", ""))
    return re.sub(r"\s+", " ", re.sub(r"(?<!\w)[*_]|[*_](?!\w)", "", text)).strip()


def split_sentences(text: str) -> list[str]:
    """The sentences of a turn."""
    return [sentence.strip() for sentence in ENDS.split(text) if sentence.strip()]


def runs_of(transcripts: Iterable[Record], size: int) -> set[tuple[str, ...]]:
    """Every run of so many words that was spoken in one turn."""
    runs: set[tuple[str, ...]] = set()
    for transcript in transcripts:
        for turn in transcript["turns"]:
            runs.update(word_runs(split_words(turn["text"]), size))
    return runs
