"""Whether two names are one speaker's, as people use names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from service.english.word_classes import word_set
from service.names.name_parts import (
    FAMILY_NAMES_FIRST,
    INSTITUTIONS,
    NATIONALITIES,
    NICKNAMES,
    PARTICLES,
    ROLES,
    SUFFIXES,
    TITLES,
)

Agreement = Literal["same", "compatible", "different", "unknown"]

_OFFICE_WORDS: Final = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|press (?:secretary|office|service)|office|ministry|department"
    r"|administration|government|campaign|aides?|advisers?|advisors?|team|staff|lawyers?|attorneys?|kremlin"
    r"|white house|downing street|embassy|officials?|allies|delegation)\b"
)
# Offices that are names by themselves tell whose they are; these do not.
_GENERIC: Final = re.compile(
    r"spokes(?:man|woman|person|people)|press|secretary|service|office|ministry|department|administration"
    r"|government|campaign|aides?|advisers?|advisors?|team|staff|lawyers?|attorneys?|embassy|officials?|allies"
    r"|delegation"
)
_STOP: Final = word_set("a an the of for to and in at on from by s")


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a name is made of; every word is folded: lower case, no marks."""

    given: tuple[str, ...]
    surname: str
    suffix: frozenset[str]
    role: frozenset[str]  # what stands before the name: "kremlin spokesman"
    folded: str


def names_agree(a: str, b: str) -> bool:
    """Whether two names can be one speaker's, as "Joe R Biden" and "President Joseph R. Biden Jr." can."""
    return compare_names(a, b) == "same"


@lru_cache(maxsize=16_384)
def compare_names(a: str, b: str) -> Agreement:
    """How two names agree: `compatible` where one speaks for the other, `unknown` where one names nobody."""
    first, second = read_name(a), read_name(b)
    if not first.folded or not second.folded:
        return "unknown"
    if first.folded == second.folded:
        return "same"
    if _are_one_person(first, second):
        return "same"
    if _speaks_for(first, second):
        return "compatible"
    # An office may or may not speak for a person whom it does not name: no ground to say that it does not.
    return "unknown" if _names_nobody(first) or _names_nobody(second) else "different"


def _names_nobody(name: NameParts) -> bool:
    """Whether a name is only a role or an office: "the president", "White House officials"."""
    return not name.surname or (not name.role and bool(_OFFICE_WORDS.search(name.folded)))


@lru_cache(maxsize=16_384)
def read_name(name: str) -> NameParts:
    """A name taken apart, with or without titles, in any order that people write it."""
    folded = _fold(name)
    words = folded.split()
    suffix = frozenset(word for word in words if word in SUFFIXES)
    role, person = _split_role([word for word in words if word not in SUFFIXES])
    person = _split_initials(person)
    if not person:
        return NameParts((), "", suffix, frozenset(role), folded)
    start = len(person) - 1
    while start > 0 and person[start - 1] in PARTICLES:
        start -= 1
    surname = " ".join(_SURNAME_ENDING.sub("y", word) for word in person[start:])
    return NameParts(tuple(person[:start]), surname, suffix, frozenset(role), folded)


# Zelenskyy, Zelenskiy, Zelenskii: one ending, many ways to write it in Latin letters.
_SURNAME_ENDING: Final = re.compile(r"(?<=\w{3})(?:yy|iy|ii|yi|ij|i)$")


def _split_role(words: list[str]) -> tuple[list[str], list[str]]:
    """(role, name): "Federal Reserve Chair Jerome Powell" ends its role with the last word that is one.

    The last word of all is a name: Martin Luther King was none.
    """
    end = max((at + 1 for at, word in enumerate(words[:-1]) if word in ROLES), default=0)
    if words[end : end + 1] in (["for"], ["to"]):  # "a spokesman for John Kerry" is not John Kerry
        return words, []
    if end and words[end : end + 1] == ["of"]:  # "President of France Emmanuel Macron"
        end += 3 if words[end + 1 : end + 2] == ["the"] else 2
    while end < len(words) and words[end] in TITLES:
        end += 1
    return words[:end], words[end:]


