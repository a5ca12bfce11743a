"""Keys by which known people are found: names, surnames, roles and identifiers, and search words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from service.names.comparison import NameParts, read_name
from service.names.given_names import Gender, read_given_name
from service.names.name_parts import FAMILY_NAMES_FIRST, FEMALE_TITLES, GENERATIONS, MALE_TITLES
from service.people.person import Person
from service.people.roles import RoleWords, read_role, role_key

LONGEST_MENTION: Final = 200  # code points; longer ones name nobody
MOST_WORDS: Final = 60  # of a person that a search finds it by
_MALE: Final = MALE_TITLES | {"chairman", "spokesman"}
_FEMALE: Final = FEMALE_TITLES | {"mother", "chairwoman", "spokeswoman"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as somebody wrote it, with what stands before it."""

    parts: NameParts
    role: RoleWords
    gender: Gender  # that a title tells of
    generation: frozenset[str]

    @property
    def is_surname_only(self) -> bool:
        """Whether one word is all there is of a name."""
        return not self.parts.given and len(self.parts.surname.split()) == 1

    @property
    def key(self) -> str:
        """The name itself, without titles and suffixes."""
        return bare_name(self.parts)


@lru_cache(maxsize=16_384)
def read_mention(text: str) -> Mention:
    """A mention such as "former U.S. Sen. John Smith Jr.", taken apart."""
    parts = read_name(text[:LONGEST_MENTION])
    words = parts.folded.split()
    end = 0
    while end < len(words) and words[end] in parts.role:
        end += 1
    before = words[:end]
    gender: Gender = "open"
    if _MALE.intersection(before) != _FEMALE.intersection(before):
        gender = "male" if _MALE.intersection(before) else "female"
    return Mention(parts, read_role(" ".join(before)), gender, parts.suffix & GENERATIONS)


def bare_name(parts: NameParts) -> str:
    """A name without titles and suffixes."""
    return " ".join((*parts.given, *parts.surname.split()))


def gender_of(person: Person) -> Gender:
    """The gender of a person's given names, if they agree; else "open"."""
    genders = set[Gender]()
    for name in person.names:
        given = read_mention(name).parts.given
        found = read_given_name(given[0]) if given else None
        if found is not None and found.votes == 2:
            genders.add(found.gender)
    return genders.pop() if len(genders) == 1 else "open"


def hash_key(kind: str, text: str) -> int:
    """A key as the signed 64-bit number that is stored."""
    digest = hashlib.blake2b(f"{kind}:{text}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def name_keys(name: str) -> Iterator[int]:
    """The keys by which a known person of that name is found: the whole name, and the surname."""
    mention = read_mention(name)
    yield hash_key("n", mention.parts.folded)
    if mention.key:
        yield hash_key("n", mention.key)
        yield hash_key("s", mention.parts.surname.split()[-1])
    if mention.parts.given and mention.parts.given[0] in FAMILY_NAMES_FIRST:
        yield hash_key("s", mention.parts.given[0])


def wikidata_key(wikidata: str) -> int:
    """The key of a Wikidata id."""
    return hash_key("w", wikidata)


def person_keys(person: Person) -> frozenset[int]:
    """All keys of a known person."""
    keys = {key for name in person.names for key in name_keys(name)}
    keys |= {hash_key("r", key) for role in person.roles if (key := role_key(role.title))}
    if person.wikidata:
        keys.add(wikidata_key(person.wikidata))
    return frozenset(keys)


def exact_keys(mention: str) -> frozenset[int]:
    """The keys of those who bear exactly this name, or hold exactly this role."""
    read = read_mention(mention)
    keys = {hash_key("n", read.parts.folded)}
    if read.key:
        keys.add(hash_key("n", read.key))
    if role := role_key(mention):
        keys.add(hash_key("r", role))
    return frozenset(keys)


def surname_keys(mention: str) -> frozenset[int]:
    """The key of those who share the last word of the name."""
    read = read_mention(mention)
    return frozenset({hash_key("s", read.parts.surname.split()[-1])} if read.key else ())


def search_words(person: Person) -> frozenset[str]:
    """The words of names and roles by which a search finds a person."""
    texts: Iterable[str] = (*person.names, *(role.title for role in person.roles))
    words = dict.fromkeys(word[:64] for text in texts for word in split_search(text))
    return frozenset(list(words)[:MOST_WORDS])


def split_search(text: str) -> list[str]:
    """The words of a search, folded as names are; titles and suffixes count as any word."""
    return [word for word in read_name(text[:LONGEST_MENTION]).folded.split() if word not in {"the", "of"}]
