"""Candidates for a pronoun or a description, with the features of a model.

Every answer is scored against all others of its article and against nobody. What a candidate must not be (of
the other gender, a possessor within the phrase) is left out here; everything else is for the model to weigh.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from service.english.word_classes import PAST_HOLDERS, word_set
from service.extraction.speakers.mentions.descriptions import Description, RoleBook, match_role
from service.extraction.speakers.mentions.people import Cast, Person
from service.extraction.speakers.noun_lists import KIN_NOUNS, NATIONS, NOUNS, OFFICES, PERSON_NOUNS
from service.extraction.speakers.thresholds import CANDIDATES_AHEAD, CANDIDATES_BEFORE, MOST_PEOPLE
from service.extraction.speakers.tokens import Token, Tokens
from service.names.given_names import Gender
from service.text.span import Span

Sort = Literal["pronoun", "person", "body"]

QUALIFIERS: Final = NOUNS["qualifiers"]
SPEECH_VERBS: Final = NOUNS["speech_verbs"]
AGAINST: Final = "gender:against"
ACTED_ON: Final = word_set("was were been being by")


@dataclass(frozen=True, slots=True)
class Place:
    """One earlier or later naming of a candidate: words `first` to `last`."""

    first: int
    last: int


@dataclass(slots=True, eq=False)
class Candidate:
    """Somebody or something that the phrase may mean."""

    name: str
    places: Sequence[Place]
    person: Person | None = None
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A person resolved as a source, and at which word."""

    name: str
    place: int


class Stage:
    """The article as candidates are seen in it: words, contents, subjects."""

    def __init__(self, tokens: Tokens, cast: Cast, contents: Sequence[Span]) -> None:
        self.tokens = tokens
        self.cast = cast
        self._contents = sorted(contents)
        self._starts = [span.start for span in self._contents]
        self._subjects = _subjects(tokens, cast)

    def content_at(self, place: int) -> int | None:
        """The number of the content that a word lies in."""
        there = self.tokens[place].start
        at = bisect_left(self._starts, there + 1) - 1
        return at if at >= 0 and there < self._contents[at].end else None

    def own_words(self, place: int) -> range:
        """The words of the content right before or right after a word."""
        here = self.tokens[place].start
        at = bisect_left(self._starts, here + 1) - 1
        if at < 0 or self._contents[at].end > here or here - self._contents[at].end > 4:
            return range(0)
        return self.tokens.within(self._contents[at])

    def is_subject(self, place: int) -> bool:
        """Whether the mention that begins at a word is likely its sentence's subject."""
        return place in self._subjects


def _subjects(tokens: Tokens, cast: Cast) -> frozenset[int]:
    found: dict[int, int] = {}
    for mention in cast.mentions:
        token = tokens[mention.first]
        if not token.quoted and not tokens[mention.last].possessive:
            found.setdefault(token.sentence, mention.first)
    return frozenset(found.values())


def _bucket(distance: int) -> str:
    for limit in (0, 1, 2, 3, 5, 8, 15):
        if distance <= limit:
            return str(limit)
    return "far"


