"""How far a verdict can be trusted. A floor is only lowered with a written reason.

What stands on files of the project's own runs everywhere; what needs the corpora is marked so. The figures of
`make bench-trust` are of the same measures, on more articles.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.accuracy.own_news import Expected, OwnArticle, read_own_articles, read_own_transcripts
from tests.benchmarks.trust.checkout import ROOT, Checkout
from tests.benchmarks.trust.copies import measure_copies
from tests.benchmarks.trust.debates import measure_debates
from tests.benchmarks.trust.genuine import measure_genuine
from tests.benchmarks.trust.news import measure_newspaper, measure_unrelated
from tests.benchmarks.trust.readings import is_accused, label_of
from tests.benchmarks.trust.reported import OWN_PAIRS, measure_reported, read_pairs

# Of `supported`, in percent, on 146 pairs: 71.4 and 8.8 on 2026-11-30, so that none may be lost. 95 and 60 are to
# reach: raise these with the head for reported speech.
LEAST_PRECISION, LEAST_RECALL = 70, 8
LEAST_REPORTED = 2  # of the four reports in the invented news that a record bears out
MOST_SPOKEN_OF = 1.0  # percent of quotations of news that the store cannot know
LEAST_GENUINE = 97.0  # percent of genuine sentences that are confirmed or in context
LEAST_DEBATES = 90.0  # percent of the debates' quotations in the news


@pytest.fixture(scope="module")
def checkout() -> Checkout:
    return Checkout(ROOT, "this checkout")


@pytest.fixture(scope="module")
def analysed(checkout: Checkout) -> list[tuple[OwnArticle, list[dict[str, Any]]]]:
    """The invented articles with their quotations, stored one after the other."""
    with checkout.serving(read_own_transcripts()) as service:
        return [(one, service.analyse(one.request(), store=True)) for one in read_own_articles()]


def quotation_in(paragraph: Expected, quotes: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The longest quotation of a paragraph."""
    inside = [
        quote for quote in quotes if paragraph.start <= quote["content"]["spans"][0]["start"] < paragraph.end
    ]
    return max(inside, key=lambda quote: len(quote["content"]["text"]), default=None)


def labels_of(
    analysed: list[tuple[OwnArticle, list[dict[str, Any]]]],
) -> list[tuple[str, str, str, frozenset[str]]]:
    """(article, quotation, label, labels a reader would allow) of every paragraph that has some."""
    found = []
    for article, quotes in analysed:
        for paragraph in article.expected:
            quote = quotation_in(paragraph, quotes)
            text, label = (quote["content"]["text"], label_of(quote["verdict"])) if quote else ("", "none")
            found.append((article.id, text, label, paragraph.labels))
    return found


def test_invented_news_is_labelled_as_a_reader_would(analysed: list[tuple[OwnArticle, list[dict[str, Any]]]]):
    found = labels_of(analysed)
    assert len(found) == 37
    # What a record bears out may be missed, below a floor of its own.
    assert [one for one in found if one[2] not in one[3] and "supported" not in one[3]] == []


def test_reports_that_a_record_bears_out_are_found(analysed: list[tuple[OwnArticle, list[dict[str, Any]]]]):
    labels = [label for _, _, label, allowed in labels_of(analysed) if "supported" in allowed]
    assert len(labels) == 4
    assert set(labels) <= {"supported", "partly_supported", "not_found"}
    print(labels)
    assert labels.count("supported") >= LEAST_REPORTED


def test_nobody_is_accused_but_where_words_were_swapped(
    analysed: list[tuple[OwnArticle, list[dict[str, Any]]]],
):
    accused = {
        (article.id, quote["content"]["text"])
        for article, quotes in analysed
        for quote in quotes
        if is_accused(quote["verdict"])
    }
    swapped = "I voted for the repair, and I would vote for it again tomorrow"
    assert {(name, text.rstrip(",.")) for name, text in accused} == {
        ("quay-tabloid", swapped),
        ("quay-copy", swapped),
    }


def test_reported_speech_is_supported_by_meaning(checkout: Checkout):
    figures = measure_reported(checkout, read_pairs(OWN_PAIRS, None))
    print(figures.precision, figures.recall)
    assert (figures.precision >= LEAST_PRECISION, figures.recall >= LEAST_RECALL) == (True, True), (
        figures.table
    )
    assert figures.accused == 0


@pytest.mark.corpora
def test_unrelated_news_is_left_alone(checkout: Checkout):
    figures = measure_unrelated(checkout, 40)
    assert figures.spoken_of.total >= 650
    assert figures.spoken_of.percent <= MOST_SPOKEN_OF, figures.spoken_of.examples
    assert figures.accused.examples == []


@pytest.mark.corpora
def test_a_newspaper_does_not_prove_itself(checkout: Checkout):
    whole = measure_newspaper(checkout, 100)[2]
    assert whole.repeats > 0
    assert whole.spoken_of.percent <= MOST_SPOKEN_OF, whole.spoken_of.examples
    assert whole.accused.examples == []


@pytest.mark.corpora
def test_no_copied_misquotation_is_confirmed(checkout: Checkout):
    figures = measure_copies(checkout)
    assert figures.confirmed.total == 120
    assert figures.confirmed.examples == []


@pytest.mark.corpora
def test_genuine_sentences_are_confirmed(checkout: Checkout):
    single, double = measure_genuine(checkout)
    assert single.percent >= LEAST_GENUINE, single.neither.examples
    assert double.percent >= LEAST_GENUINE, double.neither.examples


@pytest.mark.corpora
def test_quotations_of_debates_in_the_news_are_right(checkout: Checkout):
    figures = measure_debates(checkout)
    assert figures.right.total >= 20
    assert figures.right.percent >= LEAST_DEBATES, figures.wrong
