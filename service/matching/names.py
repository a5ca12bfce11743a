"""Whether two names are one speaker's, as people use names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Agreement = Literal["same", "compatible", "different", "unknown"]

_TITLES: Final = frozenset(
    """
    mr mrs ms miss mister dr doctor prof professor sir dame lord lady president vice deputy acting former ex
    premier prime minister chancellor secretary senator sen representative rep congressman congresswoman governor
    gov mayor judge justice general gen colonel col major captain capt lieutenant lt sergeant admiral ambassador
    envoy chairman chairwoman chair chairperson speaker king queen prince princess pope father sister reverend rev
    bishop archbishop cardinal rabbi imam sheikh ayatollah director chief executive officer ceo attorney
    commissioner minister foreign finance defence defense interior state press spokesman spokeswoman spokesperson
    leader head candidate the of for us u.s. american russian chinese ukrainian british french german
    """.split()
)
_SUFFIXES: Final = frozenset("jr sr ii iii iv esq phd md mp mep kc qc obe".split())
_PARTICLES: Final = frozenset("de del della di da dos la le van von der den ter bin ibn al el abu st san".split())
_NICKNAMES: Final = tuple(
    frozenset(group.split())
    for group in """
    robert bob rob bobby robbie bert
    william bill will billy willie liam
    james jim jimmy jamie
    michael mike mick mickey
    joseph joe joey
    john jack johnny jon
    richard dick rick ricky rich
    edward ed eddie ted teddy ned
    theodore ted teddy theo
    thomas tom tommy
    charles charlie chuck chas
    donald don donnie
    ronald ron ronnie
    kenneth ken kenny
    daniel dan danny
    david dave davey
    stephen steve steven stevie
    anthony tony
    andrew andy drew
    albert al bert
    alan al allan allen
    alexander alex sasha sandy
    alfred al fred
    frederick fred freddie
    samuel sam sammy
    benjamin ben benny
    matthew matt
    patrick pat paddy
    peter pete
    paul paulie
    philip phil phillip
    gregory greg
    gerald gerry jerry
    jeffrey jeff geoffrey geoff
    jonathan jon
    lawrence larry laurence
    leonard len lenny leo
    nicholas nick nicky
    raymond ray
    timothy tim
    walter walt
    vincent vince
    henry harry hank
    harold harry hal
    george georgie
    christopher chris kit
    nathan nat nathaniel
    zachary zach
    joshua josh
    bernard bernie
    mitchell mitch
    francis frank
    franklin frank
    eugene gene
    vladimir volodya vova
    dmitry dmitri dima dmitriy
    volodymyr vladimir
    sergei sergey
    yuri yury
    elizabeth liz beth betty eliza lizzie
    margaret maggie meg peggy
    katherine kate kathy katie catherine cathy kathleen kat
    susan sue susie suzanne
    deborah debbie deb debra
    barbara barb barbie
    patricia pat patty tricia
    jennifer jen jenny
    jacqueline jackie
    victoria vicky
    rebecca becky
    christine chris tina christina
    pamela pam
    cynthia cindy
    judith judy
    madeleine maddie
    alexandra alex sandra
    nancy ann
    mohammed muhammad mohamed mohammad
    hussein husayn hussain
    """.strip().splitlines()
)
_OFFICE_WORDS: Final = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|press (?:secretary|office|service)|office|ministry|department"
    r"|administration|government|campaign|aides?|advisers?|advisors?|team|staff|lawyers?|attorneys?|kremlin"
    r"|white house|downing street|embassy|officials?|allies|delegation)\b"
)
_STOP: Final = frozenset("a an the of for to and in at on from by s".split())


@dataclass(frozen=True, slots=True)
class _Name:
    given: tuple[str, ...]
    surname: str
    suffix: frozenset[str]
    folded: str


def names_agree(a: str, b: str) -> bool:
    """Whether two names can be one speaker's: "Joe R Biden", "Biden" and "President Joseph R. Biden Jr." can."""
    return compare_names(a, b) == "same"


@lru_cache(maxsize=16_384)
def compare_names(a: str, b: str) -> Agreement:
    """`same`; `compatible` where one speaks for the other; `different`; `unknown` where a name says nothing."""
    first, second = _parse(a), _parse(b)
    if not first.folded or not second.folded:
        return "unknown"
    if first.folded == second.folded:
        return "same"
    if _are_one_person(first, second):
        return "same"
    return "compatible" if _speaks_for(first, second) else "different"


