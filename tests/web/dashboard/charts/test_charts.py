"""Pictures: well-formed, named, bounded, and nothing in them that is not drawn here."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.dashboard.charts.bars import PATTERNS, Part, Stack, draw_key, draw_sparks, draw_stacks
from service.web.dashboard.charts.lineage import (
    MOST_LANES,
    Lane,
    draw_lineage,
    draw_sample,
    gather_lanes,
    letter_of,
)
from service.web.dashboard.charts.sayings import draw_sayings
from service.web.dashboard.charts.scale import Days, round_up

HOSTILE = '</title><script>alert(1)</script><svg onload="x()">\u202e"\'&\x00\x0b'
DAY = date(2026, 5, 8)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
PARTS = [Part("Altered", "bad", "crossed"), Part("Not found", "none", "level")]


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def tags(svg: str) -> set[str]:
    return {element.tag for element in read(svg).iter()}


def words(svg: str) -> str:
    return " ".join(read(svg).itertext())


@pytest.mark.parametrize(
    "svg",
    [
        draw_stacks(HOSTILE, HOSTILE, PARTS, [Stack(HOSTILE, HOSTILE, (1, 2))]),
        draw_sparks(HOSTILE, [(HOSTILE, 3)]),
        draw_lineage(HOSTILE, HOSTILE, [Lane(HOSTILE, HOSTILE, (DAY,), 1), Lane("B", HOSTILE, (DAY,))]),
        draw_sayings(HOSTILE, HOSTILE, [DAY], [DAY]),
    ],
    ids=["stacks", "sparks", "lineage", "sayings"],
)
def test_words_stay_words(svg: str) -> None:
    allowed = {"svg", "title", "desc", "defs", "pattern", "g", "rect", "path", "line", "circle", "text"}
    assert tags(svg) <= allowed
    names = {name for element in read(svg).iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name or name == "style"}
    assert "<script>" in words(svg), "what was sent is there, as words"
    assert "\x00" not in svg


def test_a_picture_has_a_name_and_a_description() -> None:
    root = read(draw_lineage("Where it was seen", "Seen once.", [Lane("A", "first", (DAY,))]))
    assert root.attrib["role"] == "img"
    by_id = {element.attrib["id"]: element for element in root if "id" in element.attrib}
    assert by_id[root.attrib["aria-labelledby"]].text == "Where it was seen"
    assert by_id[root.attrib["aria-describedby"]].text == "Seen once."


def test_lineages_are_told_by_shape_and_dash_and_letter() -> None:
    lanes = [Lane(letter_of(number), "words", (DAY, DAY + timedelta(days=number))) for number in range(6)]
    root = read(draw_lineage("", "", lanes))
    assert len([one for one in root.iter("path") if one.attrib["class"] == "mark first"]) == 1
    shapes = {one.attrib["d"] for one in root.iter("path") if one.attrib["class"] == "mark other"}
    assert len(shapes) == 5, "another shape for each wording"
    assert len([one for one in root.iter("path") if one.attrib["class"] == "branch"]) == 5
    told = words(draw_lineage("", "", lanes))
    assert all(f"{letter} ·" in told for letter in "ABCDEF")


@given(st.lists(st.tuples(st.lists(DAYS, max_size=5), st.integers(0, 3)), max_size=40))
def test_any_lineage_can_be_drawn_within_its_frame(told: list[tuple[list[date], int]]) -> None:
    lanes = [
        Lane(letter_of(number), "words", tuple(sorted(days)), undated)
        for number, (days, undated) in enumerate(told)
    ]
    root = read(draw_lineage("t", "d", lanes))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert height <= 60 * (MOST_LANES + 1) + 80
    for circle in root.iter("circle"):
        assert 0 <= float(circle.attrib["cx"]) <= width
        assert 0 <= float(circle.attrib["cy"]) <= height


def test_wordings_too_many_for_the_picture_share_a_line() -> None:
    lanes = [Lane(letter_of(number), "words", (DAY,), 1) for number in range(30)]
    *_, last = gathered = gather_lanes(lanes)
    assert len(gathered) == MOST_LANES
    assert (last.letter, last.name) == ("I–AD", "22 other wordings")
    assert sum(len(lane.days) for lane in gathered) == 30
    assert sum(lane.undated for lane in gathered) == 30


def test_letters_go_on_behind_z() -> None:
    assert [letter_of(number) for number in (0, 1, 25, 26, 27, 701, 702)] == [
        "A", "B", "Z", "AA", "AB", "ZZ", "AAA",
    ]  # fmt: skip


@given(DAYS, st.integers(0, 40_000))
def test_ticks_are_few_in_order_and_inside(first: date, length: int) -> None:
    last = date.fromordinal(min(date.max.toordinal(), first.toordinal() + length))
    axis = Days(first, last, 40, 700)
    ticks = axis.ticks()
    assert 1 <= len(ticks) <= 7
    assert all(first <= day <= last for day in ticks)
    assert all(axis.place(one) < axis.place(other) for one, other in pairwise(ticks))
    assert all(axis.write(day) for day in ticks)


@given(st.integers(0, 10**9))
def test_an_axis_ends_at_a_round_number_that_is_no_less(most: int) -> None:
    top = round_up(most)
    assert most <= top <= max(1, most * 2.5)
    assert str(top).strip("0") in ("1", "2", "5")


def test_stacks_are_as_high_as_their_numbers_and_parts_differ_in_pattern() -> None:
    svg = draw_stacks("t", "d", PARTS, [Stack("Monday", "Mon", (3, 1)), Stack("Tuesday", "", (0, 0))])
    bars = [one for one in read(svg).iter("rect") if one.attrib.get("class", "").startswith("part")]
    assert float(bars[0].attrib["height"]) == pytest.approx(3 * float(bars[1].attrib["height"]), abs=0.2)
    assert len({bar.attrib["fill"] for bar in bars}) == 2
    patterns = {one.attrib["id"] for one in read(svg).iter("pattern")}
    assert {bar.attrib["fill"][5:-1] for bar in bars} == patterns
    assert "Monday: Altered 3, Not found 1" in words(svg)
    assert "Tuesday: none" in words(svg)
    assert len({PATTERNS[name] for name in PATTERNS}) == len(PATTERNS)


def test_samples_beside_words_are_kept_from_those_who_hear_the_page() -> None:
    for svg in (draw_key(PARTS[0]), draw_sample(0, is_first=True), draw_sample(3)):
        assert read(svg).attrib["aria-hidden"] == "true"
