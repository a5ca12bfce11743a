"""Whom a pronoun means: the salience of everyone named before it."""

from __future__ import annotations

from service.extraction.speakers.cast import Cast, NameMention, Person
from service.extraction.speakers.given_names import Gender
from service.extraction.speakers.tokens import Tokens

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
FIRST_PERSON = frozenset("i me my mine myself we us our ours ourselves".split())
PLURAL = frozenset("they them their theirs themselves".split())
NEUTER = frozenset("it its itself".split())
GENERIC = frozenset("you your yours one".split())
RELATIVE = frozenset("who whom whose which that".split())
LOOK_BACK = 60  # mentions; nobody farther back is still meant
DECAY = 0.55  # per sentence


def _weight(tokens: Tokens, mention: NameMention, place: int) -> float:
    """How strongly one mention keeps its bearer in mind at a later word."""
    token = tokens[mention.first]
    here = tokens[place]
    distance = here.sentence - token.sentence
    weight = DECAY ** min(distance, 30)
    if here.paragraph == token.paragraph:
        weight *= 1.3
    if tokens[mention.begin].opens or _follows_opening(tokens, mention):
        weight *= 2.0
    if tokens[mention.last].possessive:
        weight *= 0.5
    if token.quoted:
        weight *= 0.3
    return weight


def _follows_opening(tokens: Tokens, mention: NameMention) -> bool:
    """Whether it is likely its clause's subject: a verb of speech or an auxiliary follows, or precedes it."""
    after = tokens[mention.last + 1] if mention.last + 1 < len(tokens) else None
    before = tokens[mention.begin - 1] if mention.begin else None
    verbs = {
        "said",
        "says",
        "told",
        "has",
        "had",
        "is",
        "was",
        "added",
        "wrote",
        "tweeted",
        "will",
        "would",
        "also",
    }
    return (after is not None and after.lower in verbs) or (
        before is not None and before.lower in {"said", "says"}
    )


def resolve_pronoun(
    tokens: Tokens, cast: Cast, place: int, gender: Gender, recent: list[tuple[Person, int]]
) -> tuple[Person | None, float]:
    """Who a gendered pronoun at word `place` means, and that person's share of all salience, in [0, 1].

    `recent` are people resolved as sources before it, with the word where each stood.
    """
    scores: dict[int, float] = {}
    people: dict[int, Person] = {}

    def credit(person: Person | None, weight: float) -> None:
        if person is not None and person.gender in {"open", gender}:
            people[id(person)] = person
            doubt = 1.0 if person.gender == gender else 0.5
            scores[id(person)] = scores.get(id(person), 0.0) + weight * doubt

    for mention in cast.mentions_between(0, place)[-LOOK_BACK:]:
        credit(mention.person, _weight(tokens, mention, place))
    for person, where in recent[-8:]:
        distance = tokens[place].sentence - tokens[where].sentence
        credit(person, 2.0 * DECAY ** max(min(distance, 30), 0))
    if not scores:
        return None, 0.0
    best = max(scores, key=lambda key: scores[key])
    return people[best], scores[best] / sum(scores.values())
