"""The threat model names the tests that hold it; they are there."""

from __future__ import annotations

import re

from tests.apps import ROOT

NAMED = re.compile(r"`(tests/[\w/.]+)`")


def test_every_test_that_it_names_exists():
    text = (ROOT / "docs" / "threat-model.md").read_text()
    named = set(NAMED.findall(text))
    assert len(named) > 10
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_line_names_a_test():
    lines = [line for line in (ROOT / "docs" / "threat-model.md").read_text().splitlines() if "|" in line]
    rows = [line for line in lines if not re.match(r"\|[-|]+\|$|\| (who|neighbour) \|", line)]
    assert len(rows) > 10
    assert [row for row in rows if not NAMED.search(row)] == []
