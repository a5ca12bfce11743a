"""Whether two names are one speaker's, as people use names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from service.english.word_classes import LINKING_WORDS, word_set
from service.names.given_names import read_given_name
from service.names.name_parts import (
    FAMILY_NAMES_FIRST,
    GENERATIONS,
    IBERIAN_GIVEN_NAMES,
    INSTITUTIONS,
    KNOWN_INITIALS,
    NICKNAMES,
    PARTICLES,
    ROLES,
    SUFFIXES,
    TITLES,
)
from service.names.nations import NATIONALITIES
from service.names.transcript_labels import clean_label, names_nobody
from service.names.transliteration import are_similar, are_spellings_of_one, sound_key

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


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a name is made of; every word is folded: lower case, no marks."""

    given: tuple[str, ...]
    surname: str
    suffix: frozenset[str]
    role: frozenset[str]  # what stands before the name: "kremlin spokesman"
    folded: str
    words: tuple[str, ...] = ()  # the name's own words in order, without role and suffix


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
    if names_nobody(a) or names_nobody(b):
        return "unknown"
    return _compare_parts(first, second)


def _compare_parts(first: NameParts, second: NameParts) -> Agreement:
    if _are_one_person(first, second):
        return "same"
    if _speaks_for(first, second):
        return "compatible"
    # An office may or may not speak for a person whom it does not name: no ground to say that it does not.
    if _names_nobody(first) or _names_nobody(second) or _may_be_one_person(first, second):
        return "unknown"
    return "different"


@lru_cache(maxsize=16_384)
def surname_keys(name: str) -> tuple[str, ...]:
    """Folded surnames under which a speaker may be stored, the likeliest first; () for who names nobody.

    Two names that `compare_names` calls the same share one, except nicknames and initials standing alone.
    """
    if names_nobody(name):
        return ()
    parts = read_name(name)
    if not parts.words:
        return ()
    pieces = [
        parts.words[-1],
        *(word for word in reversed(parts.words[1:-1]) if _may_be_surname(word, parts)),
    ]
    if not parts.given and parts.surname:
        pieces.append(parts.surname.split()[-1])
    if parts.words[0] in FAMILY_NAMES_FIRST:
        pieces.append(parts.words[0])
    return tuple(dict.fromkeys(sound_key(piece) if len(piece) > 3 else piece for piece in pieces))


def _may_be_surname(word: str, name: NameParts) -> bool:
    return len(word) > 2 and word not in PARTICLES and _ends_a_name(word, name.words)


def is_lone_surname(name: str) -> bool:
    """Whether a name is one word that several people may bear: "Hale", "Sen. Hale"."""
    parts = read_name(name)
    return len(parts.words) == 1 and not names_nobody(name)


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
    return NameParts(tuple(person[:start]), surname, suffix, frozenset(role), folded, tuple(person))


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
    name = clean_label(name)
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
        is_short = 1 < len(word) <= 3 and at < len(words) - 1 and word not in PARTICLES
        if is_short and not set(word) & set("aeiouy"):
            split.extend(word)
        else:
            split.append(word)
    return split


def _are_one_person(a: NameParts, b: NameParts) -> bool:
    if _are_generations_apart(a, b):
        return False
    if _share_double_surname(a, b) or _are_initials(a, b) or _are_initials(b, a):
        return True
    if not _surnames_agree(a, b):
        return False
    if not a.given or not b.given:
        return True
    if not _given_agree(a.given[0], b.given[0]) and not _one_goes_by_middle_name(a.given, b.given):
        return False
    return _middles_agree(a.given[1:], b.given[1:]) or _one_goes_by_middle_name(a.given, b.given)


def _are_generations_apart(a: NameParts, b: NameParts) -> bool:
    """Whether both names say which generation they mean, and not the same."""
    first, second = a.suffix & GENERATIONS, b.suffix & GENERATIONS
    return bool(first and second and not first & second)


def _surnames_agree(a: NameParts, b: NameParts) -> bool:
    if a.surname == b.surname:
        return True
    last_a, last_b = a.surname.split()[-1:], b.surname.split()[-1:]
    if last_a == last_b and last_a:  # "von der Leyen" and "Leyen"
        return True
    if are_spellings_of_one(a.surname, b.surname):
        return True
    return _is_family_name_first(a, b) or _is_family_name_first(b, a)


def _is_family_name_first(short: NameParts, full: NameParts) -> bool:
    """ "President Xi" is Xi Jinping."""
    return (
        not short.given
        and short.words[-1:] == full.given[:1]
        and full.given[:1] != ()
        and (full.given[0] in FAMILY_NAMES_FIRST)
    )


def _given_agree(a: str, b: str) -> bool:
    if a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b)):
        return True
    if any(a in group and b in group for group in NICKNAMES):
        return True
    return are_spellings_of_one(a, b)


def _one_goes_by_middle_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """ "W Mitt Romney" is "Mitt Romney", "H Ross Perot" is "Ross Perot"."""
    for full, short in ((a, b), (b, a)):
        if len(full) > 1 and len(short) >= 1 and _given_agree(full[1], short[0]) and len(short[0]) > 1:
            return True
    return False


