"""Which cue a content gets, and which source a cue: the thresholds of linking at their boundaries."""

from __future__ import annotations

import numpy as np
import pytest

from service.extraction.attribution.linking import _choose, _scores, _source
from service.extraction.attribution.pointers import Pointer
from service.extraction.tagger.decoding import RoleSpan


def pointer(**masses: float) -> Pointer:
    """A pointer over ten words; `at2=0.9` puts that probability on word 2."""
    chances = np.zeros(11)
    for name, mass in masses.items():
        chances[int(name.removeprefix("at")) + 1] = mass
    return Pointer(0, np.cumsum(chances), 0.0, 0, 0.0)


@pytest.mark.parametrize(("mass", "linked"), [(0.09, False), (0.11, True)])
def test_a_content_has_no_link_to_an_unlikely_cue(mass, linked):
    assert bool(_scores(0, {1: mass})) is linked


@pytest.mark.parametrize(("far", "chosen"), [(0.40, 1), (0.45, 2)])
def test_a_content_passes_over_a_cue_only_for_a_far_likelier_one(far, chosen):
    found = _scores(0, {1: 0.2, 2: far})
    assert max(found, key=found.__getitem__) == chosen


@pytest.mark.parametrize(("mass", "cue_of_second"), [(0.18, 3), (0.16, 1)])
def test_a_cue_left_without_content_takes_one_that_loses_little(mass, cue_of_second):
    """Two contents point to the first cue; the second of them could go to the other cue."""
    spans = [
        RoleSpan("content", 0, 2), RoleSpan("cue", 2, 3), RoleSpan("content", 4, 6), RoleSpan("cue", 6, 7),
    ]  # fmt: skip
    contents = {0: pointer(at2=0.9), 2: pointer(at2=0.78, at6=mass)}
    assert _choose(spans, contents) == {0: 1, 2: cue_of_second}


SPANS = [RoleSpan("source", 0, 1), RoleSpan("cue", 5, 6), RoleSpan("source", 6, 7)]


@pytest.mark.parametrize(("mass", "source"), [(0.095, None), (0.105, 0)])
def test_a_cue_has_no_link_to_an_unlikely_source(mass, source):
    assert _source(SPANS, 1, {0: mass}) == source


@pytest.mark.parametrize(("far", "source"), [(0.28, 2), (0.33, 0)])
def test_a_source_beside_its_cue_is_preferred(far, source):
    assert _source(SPANS, 1, {0: far, 2: 0.1}) == source


@pytest.mark.parametrize(("mass", "source"), [(0.022, None), (0.026, 2)])
def test_and_need_not_be_as_likely(mass, source):
    assert _source(SPANS, 1, {2: mass}) == source
