"""Resolution of pronouns by the salience of everyone named before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from service.english.word_classes import word_set
from service.extraction.speakers.mentions.name_mentions import NameMention
from service.extraction.speakers.mentions.people import Cast, Person
from service.extraction.speakers.noun_lists import FEMALE_NOUNS, MALE_NOUNS, NOUNS, PERSON_NOUNS
from service.extraction.speakers.thresholds import (
    MOST_RECENT,
    NAMELESS_NOUN_REACH,
    NAMELESS_REACH,
    SALIENCE_BY_SENTENCE,
    SALIENCE_LOOK_BACK,
    WEIGHT_IN_MARKS,
    WEIGHT_IN_PARAGRAPH,
    WEIGHT_IN_REPORT,
    WEIGHT_OF_NAMELESS,
    WEIGHT_OF_OPEN_GENDER,
    WEIGHT_OF_POSSESSOR,
    WEIGHT_OF_SPEAKER,
    WEIGHT_OF_SUBJECT,
)
from service.extraction.speakers.tokens import Tokens
from service.names.given_names import Gender
from service.text.span import Span

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
FIRST_PERSON = word_set("i me my mine myself we us our ours ourselves")
PLURAL = word_set("they them their theirs themselves")
NEUTER = word_set("it its itself")
GENERIC = word_set("you your yours one")
RELATIVE = word_set("who whom whose which that")
_SPEECH_VERBS = NOUNS["verbs_of_a_speaker"]


@dataclass(frozen=True, slots=True)
class Recent:
    """A person resolved as a source, and at which word."""

    person: Person
    place: int


def _decay(distance: int) -> float:
    return SALIENCE_BY_SENTENCE[min(max(distance, 0), len(SALIENCE_BY_SENTENCE) - 1)]


class Salience:
    """The salience of each person at a place of an article."""

    def __init__(self, tokens: Tokens, cast: Cast, contents: Sequence[Span]) -> None:
        self.tokens = tokens
        self.cast = cast
        self._contents = sorted(contents)
        self._starts = [span.start for span in self._contents]
        self._subjects = _subjects(tokens, cast)

    def _shares_content(self, place: int, other: int) -> bool:
        """Whether a mention at `other` is open to a pronoun at `place`: not reported by a content it is
        outside of."""
        there = self.tokens[other].start
        at = bisect_right(self._starts, there) - 1
        if at < 0 or there >= self._contents[at].end:
            return True
        return self._contents[at].start <= self.tokens[place].start < self._contents[at].end

    def _weight(self, mention: NameMention, place: int) -> float:
        token, here = self.tokens[mention.first], self.tokens[place]
        weight = _decay(here.sentence - token.sentence)
        if here.paragraph == token.paragraph:
            weight *= WEIGHT_IN_PARAGRAPH
        open_here = self._shares_content(place, mention.first)
        if mention.first in self._subjects and open_here:  # of what is reported it is a subject, not here
            weight *= WEIGHT_OF_SUBJECT
        after = self.tokens[mention.last + 1] if mention.last + 1 < len(self.tokens) else None
        if after is not None and after.lower in _SPEECH_VERBS:
            weight *= WEIGHT_OF_SPEAKER
        if self.tokens[mention.last].possessive:
            weight *= WEIGHT_OF_POSSESSOR
        if token.quoted and not here.quoted:
            weight *= WEIGHT_IN_MARKS
        if not open_here:
            weight *= WEIGHT_IN_REPORT
        return weight

    def shares(self, place: int, gender: Gender, recent: Sequence[Recent]) -> dict[int, float]:
        """The share of all salience that each person has at a word, by the id of the object."""
        scores, _ = self._scores(place, gender, recent)
        total = sum(scores.values()) + self._nameless(place, gender)
        return {key: score / total for key, score in scores.items()} if total else {}

    def _scores(
        self, place: int, gender: Gender, recent: Sequence[Recent]
    ) -> tuple[dict[int, float], dict[int, Person]]:
        scores: dict[int, float] = {}
        people: dict[int, Person] = {}
        others = self._named_in_own_words(place)

        def credit(person: Person | None, weight: float) -> None:
            if person is None or id(person) in others:
                return
            if gender != "open" and person.gender not in {"open", gender}:
                return
            people[id(person)] = person
            weight *= 1.0 if gender in {"open", person.gender} else WEIGHT_OF_OPEN_GENDER
            scores[id(person)] = scores.get(id(person), 0.0) + weight

        for mention in self.cast.mentions_between(0, place)[-SALIENCE_LOOK_BACK:]:
            credit(self.cast.person(mention), self._weight(mention, place))
        here = self.tokens[place]
        for said in [r for r in recent if r.place < place][-MOST_RECENT:]:
            there = self.tokens[said.place]
            credit(
                said.person,
                _decay(here.sentence - there.sentence)
                * (WEIGHT_IN_PARAGRAPH if here.paragraph == there.paragraph else 1.0),
            )
        return scores, people

    def _named_in_own_words(self, place: int) -> set[int]:
        """Who is named within marks right before, in words of which a pronoun at `place` is the speaker.

        Hardly anybody calls himself by name. What is only reported may name him: "Ms. Lee fell, she said".
        """
        here = self.tokens[place]
        at = bisect_right(self._starts, here.start) - 1
        if at < 0 or self._contents[at].end > here.start:
            return set()  # no words before it, or it is within them
        own = self.tokens.within(self._contents[at])
        is_next = place == own.stop and here.paragraph == self.tokens[own.start].paragraph
        if not is_next or here.capital:  # with a capital, another sentence begins
            return set()
        quoted = [m for m in self.cast.mentions_between(own.start, own.stop) if self.tokens[m.first].quoted]
        return {id(person) for person in map(self.cast.person, quoted) if person is not None}

    def _nameless(self, place: int, gender: Gender) -> float:
        """The salience of a nameless person who is the subject of this sentence or the one before it.

        "A Berlin woman received a suspended sentence. She wrote …"
        """
        number = place - 1
        here = self.tokens[place].sentence
        while number >= 0 and here - self.tokens[number].sentence <= 1 and place - number < NAMELESS_REACH:
            if self.tokens[number].opens and self.tokens[number].lower in {"a", "an", "one", "another"}:
                for ahead in range(number + 1, min(number + NAMELESS_NOUN_REACH, place)):
                    token = self.tokens[ahead]
                    if token.lower in PERSON_NOUNS and not self.tokens[ahead + 1].capital:
                        other = FEMALE_NOUNS if gender == "male" else MALE_NOUNS
                        return (
                            0.0
                            if token.lower in other
                            else WEIGHT_OF_NAMELESS * _decay(here - token.sentence)
                        )
            number -= 1
        return 0.0


def _subjects(tokens: Tokens, cast: Cast) -> frozenset[int]:
    """First words of the mentions that are likely their sentence's subject: its first, outside marks, no
    possessor."""
    found: dict[int, int] = {}
    for mention in cast.mentions:
        token = tokens[mention.first]
        if not token.quoted and not tokens[mention.last].possessive:
            found.setdefault(token.sentence, mention.first)
    return frozenset(found.values())
