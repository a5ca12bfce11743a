"""The organisations an article names: runs of capitals that are no person, those of one body together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from service.english.word_classes import word_set
from service.extraction.speakers.mentions.people import Cast
from service.extraction.speakers.mentions.phrase import ACRONYMS
from service.extraction.speakers.noun_lists import (
    COLLECTIVE_NOUNS,
    DEMONYMS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    FIRM_ENDINGS,
    FUNCTION_WORDS,
    NAME_LEADS,
    NATIONS,
    ORGANISATION_NOUNS,
    OUTLETS,
    PERSON_NOUNS,
    PLACES,
    STATES,
    TITLES,
)
from service.extraction.speakers.ranking.candidates import Candidate, Place, Stage
from service.extraction.speakers.thresholds import (
    BODY_APPOSITION_REACH,
    LONGEST_BODY,
    LONGEST_BODY_MEANT,
    MOST_BODIES,
    MOST_BODIES_WEIGHED,
)
from service.extraction.speakers.tokens import Token, Tokens

_INNER: Final = word_set("of for the & and de")
_NO_BODY: Final = (
    FUNCTION_WORDS
    | DEMONYMS
    | DETERMINERS
    | (TITLES - {"coach", "host"})
    | word_set("mr mrs ms i covid christmas easter internet")
)
_NOUN_CLASSES: Final = {
    noun: sort
    for sort, nouns in {
        "firm": (
            "company firm corporation retailer manufacturer carmaker maker utility startup brand "
            "giant chain supplier lender publisher insurer broker brokerage developer airline "
            "carrier label producer operator provider platform site business bank fund group "
            "conglomerate employer contractor restaurant hotel brewery casino"
        ),
        "office": (
            "agency department ministry bureau office commission committee council board authority "
            "regulator watchdog government administration service body panel organisation "
            "organization institution"
        ),
        "club": "club team side franchise league",
        "school": (
            "university college school institute academy centre center hospital church museum "
            "library laboratory lab"
        ),
        "court": "court tribunal judges",
        "media": (
            "newspaper paper magazine journal network station channel outlet broadcaster publication website"
        ),
        "union": (
            "union association federation charity foundation coalition alliance movement campaign "
            "party nonprofit trust lobby"
        ),
        "nation": "country nation state city county town republic kingdom",
    }.items()
    for noun in nouns.split()
}


@dataclass(slots=True, eq=False)
class Body:
    """An organisation as named in one article."""

    name: str
    places: list[Place] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)  # what the article calls it: "utility", "company"
    shape: str = "other"


class NamedBodies:
    """Every body that an article names, each with its places in order."""

    def __init__(self, tokens: Tokens, cast: Cast) -> None:
        self._tokens = tokens
        taken = {n for m in cast.mentions for n in range(m.begin, m.last + 1)}
        self.bodies: list[Body] = []
        self._by_name: dict[str, Body] = {}
        runs = list(_runs(tokens, taken))
        certain = {
            tokens[n].lower for run in runs for n in run if not tokens[run.start].opens or len(run) > 1
        }
        for run in runs:
            if len(run) == 1 and tokens[run.start].opens and not _is_sure(tokens[run.start], certain):
                continue
            self._take(run)
            if len(self.bodies) >= MOST_BODIES:
                break
        self._join_short_names()
        self._add_lone_names(cast)

    def _join_short_names(self) -> None:
        """Take "Big Machine Records" and "Big Machine Group" for one body where "Big Machine" stands alone
        as well.
        """
        short = {
            body.name.casefold(): body
            for body in self.bodies
            if body.shape != "place" and body.name.count(" ") == 1 and body.name.casefold() not in STATES
        }
        kept = []
        for body in self.bodies:
            lead = " ".join(body.name.casefold().split()[:2])
            home = short.get(lead)
            if home is None or home is body:
                kept.append(body)
                continue
            home.places = sorted([*home.places, *body.places], key=lambda p: p.first)
            home.nouns |= body.nouns
        self.bodies = kept

    def _add_lone_names(self, cast: Cast) -> None:
        """Add those of whom the article gives one word only, a person's surname or a body's name: "Audi"."""
        for person in cast.people:
            titled = any(mention.title or mention.full for mention in person.mentions)
            if person.given or titled or not person.mentions or len(self.bodies) >= MOST_BODIES:
                continue
            body = Body(person.name, shape="lone-person" if person.gender != "open" else "lone")
            body.places = [Place(m.first, m.last) for m in person.mentions]
            for mention in person.mentions:
                body.nouns |= _nouns_beside(self._tokens, range(mention.first, mention.last + 1))
            self.bodies.append(body)

    def only_named(self, words: set[str], place: int) -> Body | None:
        """The one body named before a word of which the name holds some words; None if several or none
        do.
        """
        found = [
            body
            for body in self.bodies
            if body.places[0].first < place
            and body.name.count(" ") < LONGEST_BODY_MEANT
            and words < set(body.name.casefold().split())
        ]
        return found[0] if len(found) == 1 else None

    def _take(self, run: range) -> None:
        words = [self._tokens[n] for n in run]
        name = " ".join(token.written for token in words)
        folded = name.casefold()
        body = self._by_name.get(folded) or self._known_as(words, folded)
        if body is None:
            body = Body(name, shape=_shape(words))
            self.bodies.append(body)
        elif len(name) > len(body.name) and folded.startswith(body.name.casefold()):
            body.name, body.shape = name, _shape(words)
        self._by_name.setdefault(folded, body)
        body.places.append(Place(run.start, run.stop - 1))
        body.nouns |= _nouns_beside(self._tokens, run)
        acronym = _acronym_behind(self._tokens, run)
        if acronym:
            self._by_name.setdefault(acronym, body)

    def _known_as(self, words: Sequence[Token], folded: str) -> Body | None:
        """A body whose name begins with these words, or of which they are the initials."""
        first = words[0].lower
        for body in reversed(self.bodies[-60:]):
            known = body.name.casefold()
            if len(first) > 3 and (known.startswith(folded + " ") or folded.startswith(known + " ")):
                return body
            if (
                len(words) == 1
                and len(folded) > 2
                and words[0].text.isupper()
                and _initials(body.name) == folded
            ):
                return body
        return None

    def near(self, place: int) -> list[Body]:
        """The bodies named before a word, the nearest first."""

        def last(body: Body) -> int:
            at = bisect_left(body.places, place, key=lambda p: p.first)
            return body.places[at - 1].first if at else -1

        before = [(last(body), n) for n, body in enumerate(self.bodies)]
        return [self.bodies[n] for at, n in sorted(before, reverse=True) if at >= 0][:MOST_BODIES_WEIGHED]


def _runs(tokens: Tokens, taken: set[int]) -> Iterator[range]:
    """Runs of capitalised words outside people's names, small words within."""
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if number in taken or not (_may_begin(token) or _leads_name(tokens, number, taken)):
            number += 1
            continue
        stop = number + 1
        while stop < len(tokens) and stop - number < LONGEST_BODY and not tokens[stop - 1].possessive:
            nxt = tokens[stop]
            if nxt.opens or nxt.gap not in {" ", "\xa0", " & ", "&"} or stop in taken:
                break
            if nxt.capital or (nxt.lower in _INNER and _goes_on(tokens, stop, taken)):
                stop += 1
            else:
                break
        if not all(
            tokens[n].lower in PERSON_NOUNS | NATIONS.keys() and tokens[n].lower not in PLACES
            for n in range(number, stop)
        ):
            yield range(number, stop)
        number = stop


