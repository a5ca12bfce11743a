"""Word lists in files: how they are read, and that every section and word is of use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.english import word_lists
from service.english.word_lists import read_phrases, read_word_groups, read_word_lists, read_word_pairs
from service.extraction.speakers.tokens import read_tokens
from tests.apps import ROOT

SERVICE = ROOT / "service"
#: The files in the format of `word_lists`, by their place in the package; given names are in another format.
FILES = sorted(
    str(path.relative_to(SERVICE))
    for path in SERVICE.rglob("data/*.txt")
    if path.name not in {"given_names.txt", "surnames.txt"}
)
LINES = ("nicknames.txt", "role_classes.txt", "transcript_note_phrases.txt")  # read by lines
PAIRS = ("contractions.txt", "irregular_forms.txt", "nations.txt", "places.txt", "role_abbreviations.txt")
SPELLINGS = ("spellings.txt",)


def read(name: str) -> dict[str, list[str]]:
    """The entries of each section of a file, both values and keys of pairs."""
    path = SERVICE / name
    package = ".".join(path.parent.parent.relative_to(ROOT).parts)
    if path.name in PAIRS + SPELLINGS:
        pairs = read_word_pairs(package, path.name)
        return {section: [*found, *found.values()] for section, found in pairs.items()}
    if path.name in LINES:
        return {section: list(lines) for section, lines in read_phrases(package, path.name).items()}
    return {section: list(words) for section, words in read_word_lists(package, path.name).items()}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def write(text: str) -> dict[str, frozenset[str]]:
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / "a.txt").write_text(text, encoding="utf-8")
        monkeypatch.setattr(word_lists, "files", lambda _: tmp_path)
        return dict(read_word_lists.__wrapped__("package", "a.txt"))

    return write


def test_sections_and_comments_are_read(write) -> None:
    assert write("# source\n\n[one]\na b\nc\n\n[two_more]\nd-e f'g\n") == {
        "one": frozenset("abc"),
        "two_more": frozenset({"d-e", "f'g"}),
    }


@pytest.mark.parametrize("text", ["[a]\nx x\n", "[a]\nx\n[a]\ny\n"])
def test_repetitions_are_refused(write, text: str) -> None:
    with pytest.raises(ValueError, match="repeated"):
        write(text)


def test_lines_are_read_as_groups_phrases_or_pairs(write) -> None:
    write("[one]\na b\nc: d, e f\n")
    assert read_word_groups.__wrapped__("package", "a.txt") == {
        "one": (frozenset("ab"), frozenset({"c:", "d,", "e", "f"}))
    }
    assert read_phrases.__wrapped__("package", "a.txt") == {"one": {"a b", "c: d, e f"}}
    write("[one]\nc: d, e f\nb: a\n")
    assert read_word_pairs.__wrapped__("package", "a.txt") == {"one": {"d": "c", "e f": "c", "a": "b"}}


@pytest.mark.parametrize("read", [read_word_groups, read_phrases, read_word_pairs])
def test_repeated_lines_and_keys_are_refused(write, read) -> None:
    write("[one]\nx: b\n")
    (word_lists.files("package") / "data" / "a.txt").write_text("[one]\nx: b b, b\nx: b b, b\n")
    with pytest.raises(ValueError, match="repeated"):
        read.__wrapped__("package", "a.txt")


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_its_source(name: str) -> None:
    assert "\n# Source: " in (ROOT / "service" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_section_is_used(name: str) -> None:
    """By a module of the package that the file is in. The rules of spelling are all used, by their names."""
    package = (SERVICE / name).parents[1]
    source = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    assert f'"{Path(name).name}"' in source
    found = read(name)
    assert found
    assert [section for section in found if not re.search(rf"\[[\"']{section}[\"']\]", source)] == []


@pytest.mark.parametrize("name", FILES)
def test_every_word_is_in_lower_case(name: str) -> None:
    entries = [entry for found in read(name).values() for entry in found]
    assert len(entries) > 5
    assert [entry for entry in entries if entry != entry.lower()] == []


def test_every_noun_is_a_word_as_texts_are_read() -> None:
    """A word that the tokens of a text never equal would never be hit."""
    words = {word for found in read("extraction/speakers/data/nouns.txt").values() for word in found}
    assert len(words) > 1_000
    missed = {word for word in words if [token.lower for token in read_tokens(f"{word} x")][:1] != [word]}
    assert missed == set()
