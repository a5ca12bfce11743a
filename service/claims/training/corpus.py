"""What is learnt from: posts with the claims they repeat, news that repeats none, bare quotations."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from service.claims.factcheck import Factcheck

QUOTATION: Final = re.compile(r"[\"“]([^\"”]{20,400})[\"”]")
LEAST_WORDS: Final = 5
CLAIM_URL: Final = "https://claims.invalid/"


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the places of the claims that it repeats; none where it repeats none."""

    text: str
    relevant: frozenset[int]
    kind: str = "post"


def read_lines(path: Path) -> Iterator[Any]:
    """The records of NDJSON, gzip or not."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(json.loads, lines)


def read_claims(path: Path) -> tuple[list[Factcheck], dict[str, int]]:
    """Verified claims, and where each id stands."""
    records = list(read_lines(path))
    places = {record["id"]: place for place, record in enumerate(records)}
    claims = [
        Factcheck(url=CLAIM_URL + record["id"], claim=record["claim"], title=record["title"] or None)
        for record in records
    ]
    return claims, places


def read_posts(path: Path, places: dict[str, int]) -> list[Example]:
    """Posts with the claims they repeat."""
    return [
        Example(record["text"], frozenset(places[name] for name in record["relevant"]))
        for record in read_lines(path)
    ]


def read_news(path: Path, count: int, seed: int) -> list[Example]:
    """Quotations of news articles, drawn at random: hardly one of them repeats a reviewed claim."""
    texts = [
        " ".join(article["text"][start:end] for start, end in quote["content"])
        for article in read_lines(path)
        for quote in article["quotes"]
    ]
    texts = [text for text in texts if len(text.split()) >= LEAST_WORDS]
    drawn = random.Random(seed).sample(texts, min(count, len(texts)))  # noqa: S311
    return [Example(text, frozenset(), "news") for text in drawn]


def find_quotations(claims: list[Factcheck]) -> list[Example]:
    """The bare quotations within claims: words under whose name somebody passes them on."""
    return [
        Example(found[1], frozenset({place}), "quotation")
        for place, claim in enumerate(claims)
        if (found := QUOTATION.search(claim.claim)) and len(found[1].split()) >= LEAST_WORDS
    ]