def _share_double_surname(a: NameParts, b: NameParts) -> bool:
    """ "Pedro Sánchez" is Pedro Sánchez Pérez-Castejón, "García Márquez" is Gabriel García Márquez.

    The shorter name begins or ends the longer one. A last word that is a given name ends no name: Martin
    Luther is not Martin Luther King.
    """
    short, full = sorted((a.words, b.words), key=len)
    if not short or len(short) == len(full):
        return False
    if short[-1] in PARTICLES or short[0] in PARTICLES:
        return False
    if len(short) == 1:  # one of two surnames alone: "Sánchez"
        middle = full[1:-1]
        return len(short[0]) > 2 and short[0] in middle and _ends_a_name(short[0], full)
    if short == full[-len(short) :]:
        return True
    if not _given_agree(short[0], full[0]) or len(short[-1]) < 2 or not _ends_a_name(short[-1], full):
        return False
    # "Andrés López" is Andrés Manuel López Obrador: there the first surname is the telling one.
    first_surname = len(short) == 2 and _is_iberian(full) and short[1] in full[1:]
    return short[1:] == full[1 : len(short)] or first_surname


def _ends_a_name(word: str, full: tuple[str, ...]) -> bool:
    """Whether a middle word of a full name is a surname: of a Spanish or Portuguese name any is."""
    return word not in IBERIAN_GIVEN_NAMES if _is_iberian(full) else read_given_name(word) is None


def _is_iberian(full: tuple[str, ...]) -> bool:
    return full[0] in IBERIAN_GIVEN_NAMES or any(_IBERIAN_SURNAME.search(each) for each in full[1:])


_IBERIAN_SURNAME: Final = re.compile(r"(?<=\w{2})(?:[aeio]z|eir[ao]|inho|oso)$")


def _are_initials(short: NameParts, full: NameParts) -> bool:
    """ "RFK Jr." is Robert F. Kennedy Jr."""
    initials = short.folded.split()[0] if short.folded else ""
    if len(short.words) not in (1, 3) or not 3 <= len(initials) <= 4 or len(full.words) < 2:
        return False
    if initials not in KNOWN_INITIALS and not (short.suffix & full.suffix & GENERATIONS):
        return False
    if len(full.words) == len(initials):
        return all(word.startswith(letter) for word, letter in zip(full.words, initials, strict=True))
    return len(full.words) == 2 and full.words[0][0] + full.words[1][0] == initials[0] + initials[-1]


def _may_be_one_person(a: NameParts, b: NameParts) -> bool:
    """Whether two names that do not agree are too near to call different: a slip, a middle name, initials."""
    if _are_generations_apart(a, b) or not a.words or not b.words:
        return False
    short, full = sorted((a.words, b.words), key=len)
    if len(short) < len(full) and set(short) < set(full) and all(len(word) > 2 for word in short):
        return True
    if a.given and b.given:
        first, second = a.given[0], b.given[0]
        if not _given_agree(first, second):
            return a.surname == b.surname and are_similar(first, second)
    # Where the surnames agree, what differs are middle names: the two Presidents Bush.
    return a.surname != b.surname and are_similar(a.surname, b.surname)


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Middle names agree where one is missing or each pair does: "W" and "HW" do not."""
    if not a or not b:
        return True
    return len(a) == len(b) and all(_given_agree(x, y) for x, y in zip(a, b, strict=True))


def _speaks_for(a: NameParts, b: NameParts) -> bool:
    """Whether one is an office, ministry or spokesperson of the other: they share a telling word."""
    if _are_nations_apart(a, b):
        return False
    for office, other in ((a, b), (b, a)):
        if not _OFFICE_WORDS.search(office.folded):
            continue
        telling = {w for w in office.folded.split() if w not in LINKING_WORDS and not _GENERIC.fullmatch(w)}
        if other.surname and set(other.surname.split()) & telling:
            return True
        if other.role and telling & other.role - TITLES:
            return True
        if _OFFICE_WORDS.search(other.folded) and telling & set(other.folded.split()) - TITLES:
            return True
    return _same_institution(a, b)


def _same_institution(a: NameParts, b: NameParts) -> bool:
    """ "The Foreign Ministry" and "Foreign Minister Wang Yi"."""
    for office, other in ((a, b), (b, a)):
        words, others = set(office.folded.split()), set(other.folded.split())
        if words & _MINISTRIES and others & (_MINISTRIES | _MINISTERS):
            return bool(words & others & INSTITUTIONS)
    return False


_NATIONS: Final = {**NATIONALITIES, "us": "us"}
_MINISTRIES: Final = word_set("ministry department")
_MINISTERS: Final = word_set("minister secretary")


def _are_nations_apart(a: NameParts, b: NameParts) -> bool:
    """Whether both names say which nation they mean, and not the same: two foreign ministries."""
    first, second = ({_NATIONS[word] for word in name.folded.split() if word in _NATIONS} for name in (a, b))
    return bool(first and second and not first & second)
