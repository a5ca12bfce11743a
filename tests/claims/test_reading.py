"""ClaimReviews as publishers write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.claims.factcheck import Factcheck
from service.claims.reading import read_claimreviews

URL = "https://www.example.org/check/1"


def review(**members: Any) -> dict[str, Any]:
    return {"@type": "ClaimReview", "url": URL, "claimReviewed": "The moon is made of cheese."} | members


def read_one(**members: Any) -> Factcheck:
    (factcheck,) = read_claimreviews(review(**members)).factchecks
    return factcheck


def test_a_whole_review():
    found = read_one(
        headline="Is the moon cheese?",
        author={"@type": "Organization", "name": "Example Facts", "url": "https://example.org"},
        itemReviewed={"@type": "Claim", "author": {"name": "A. Mouse"}, "datePublished": "2019-12-31"},
        reviewRating={"ratingValue": 1, "bestRating": 5, "alternateName": "False"},
        datePublished="2020-01-02T03:04:05+02:00",
        inLanguage="en_GB",
    )
    assert found == Factcheck(
        url=URL,
        claim="The moon is made of cheese.",
        claimant="A. Mouse",
        claimed_on=date(2019, 12, 31),
        title="Is the moon cheese?",
        publisher="Example Facts",
        reviewed_on=date(2020, 1, 2),
        rating="False",
        language="en-GB",
    )
    assert found.site == "example.org"


@pytest.mark.parametrize(
    ("members", "name", "wanted"),
    [
        ({"author": "Example Facts"}, "publisher", "Example Facts"),
        ({"author": [{"name": "First"}, {"name": "Second"}]}, "publisher", "First"),
        ({"author": [], "publisher": {"name": "The Press"}}, "publisher", "The Press"),
        ({"author": {"url": "https://example.org"}}, "publisher", None),
        ({"reviewRating": 4}, "rating", "4"),
        ({"reviewRating": "Half true"}, "rating", "Half true"),
        ({"reviewRating": {"ratingValue": "2", "bestRating": "5"}}, "rating", "2 of 5"),
        ({"reviewRating": {"ratingValue": -1, "name": "Missing context"}}, "rating", "Missing context"),
        ({"reviewRating": [{"alternateName": "Falso"}]}, "rating", "Falso"),
        ({"reviewRating": None}, "rating", None),
        ({"reviewRating": {"alternateName": True, "ratingValue": False}}, "rating", None),
        ({"reviewRating": {"ratingValue": 10**400, "bestRating": 5}}, "rating", None),
        ({"reviewRating": {"ratingValue": float("inf"), "bestRating": float("nan")}}, "rating", None),
        ({"reviewRating": {"ratingValue": 2, "bestRating": 10**400}}, "rating", "2"),
        ({"reviewRating": 3.5}, "rating", "3.5"),
        ({"claimReviewed": "<p>The <b>moon</b> is &amp;quot;cheese&amp;quot;.</p>"}, "claim", 'The moon is "cheese".'),
        ({"claimReviewed": "  3 < 5\n and  7 > 2 "}, "claim", "3 < 5 and 7 > 2"),
        ({"claimReviewed": ["The moon", "is cheese."]}, "claim", "The moon is cheese."),
        ({"claimReviewed": "", "itemReviewed": [{"name": "The moon is cheese."}]}, "claim", "The moon is cheese."),
        ({"itemReviewed": {"author": ["A. Mouse"]}}, "claimant", "A. Mouse"),
        ({"datePublished": "0000-00-00", "dateModified": "2021-02-03"}, "reviewed_on", date(2021, 2, 3)),
        ({"datePublished": ["2021-02-03"]}, "reviewed_on", date(2021, 2, 3)),
        ({"datePublished": {"@value": "2021-02-03"}}, "reviewed_on", None),
        ({"url": None, "mainEntityOfPage": {"@id": URL}}, "url", URL),
        ({"url": [" https://example.org/a?b=1&amp;c=2 "]}, "url", "https://example.org/a?b=1&c=2"),
        ({"inLanguage": {"@type": "Language", "name": "French", "alternateName": "fr"}}, "language", "fr"),
        ({"inLanguage": "the language of the people", "claimReviewed": "Der Mond ist aus Käse und das ist nicht die Wahrheit"}, "language", "de"),
    ],
)  # fmt: skip
def test_what_makes_sense_is_kept(members: dict[str, Any], name: str, wanted: Any):
    assert getattr(read_one(**members), name) == wanted


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"url": None}, "/url"),
        ({"url": "ftp://example.org/1"}, "/url"),
        ({"url": "https://exa mple.org/1"}, "/url"),
        ({"url": "https://[broken"}, "/url"),
        ({"url": "https://example.org/" + "x" * 2_000}, "/url"),
        ({"claimReviewed": " <br> "}, "/claimReviewed"),
        ({"claimReviewed": {"text": "no"}}, "/claimReviewed"),
        ({"claimReviewed": "word " * 2_001}, "/claimReviewed"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(members: dict[str, Any], pointer: str):
    reading = read_claimreviews([review(), review(**members)])
    assert len(reading.factchecks) == 1
    assert [fault.pointer for fault in reading.faults] == [f"/1{pointer}"]


def test_feeds_lists_and_graphs():
    other = review(url=URL + "2")
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [{"@type": "DataFeedItem", "item": [review()]}, {"item": other}],
    }
    graph = {
        "@graph": [{"@type": "WebPage", "url": URL}, review(), {"@type": ["Review", "ClaimReview"], **other}]
    }
    items = {
        "@type": "ItemList",
        "itemListElement": [{"@type": "ListItem", "item": review()}, {"item": other}],
    }
    typed = [review(**{"@type": "http://schema.org/ClaimReview"}), other]
    for value in (feed, items, typed, [review(), other], graph):
        assert [found.url for found in read_claimreviews(value).factchecks] == [URL, URL + "2"]


def test_one_page_may_review_several_claims():
    reading = read_claimreviews([review(), review(url=URL + "2"), review(claimReviewed="The sun is cheese.")])
    assert [(found.url, found.number) for found in reading.factchecks] == [(URL, 0), (URL, 1), (URL + "2", 0)]
    assert len({found.id for found in reading.factchecks}) == 3


@pytest.mark.parametrize("value", [None, 3, "text", [], {}, {"@type": "Article"}, [[[[[[[[[[{}]]]]]]]]]]])
def test_no_review_at_all_is_said(value: Any):
    reading = read_claimreviews(value)
    assert not reading.factchecks
    assert [fault.detail for fault in reading.faults] == ["No ClaimReview is in here."]


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = (
    "url", "claimReviewed", "itemReviewed", "author", "publisher", "reviewRating", "datePublished", "headline",
    "inLanguage", "mainEntityOfPage", "@type", "dataFeedElement", "@graph",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(MEMBERS), json_values))
def test_nothing_breaks_it(members: dict[str, Any]):
    reading = read_claimreviews(review() | members)
    for found in reading.factchecks:
        assert found.url.startswith(("http", "HTTP"))
        assert found.claim.strip()
        assert "\x00" not in repr(found)
