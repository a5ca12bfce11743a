"""Which full stops in English news belong to an abbreviation, not to the end of a sentence."""

from __future__ import annotations

import re

from service.english.word_lists import read_word_lists

_WORDS = read_word_lists("service.english", "abbreviations.txt")

# Always followed by the name they introduce.
BEFORE_NAME = _WORDS["before_name"]
# Followed by a number when they abbreviate.
BEFORE_NUMBER = _WORDS["before_number"]
# May end a sentence; then the next word is one that sentences begin with.
ANYWHERE = _WORDS["anywhere"]
STARTERS = _WORDS["starters"]
TOKEN_BEFORE = re.compile(r"[^\s\"'“”‘’()\[\]—–-]*\Z")
LONGEST = 24  # characters looked back for the token that the stop ends


def is_abbreviation(text: str, stop: int, next_word: str, floor: int) -> bool:
    """Whether the full stop at `text[stop]` abbreviates, given the word after it; looks back no further than
    `floor`, the start of the paragraph."""
    before = text[max(floor, stop - LONGEST) : stop]
    match = TOKEN_BEFORE.search(before)
    token = match[0] if match else ""
    name = token.lower()
    if name in ANYWHERE or is_initial(token) or is_dotted(token):
        return next_word.lower() not in STARTERS
    if name in BEFORE_NUMBER:
        return next_word[:1].isdigit()
    return name in BEFORE_NAME or is_list_number(token, stop, floor)


def is_initial(token: str) -> bool:
    """A single capital letter: "J." in "J. Smith"."""
    return len(token) == 1 and token.isupper()


def is_dotted(token: str) -> bool:
    """Single letters with full stops between: "U.S", "J.K"."""
    letters = token.replace("&", "").split(".")
    return len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)


def is_list_number(token: str, stop: int, floor: int) -> bool:
    """The number of a list's item: "3." at the start of a paragraph."""
    return token.isdigit() and stop - len(token) == floor
