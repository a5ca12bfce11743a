"""What is reported at all: facts, events, terms and titles are not."""

from __future__ import annotations

import pytest

from service.extraction import extract
from service.text import read_document

REPORTS = [
    "The mayor said the bridge would open in May.",
    "“We will rebuild,” the harbour master told reporters.",
    "Farah warned that the dam could fail.",
    "The report found that a third of the wells were dry.",
    "Lind added: “Nobody asked us.”",
]
NO_REPORTS = [
    "The rash was found to be what’s called “baker’s itch,” a mild allergy.",
    "The two towns were merged in 1974, which doubled the rates.",
    "A scan of her knee showed a small tear.",
    "The stage is known as “the wall” among riders.",
    "The company offers two models with a larger battery.",
]


def acts_of(text: str, acts: str = "reported") -> list[str]:
    return [quote.act for quote in extract(read_document(text, "plain"), acts=acts).quotations]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", REPORTS)
def test_reports_are_given(text):
    assert set(acts_of(text)) & {"speech", "writing"}


@pytest.mark.parametrize("text", NO_REPORTS)
def test_what_reports_nothing_is_left_out(text):
    assert not set(acts_of(text)) & {"speech", "writing"}


def test_all_acts_give_what_reports_nothing_too():
    text = NO_REPORTS[0]
    assert acts_of(text) == []
    assert set(acts_of(text, "all")) == {"none"}
