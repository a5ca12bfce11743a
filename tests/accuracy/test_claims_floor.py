"""How well fact-checks are found, and the floors. A floor is only lowered with a written reason."""

from __future__ import annotations

import pytest

from service.claims.training.library import Library
from tests.accuracy.claims_corpus import (
    check_corpora,
    open_library,
    read_factchecks,
    read_labels,
    read_verified,
)
from tests.accuracy.claims_scoring import score_news, score_posts, score_quotations

pytestmark = pytest.mark.corpora

LEAST_PRECISION = 0.88  # above BM25, cosine and both summed (`make bench-claims`). MAP@5 of 197 posts over 10,375 claims; the targets are 0.83, and 0.90 as a goal
LEAST_FIRST = 0.90  # of bare quotations, the right fact-check comes first
LEAST_OFFERED = 0.85
MOST_WRONG = 0.02  # of news quotations given a fact-check that does not bear on them
MOST_WRONG_MATCHES = 0.005


@pytest.fixture(scope="module")
def verified() -> Library:
    check_corpora()
    return open_library(read_verified()[0])


def test_posts_find_the_claim_they_repeat(verified: Library):
    precision = score_posts(verified, read_verified()[1])
    print(precision)
    assert precision >= LEAST_PRECISION


def test_bare_quotations_find_who_said_them():
    total, first, offered = score_quotations(open_library(read_factchecks()))
    print(total, first, offered)
    assert first >= LEAST_FIRST * total
    assert offered >= LEAST_OFFERED * total


def test_news_quotations_are_seldom_given_one_wrongly(verified: Library):
    counted = score_news(verified)
    print(counted)
    assert counted["not labelled"] == 0
    assert counted["match, wrong"] + counted["possible, wrong"] <= MOST_WRONG * counted["quotes"]
    assert counted["match, wrong"] <= MOST_WRONG_MATCHES * counted["quotes"]
    assert len(read_labels()) >= 200