@lru_cache(maxsize=16_384)
def _parse(name: str) -> _Name:
    folded = _fold(name)
    words = folded.split()
    suffix = frozenset(word for word in words if word in _SUFFIXES)
    person = [word for word in words if word not in _SUFFIXES]
    while len(person) > 1 and person[0] in _TITLES:
        person.pop(0)
    person = _split_initials(person)
    if not person:
        return _Name((), "", suffix, folded)
    start = len(person) - 1
    while start > 0 and person[start - 1] in _PARTICLES:
        start -= 1
    return _Name(tuple(person[:start]), " ".join(person[start:]), suffix, folded)


def _fold(name: str) -> str:
    """Lower case, no diacritics, no punctuation; "Biden, Joe" turned around."""
    name = name[:200]
    family, comma, rest = name.partition(",")
    if comma and len(family.split()) == 1 and rest.split() and rest.split()[0].rstrip(".").lower() not in _SUFFIXES:
        name = f"{rest} {family}"
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(ch for ch in letters if not unicodedata.combining(ch))
    kept = kept.translate(_LETTERS)
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"['’`]s\b|['’`]", _drop_possessive, kept)).split())


_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def _drop_possessive(match: re.Match[str]) -> str:
    return " " if match[0].endswith("s") else ""


def _split_initials(words: list[str]) -> list[str]:
    """"HW" before a surname is two initials; "Al" and "Jo" are names and hold a vowel."""
    split: list[str] = []
    for at, word in enumerate(words):
        if 1 < len(word) <= 3 and at < len(words) - 1 and not set(word) & set("aeiouy"):
            split.extend(word)
        else:
            split.append(word)
    return split


def _are_one_person(a: _Name, b: _Name) -> bool:
    if a.suffix & {"jr", "sr", "ii", "iii", "iv"} and b.suffix & {"jr", "sr", "ii", "iii", "iv"}:
        if not a.suffix & b.suffix:
            return False
    if not _surnames_agree(a, b):
        return False
    if not a.given or not b.given:
        return True
    if not _given_agree(a.given[0], b.given[0]) and not _one_goes_by_middle_name(a.given, b.given):
        return False
    return _middles_agree(a.given[1:], b.given[1:]) or _one_goes_by_middle_name(a.given, b.given)


def _surnames_agree(a: _Name, b: _Name) -> bool:
    if a.surname == b.surname:
        return True
    # "van Buren" and "Buren"; "García Márquez" and "García Márquez Gabriel" are left to aliases.
    last_a, last_b = a.surname.split()[-1:], b.surname.split()[-1:]
    return last_a == last_b and bool(last_a)


def _given_agree(a: str, b: str) -> bool:
    if a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b)):
        return True
    return any(a in group and b in group for group in _NICKNAMES)


def _one_goes_by_middle_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """"W Mitt Romney" is "Mitt Romney", "H Ross Perot" is "Ross Perot"."""
    for full, short in ((a, b), (b, a)):
        if len(full) > 1 and len(short) >= 1 and _given_agree(full[1], short[0]) and len(short[0]) > 1:
            return True
    return False


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Middle names agree where one is missing or each pair does: "W" and "HW" do not."""
    if not a or not b:
        return True
    return len(a) == len(b) and all(_given_agree(x, y) for x, y in zip(a, b, strict=True))


def _speaks_for(a: _Name, b: _Name) -> bool:
    """Whether one is an office, ministry or spokesperson of the other: they share a telling word."""
    for office, other in ((a, b), (b, a)):
        if not _OFFICE_WORDS.search(office.folded):
            continue
        telling = {w for w in office.folded.split() if w not in _STOP and not _OFFICE_WORDS.fullmatch(w)}
        if other.surname and set(other.surname.split()) & telling:
            return True
        if _OFFICE_WORDS.search(other.folded) and telling & set(other.folded.split()) - _TITLES:
            return True
    return _same_institution(a, b)


_INSTITUTIONS: Final = frozenset("foreign finance defence defense interior justice treasury state health energy".split())


def _same_institution(a: _Name, b: _Name) -> bool:
    """"The Foreign Ministry" and "Foreign Minister Wang Yi"."""
    for office, other in ((a, b), (b, a)):
        if re.search(r"\b(?:ministry|department)\b", office.folded) and re.search(
            r"\b(?:minister|secretary)\b", other.folded
        ):
            return bool(set(office.folded.split()) & set(other.folded.split()) & _INSTITUTIONS)
    return False