def _fold(name: str) -> str:
    """Lower case, no diacritics, no punctuation; "Biden, Joe" turned around."""
    name = name[:200]
    family, comma, rest = name.partition(",")
    if (
        comma
        and len(family.split()) == 1
        and rest.split()
        and rest.split()[0].rstrip(".").lower() not in SUFFIXES
    ):
        name = f"{rest} {family}"
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(ch for ch in letters if not unicodedata.combining(ch))
    kept = kept.translate(_LETTERS)
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"['’`]s\b|['’`]", _drop_possessive, kept)).split())


_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


def _drop_possessive(match: re.Match[str]) -> str:
    return " " if match[0].endswith("s") else ""


def _split_initials(words: list[str]) -> list[str]:
    """ "HW" before a surname is two initials; "Al" and "Jo" are names and hold a vowel."""
    split: list[str] = []
    for at, word in enumerate(words):
        if 1 < len(word) <= 3 and at < len(words) - 1 and not set(word) & set("aeiouy"):
            split.extend(word)
        else:
            split.append(word)
    return split


def _are_one_person(a: NameParts, b: NameParts) -> bool:
    if _are_generations_apart(a, b) or not _surnames_agree(a, b):
        return False
    if not a.given or not b.given:
        return True
    if not _given_agree(a.given[0], b.given[0]) and not _one_goes_by_middle_name(a.given, b.given):
        return False
    return _middles_agree(a.given[1:], b.given[1:]) or _one_goes_by_middle_name(a.given, b.given)


_GENERATIONS: Final = word_set("jr sr ii iii iv")


def _are_generations_apart(a: NameParts, b: NameParts) -> bool:
    """Whether both names say which generation they mean, and not the same."""
    first, second = a.suffix & _GENERATIONS, b.suffix & _GENERATIONS
    return bool(first and second and not first & second)


def _surnames_agree(a: NameParts, b: NameParts) -> bool:
    if a.surname == b.surname:
        return True
    last_a, last_b = a.surname.split()[-1:], b.surname.split()[-1:]
    if last_a == last_b and last_a:  # "von der Leyen" and "Leyen"
        return True
    return _is_family_name_first(a, b) or _is_family_name_first(b, a)


def _is_family_name_first(short: NameParts, full: NameParts) -> bool:
    """ "President Xi" is Xi Jinping."""
    return not short.given and short.surname in FAMILY_NAMES_FIRST and full.given[:1] == (short.surname,)


def _given_agree(a: str, b: str) -> bool:
    if a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b)):
        return True
    return any(a in group and b in group for group in NICKNAMES)


def _one_goes_by_middle_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """ "W Mitt Romney" is "Mitt Romney", "H Ross Perot" is "Ross Perot"."""
    for full, short in ((a, b), (b, a)):
        if len(full) > 1 and len(short) >= 1 and _given_agree(full[1], short[0]) and len(short[0]) > 1:
            return True
    return False


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Middle names agree where one is missing or each pair does: "W" and "HW" do not."""
    if not a or not b:
        return True
    return len(a) == len(b) and all(_given_agree(x, y) for x, y in zip(a, b, strict=True))


def _speaks_for(a: NameParts, b: NameParts) -> bool:
    """Whether one is an office, ministry or spokesperson of the other: they share a telling word."""
    for office, other in ((a, b), (b, a)):
        if not _OFFICE_WORDS.search(office.folded):
            continue
        telling = {w for w in office.folded.split() if w not in _STOP and not _GENERIC.fullmatch(w)}
        if other.surname and set(other.surname.split()) & telling:
            return True
        if other.role and telling & other.role - TITLES:
            return True
        if _OFFICE_WORDS.search(other.folded) and telling & set(other.folded.split()) - TITLES:
            return True
    return _same_institution(a, b)


def _same_institution(a: NameParts, b: NameParts) -> bool:
    """ "The Foreign Ministry" and "Foreign Minister Wang Yi", unless of two countries."""
    for office, other in ((a, b), (b, a)):
        words, others = set(office.folded.split()), set(other.folded.split())
        nations, other_nations = words & NATIONALITIES, others & NATIONALITIES
        if nations and other_nations and not nations & other_nations:
            return False
        if words & _MINISTRIES and others & (_MINISTRIES | _MINISTERS):
            return bool(words & others & INSTITUTIONS)
    return False


_MINISTRIES: Final = word_set("ministry department")
_MINISTERS: Final = word_set("minister secretary")
