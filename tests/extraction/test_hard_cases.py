"""The labelled hard cases: every failure pattern of quote extraction, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.extraction import Quotation, extract
from service.text.plain import read_plain
from service.text.segments import find_words
from service.text.span import Span

TABLE = yaml.safe_load((Path(__file__).parent / "hard_cases.yaml").read_text(encoding="utf-8"))
CASES = [(pattern, case) for pattern, cases in TABLE.items() for case in cases]


def words(text: str) -> list[str]:
    return [span.of(text).lower() for span in find_words(text)]


def dice(left: list[str], right: list[str]) -> float:
    """Shared words, twice, over all words; order does not matter."""
    rest, shared = list(right), 0
    for word in left:
        if word in rest:
            rest.remove(word)
            shared += 1
    return 2 * shared / max(1, len(left) + len(right))


def joined(text: str, spans: tuple[Span, ...]) -> str:
    return " ".join(span.of(text) for span in spans)


def faults(text: str, wanted: dict[str, Any], found: Quotation) -> list[str]:
    """What is wrong with a quotation that should be `wanted`."""
    told = []
    content = words(joined(text, found.content))
    if dice(content, words(" ".join(wanted["content"]))) < 0.8:
        told.append(f"content {joined(text, found.content)!r}")
    if "via" in wanted and (found.via is None or words(found.via.name or "") != words(wanted["via"])):
        told.append(f"via {found.via}")
    for role in ("source", "cue"):
        if role in wanted and not set(words(wanted[role])) & set(words(joined(text, getattr(found, role)))):
            told.append(f"{role} {joined(text, getattr(found, role))!r}, not {wanted[role]!r}")
    if found.type != wanted["type"]:
        told.append(f"type {found.type}")
    return told


def verdict(case: dict[str, Any]) -> list[str]:
    text = case["text"]
    rest = list(extract(read_plain(text)).quotations)
    told = []
    for wanted in case["quotes"]:
        best = min(rest, key=lambda found: len(faults(text, wanted, found)), default=None)
        if best is None:
            told.append(f"missing {wanted['content']}")
            continue
        told += faults(text, wanted, best)
        rest.remove(best)
    allowed = [words(content) for content in case.get("may", [])]
    extra = [
        joined(text, found.content) for found in rest if words(joined(text, found.content)) not in allowed
    ]
    return told + [f"too many: {content!r}" for content in extra]


def name(case: tuple[str, dict[str, Any]]) -> str:
    return f"{case[0]}: {case[1]['text'][:40]}"


def test_the_table_covers_every_pattern() -> None:
    assert len(CASES) >= 60
    assert len(TABLE) >= 8


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case(case: tuple[str, dict[str, Any]]) -> None:
    assert verdict(case[1]) == []
