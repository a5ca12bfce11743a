"""Layouts of articles: interviews, posts, block quotations, lists, headlines; each as several sites write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.extraction import Quotation, extract
from service.text import read_document
from service.text.segments import find_words
from service.text.span import join_spans

TABLE = yaml.safe_load((Path(__file__).parent / "layouts.yaml").read_text(encoding="utf-8"))
CASES = [(kind, case) for kind, cases in TABLE.items() for case in cases]


def words(text: str) -> list[str]:
    return [span.of(text).lower() for span in find_words(text)]


def describe(text: str, found: Quotation) -> tuple[list[str], str | None, str]:
    return words(join_spans(text, found.content)), found.speaker.name, found.type


def test_each_kind_has_five_inputs() -> None:
    assert min(map(len, TABLE.values())) >= 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[1]['text'][:50]}")
def test_the_quotations_of_a_layout(case: tuple[str, dict[str, Any]]) -> None:
    document = read_document(case[1]["text"], case[1].get("format", "plain"))
    found = [
        describe(document.text, quotation)
        for quotation in extract(document).quotations
        if quotation.act in {"speech", "writing"}
    ]
    expected = [(words(content), speaker, type) for content, speaker, type in case[1]["quotes"]]
    assert found == expected
