"""From a source's words to a speaker: one named rule after another, abstaining where none is sure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date

from service.extraction.quotation import Attribution, Speaker, SpeakerKind
from service.extraction.speakers import bodies
from service.extraction.speakers.calibration import confidence_of
from service.extraction.speakers.cast import Cast, Person, choose_bearer, read_cast
from service.extraction.speakers.phrase import Phrase, head_names, read_phrase
from service.extraction.speakers.pronouns import (
    FIRST_PERSON,
    GENDERS,
    GENERIC,
    NEUTER,
    PLURAL,
    RELATIVE,
    resolve_pronoun,
)
from service.extraction.speakers.registry import Registry
from service.extraction.speakers.roles import Role, find_roles, resolve_description
from service.extraction.speakers.tokens import Tokens, read_tokens
from service.extraction.speakers.words import DETERMINERS, NOT_NAMES, OUTLETS, PERSON_NOUNS, PLACES
from service.text.span import Span

ENCLOSING_LOOK_BACK = 40
CATAPHORA_REACH = 2  # attributions
LEAST_PRONOUN_SHARE = 0.4
POSSESSIVE_PRONOUNS = frozenset("his her their its our my your".split())


def _speaker(name: str | None, kind: SpeakerKind, how: str) -> Speaker:
    return Speaker(name, kind, how, confidence_of(how))


ABSTAINED = _speaker(None, "unknown", "abstained")


def _bare_surnames(text: str, tokens: Tokens, sources: Sequence[tuple[Span, ...]]) -> list[str]:
    """Sources that are one capitalised word and nothing known: somebody's surname."""
    found = []
    for spans in sources:
        numbers = [n for span in spans for n in tokens.within(span)]
        if len(numbers) != 1:
            continue
        token = tokens[numbers[0]]
        known = (
            NOT_NAMES
            | OUTLETS
            | PLACES
            | PERSON_NOUNS
            | GENDERS.keys()
            | RELATIVE
            | PLURAL
            | FIRST_PERSON
            | NEUTER
        )
        if (
            token.capital
            and token.lower not in known
            and not token.text.isupper()
            and not bodies.is_plural(token.lower)
        ):
            found.append(token.text)
    return found


