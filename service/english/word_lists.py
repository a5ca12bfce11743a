"""Word lists in data files: sections of words, with the source of the lists in the file's comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_SECTION: Final = re.compile(r"\[([a-z_]+)\]")


@cache
def read_word_lists(package: str, name: str) -> Mapping[str, frozenset[str]]:
    """The lists of the file `data/NAME` of a package, by section.

    A line `[section]` begins a section; its words follow, divided by white space. Lines that begin with `#`
    are comments. Raises ValueError if a word is repeated in a section or a section in the file.
    """
    lists: dict[str, frozenset[str]] = {}
    text = (files(package) / "data" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    _, *parts = _SECTION.split("\n".join(lines))
    for section, body in zip(parts[::2], parts[1::2], strict=True):
        words = body.split()
        if section in lists or len(set(words)) < len(words):
            raise ValueError(f"{name}: [{section}] or one of its words is repeated")
        lists[section] = frozenset(words)
    return lists
