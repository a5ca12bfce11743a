"""Documentation that names files of the project names files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / name for name in ("architecture.md", "changing-a-rule.md", "glossary.md")]
PATH = re.compile(r"`((?:service|schemas|tests|docs|deploy)(?:/[\w.-]+)*/?)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
TERMS = re.compile(r"^\| \*\*(.+?)\*\* ?(?:\(.+?\) )?\|", re.MULTILINE)


def missing_files(page: Path, text: str) -> list[str]:
    """The paths and links of a page that lead nowhere."""
    named = [ROOT / path for path in PATH.findall(text)] + [page.parent / link for link in LINK.findall(text)]
    return [str(path) for path in named if not path.exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert missing_files(page, text) == []


def test_a_missing_file_is_noticed() -> None:
    page = PAGES[0]
    assert missing_files(page, "`service/nowhere.py` and [this](adr/none.md), `service/text`") == [
        str(ROOT / "service/nowhere.py"),
        str(ROOT / "docs/adr/none.md"),
    ]


def test_the_glossary_has_one_line_for_a_term() -> None:
    terms = TERMS.findall((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))
    assert len(terms) >= 30
    assert len(set(terms)) == len(terms)