class Resolver:
    """One article's people, roles and the sources resolved so far."""

    def __init__(self, text: str, attributions: Sequence[Attribution]) -> None:
        self.text = text
        self.attributions = attributions
        self.tokens = read_tokens(text)
        sources = [a.source for a in attributions] + [a.via for a in attributions]
        self.cast = read_cast(self.tokens, _bare_surnames(text, self.tokens, sources))
        self.roles = find_roles(self.tokens, self.cast)
        self.recent: list[tuple[Person, int]] = []
        self.last_body: Speaker | None = None
        self.rules: tuple[Callable[[Phrase], Speaker | None], ...] = (
            self.pronoun, self.plural_pronoun, self.neuter_pronoun, self.relative, self.full_name, self.surname,
            self.possessor_alone, self.document, self.organisation, self.anonymous, self.role, self.group,
        )  # fmt: skip

    def person(self, person: Person, how: str, place: int) -> Speaker:
        """A speaker for somebody named, remembered for later pronouns."""
        self.recent.append((person, place))
        return _speaker(person.name, "person", how)

    def source(self, spans: tuple[Span, ...]) -> Speaker:
        """Who one source is: the answer of the first rule that has one."""
        phrase = read_phrase(self.tokens, self.cast, spans) if spans else None
        if phrase is None:
            return ABSTAINED
        for rule in self.rules:
            found = rule(phrase)
            if found is not None:
                if found.kind in {"organisation", "group"} and found.name:
                    self.last_body = found
                return found
        return ABSTAINED

    def pronoun(self, phrase: Phrase) -> Speaker | None:
        """He and she."""
        gender = GENDERS.get(phrase.words[0].lower)
        if (
            gender is None
            or len(phrase.core) > 2
            or (len(phrase.core) == 2 and phrase.head.lower not in GENDERS)
        ):
            return None
        person, share = resolve_pronoun(self.tokens, self.cast, phrase.first, gender, self.recent)
        if person is None or share < LEAST_PRONOUN_SHARE:
            return ABSTAINED
        return self.person(person, "pronoun", phrase.first)

    def plural_pronoun(self, phrase: Phrase) -> Speaker | None:
        """They: the group or organisation last quoted."""
        if phrase.words[0].lower not in PLURAL or len(phrase.core) > 1:
            return None
        if self.last_body is None:
            return _speaker(None, "group", "plural_pronoun")
        return _speaker(self.last_body.name, self.last_body.kind, "plural_pronoun")

    def neuter_pronoun(self, phrase: Phrase) -> Speaker | None:
        """It: the organisation last quoted."""
        if phrase.words[0].lower not in NEUTER or len(phrase.core) > 1:
            return None
        if self.last_body is None or self.last_body.kind != "organisation":
            return ABSTAINED
        return _speaker(self.last_body.name, "organisation", "neuter_pronoun")

    def relative(self, phrase: Phrase) -> Speaker | None:
        """Who and which: the name right before, in the same sentence."""
        if phrase.words[0].lower not in RELATIVE or len(phrase.core) > 1:
            return None
        here = self.tokens[phrase.first]
        for mention in reversed(self.cast.mentions_between(max(phrase.first - 12, 0), phrase.first)):
            last = self.tokens[mention.last]
            if mention.person and last.sentence == here.sentence and not last.possessive:
                return self.person(mention.person, "relative", phrase.first)
        return ABSTAINED

    def full_name(self, phrase: Phrase) -> Speaker | None:
        """A name with given name and surname, or several."""
        names = [m for m in head_names(phrase, self.tokens) if m.person]
        people = list({id(m.person): m.person for m in names if m.person}.values())
        if len(people) > 1:
            for person in people:
                self.recent.append((person, phrase.first))
            return _speaker(" and ".join(p.name for p in people), "group", "several_names")
        if len(people) == 1 and any(len(m.parts) > 1 for m in names):
            return self.person(people[0], "full_name", phrase.first)
        return None

    def surname(self, phrase: Phrase) -> Speaker | None:
        """A surname or given name alone, with or without a title."""
        names = head_names(phrase, self.tokens)
        if names and names[0].person:
            rule = "surname" if names[0].parts[0].casefold() == names[0].person.surname else "given_name"
            return self.person(names[0].person, rule, phrase.first)
        if len(phrase.core) <= 2 and phrase.head.capital and len(self.cast.bearers(phrase.head.text)) > 1:
            return ABSTAINED
        return None

    def possessor_alone(self, phrase: Phrase) -> Speaker | None:
        """A possessive whose noun is the cue: "Mr. Trump's" decision."""
        if not phrase.words[-1].possessive or not phrase.mentions:
            return None
        last = phrase.mentions[-1]
        if last.last != phrase.first + len(phrase.words) - 1 or last.person is None:
            return None
        return self.person(last.person, "surname", phrase.first)

    def document(self, phrase: Phrase) -> Speaker | None:
        """A poll, a statement: whoever issued it, where the phrase names them."""
        if not bodies.is_document(phrase):
            return None
        for mention in phrase.mentions:
            if mention.person and self.tokens[mention.last].possessive:
                return self.person(mention.person, "document_issuer", phrase.first)
        issuer = [t for t in phrase.core[:-1] if t.capital and t.lower not in NOT_NAMES]
        if issuer:
            return _speaker(" ".join(t.text for t in issuer), "organisation", "document_issuer")
        return _speaker(None, "unknown", "document")

    def organisation(self, phrase: Phrase) -> Speaker | None:
        """An institution, with its possessor in the name: "Trump's campaign" is the Trump campaign."""
        if bodies.kind_of_phrase(phrase) != "organisation":
            return None
        if phrase.determiner in POSSESSIVE_PRONOUNS:
            gender = GENDERS.get(phrase.determiner)
            if gender is None:
                return ABSTAINED
            person, _ = resolve_pronoun(self.tokens, self.cast, phrase.first, gender, self.recent)
            if person is None:
                return ABSTAINED
            rest = bodies.describe(phrase.core)
            return _speaker(f"{person.name.split()[-1]} {rest}", "organisation", "possessive_organisation")
        for mention in phrase.mentions:
            if mention.person and self.tokens[mention.last].possessive:
                rest = " ".join(t.text for t in phrase.core[mention.last + 1 - phrase.first :])
                return _speaker(f"{mention.person.name.split()[-1]} {rest}", "organisation", "organisation")
        if len(phrase.core) <= 2 and not any(t.capital and t.lower not in DETERMINERS for t in phrase.core):
            return self._same_body(phrase)
        return _speaker(bodies.describe(phrase.core), "organisation", "organisation")

    def _same_body(self, phrase: Phrase) -> Speaker:
        """ "The company", "the campaign": the organisation last quoted, or nobody."""
        if self.last_body is not None and self.last_body.kind == "organisation":
            return _speaker(self.last_body.name, "organisation", "organisation_noun")
        return _speaker(None, "organisation", "organisation_noun")

    def anonymous(self, phrase: Phrase) -> Speaker | None:
        """Somebody left nameless on purpose."""
        if bodies.kind_of_phrase(phrase) != "anonymous":
            return None
        return _speaker(None, "anonymous", "anonymous")

    def role(self, phrase: Phrase) -> Speaker | None:
        """A description of one person: "the Kremlin leader", "Putin's envoy"."""
        if phrase.head.lower not in PERSON_NOUNS:
            return None
        barred = frozenset(id(m.person) for m in phrase.mentions)
        person, _ = resolve_description(phrase, self.roles, barred)
        if person is None:
            return ABSTAINED
        how = "possessive_role" if phrase.possessor_end else "role"
        return self.person(person, how, phrase.first)

    def group(self, phrase: Phrase) -> Speaker | None:
        """Several people: officials, Republicans."""
        if bodies.kind_of_phrase(phrase) != "group":
            return None
        return _speaker(bodies.describe(phrase.core), "group", "group")