def _may_begin(token: Token) -> bool:
    if token.text in ACRONYMS - {"US", "IT"}:
        return True
    if not token.capital or token.lower in _NO_BODY or len(token.text) < 2:
        return False
    return token.lower not in PERSON_NOUNS or not token.opens


def _leads_name(tokens: Tokens, number: int, taken: set[int]) -> bool:
    """Whether a nation's adjective begins a name: "European Union", "British Airways", not "British Inc"."""
    token = tokens[number]
    if (
        not token.capital
        or token.lower not in DEMONYMS | NAME_LEADS
        or token.possessive
        or number + 1 >= len(tokens)
    ):
        return False
    after = tokens[number + 1]
    return after.gap == " " and not after.opens and number + 1 not in taken and _may_begin(after)


def _goes_on(tokens: Tokens, number: int, taken: set[int]) -> bool:
    """Whether a small word is within a name: a capital follows, past one more small word at most."""
    if tokens[number].lower == "and":
        return False
    for ahead in range(number + 1, min(number + 3, len(tokens))):
        token = tokens[ahead]
        if token.gap != " " or ahead in taken or token.opens:
            return False
        if token.capital:
            return token.lower not in FUNCTION_WORDS
        if token.lower not in _INNER:
            return False
    return False


def _is_sure(token: Token, certain: set[str]) -> bool:
    return token.lower in certain or token.text.isupper() or token.lower in OUTLETS | PLACES


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper()).casefold()


