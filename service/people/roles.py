"""Roles as people write them, "U.S. Sen." or "Senator from Illinois", and whether one is the other."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from service.english.word_classes import LINKING_WORDS, PAST_HOLDERS, POSSESSIVES
from service.english.word_lists import read_word_lists, read_word_pairs
from service.extraction.speakers import DatedRole
from service.names.name_parts import FORMS_OF_ADDRESS
from service.names.nations import COUNTRIES, NATIONALITIES

Standing = Literal["holds", "held", "not_yet", "never"]

_WORDS: Final = read_word_lists("service.people", "roles.txt")
_SMALL_WORDS: Final = LINKING_WORDS | POSSESSIVES | {"then"}
_PAST: Final = PAST_HOLDERS | _WORDS["past"]
_COURTESY: Final = FORMS_OF_ADDRESS | {"mx", "honorable", "rt"}
#: Words without which a role is another one: a vice president is no president.
_DEPUTIES: Final = _WORDS["deputies"]
_ABBREVIATED: Final = read_word_pairs("service.people", "role_abbreviations.txt")["roles"]
_COUNTRIES: Final = {**NATIONALITIES, **COUNTRIES}
_JOINED: Final = (
    (re.compile(r"\bunited states(?: of america)?\b|\bu s(?: a)?\b"), "us"),
    (re.compile(r"\bunited kingdom\b|\bgreat britain\b|\bu k\b"), "uk"),
    (re.compile(r"\brussian federation\b"), "russia"),
    (re.compile(r"\bsaudi arabia\b"), "saudi"),
    (re.compile(r"\bchief executive officer\b"), "chief executive"),
)
#: Offices that one does not hold beside each other: who is senator today is no mayor.
OFFICES: Final = _WORDS["offices"]


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role's specific words; `past` where it is said to be over ("former", "ex-")."""

    words: frozenset[str]
    past: bool = False

    @property
    def is_telling(self) -> bool:
        """Whether anything is left once courtesy titles are gone."""
        return bool(self.words)


@lru_cache(maxsize=16_384)
def read_role(text: str) -> RoleWords:
    """The specific words of a role."""
    folded = unicodedata.normalize("NFKD", text[:200].casefold())
    folded = "".join(ch for ch in folded if not unicodedata.combining(ch))
    folded = " ".join(re.sub(r"[^\w]+", " ", folded.replace("'s ", " ").replace("’s ", " ")).split())
    for pattern, joined in _JOINED:
        folded = pattern.sub(joined, folded)
    words: list[str] = []
    for word in folded.split():
        words += _ABBREVIATED.get(word, _COUNTRIES.get(word, word)).split()
    kept = frozenset(word for word in words if word not in _SMALL_WORDS | _PAST | _COURTESY)
    return RoleWords(kept, any(word in _PAST for word in words))


def role_key(text: str) -> str:
    """The same key for "the Russian president" and "President of Russia"; "" without specific words."""
    return " ".join(sorted(read_role(text).words))


def is_role(said: RoleWords, title: str) -> bool:
    """Whether what was said may mean the post with that title: it leaves out words, but no deputy's."""
    full = read_role(title).words
    return bool(said.words) and said.words <= full and not (full - said.words) & _DEPUTIES


def standing(said: RoleWords, roles: tuple[DatedRole, ...], on: date | None) -> Standing:
    """How a person's dated roles relate to a role in the text, on a day."""
    meant = [role for role in roles if is_role(said, role.title)]
    if not meant:
        return "never"
    if on is None:
        return "held" if said.past else "holds"
    if any(role.held_on(on) for role in meant) and not said.past:
        return "holds"
    begun = any(role.since is None or role.since <= on for role in meant)
    return "held" if begun else "not_yet"


def holds_any(roles: tuple[DatedRole, ...], on: date) -> bool:
    """Whether some dated post is held on the day."""
    return any((role.since or role.until) and role.held_on(on) for role in roles)


def holds_other_office(said: RoleWords, roles: tuple[DatedRole, ...], on: date | None) -> bool:
    """Whether a public office is held on the day that goes not together with the one said."""
    if on is None or said.past or not said.words & OFFICES:
        return False
    return any(
        (role.since or role.until)
        and role.held_on(on)
        and bool(read_role(role.title).words & OFFICES)
        and not is_role(said, role.title)
        for role in roles
    )