def describe_candidate(
    stage: Stage, candidate: Candidate, place: int, spoken: Sequence[Spoken]
) -> Iterator[tuple[str, float]]:
    """Features of any candidate: where it was named last, how often, and whether it has just spoken."""
    tokens, here = stage.tokens, stage.tokens[place]
    before = [p for p in candidate.places if p.first < place]
    if not before:
        ahead = next((p for p in candidate.places if p.first > place), None)
        yield "ahead", 1.0
        if ahead is not None:
            yield f"ahead:{_bucket(tokens[ahead.first].sentence - here.sentence)}", 1.0
        return
    last = before[-1]
    there = tokens[last.first]
    distance = here.sentence - there.sentence
    yield f"sentences:{_bucket(distance)}", 1.0
    paragraphs = here.paragraph - there.paragraph
    yield f"paragraphs:{_bucket(paragraphs)}", 1.0
    close = distance <= 2
    if stage.is_subject(last.first):
        yield ("subject:close" if close else "subject:far"), 1.0
    if tokens[last.last].possessive:
        yield ("possessive:close" if close else "possessive:far"), 1.0
    if there.quoted and not here.quoted:
        yield "quoted", 1.0
    inner = stage.content_at(last.first)
    if inner is not None and inner != stage.content_at(place):
        yield "reported", 1.0
    after = tokens[last.last + 1] if last.last + 1 < len(tokens) else None
    if after is not None and after.lower in SPEECH_VERBS:
        yield ("speaks:close" if close else "speaks:far"), 1.0
    if last.first > 0 and tokens[last.first - 1].lower in _OBJECT_MARKS:
        yield "object", 1.0
    yield "count", min(len(before), 8) / 8
    own = stage.own_words(place)
    if len(own) and own.start <= last.first < own.stop:
        yield ("own-words:quoted" if there.quoted else "own-words:reported"), 1.0
    yield from _of_speaking(stage, candidate, place, spoken)
    where = _position(here)
    if stage.is_subject(last.first) and distance <= 3:
        yield f"{where},subject:{distance}", 1.0
    if paragraphs <= 1:
        yield f"{where},paragraphs:{paragraphs}", 1.0


def _position(token: Token) -> str:
    """Where a source stands: behind a quotation, at the beginning of a sentence, or within."""
    if "”" in token.gap or '"' in token.gap or "’" in token.gap:
        return "behind"
    return "opening" if token.opens else "within"


_OBJECT_MARKS: Final = NOUNS["object_marks"]


def _of_speaking(
    stage: Stage, candidate: Candidate, place: int, spoken: Sequence[Spoken]
) -> Iterator[tuple[str, float]]:
    tokens, here = stage.tokens, stage.tokens[place]
    earlier = [one for one in spoken if one.place < place]
    ranks: list[str] = []
    for one in reversed(earlier[-12:]):
        if one.name not in ranks:
            ranks.append(one.name)
    if candidate.name not in ranks:
        if ranks:
            yield "silent", 1.0
        return
    rank = ranks.index(candidate.name)
    latest = next(one for one in reversed(earlier) if one.name == candidate.name)
    distance = here.sentence - tokens[latest.place].sentence
    yield f"spoke:{min(rank, 2)}", 1.0
    paragraphs = min(here.paragraph - tokens[latest.place].paragraph, 3)
    yield f"{_position(here)},spoke:{min(rank, 1)},paragraphs:{paragraphs}", 1.0
    yield f"spoke:{min(rank, 1)},sentences:{_bucket(distance)}", 1.0


def nobody_spoke(stage: Stage, place: int, spoken: Sequence[Spoken]) -> dict[str, float]:
    """Whether somebody without a name was a source just before a word: features of "nobody named"."""
    earlier = [one for one in spoken if one.place < place][-3:]
    found = {}
    if earlier and not earlier[-1].name:
        found[f"spoke:{_bucket(stage.tokens[place].sentence - stage.tokens[earlier[-1].place].sentence)}"] = (
            1.0
        )
    found["nameless-before"] = sum(not one.name for one in earlier) / 3
    return found


def rank_features(stage: Stage, candidates: Sequence[Candidate], place: int) -> None:
    """Add, to each candidate named before, its rank by nearness and by how often it is named."""

    def last(candidate: Candidate) -> int:
        at = bisect_left(candidate.places, place, key=lambda p: p.first)
        return candidate.places[at - 1].first if at else -1

    agreeing = [c for c in candidates if AGAINST not in c.features]
    if not agreeing:
        for candidate in candidates:
            candidate.features["none-agrees"] = 1.0
    candidates = agreeing or candidates
    near = sorted((c for c in candidates if last(c) >= 0), key=lambda c: -last(c))
    for rank, candidate in enumerate(near[:3]):
        candidate.features[f"nearest:{rank}"] = 1.0
    often = sorted(candidates, key=lambda c: -len(c.places))
    if often and (len(often) == 1 or len(often[0].places) > len(often[1].places)):
        often[0].features["most-named"] = 1.0
    here = stage.tokens[place].sentence
    subject = next(
        (c for c in near if stage.is_subject(last(c)) and here - stage.tokens[last(c)].sentence <= 2), None
    )
    if subject is not None:
        subject.features["nearest-subject"] = 1.0
    if len(near) == 1:
        near[0].features["only-one"] = 1.0


