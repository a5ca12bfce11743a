"""Resolution of a name on a day: the known person that it refers to, or None, and why.

Three questions in turn, each able to end it. Who bears the name (and whose title, generation or role rules
them out)? Who of them fits best: role before name before office held on the day? Is that one alone?
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from service.names.comparison import names_agree
from service.people.naming import Mention, bare_name, gender_of, read_mention
from service.people.person import KnownPerson, Person
from service.people.roles import (
    holds_any,
    holds_other_office,
    read_role,
    role_key,
    standing,
)

How = Literal[
    "name", "alias", "variant", "role", "date", "post",
    "unknown", "ambiguous", "surname_only", "ruled_out",
]  # fmt: skip
HOW: Final[tuple[str, ...]] = get_args(How)
Closeness = Literal["in_office", "near", "far", "unborn"]
_CLOSENESS: Final[dict[Closeness, int]] = {"unborn": 0, "far": 0, "near": 1, "in_office": 2}
#: Beyond these few are heard of before the first post they are known for, or after the last. The dead are
#: quoted still; but nobody is who is not born yet.
CAREER_BEFORE: Final = timedelta(days=30 * 365)
CAREER_AFTER: Final = timedelta(days=40 * 365)
LONGEST_BEFORE: Final = timedelta(days=75 * 365)
_STANDINGS: Final = {"holds": 3, "held": 2, "unsaid": 1, "never": 0}
_EXACT, _ALIAS, _VARIANT = 2, 1, 0


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is meant, or None and why not. `how` names the rule that decided.

    `possible` are those who could be meant; `excluded` share the name but are distinguished by generation or
    title ("Jr.", "Ms."), whatever the day.
    """

    person: KnownPerson | None
    how: How
    possible: tuple[KnownPerson, ...] = ()
    excluded: tuple[KnownPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    known: KnownPerson
    name: int  # how the name fits
    role: int  # how the role that was said fits
    time: Closeness

    def is_as_good_as(self, other: _Fit) -> bool:
        """Whether neither name nor time speak more for the other."""
        return self.name >= other.name and _CLOSENESS[self.time] >= _CLOSENESS[other.time]


def resolve(text: str, candidates: Iterable[KnownPerson], on: date | None = None) -> Resolution:
    """Who of the candidates a mention means on a day; `candidates` share a name, surname or role with it."""
    known = list({one.id: one for one in candidates}.values())
    mention = read_mention(text)
    fits: list[_Fit] = []
    excluded: list[KnownPerson] = []
    bearers = 0
    for one in known:
        name = name_fit(mention, one.person)
        if name is None:
            continue
        bearers += 1
        if not (_fits_generation(mention, one.person) and _fits_gender(mention, one.person)):
            excluded.append(one)
        elif fit := _fit(mention, one, name, on):
            fits.append(fit)
    if not bearers:
        return resolve_post(text, known, on)
    return _choose(mention, fits, tuple(excluded))


def resolve_post(text: str, known: Sequence[KnownPerson], on: date | None) -> Resolution:
    """Who holds a post on a day, where the words name nobody: "the Russian president"."""
    wanted = role_key(text)
    said = read_role(text)
    holders = []
    for one in known:
        posts = tuple(role for role in one.person.roles if wanted and role_key(role.title) == wanted)
        if posts and standing(said, posts, on) == ("held" if said.past else "holds"):
            holders.append(one)
    if len(holders) == 1:
        return Resolution(holders[0], "post", tuple(holders))
    return Resolution(None, "ambiguous" if holders else "unknown", tuple(holders))


def name_fit(mention: Mention, person: Person) -> int | None:
    """How a mention fits a person's names: exactly, as an alias, by agreement; None if it does not."""
    best: int | None = None
    for number, name in enumerate(person.names):
        own = read_mention(name)
        if mention.generation and own.generation and not mention.generation & own.generation:
            continue
        if mention.parts.folded == own.parts.folded or _same_words(mention, own):
            fit = _ALIAS if number else _EXACT
        elif (
            mention.key
            and not _has_other_middle(mention, person)
            and names_agree(bare_name(mention.parts), bare_name(own.parts))
        ):
            fit = _VARIANT
        else:
            continue
        best = fit if best is None else max(best, fit)
    return best


def _has_other_middle(mention: Mention, person: Person) -> bool:
    """Whether a person's full name shows that another one of the same first and last name is meant."""
    given = mention.parts.given
    if len(given) < 2:
        return False
    owns = (read_mention(name).parts for name in person.names)
    return any(
        len(own.given) > 1
        and own.surname == mention.parts.surname
        and own.given[0] == given[0]
        and not names_agree(bare_name(mention.parts), bare_name(own))
        for own in owns
    )


def _same_words(mention: Mention, own: Mention) -> bool:
    return bool(mention.key) and mention.key == own.key and mention.generation == own.generation


def _fit(mention: Mention, known: KnownPerson, name: int, on: date | None) -> _Fit | None:
    """How well a person of the name fits by role and day; None if it is ruled out."""
    person = known.person
    time = closeness(person, on)
    if time == "unborn" or (time == "far" and name == _VARIANT and not mention.role.is_telling):
        return None
    role = _STANDINGS["unsaid"]
    if mention.role.is_telling and person.roles:
        found = standing(mention.role, person.roles, on)
        is_other = time == "far" or holds_other_office(mention.role, person.roles, on)
        if found == "not_yet" or (found == "never" and is_other):
            return None
        role = _STANDINGS[found]
    return _Fit(known, name, role, time)


def _fits_generation(mention: Mention, person: Person) -> bool:
    """Whether a mention and a name agree in "Jr." or "Sr."; a known "Jr." does not match without it."""
    generations = [read_mention(name).generation for name in person.names]
    if mention.generation:
        return any(mention.generation & own for own in generations)
    return mention.is_surname_only or any(not own for own in generations)


def _fits_gender(mention: Mention, person: Person) -> bool:
    if mention.gender == "open":
        return True
    return gender_of(person) in ("open", mention.gender)


def closeness(person: Person, on: date | None) -> Closeness:
    """How a day lies to somebody's posts; "near" where either is not known."""
    distance = _distance(person, on)
    if on is None or distance is None:
        return "near"
    if holds_any(person.roles, on):
        return "in_office"
    before, after = distance
    if before > LONGEST_BEFORE:
        return "unborn"
    return "far" if before > CAREER_BEFORE or after > CAREER_AFTER else "near"


def _distance(person: Person, on: date | None) -> tuple[timedelta, timedelta] | None:
    """How long a day lies before the first dated post, and after the last; None if none is dated."""
    dated = [role for role in person.roles if role.since or role.until]
    if on is None or not dated:
        return None
    first = min(role.since or role.until or on for role in dated)
    last = max(role.until or on for role in dated)  # an open end reaches to any day
    return first - on, on - last


def _choose(mention: Mention, fits: list[_Fit], excluded: tuple[KnownPerson, ...]) -> Resolution:
    """The one who fits better than all others: first by role, then by name and time together."""
    possible = tuple(fit.known for fit in fits)
    if not fits:
        return Resolution(None, "ruled_out", (), excluded)
    at_best = [fit for fit in fits if fit.role == max(one.role for one in fits)]
    is_held = any(fit.time == "in_office" for fit in at_best)
    at_time = [fit for fit in at_best if fit.time != "far" or not is_held]
    winners = [fit for fit in at_time if all(fit.is_as_good_as(other) for other in at_time)]
    if len(winners) != 1:
        return Resolution(None, "ambiguous", tuple(fit.known for fit in at_time), excluded)
    fit = winners[0]
    if mention.is_surname_only and not _is_enough(mention, fit, fits, excluded):
        return Resolution(None, "surname_only", possible, excluded)
    return Resolution(fit.known, _explain(fit, fits), possible, excluded)


def _is_enough(mention: Mention, fit: _Fit, fits: Sequence[_Fit], excluded: Sequence[KnownPerson]) -> bool:
    """Whether one word names somebody: as a name of its own, with a role, or with a title that leaves one of
    several. Of a surname of which the registry knows but one bearer, that one is not yet meant."""
    if fit.name != _VARIANT or fit.role >= _STANDINGS["held"]:
        return True
    return mention.gender != "open" and len(fits) == 1 and bool(excluded)


def _explain(fit: _Fit, fits: Sequence[_Fit]) -> How:
    """The rule without which another might be meant, or the one by which the name fits."""
    others = [other for other in fits if other is not fit and other.name >= fit.name]
    if any(other.role < fit.role for other in others):
        return "role"
    if others:
        return "date"
    return _BY_NAME[fit.name]


_BY_NAME: Final[dict[int, How]] = {_EXACT: "name", _ALIAS: "alias", _VARIANT: "variant"}
