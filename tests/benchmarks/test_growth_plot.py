"""The plot is well-formed and shows every point."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.benchmarks.growth_plot import Series, decades, draw_growth


def test_every_point_and_name_is_drawn() -> None:
    series = [Series("a < b", ((1e5, 0.5), (1e6, 0.75))), Series("slow", ((1e5, 300.0), (1e6, 3_000.0)))]
    root = ElementTree.fromstring(draw_growth("Growth", "quotes", "ms", series))
    places = [
        (float(dot.get("cx", "")), float(dot.get("cy", "")))
        for dot in root.iter()
        if dot.tag.endswith("circle")
    ]
    assert len(places) == 4
    assert places[0][0] == places[2][0] < places[1][0] == places[3][0]
    assert places[0][1] > places[1][1] > places[2][1] > places[3][1]
    assert "a < b" in [label.text for label in root.iter() if label.tag.endswith("text")]


@pytest.mark.parametrize(
    ("values", "expected"), [([0.5, 20.0], (-1, 2)), ([10.0], (1, 2)), ([1.0, 10.0], (0, 1))]
)
def test_decades_enclose_all_values(values: list[float], expected: tuple[int, int]) -> None:
    assert decades(values) == expected