def people_near(
    cast: Cast, tokens: Tokens, place: int, gender: Gender, barred: frozenset[int]
) -> list[Candidate]:
    """The people named around a word, of that gender or an open one, the nearest first."""
    mentions = cast.mentions_between(0, place)[-CANDIDATES_BEFORE:][::-1]
    mentions += cast.mentions_between(place, min(place + CANDIDATES_AHEAD, len(tokens)))
    seen: dict[int, Candidate] = {}
    for mention in mentions:
        person = cast.person(mention)
        if person is None or id(person) in seen or id(person) in barred:
            continue
        if not person.may_be(gender):
            continue
        places = [Place(m.first, m.last) for m in person.mentions]
        found = Candidate(person.name, places, person)
        if gender != "open":
            found.features.update(_gender_features(person, gender))
        seen[id(person)] = found
        if len(seen) >= MOST_PEOPLE:
            break
    return list(seen.values())


def _gender_features(person: Person, gender: Gender) -> dict[str, float]:
    """Features of how well a person's votes agree with a gender."""
    against = person.votes_against(gender)
    if against > 0:
        return {AGAINST: 1.0, f"{AGAINST}:{against}": 1.0}
    found = {"gender:known" if against < 0 else "gender:open": 1.0}
    found["gender:sure"] = 1.0 if against <= -2 else 0.0
    return found


def role_features(
    wanted: Description, words: Sequence[Token], roles: RoleBook, person: Person
) -> Iterator[tuple[str, float]]:
    """How well a person's roles in the article match a description."""
    told = roles.of(person)
    score = max((match_role(wanted, role) for role in told), default=0.0)
    yield "match", min(score, 6.0) / 3
    yield f"match:{min(int(score), 4)}", 1.0
    same = [role for role in told if role.head == wanted.head]
    if same:
        yield "same-noun", 1.0
        known = frozenset().union(*(role.modifiers for role in same))
        missing = wanted.modifiers - known
        yield "missing", min(len(missing), 3) / 3
        if any(word in NATIONS.values() for word in missing):
            yield "missing-nation", 1.0
        if same and not missing:
            yield "all-shared", 1.0
    if told and not same and roles.has_other_role(wanted, person):
        yield "told-otherwise", 1.0
    if not told:
        yield "nothing-told", 1.0
    if roles.contradicts(wanted, person):
        yield "contradicted", 1.0
    said = {word.lower for word in words}
    known = frozenset().union(*(role.modifiers for role in told)) if told else frozenset()
    titles = {word for role in told for word in (role.head, *role.modifiers)}
    former = wanted.former and any(role.former for role in same)
    if former:
        yield "former-shared", 1.0
    if said & QUALIFIERS - titles - known - (PAST_HOLDERS if former else frozenset()):
        yield "qualified", 1.0
    if wanted.former and not any(role.former for role in same):
        yield "former", 1.0


def phrase_features(
    wanted: Description, words: Sequence[Token], core: Sequence[Token]
) -> Iterator[tuple[str, float]]:
    """Features of a description for the answer "nobody named"."""
    opener = words[0].lower
    sort = (
        "the"
        if opener == "the"
        else "a"
        if opener in {"a", "an", "one", "another"}
        else "his"
        if opener in _HIS
        else "bare"
    )
    yield f"opener:{sort}", 1.0
    yield f"core:{min(len(core), 4)}", 1.0
    if any(token.possessive for token in core[:-1]):
        yield "possessor", 1.0
    if len(words) > len(core):
        yield "goes-on", 1.0
        if words[len(core)].lower == "of":
            yield "of", 1.0
    if wanted.head in KIN_NOUNS:
        yield "kin", 1.0
    if wanted.head in OFFICES:
        yield "office", 1.0
    if wanted.head not in PERSON_NOUNS:
        yield "odd-noun", 1.0
    if {word.lower for word in words} & QUALIFIERS:
        yield "qualifier", 1.0


_HIS: Final = word_set("his her their its our my your")
