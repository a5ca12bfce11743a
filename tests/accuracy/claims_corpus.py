"""The corpora that finding fact-checks is measured on, and a library of their claims.

Reading the meaning of all claims takes half a minute; it is kept in `var/`, by the encoder and the corpus.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from service.claims.drafting import texts_of
from service.claims.encoder import ENCODER, quantise_vectors
from service.claims.factcheck import Factcheck
from service.claims.reading import read_claimreviews
from service.claims.training.corpus import Example, read_claims, read_lines, read_posts
from service.claims.training.library import Library

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CORPORA") or ROOT.parent / "shared").resolve() / "data"
CLAIMS = DATA / "claims" / "claims.ndjson.gz"
POSTS = DATA / "claims" / "dev.jsonl"
FACTCHECKS = DATA / "factchecks" / "claimreviews.ndjson.gz"
NEWS = DATA / "polnear" / "dev.jsonl.gz"
SHA256 = {
    CLAIMS: "0c3e6a3eb276f6ac0a3ec2c314a91799b029fb04c7cacfc51f2167b59f70581e",
    POSTS: "d5b53bffccce9ea4610d59a957edca085c1fae9185832f7b160b1a66ab48156d",
    FACTCHECKS: "d60f3677abd0c6fc4f950eb497cb13b2e3108016ddb758cb9f3168aacde916d2",
    NEWS: "b0bca5ed901c0a9eb08dacb67846c4c56d9df865906da097fc9539ba8b8563f6",
}
ATTRIBUTED = ("misattributed", "correct-attribution")
QUOTATION = re.compile(r"[\"“]([^\"”]{15,600})[\"”]|(?<!\w)[‘']([^\"“”]{15,600}?)[’'](?!\w)")
LABELS = Path(__file__).with_name("factchecks_news.jsonl")
LEAST_WORDS = 4


def check_corpora() -> None:
    """The figures are of these files and no others."""
    for path, digest in SHA256.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, f"{path.name} is another corpus"


def read_verified() -> tuple[list[Factcheck], list[Example]]:
    """The verified claims, and the dev posts with the claims they repeat."""
    claims, places = read_claims(CLAIMS)
    return claims, read_posts(POSTS, places)


def read_factchecks() -> list[Factcheck]:
    """The published fact-checks, one for each address."""
    found = [one for line in read_lines(FACTCHECKS) for one in read_claimreviews(line).factchecks]
    return list({one.url: one for one in found}.values())


def find_bare_quotations(factchecks: Sequence[Factcheck]) -> list[tuple[str, int]]:
    """The quotations in fact-checks about who said them, each with the place of its fact-check."""
    return [
        (quoted[1] or quoted[2], place)
        for place, one in enumerate(factchecks)
        if one.rating in ATTRIBUTED
        and (quoted := QUOTATION.search(one.claim))
        and len((quoted[1] or quoted[2]).split()) >= LEAST_WORDS
    ]


def read_news_quotes() -> list[str]:
    """The gold quotations of the news articles, of four words or more."""
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        articles: list[Any] = [json.loads(line) for line in lines]
    texts = [
        " … ".join(article["text"][start:end] for start, end in quote["content"])
        for article in articles
        for quote in article["quotes"]
    ]
    return [text for text in dict.fromkeys(texts) if len(text.split()) >= LEAST_WORDS]


def pair_id(text: str, claim: str) -> str:
    """Names a quotation and a claim without telling their words."""
    return hashlib.sha256(f"{text}\0{claim}".encode()).hexdigest()[:16]


def read_labels() -> dict[str, bool]:
    """By pair: whether the fact-check bears on what the quotation says, by reading both."""
    lines = map(json.loads, LABELS.read_text(encoding="utf-8").splitlines())
    return {line["pair"]: line["bears"] for line in lines}


def open_library(claims: Sequence[Factcheck]) -> Library:
    """The claims, searchable; their meanings are read once for each encoder."""
    texts = [text for claim in claims for text in texts_of(claim)]
    name = hashlib.sha256("\0".join([ENCODER.fingerprint, *texts]).encode()).hexdigest()[:16]
    kept = ROOT / "var" / f"meanings-{name}.npy"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        halves = [texts[: len(texts) // 2], texts[len(texts) // 2 :]]
        with ThreadPoolExecutor(2) as threads:
            vectors = np.concatenate(
                list(threads.map(lambda half: quantise_vectors(ENCODER.encode(half)), halves))
            )
        np.save(kept, vectors.reshape(len(claims), -1))
    return Library(claims, ENCODER, [row.tobytes() for row in np.load(kept)])
