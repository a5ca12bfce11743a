"""Drafts checked against the interviews they were written from. A floor is only lowered with a written reason.

`make bench-drafts` measures the same, with each kind of error by itself and beside rapidfuzz.
"""

from __future__ import annotations

import pytest

from service.extraction import extract
from service.text import read_document
from service.usecases.articles.quote_claims import build_claim
from tests.accuracy.own_draft import DAY, marked_words, read_own_draft, read_own_interview
from tests.benchmarks.drafts.checking import Checked, Given, check_drafts, find_quotation
from tests.benchmarks.drafts.planted import GROUPS

LEAST_RIGHT = {  # percent of each group; the half of the interviews that nothing was chosen on
    "genuine": 97,
    "cleaned": 95,
    "changed": 98,
    "swapped": 97,
    "invented": 98,
    "spliced": 95,
}
PASSING = ("changed", "swapped", "invented")  # none of these may be confirmed


def test_every_quotation_of_the_own_draft_is_labelled_as_an_editor_would():
    given = Given.read(read_own_interview(), "urn:own-interview", DAY)
    text, expected = read_own_draft()
    quotations = extract(read_document(text, "plain"), on=DAY).quotations
    wrong = []
    for paragraph in expected:
        place = marked_words(text, paragraph)
        quotation = find_quotation(quotations, place)
        label = given.judge(build_claim(text, quotation, DAY)).verdict.label if quotation else "none"
        if label not in paragraph.labels:
            wrong.append((place.of(text), label))
    assert len(expected) == 43
    assert wrong == []


@pytest.fixture(scope="module")
def checked() -> list[Checked]:
    """The planted quotations of the interviews that nothing was chosen on."""
    return list(check_drafts("report"))


@pytest.mark.corpora
@pytest.mark.parametrize("group", LEAST_RIGHT)
def test_quotations_of_interviews_are_labelled_right(checked: list[Checked], group: str):
    found = [one for one in checked if one.planted.kind in GROUPS[group]]
    wrong = [(one.planted.kind, one.label, one.planted.words) for one in found if not one.is_right]
    assert len(found) >= 70
    assert 100 * (len(found) - len(wrong)) >= LEAST_RIGHT[group] * len(found), wrong


@pytest.mark.corpora
def test_no_error_is_confirmed(checked: list[Checked]):
    kinds = {kind for group in PASSING for kind in GROUPS[group]}
    errors = [one for one in checked if one.planted.kind in kinds]
    assert len(errors) >= 400
    assert [one.planted.words for one in errors if one.label == "confirmed"] == []