def _text_order(attributions: Sequence[Attribution]) -> list[int]:
    def place(number: int) -> int:
        spans = attributions[number].source or attributions[number].cue or attributions[number].content
        return spans[0].start if spans else 0

    return sorted(range(len(attributions)), key=place)


def _enclosing(attributions: Sequence[Attribution]) -> Callable[[int], int | None]:
    """A function from a place to the number of the attribution whose content it lies in, the innermost."""
    spans = sorted((span.start, span.end, n) for n, a in enumerate(attributions) for span in a.content)
    starts = [span[0] for span in spans]

    def find(place: int) -> int | None:
        stop = bisect_right(starts, place)
        for start, end, number in reversed(spans[max(stop - ENCLOSING_LOOK_BACK, 0) : stop]):
            if start <= place < end:
                return number
        return None

    return find


def resolve_speakers(
    text: str, attributions: Sequence[Attribution], registry: Registry | None = None, on: date | None = None
) -> list[tuple[Speaker, Speaker | None]]:
    """Who each attribution's source is, and who passed its words on; one pair per attribution, in their order.

    `registry` supplies ids, canonical names and roles where given; `on` is the article's day, for dated roles.
    """
    resolver = Resolver(text, attributions)
    speakers: dict[int, Speaker] = {}
    first_person: list[int] = []
    for number in _text_order(attributions):
        words = [
            resolver.tokens[n].lower
            for span in attributions[number].source
            for n in resolver.tokens.within(span)
        ]
        if words and words[0] in FIRST_PERSON | GENERIC and len(words) == 1:
            first_person.append(number)
        else:
            speakers[number] = resolver.source(attributions[number].source)
    enclosing = _enclosing(attributions)
    for number in first_person:
        speakers[number] = _first_person(text, attributions[number], enclosing, speakers)
    via = [resolver.source(a.via) if a.via else None for a in attributions]
    return [(speakers[n], via[n]) for n in range(len(attributions))]


def _first_person(
    text: str, attribution: Attribution, enclosing: Callable[[int], int | None], speakers: dict[int, Speaker]
) -> Speaker:
    """ "I" and "we" within a quotation: its speaker. Outside, the writer, whom the article does not name."""
    source = attribution.source[0]
    around = enclosing(source.start)
    speaker = speakers.get(around) if around is not None else None
    if speaker is None or source.of(text).casefold() in GENERIC:
        return _speaker(None, "unknown", "first_person" if speaker is None else "abstained")
    return _speaker(speaker.name, speaker.kind, "first_person")
