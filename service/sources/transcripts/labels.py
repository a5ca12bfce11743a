"""Labels of speakers: what could be one, and which of a file's candidates are.

"NAME:" is a speaker, "One thing is clear:" is none, and "Note:" is a heading. Whether a candidate is a label
is decided over the whole file: by how it is written, how often it comes, and whether it reads as a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from service.english.word_frequency import is_known_word
from service.english.word_lists import read_word_lists
from service.names.given_names import is_surname, read_given_name
from service.names.name_parts import TITLES
from service.names.transcript_labels import names_nobody

_WORDS: Final = read_word_lists("service.sources", "labels.txt")

LONGEST_LABEL: Final = 70  # characters
MOST_WORDS: Final = 8
_AROUND: Final = " *_>#-–—.,:"
_BRACKETS: Final = re.compile(r"[ ]?(?:\([^()]*\)|\[[^\[\]]*\])")
_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
_IDENTIFIER: Final = re.compile(r"(?:SPEAKER|Speaker|speaker|spk)[_ -]?[A-Z0-9]{1,3}|[A-Z]{1,4}\d{0,2}")
_PARTICLES: Final = _WORDS["small_words_of_names"]
#: Words before a colon that head a part of a file and name no speaker.
_FIELDS: Final = _WORDS["fields"]
#: In a head, what follows such a label is the name of one who speaks.
_ROLES: Final = _WORDS["roles"]
_ASKING: Final = _WORDS["asking"]
_ANSWERING: Final = _WORDS["answering"]


def bare_label(label: str) -> str:
    """A label as it is compared: without brackets, marks and differences of case."""
    bare = _BRACKETS.sub("", label).strip(_AROUND) or label.strip(f"{_AROUND}[]()")
    return " ".join(bare.casefold().split())


def tidy_label(label: str) -> str:
    """A label as it is shown: without the marks that set it off."""
    return " ".join(label.strip(" *_>#:-–—|·,[").split()).removesuffix("]") or label.strip()


@lru_cache(maxsize=8_192)
def could_be_label(label: str) -> bool:
    """Whether a string is written as a speaker's name is: a few words, each with a capital or a number."""
    if not 0 < len(label) <= LONGEST_LABEL:
        return False
    bare = _without_post(_BRACKETS.sub("", label).strip())
    words = _WORD.findall(bare)
    if not 0 < len(words) <= MOST_WORDS or re.search(r"[!?;=<>{}/\\@]|\.\.|[.][ ][a-z]|https?", bare):
        return False
    if not words[0][0].isupper() and not words[0][0].isdigit() and len(words) > 1:
        return words[0].lower() in _PARTICLES and words[-1][0].isupper()
    return all(_is_name_word(word) for word in words[1:]) and not bare.replace(".", "").isdigit()


def _without_post(label: str) -> str:
    """ "Anna Wu" of "Anna Wu, head of transport"."""
    name, comma, _ = label.partition(",")
    return name if comma and " " in name.strip() else label


def _is_name_word(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or word.lower().strip(".") in _PARTICLES


@lru_cache(maxsize=8_192)
def is_field(label: str) -> bool:
    """Whether a label heads a part of the file: "Date", "Editor's note", "Media contact"."""
    words = [word.lower().strip(".").removesuffix("'s").removesuffix("’s") for word in _WORD.findall(label)]
    return bool(words) and all(word in _FIELDS or word in _PARTICLES for word in words)


@lru_cache(maxsize=8_192)
def is_role(label: str) -> bool:
    """Whether a label is a role in an interview and no name."""
    return bare_label(label) in _ROLES


@lru_cache(maxsize=8_192)
def reads_as_name(label: str) -> bool:
    """Whether a label is a name, or a stand-in for one, even where it comes once."""
    bare = _without_post(_BRACKETS.sub("", label).strip())
    words = _WORD.findall(bare)
    if not words or is_field(label) or words[0].islower():
        return False
    if names_nobody(label) or _IDENTIFIER.fullmatch(bare):
        return True
    lowered = [word.lower().strip(".") for word in words]
    if lowered[0] in TITLES and len(words) > 1:
        return True
    if not all(word[0].isupper() or word.lower() in _PARTICLES for word in words):
        return False
    known = [is_known_word(word) for word in lowered]
    if len(words) == 1:
        return not known[0] or read_given_name(bare.title()) is not None
    return not all(known) or read_given_name(words[0].title()) is not None or is_surname(words[-1].title())


def choose_labels(candidates: Iterable[str]) -> frozenset[str]:
    """Which of the candidates of a file are labels of speakers, in the form of `bare_label`."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for label in candidates:
        bare = bare_label(label)
        counts[bare] += 1
        written.setdefault(bare, label)
    chosen = set()
    for bare, count in counts.items():
        label = written[bare]
        if not bare or is_field(label):
            continue
        needed = 1 if reads_as_name(label) else 2
        if count >= needed and could_be_label(label):
            chosen.add(bare)
    return frozenset(chosen)


def asks(label: str | None) -> bool:
    """Whether a label says that its speaker asks: "Q", "Interviewer", "REPORTER 2"."""
    return label is not None and _first_word(label) in _ASKING and names_nobody(label)


def answers(label: str | None) -> bool:
    """Whether a label says that its speaker answers: "A", "Interviewee"."""
    return label is not None and _first_word(label) in _ANSWERING and names_nobody(label)


def _first_word(label: str) -> str:
    words = _WORD.findall(label)
    return words[0].lower().strip(".") if words else ""
