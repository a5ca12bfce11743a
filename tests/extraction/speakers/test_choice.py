"""Speakers chosen by the model: kinds of fault, each with texts of our own."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.marking import read_marked
from tests.extraction.speakers.test_resolver import names_of

NOBODY = {
    "a rival's post": "Head coach Moira Keane spoke. [[The rival coach]] said it was close.",
    "a deputy": "Mayor Ken Osei cut the ribbon. [[The deputy mayor]] said it was late.",
    "another body's": "Director Priya Sethi came. [[The director of Kestrel Labs]] said so.",
    "several": "The agents of Omar Farah called. [[Museum agents]] said so.",
    "a relative": "[[The victim’s brother]] said it was unjust.\n\nPolice chief [[Tess Dunne]] said it was fair.",
}
SOMEBODY = {
    "an age": ("Ingrid Brandt, 41, won. [[The 41-year-old]] said so.", "Ingrid Brandt"),
    "two surnames": (
        "Rosa Vidal Prats is in charge. [[Vidal Prats]] said so. [[She]] left.",
        "Rosa Vidal Prats",
    ),
    "a name behind its noun": ("[[Regional rail operator NK Torvald]] said so.", "NK Torvald"),
    "between commas": ("[[The firm that runs it, Pine Ridge,]] said so.", "Pine Ridge"),
    "an acronym like a pronoun": ("[[WHO]] said so.", "WHO"),
    "its own name, not another's": ("[[Singh Deol]] left. [[Harbir Singh]] said so.", "Harbir Singh"),
    "a statement": ("Grey Harbour Ltd issued a statement. [[The statement]] said more.", "Grey Harbour Ltd"),
    "the only commission": (
        "The Fair Water Commission met. [[The commission]] said so.",
        "Fair Water Commission",
    ),
}


@pytest.mark.parametrize("case", NOBODY)
def test_nobody_rather_than_a_guess(case):
    assert read_marked(NOBODY[case])
    assert names_of(NOBODY[case])[0] in {None, "Museum agents"}


@pytest.mark.parametrize("case", SOMEBODY)
def test_somebody_named(case):
    marked, name = SOMEBODY[case]
    assert name in names_of(marked)
