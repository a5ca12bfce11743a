"""Word lists in files: how they are read, and that every section and word is of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.english import word_lists
from service.english.word_lists import read_word_lists
from service.extraction.speakers.tokens import read_tokens
from tests.apps import ROOT

#: Each file, and the module that uses its lists.
FILES = {
    "extraction/speakers/data/nouns.txt": "extraction/speakers/noun_lists.py",
    "names/data/name_parts.txt": "names/name_parts.py",
    "names/data/transcript_labels.txt": "names/transcript_labels.py",
    "extraction/rules/data/speech_acts.txt": "extraction/rules/speech_act.py",
}


def read(name: str) -> dict[str, frozenset[str]]:
    path = ROOT / "service" / name
    package = ".".join(path.parent.parent.relative_to(ROOT).parts)
    return dict(read_word_lists(package, path.name))


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


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_its_source(name: str) -> None:
    assert "\n# Source: " in (ROOT / "service" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_section_is_used(name: str) -> None:
    source = (ROOT / "service" / FILES[name]).read_text(encoding="utf-8")
    assert [section for section in read(name) if f'["{section}"]' not in source] == []


@pytest.mark.parametrize("name", FILES)
def test_every_word_is_in_lower_case(name: str) -> None:
    assert {word for words in read(name).values() for word in words if word != word.lower()} == set()


def test_every_noun_is_a_word_as_texts_are_read() -> None:
    """A word that the tokens of a text never equal would never be hit."""
    words = {word for found in read("extraction/speakers/data/nouns.txt").values() for word in found}
    assert len(words) > 1_000
    missed = {word for word in words if [token.lower for token in read_tokens(f"{word} x")][:1] != [word]}
    assert missed == set()
