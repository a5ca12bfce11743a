"""Parts of a text that were not said: stage directions, clock times, notes of the writer, line breaks.

Notes are blanked, not removed: every other character keeps its place in the raw text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from service.english.transcript_notes import NOTE_PHRASES, NOTE_WORDS, WORDS_BESIDE_NOTES
from service.english.word_frequency import is_known_word

SOFT_HYPHEN: Final = "\u00ad"
# Stands inside a word without being a letter of it.
INVISIBLE: Final = f"{SOFT_HYPHEN}\u200b\u200c\u200d\u200e\u200f\u2060\u2061\ufeff"

_BRACKETS: Final = re.compile(r"\(([^()\[\]]{1,60})\)|\\?\[([^\[\]()\\]{1,60})\\?\]")
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?")
_FOOTNOTE: Final = re.compile(r"(?<=[\w.,;:!?’'”\"])(?:\[\d{1,3}\]|[¹²³⁰-⁹]{1,3})")
_LINE_END_HYPHEN: Final = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{2,40})([-\u2010]\r?\n[ \t]{0,40})([^\W\d_]{2,40})"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
# A right quotation mark that went through the wrong code page; old transcripts are full of it.
_MOJIBAKE: Final = re.compile("â€[™˜]")


def blank_notes(raw: str) -> str:
    """The text with every note as spaces and words joined that a line's end divided; of the same length."""
    if "â€" in raw:
        raw = _MOJIBAKE.sub(f"'{SOFT_HYPHEN * 2}", raw)
    if "\n" in raw and _LINE_END_HYPHEN.search(raw):
        raw = _LINE_END_HYPHEN.sub(_join_word, raw)
    if "[" in raw or "(" in raw:
        raw = _BRACKETS.sub(_blank_note, raw)
    if "[" in raw or not raw.isascii():
        raw = _FOOTNOTE.sub(_blank, raw)
    return raw


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _blank_note(match: re.Match[str]) -> str:
    return _blank(match) if _is_note(match[1] or match[2]) else match[0]


@lru_cache(maxsize=4_096)
def _is_note(text: str) -> bool:
    """Whether the content of brackets is a note about the words."""
    bare = _CLOCK.sub(" ", text)
    words = [word.lower() for word in _WORD.findall(bare)]
    if not words:
        return bare != text and not any(char.isdigit() for char in bare)
    if " ".join(words) in NOTE_PHRASES:
        return True
    if NOTE_WORDS.isdisjoint(words):
        return False
    return all(word in NOTE_WORDS or word in WORDS_BESIDE_NOTES for word in words)


def _join_word(match: re.Match[str]) -> str:
    """ "har-⏎bour" is one word, "well-⏎known" two: the longer word must be English."""
    first, between, second = match.groups()
    if not second[0].islower() or not is_known_word(f"{first}{second}".lower()):
        return match[0]
    return f"{first}{SOFT_HYPHEN * len(between)}{second}"
