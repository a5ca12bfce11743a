"""Word lists in data files: sections of words, with the source of the lists in the file's comments.

A line `[section]` begins a section; the lines up to the next one are its entries. Lines that begin with
`#` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_SECTION: Final = re.compile(r"^\[([a-z_]+)\]$", re.MULTILINE)


@cache
def read_word_lists(package: str, name: str) -> Mapping[str, frozenset[str]]:
    """The words of each section of the file `data/NAME` of a package, divided by white space.

    Raises ValueError if a word is repeated in a section or a section in the file.
    """
    return {section: _without_repetition(body.split(), section) for section, body in _sections(package, name)}


@cache
def read_word_groups(package: str, name: str) -> Mapping[str, tuple[frozenset[str], ...]]:
    """The groups of each section of a file as of `read_word_lists`: the words of a line are a group.

    Raises ValueError if a word is repeated in a group or a section in the file.
    """
    return {
        section: tuple(_without_repetition(line.split(), section) for line in body.splitlines() if line)
        for section, body in _sections(package, name)
    }


@cache
def read_phrases(package: str, name: str) -> Mapping[str, frozenset[str]]:
    """The phrases of each section of a file as of `read_word_lists`: each line is one.

    Raises ValueError if a phrase is repeated in a section or a section in the file.
    """
    return {
        section: _without_repetition([line for line in body.splitlines() if line], section)
        for section, body in _sections(package, name)
    }


@cache
def read_word_pairs(package: str, name: str) -> Mapping[str, Mapping[str, str]]:
    """The pairs of each section of a file as of `read_word_lists`, in order.

    Each line has the form "value: key, key, …". Raises ValueError if a key is repeated in a section or a
    section in the file.
    """
    pairs: dict[str, dict[str, str]] = {}
    for section, body in _sections(package, name):
        lines = [line.split(":", 1) for line in body.splitlines() if line]
        keys = [(key.strip(), value.strip()) for value, listed in lines for key in listed.split(",")]
        _without_repetition([key for key, _ in keys], section)
        pairs[section] = dict(keys)
    return pairs


def _sections(package: str, name: str) -> Iterator[tuple[str, str]]:
    """The name and the lines of each section of a file."""
    text = (files(package) / "data" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    _, *parts = _SECTION.split("\n".join(lines))
    _without_repetition(parts[::2], name)
    return zip(parts[::2], parts[1::2], strict=True)


def _without_repetition(entries: list[str], place: str) -> frozenset[str]:
    """Entries as a set. Raises ValueError if one of them is repeated."""
    if len(set(entries)) < len(entries):
        raise ValueError(f"[{place}]: an entry is repeated")
    return frozenset(entries)
