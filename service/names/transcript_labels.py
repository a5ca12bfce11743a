"""Speakers as transcripts label them: "SEN. TOMAS HALE (R-VT)", "JOE LHOTA, MTA CHAIRMAN", "MODERATOR".

`clean_label` leaves the name with the titles before it; `names_nobody` tells the labels that name no person.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from service.english.word_classes import word_set
from service.english.word_frequency import is_known_word
from service.english.word_lists import read_word_lists
from service.names.given_names import read_given_name
from service.names.name_parts import COURTESY_TITLES, GENERATIONS, PERSONAL_SURNAMES, ROLES, SUFFIXES, TITLES

_LISTS: Final = read_word_lists("service.names", "transcript_labels.txt")

LONGEST: Final = 200  # code points of a label that are read

# Parties, constituencies and notes: (R-VT), (voice-over), [ph], (through interpreter), (Lindvik) (Lab).
_BRACKETS: Final = re.compile(r" ?(?:\([^()]*\)?|\[[^\[\]]*\]?)")
_IN_BRACKETS: Final = re.compile(r"\(([^()]+)\)")
_NICKNAME: Final = re.compile(r"\s[\"“”][^\"“”]{1,30}[\"“”](?=\s)")
_INTERPRETED: Final = re.compile(
    r",? (?:speaking )?(?:through|via|by) (?:(?:an?|the|his|her|their) )?"
    r"(?:interpreter|translator|translation|interpretation)\b.*$"
    r"|,? (?:in|as) (?:voice[- ]?over|translated)\b.*$",
    re.IGNORECASE,
)
_AFTER_DASH: Final = re.compile(r" [-–—|/]{1,3} .*$| ?[:;].*$| ?[-–—]{1,3}$", re.DOTALL)
_PARTY: Final = re.compile(
    r"[A-Z]{1,4}[-–/][A-Z][A-Za-z.]{0,5}\.?|(?i:r|d|i|lab|con|ld|ind|dem|rep|snp|dup|pc)\.?"
)
_WORDS: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|\d+")

# A label made of nothing but these words, numbers and single letters names nobody.
_GENERIC: Final = _LISTS["generic"]
_UNIDENTIFIED: Final = word_set("unidentified unknown unnamed unidentifiable anonymous inaudible")
_CASTING: Final = _LISTS["roles_in_a_recording"]


@lru_cache(maxsize=16_384)
def clean_label(label: str) -> str:
    """A label without parties, constituencies, posts after the name and notes of the transcriber.

    Titles before the name stay. Idempotent; "" only for what has no word.
    """
    text = " ".join(label[:LONGEST].split())
    bare = _cut_notes(_BRACKETS.sub(" ", text))
    if "(" in text and _has_only_roles(bare):  # "The Minister for Health (Anna Wu)"
        named = (inner.strip() for inner in _IN_BRACKETS.findall(text))
        bare = next((inner for inner in named if _is_full_name(inner)), bare)
    return bare or _cut_notes(text.strip("()[] ")) or text.strip()


def _cut_notes(text: str) -> str:
    text = _NICKNAME.sub(" ", _INTERPRETED.sub("", f" {' '.join(text.split())} "))
    text = _AFTER_DASH.sub("", text.strip()).strip(" ,.*>#") + _closing_dot(text)
    return " ".join(_cut_constituency(_cut_post(text)).split())


def _closing_dot(text: str) -> str:
    """The full stop of a final "Jr." or initial."""
    stripped = text.strip(" ,*>#")
    return "." if re.search(r"\b(?:[A-Za-z]|Jr|Sr|jr|sr|JR|SR|Esq)\.$", stripped) else ""


def _cut_post(text: str) -> str:
    """What a comma sets off after a name: a post, a party; not the given name of "Biden, Joe"."""
    before, comma, after = text.partition(",")
    if not comma:
        return text
    names = [word for word in _lower_words(before) if word not in TITLES]
    rest = _lower_words(after)
    if not rest:
        return before
    if rest[0] in GENERATIONS:
        return f"{before}, {after.split(',')[0].strip()}"
    if rest[0] in SUFFIXES:  # "Anna Wu, M.D., director"
        return before
    if len(names) != 1 or not _could_be_given(after):
        return before
    return text


def _could_be_given(after: str) -> bool:
    """Whether what follows a surname and a comma can be given names: "Biden, Joe"; not "KRAL, ENGINEER"."""
    words = _lower_words(after)
    is_party = _PARTY.fullmatch(after.strip()) is not None
    if not words or len(words) > 3 or is_party:
        return False
    if any(word in ROLES or word in _GENERIC - {"a"} for word in words):
        return False
    return read_given_name(words[0]) is not None or (len(words) == 1 and not is_known_word(words[0]))


def _cut_constituency(text: str) -> str:
    """ "Mr. HALE of Vermont" is Mr. Hale; "President of France Emmanuel Macron" stays."""
    words = text.split()
    lowered = [word.strip(".,").lower() for word in words]
    if "of" not in lowered or lowered[0] not in COURTESY_TITLES:
        return text
    at = lowered.index("of")
    has_name = any(word not in TITLES and word not in _GENERIC for word in lowered[:at])
    return " ".join(words[:at]) if has_name else text


def _lower_words(text: str) -> list[str]:
    return [word.replace(".", "").lower() for word in _WORDS.findall(text)]


def _has_only_roles(text: str) -> bool:
    words = _lower_words(text)
    return words[:1] == ["the"] or all(word in TITLES or word in _GENERIC for word in words[-1:])


def _is_full_name(text: str) -> bool:
    words = [word for word in _WORDS.findall(text) if word.replace(".", "").lower() not in TITLES]
    return 2 <= len(words) <= 5 and all(word[0].isupper() for word in words) and not names_nobody(text)


@lru_cache(maxsize=16_384)
def names_nobody(label: str) -> bool:
    """Whether a label names no person and no body: "Q", "UNIDENTIFIED MALE", "Speaker 1", "MODERATOR"."""
    words = _lower_words(_BRACKETS.sub(" ", label[:LONGEST]))
    if not words or words[0] in _UNIDENTIFIED:
        return True
    if words[0] == "the" and len(words) > 1:
        words = words[1:]
    if len(words) > 1 and words[-1] in PERSONAL_SURNAMES and words[0] in COURTESY_TITLES:
        return False  # "Mr. King", "Senator Bishop"
    if len(words) == 2 and words[0] in _CASTING and (len(words[1]) == 1 or words[1].isdigit()):
        return True
    return all(word in _GENERIC or word in COURTESY_TITLES or word.isdigit() for word in words)
