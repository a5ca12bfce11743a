"""How well fact-checks are found for posts, for bare quotations and for quotations in the news."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np

from service.claims.encoder import ENCODER, Floats
from service.claims.query import read_query
from service.claims.ranking import rank
from service.claims.training.corpus import Example
from service.claims.training.library import Library
from service.claims.training.scoring import average_precision
from tests.accuracy.claims_corpus import find_bare_quotations, pair_id, read_labels, read_news_quotes

DEPTH = 5


def mark_relevant(library: Library, post: Example) -> np.typing.NDArray[np.bool_]:
    """Which of the library's claims the post repeats."""
    right = np.zeros(len(library.drafts), dtype=np.bool_)
    right[list(post.relevant)] = True
    return right


def score_posts(library: Library, posts: Sequence[Example]) -> float:
    """MAP@5 of what is found for each post."""
    precision = []
    for post in posts:
        query = read_query(post.text, ENCODER)
        held = library.find(query)
        places = {one.factcheck.url: one.place for one in held}
        ranked = [places[one.factcheck.url] for one in rank(query, held, DEPTH)]
        scores: Floats = np.zeros(len(library.drafts), dtype=np.float32)
        scores[ranked] = np.arange(len(ranked), 0, -1)
        precision.append(average_precision(scores, mark_relevant(library, post), DEPTH))
    return statistics.mean(precision)


def score_quotations(library: Library) -> tuple[int, int, int]:
    """Bare quotations; of how many the first found is the right one; and of how many it is offered."""
    first = offered = 0
    quotations = find_bare_quotations([draft.factcheck for draft in library.drafts])
    for text, place in quotations:
        query = read_query(text, ENCODER)
        best = rank(query, library.find(query), 1)
        is_right = bool(best) and best[0].factcheck == library.drafts[place].factcheck
        first += is_right
        offered += is_right and best[0].status is not None
    return len(quotations), first, offered


def score_news(library: Library) -> dict[str, int]:
    """Quotations of news articles by what they are given, and how often wrongly by the labels."""
    counted = {
        "quotes": 0,
        "match": 0,
        "match, wrong": 0,
        "possible": 0,
        "possible, wrong": 0,
        "not labelled": 0,
    }
    labels = read_labels()
    for text in read_news_quotes():
        counted["quotes"] += 1
        query = read_query(text, ENCODER)
        for one in rank(query, library.find(query), 1):
            if one.status is None:
                continue
            label = labels.get(pair_id(text, one.factcheck.claim))
            counted[one.status] += 1
            counted[f"{one.status}, wrong"] += label is not True
            counted["not labelled"] += label is None
    return counted
