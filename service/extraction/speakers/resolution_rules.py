"""The rules that turn a source's words into a speaker, in the order they are tried. Each is named in the
answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from service.english.word_classes import word_set
from service.extraction.models import Attribution, Speaker, SpeakerKind
from service.extraction.speakers.calibration import confidence_of
from service.extraction.speakers.coreference.antecedents import find_antecedent
from service.extraction.speakers.coreference.pronouns import (
    GENDERS,
    NEUTER,
    PLURAL,
    RELATIVE,
    Recent,
    Salience,
)
from service.extraction.speakers.hints import (
    NOBODY_WORDS,
    find_capital_runs,
    find_labels,
    find_lone_surnames,
    is_common_word,
)
from service.extraction.speakers.mentions import organisations
from service.extraction.speakers.mentions.descriptions import (
    Description,
    RoleBook,
    gender_of_noun,
    match_role,
    read_description,
)
from service.extraction.speakers.mentions.name_mentions import NameMention, is_brand
from service.extraction.speakers.mentions.people import Person, read_cast
from service.extraction.speakers.mentions.phrase import (
    Phrase,
    apposed_run,
    apposed_word,
    head_names,
    is_postnominal,
    people_of,
    read_phrase,
)
from service.extraction.speakers.mentions.roles import find_roles
from service.extraction.speakers.noun_lists import (
    DEMONYMS,
    DETERMINERS,
    DISTRIBUTIVES,
    DOCUMENT_NOUNS,
    FUNCTION_WORDS,
    GROUP_HEADS,
    NOT_NAMES,
    NOUNS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PLURAL_TITLES,
    THING_NOUNS,
    TITLES,
)
from service.extraction.speakers.ranking.candidates import (
    Candidate,
    Place,
    Spoken,
    Stage,
    describe_candidate,
    nobody_spoke,
    people_near,
    phrase_features,
    rank_features,
    role_features,
)
from service.extraction.speakers.ranking.choice import choose, least
from service.extraction.speakers.ranking.named_bodies import (
    NamedBodies,
    body_candidates,
    body_features,
    noun_class,
)
from service.extraction.speakers.thresholds import (
    BODY_REACH,
    CHANCE_OF_ISSUER,
    CHANCE_OF_ONLY_NAMED,
    ISSUE_REACH,
    ISSUER_REACH,
    SAME_POST,
)
from service.extraction.speakers.tokens import fold_name, read_tokens
from service.names.given_names import is_surname, read_given_name
from service.text.span import Span

_PERSON_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "person", "-in-chief", "smith", "ologist")
_UTTERANCES = NOUNS["utterances"]
_ANYBODY = NOUNS["unnamed_people"]
_POSSESSIVES = word_set("his her their its our my your whose")


def build_speaker(name: str | None, kind: SpeakerKind, how: str, chance: float | None = None) -> Speaker:
    """A speaker with the confidence its rule has earned, or with the chance that the model gives."""
    return Speaker(name, kind, how, confidence_of(how) if chance is None else round(chance, 3))


ABSTAINED = build_speaker(None, "unknown", "abstained")


class Resolver:
    """One article's people and roles, and the sources resolved so far."""

    def __init__(self, text: str, attributions: Sequence[Attribution]) -> None:
        self.tokens = read_tokens(text)
        sources = [a.source for a in attributions] + [a.via for a in attributions]
        self.cast = read_cast(
            self.tokens,
            find_lone_surnames(self.tokens, sources),
            find_capital_runs(self.tokens, sources),
            find_labels(self.tokens, sources),
        )
        self.roles = RoleBook(find_roles(self.tokens, self.cast))
        self.salience = Salience(self.tokens, self.cast, [span for a in attributions for span in a.content])
        contents = [span for a in attributions for span in a.content]
        self.stage = Stage(self.tokens, self.cast, contents)
        self.recent: list[Recent] = []
        self.spoken: list[Spoken] = []
        self.bodies: list[tuple[Speaker, int]] = []
        self.nameless: dict[str, int] = {}  # head nouns of anonymous sources, and where last
        self.rules: tuple[Callable[[Phrase], Speaker | None], ...] = (
            self.distributive, self.pronoun, self.plural_pronoun, self.neuter_pronoun, self.relative,
            self.named, self.possessor,
            self.handle, self.apposed_name, self.apposed_person, self.labelled_name, self.document,
            self.organisation, self.anonymous, self.apposed, self.role,
            self.group,
            self.proper_name, self.open_noun,
        )  # fmt: skip

    def distributive(self, phrase: Phrase) -> Speaker | None:
        """ "Each candidate", "no official": several people one by one, or nobody; never one of them."""
        return ABSTAINED if phrase.opener in DISTRIBUTIVES and len(phrase.core) > 1 else None

    def source(self, spans: tuple[Span, ...]) -> Speaker:
        """Who one source is: the answer of the first rule that has one."""
        phrase = self.read(spans)
        return self.phrase(phrase) if phrase is not None else ABSTAINED

    def read(self, spans: tuple[Span, ...]) -> Phrase | None:
        """The noun phrase of a source."""
        return read_phrase(self.tokens, self.cast, spans)

    def phrase(self, phrase: Phrase) -> Speaker:
        """Who a phrase speaks of; bodies are kept in mind for later pronouns."""
        found = next((speaker for rule in self.rules if (speaker := rule(phrase)) is not None), ABSTAINED)
        if found.name:
            self.spoken.append(Spoken(found.name, phrase.first))
        elif found.kind == "anonymous" or is_person_noun(phrase.head.lower) or phrase.opener in GENDERS:
            self.spoken.append(Spoken("", phrase.first))
        if found.kind in {"organisation", "group"} and found.name:
            self.bodies.append((found, phrase.first))
        return found

    def person(self, person: Person, how: str, phrase: Phrase, chance: float | None = None) -> Speaker:
        """A speaker for somebody named, kept in mind for later pronouns."""
        self.recent.append(Recent(person, phrase.first))
        return build_speaker(person.name, "person", how, chance)

    @cached_property
    def named_bodies(self) -> NamedBodies:
        """The organisations the article names."""
        return NamedBodies(self.tokens, self.cast)

    def _gendered(self, phrase: Phrase, pronoun: str) -> Person | None:
        person, chance = self._whom(phrase, pronoun)
        return person if chance >= least("pronoun") else None

    def _whom(self, phrase: Phrase, pronoun: str) -> tuple[Person | None, float]:
        """The most probable person for a pronoun, and the probability."""
        place = phrase.first
        found = people_near(self.cast, self.tokens, place, GENDERS[pronoun], frozenset())
        for candidate in found:
            candidate.features.update(describe_candidate(self.stage, candidate, place, self.spoken))
        rank_features(self.stage, found, place)
        shares = self.salience.shares(place, GENDERS[pronoun], self.recent)
        for candidate in found:
            share = shares.get(id(candidate.person), 0.0)
            candidate.features["salience"] = share
            candidate.features["salience:top"] = float(bool(shares) and share == max(shares.values()))
        nobody = {f"{pronoun in {'he', 'she'}}": 1.0, "many": min(len(found), 8) / 8}
        nobody.update(nobody_spoke(self.stage, place, self.spoken))
        nobody["nameless"] = self.salience._nameless(place, GENDERS[pronoun]) / 3
        best, chance = choose("pronoun", place, found, nobody)
        return (best.person if best else None), chance

    def _last_body(self, phrase: Phrase, kinds: set[str]) -> Speaker | None:
        here = self.tokens[phrase.first].sentence
        for speaker, place in reversed(self.bodies[-3:]):
            if speaker.kind in kinds and 0 <= here - self.tokens[place].sentence <= BODY_REACH:
                return speaker
        return None

    def pronoun(self, phrase: Phrase) -> Speaker | None:
        """He and she: the most salient person."""
        if phrase.opener not in GENDERS or any(t.lower not in GENDERS for t in phrase.core):
            return None
        person, chance = self._whom(phrase, phrase.opener)
        if person is None or chance < least("pronoun"):
            return ABSTAINED
        return self.person(person, "pronoun", phrase, chance)

    def plural_pronoun(self, phrase: Phrase) -> Speaker | None:
        """They: the group or organisation last quoted."""
        if phrase.opener not in PLURAL or len(phrase.core) > 1:
            return None
        body = self._last_body(phrase, {"group", "organisation"})
        return build_speaker(body.name if body else None, body.kind if body else "group", "plural_pronoun")

    def neuter_pronoun(self, phrase: Phrase) -> Speaker | None:
        """It: the organisation last quoted."""
        if phrase.opener not in NEUTER or len(phrase.core) > 1:
            return None
        name, chance = self._which(phrase, "it")
        return build_speaker(name, "organisation", "neuter_pronoun", chance) if name else ABSTAINED

    def _which(self, phrase: Phrase, noun: str) -> tuple[str | None, float]:
        """The body that a common noun or "it" means, where likely enough, and how likely that is."""
        place = phrase.first
        told = {t.lower for t in phrase.core[:-1] if t.lower not in DETERMINERS and not t.possessive}
        named = self.named_bodies.only_named({noun, *told}, place) if noun not in NEUTER else None
        if named is not None:
            return named.name, CHANCE_OF_ONLY_NAMED
        found: list[Candidate] = []
        for candidate, body in body_candidates(self.named_bodies, place):
            candidate.features.update(body_features(self.stage, body, noun, told, place))
            found.append(candidate)
        for candidate in found:
            candidate.features.update(describe_candidate(self.stage, candidate, place, self.spoken))
        rank_features(self.stage, found, place)
        sort = noun_class(noun)
        nobody = {
            f"noun:{sort}": 1.0,
            f"determiner:{phrase.determiner or 'none'}": 1.0,
            "goes-on": float(bool(phrase.rest)),
            "possessor": float(phrase.has_possessor),
            "told": float(bool(told)),
        }
        best, chance = choose("body", place, found, nobody)
        if (
            best is not None
            and told
            and noun in (words := set(best.name.casefold().split()))
            and not told <= words
        ):
            return None, chance  # "the appeals court" is not the Supreme Court
        return (best.name if best and chance >= least("body") else None), chance

    def relative(self, phrase: Phrase) -> Speaker | None:
        """Who and which: the noun phrase right before."""
        if phrase.opener not in RELATIVE or (len(phrase.core) > 1 and phrase.opener != "who"):
            return None
        before = find_antecedent(self.tokens, self.cast, phrase.first)
        if before is None:
            return ABSTAINED
        found = self.phrase(before)
        return build_speaker(found.name, found.kind, "relative") if found.name else ABSTAINED

    def named(self, phrase: Phrase) -> Speaker | None:  # noqa: PLR0911
        """A name at the head: full_name, surname, given_name, shared_surname, lone_surname, several_names."""
        if phrase.opener in {"he", "she"}:
            return ABSTAINED  # "he and Brafman": two people, one of them open
        mentions = head_names(phrase, self.tokens)
        people = people_of(self.cast, mentions)
        if len(people) > 1:
            self.recent += [Recent(person, phrase.first) for person in people]
            return build_speaker(" and ".join(p.name for p in people), "group", "several_names")
        if not people:
            return ABSTAINED if mentions else self._odd_surname(phrase) or self._named_last(phrase)
        after = phrase.first + len(phrase.core)
        while after - 1 > mentions[-1].last and is_postnominal(self.tokens[after - 1]):
            after -= 1
        if len(mentions) == 1 and self._with_followers(phrase):
            return self.person(people[0], self._name_rule(people[0], mentions[0]), phrase)
        if mentions[-1].last + 1 < after or (len(mentions) == 1 and self._goes_on(phrase)):
            return None  # "Sanders and allies"
        how = self._name_rule(people[0], mentions[0])
        if how == "lone_surname" and is_brand(people[0].name):
            return build_speaker(people[0].name, "organisation", "proper_name")
        return self.person(people[0], how, phrase)

    def _odd_surname(self, phrase: Phrase) -> Speaker | None:
        """A surname that is also a common word, such as Cuban or Black: only as a whole source."""
        word = phrase.head
        bearers = self.cast.bearers(word.text) if len(phrase.core) == 1 and word.capital else []
        if len(bearers) != 1 or word.lower in FUNCTION_WORDS:
            return None
        return self.person(bearers[0], "surname", phrase)

    def _named_last(self, phrase: Phrase) -> Speaker | None:
        """Who a source in title case ends with, behind a post: "Coils to Locs Founder Dianne Austin"."""
        last = phrase.mentions[-1] if phrase.mentions else None
        end = phrase.first + len(phrase.words) - 1
        if last is None or not last.full or last.last != end or last.begin <= phrase.first:
            return None
        post, person = self.tokens[last.first - 1], self.cast.person(last)
        if person is None or not (post.capital and post.lower in PERSON_NOUNS):
            return None
        return self.person(person, "full_name", phrase)

    def _with_followers(self, phrase: Phrase) -> bool:
        """Whether others are only told as somebody's own: "Paganini and his team"."""
        words = [token.lower for token in phrase.words[len(phrase.core) :]] or [t.lower for t in phrase.core]
        at = words.index("and") if "and" in words else -1
        return at >= 0 and at + 1 < len(words) and words[at + 1] in {"his", "her", "their"}

    def _goes_on(self, phrase: Phrase) -> bool:
        return bool(phrase.rest) and phrase.rest[0].lower in {"and", "or"} and "," not in phrase.rest[0].gap

    def _name_rule(self, person: Person, mention: NameMention) -> str:
        if mention.full:
            return "full_name"
        if mention.first in self.cast.shared:
            return "shared_surname"
        if fold_name(mention.parts[0]) != person.surname:
            return "given_name"
        return "surname" if " " in person.name else "lone_surname"

    def possessor(self, phrase: Phrase) -> Speaker | None:
        """A possessive whose noun is the cue ("Mr. Trump's" decision) or a part of the body ("his eyes")."""
        last = phrase.mentions[-1] if phrase.mentions else None
        if (
            last is not None
            and last.last == phrase.first + len(phrase.words) - 1
            and phrase.words[-1].possessive
        ):
            person = self.cast.person(last)
            return self.person(person, "surname", phrase) if person else ABSTAINED
        if phrase.head.lower in _UTTERANCES and phrase.core[-1] is not phrase.core[0]:
            owners = [m for m in phrase.mentions if self.tokens[m.last].possessive]
            people = people_of(self.cast, owners)
            if len(people) == 1:
                return self.person(people[0], "surname", phrase)
        if phrase.head.lower in {"eyes", "mind", "words", "view", "opinion"} and phrase.determiner in GENDERS:
            person = self._gendered(phrase, phrase.determiner)
            return self.person(person, "pronoun", phrase) if person else ABSTAINED
        return None

    def apposed_name(self, phrase: Phrase) -> Speaker | None:  # noqa: PLR0911
        """A description and the name it stands for: "the firm that owns it, Grey Harbour,"."""
        head = phrase.head
        if phrase.determiner not in {"the", "his", "her", "their", "its", "a", "an", ""}:
            return None
        run = apposed_run(phrase)
        if head.capital and not (len(run) > 1 and organisations.is_post(head.lower)):
            return None
        if not run:
            return self._labelled_apposition(phrase)
        if len(run) == 1 and run[0].lower in NOT_NAMES | DEMONYMS:
            return None
        name = " ".join(token.written for token in run)
        if organisations.is_post(head.lower) or (phrase.has_possessor and is_person_noun(head.lower)):
            return build_speaker(name, "person", "apposition") if len(run) < 5 else None
        is_body = organisations.kind_of_phrase(phrase) == "organisation" or head.lower in ORGANISATION_NOUNS
        if is_body or is_brand(name):
            return build_speaker(name, "organisation", "apposition")
        return None

    def apposed_person(self, phrase: Phrase) -> Speaker | None:
        """Somebody named behind a comma, with roles between: "Its spokesperson, lawyer Jun Evangelio,"."""
        if phrase.head.lower in (ORGANISATION_NOUNS | DOCUMENT_NOUNS | GROUP_HEADS) - {"one"}:
            return None
        after = phrase.first + len(phrase.core)
        for mention in phrase.mentions:
            start = mention.begin
            while start > after and "," not in self.tokens[start].gap:
                start -= 1
            roles = self.tokens[start : mention.first]
            person = self.cast.person(mention)
            if (
                start >= after
                and "," in self.tokens[start].gap
                and person is not None
                and not self.tokens[mention.last].possessive
                and all(token.dotted or token.lower in PERSON_NOUNS | TITLES for token in roles)
            ):
                return self.person(person, self._name_rule(person, mention), phrase)
        return None

    def _labelled_apposition(self, phrase: Phrase) -> Speaker | None:
        """A name behind what it names, in an apposition: "The owner, Canadian company Bluefork Metals,"."""
        rest = phrase.rest
        start = next((n for n in range(len(rest) - 1, -1, -1) if "," in rest[n].gap), None)
        if start is None:
            return None
        part = rest[start:]
        noun = next((n for n, token in enumerate(part[:-1]) if token.lower in ORGANISATION_NOUNS), None)
        if noun is None or part[noun].capital or not all(token.capital for token in part[noun + 1 :]):
            return None
        name = " ".join(token.written for token in part[noun + 1 :])
        return build_speaker(name, "organisation", "apposition")

    def labelled_name(self, phrase: Phrase) -> Speaker | None:  # noqa: PLR0911
        """A name behind what it names: "shipping firm PJ Norman", "Wikileaks editor-in-chief Ada Hrafn"."""
        core = phrase.core
        start = len(core)
        while (
            start > 0 and core[start - 1].capital and not (start < len(core) and core[start - 1].possessive)
        ):
            start -= 1
        if not 0 < start < len(core) or core[start].gap != " ":
            return None
        run = core[start:]
        if start > 1 and core[start - 1].lower == "the":
            start -= 1  # "trade body the Garden Machinery Forum"
        noun = core[start - 1].lower
        if core[start - 1].possessive or core[-1].lower in PERSON_NOUNS:
            return None
        if (
            core[-1].lower in PERSON_NOUNS | ORGANISATION_NOUNS | DOCUMENT_NOUNS | GROUP_HEADS
            and len(run) == 1
        ):
            return None
        if (
            core[-1].lower in DOCUMENT_NOUNS
            or core[-1].possessive
            or (organisations.is_plural(core[-1].lower) and len(run) == 1)
        ):
            return None
        name = " ".join(token.written for token in run)
        if is_person_noun(noun):
            return build_speaker(name, "person", "proper_name") if len(run) > 1 else None
        if noun in ORGANISATION_NOUNS or noun_class(noun) != "noun":
            return build_speaker(name, "organisation", "proper_name")
        return None

    def handle(self, phrase: Phrase) -> Speaker | None:
        """An account: "Twitter user @nycsouthpaw"."""
        for token in phrase.words:
            if token.gap.endswith("@"):
                return build_speaker("@" + token.text, "person", "handle")
        return None

    def document(self, phrase: Phrase) -> Speaker | None:
        """A poll, a statement: the person or body that issued it, where the phrase names one."""
        if not organisations.is_document(phrase):
            return None
        owners = [m for m in phrase.mentions if self.tokens[m.last].possessive]
        people = people_of(self.cast, owners or phrase.mentions[:1] if phrase.has_possessor else [])
        if people:
            return self.person(people[0], "document_issuer", phrase)
        issuer = organisations.issuer_of_document(phrase)
        if (
            not issuer
            and phrase.determiner in {"the", "this", "that"}
            and not phrase.has_possessor
            and not phrase.rest
        ):
            name = self._issuer(phrase)
            chance = CHANCE_OF_ISSUER
            if name is None:
                name, chance = self._which(phrase, phrase.head.lower)
            if name:
                is_person = any(person.name == name for person in self.cast.people)
                return build_speaker(
                    name, "person" if is_person else "organisation", "document_issuer", chance
                )
        return build_speaker(
            issuer, "organisation" if issuer else "unknown", "document_issuer" if issuer else "document"
        )

    def _issuer(self, phrase: Phrase) -> str | None:
        """Who was said to make a document of this name before: "Alba said in a statement", "Alba's
        letter".
        """
        place, noun = phrase.first, phrase.head.lower
        here = self.tokens[place].sentence
        number = place - 1
        while number > 0 and here - self.tokens[number].sentence <= ISSUE_REACH:
            if self.tokens[number].lower == noun:
                there = self.tokens[number].sentence
                said = [
                    (one.place, one.name)
                    for one in self.spoken
                    if one.name and self.tokens[one.place].sentence == there
                ]
                named = [
                    (p.first, body.name)
                    for body in self.named_bodies.near(number)
                    for p in body.places
                    if number - ISSUER_REACH <= p.first < number and self.tokens[p.first].sentence == there
                    if not self.tokens[p.first].quoted
                ]
                before = [one for one in (*said, *named) if one[0] < number]
                if before or said:
                    return max(before)[1] if before else min(said)[1]
            number -= 1
        return None

    def organisation(self, phrase: Phrase) -> Speaker | None:
        """An institution, with its possessor in the name: "Trump's campaign" is the Trump campaign."""
        if organisations.kind_of_phrase(phrase) != "organisation":
            return None
        if phrase.determiner in _POSSESSIVES:
            return self._owned_organisation(phrase)
        owners = [
            m
            for m in phrase.mentions
            if self.tokens[m.last].possessive and m.last < phrase.first + len(phrase.core)
        ]
        people = people_of(self.cast, owners)
        if people:
            rest = " ".join(t.text for t in phrase.core[owners[-1].last + 1 - phrase.first :])
            return build_speaker(f"{_short(people[0])} {rest}", "organisation", "organisation")
        if not organisations.has_name(phrase):
            return self._common_organisation(phrase)
        if organisations.is_told_by_nation(phrase):
            found = self._common_organisation(phrase)
            if found.name:
                return found
        return build_speaker(organisations.name_of_organisation(phrase), "organisation", "organisation")

    def _owned_organisation(self, phrase: Phrase) -> Speaker:
        """ "His campaign": the campaign of the person that "his" refers to."""
        if phrase.determiner not in GENDERS:
            return build_speaker(None, "organisation", "organisation_noun")
        person = self._gendered(phrase, phrase.determiner)
        if person is None:
            return build_speaker(None, "organisation", "organisation_noun")
        rest = organisations.describe(phrase.core)
        return build_speaker(f"{_short(person)} {rest}", "organisation", "possessive_organisation")

    def _common_organisation(self, phrase: Phrase) -> Speaker:
        """ "The company", "the campaign": an organisation of that sort quoted before, or left open."""
        noun = phrase.head.lower
        if phrase.determiner not in {"the", "this", "that"} or phrase.has_possessor:
            return build_speaker(None, "organisation", "organisation_noun")
        name, chance = self._which(phrase, noun)
        return build_speaker(name, "organisation", "organisation_noun", chance if name else 0.0)

    def anonymous(self, phrase: Phrase) -> Speaker | None:
        """Somebody left nameless on purpose."""
        if organisations.kind_of_phrase(phrase) != "anonymous" or apposed_word(phrase):
            return None
        self.nameless[phrase.head.lower] = phrase.first
        return build_speaker(None, "anonymous", "anonymous")

    def apposed(self, phrase: Phrase) -> Speaker | None:
        """A description and one word that names its bearer: "her father, Brad,"."""
        word = apposed_word(phrase)
        return build_speaker(word, "person", "apposition") if word else None

    def role(self, phrase: Phrase) -> Speaker | None:
        """A description of one person: "the Kremlin leader" (role), "Putin's envoy" (possessive_role)."""
        head = phrase.head.lower
        if (
            not is_person_noun(head)
            or head in PLURAL_TITLES
            or (organisations.is_plural(head) and head[:-1] in PERSON_NOUNS)
        ):
            return None
        if phrase.determiner == "the" and head in self.nameless and head not in self.roles.heads:
            return build_speaker(None, "anonymous", "anonymous")
        owner = self._gendered(phrase, phrase.determiner) if phrase.determiner in GENDERS else None
        barred = frozenset(id(p) for p in [*people_of(self.cast, phrase.mentions), owner] if p is not None)
        described, chance = self._described(phrase, barred)
        if described is None or chance < least("person"):
            return ABSTAINED
        return self.person(described, "possessive_role" if phrase.has_possessor else "role", phrase, chance)

    def _described(self, phrase: Phrase, barred: frozenset[int]) -> tuple[Person | None, float]:
        """The most probable person for a description, and the probability."""
        place, wanted = phrase.first, read_description(phrase)
        found = people_near(self.cast, self.tokens, place, gender_of_noun(wanted.head), barred)
        seen = {id(c.person) for c in found}
        for role in self.roles.near(place):
            person = role.person
            told = gender_of_noun(wanted.head)
            if id(person) in seen | barred or not person.may_be(told):
                continue
            if match_role(wanted, role) >= 1.0:
                seen.add(id(person))
                found.append(
                    Candidate(person.name, [Place(m.first, m.last) for m in person.mentions], person)
                )
        found = [one for one in found if one.person is not None and self._may_be(phrase, wanted, one.person)]
        for candidate in found:
            candidate.features.update(describe_candidate(self.stage, candidate, place, self.spoken))
            if candidate.person is not None:
                candidate.features.update(role_features(wanted, phrase.words, self.roles, candidate.person))
        rank_features(self.stage, found, place)
        shares = self.salience.shares(place, gender_of_noun(wanted.head), self.recent)
        for candidate in found:
            candidate.features["salience"] = shares.get(id(candidate.person), 0.0)
        nobody = dict(phrase_features(wanted, phrase.words, phrase.core))
        nobody.update(nobody_spoke(self.stage, place, self.spoken))
        best, chance = choose("person", place, found, nobody)
        return (best.person if best else None), chance

    def _may_be(self, phrase: Phrase, wanted: Description, person: Person) -> bool:
        """Whether nothing told rules a description out: another party or nation, another's envoy."""
        if self.roles.contradicts(wanted, person):
            return False
        matches = [match_role(wanted, role) for role in self.roles.of(person)]
        if person.mentions[0].first > phrase.first and max(matches, default=0.0) < SAME_POST:
            return False  # somebody named only later, of whom nothing tells that it is they
        return not phrase.has_possessor or any(match > 0 for match in matches)

    def open_noun(self, phrase: Phrase) -> Speaker | None:
        """A description by a noun that no list holds, "the utility": a body that the article tells it of."""
        noun = phrase.head.lower
        if phrase.head.capital or phrase.determiner not in {"the", "this", "that"} or phrase.has_possessor:
            return None
        if organisations.is_plural(noun) or noun in GROUP_HEADS | PERSON_NOUNS or len(phrase.core) > 4:
            return None
        name, chance = self._which(phrase, noun)
        return build_speaker(name, "organisation", "organisation_noun", chance) if name else None

    def group(self, phrase: Phrase) -> Speaker | None:
        """Several people: officials, Republicans."""
        if organisations.kind_of_phrase(phrase) != "group":
            return None
        return build_speaker(organisations.name_of_group(phrase), "group", "group")

    def proper_name(self, phrase: Phrase) -> Speaker | None:
        """A name in capitals that no other rule knows: a person's if its words are, most often an
        organisation's."""
        if not organisations.is_proper(phrase) or organisations.is_document(phrase):
            return None
        if len(phrase.core) == 1:
            return self._lone_name(phrase)
        first, last = phrase.core[0].lower, phrase.head.lower
        if (organisations.is_post(last) or last in TITLES) and not is_surname(last):
            return ABSTAINED  # "Retired General" in a headline: a description, no one's name
        if len(phrase.core) < 4 and (read_given_name(first) or is_surname(first)) and last not in THING_NOUNS:
            return build_speaker(organisations.describe(phrase.core), "person", "proper_name")
        return build_speaker(organisations.name_of_organisation(phrase), "organisation", "proper_name")

    def _lone_name(self, phrase: Phrase) -> Speaker | None:
        """One capitalised word that no rule knows: an organisation, a site, somebody's only name."""
        word = phrase.head
        odd = (
            word.lower in NOBODY_WORDS | NOT_NAMES | DEMONYMS | PERSON_NOUNS | GROUP_HEADS
            or len(word.text) < 3
        )
        if odd or phrase.determiner or len(phrase.words) > 12:
            return None
        if word.opens and (word.lower in self._small_words or is_common_word(self.tokens, word)):
            return None
        is_name = read_given_name(word.lower) is not None or is_surname(word.lower)
        return build_speaker(
            word.written, "person" if is_name and not is_brand(word.text) else "organisation", "lone_name"
        )

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset(token.lower for token in self.tokens if not token.capital)


def is_person_noun(noun: str) -> bool:
    """Whether a noun speaks of one person: known as such, or by its ending."""
    if organisations.is_post(noun) or noun.endswith("-year-old"):
        return True
    if noun in ORGANISATION_NOUNS or noun_class(noun) != "noun" or len(noun) < 5:
        return False
    return noun.endswith(_PERSON_ENDINGS) and not noun.endswith(("ness", "ment"))


def _short(person: Person) -> str:
    return person.name.split()[-1]