def _acronym_behind(tokens: Tokens, run: range) -> str:
    """The acronym in brackets right behind a name: "(PAHO)"."""
    if run.stop >= len(tokens):
        return ""
    token = tokens[run.stop]
    return token.lower if token.gap.endswith("(") and token.text.isupper() and len(token.text) > 1 else ""


def _shape(words: Sequence[Token]) -> str:  # noqa: PLR0911
    last = words[-1].lower
    if last in FIRM_ENDINGS:
        return "firm"
    if last in _NOUN_CLASSES:
        return _NOUN_CLASSES[last]
    if last in OUTLETS:
        return "outlet"
    if last in PLACES or last in STATES or last in NATIONS:
        return "place"
    if last in ORGANISATION_NOUNS:
        return "body"
    if words[0].lower in {"university", "department", "ministry", "bank"}:
        return _NOUN_CLASSES[words[0].lower]
    return "acronym" if len(words) == 1 and words[0].text.isupper() else "other"


def _nouns_beside(tokens: Tokens, run: range) -> set[str]:
    """What is said of a body right there: "utility Alba Power", "Alba Power, a utility", "Alba is a
    utility".
    """
    found: set[str] = set()
    number = run.start - 1
    if (
        number >= 0
        and tokens[run.start].gap == " "
        and not tokens[number].capital
        and not tokens[run.start].opens
    ):
        found.add(tokens[number].lower)
    if run.stop < len(tokens) and not tokens[run.stop - 1].possessive:
        opener = tokens[run.stop]
        apposed = opener.gap.strip() == "," and opener.lower in {"a", "an", "the"}
        copula = opener.lower in {"is", "was"} and opener.gap == " "
        if apposed or copula:
            for token in tokens[run.stop : run.stop + BODY_APPOSITION_REACH]:
                if (
                    token.opens
                    or ("," in token.gap and token is not opener)
                    or token.lower in {"that", "which", "who"}
                ):
                    break
                found.add(token.lower)
    return found


def noun_class(noun: str) -> str:
    """The class of bodies that a common noun refers to; "document", "it" or "they" for such words."""
    if noun in {"it", "its", "itself"}:
        return "it"
    if noun in {"they", "their", "them"}:
        return "they"
    if noun in DOCUMENT_NOUNS:
        return "document"
    return _NOUN_CLASSES.get(noun, "collective" if noun in COLLECTIVE_NOUNS else "noun")


def body_features(
    stage: Stage, body: Body, noun: str, told: set[str], place: int
) -> Iterator[tuple[str, float]]:
    """How a body fits a common noun, as far as the article tells."""
    words = set(body.name.casefold().split())
    sort = noun_class(noun)
    stem = noun.removesuffix("s")
    if noun in words or any(word.removesuffix("s") == stem for word in words):
        yield "in-name", 1.0
    elif sort not in {"it", "they", "document"} and _NOUN_CLASSES.get(sorted(words)[-1]) not in {None, sort}:
        yield "other-in-name", 1.0
    if noun in body.nouns:
        yield "apposed", 1.0
    elif any(_NOUN_CLASSES.get(told_noun) == sort for told_noun in body.nouns):
        yield "apposed-class", 1.0  # "the airline" of what was called a carrier
    elif body.nouns & _NOUN_CLASSES.keys():
        yield "apposed-otherwise", 1.0
    if told and told <= words | body.nouns:
        yield "told-shared", 1.0
    elif told:
        yield "told-missing", 1.0
    yield f"noun:{sort},name:{body.shape}", 1.0
    yield f"name:{body.shape}", 1.0
    sentences = {stage.tokens[p.first].sentence for p in body.places if p.first < place}
    here = stage.tokens[place].sentence
    low = bisect_left(stage.tokens, max(here - 12, 0), key=lambda t: t.sentence)
    if any(t.lower == noun and t.sentence in sentences for t in stage.tokens[low:place]):
        yield "with-noun", 1.0


def body_candidates(bodies: NamedBodies, place: int) -> list[tuple[Candidate, Body]]:
    """The bodies that a common noun at a word may mean."""
    return [(Candidate(body.name, body.places), body) for body in bodies.near(place)]
