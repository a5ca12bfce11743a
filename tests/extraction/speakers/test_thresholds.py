"""Each threshold of the speakers' rules at its boundary: an input that is just within, and one just beyond."""

from __future__ import annotations

from collections import Counter

import pytest

from service.extraction.models import Attribution
from service.extraction.speakers import resolve_speakers
from service.extraction.speakers.calibration import confidence_of
from service.extraction.speakers.coreference.antecedents import find_antecedent
from service.extraction.speakers.coreference.pronouns import Recent, Salience
from service.extraction.speakers.known_speakers import name_with_role
from service.extraction.speakers.mentions.descriptions import RoleBook
from service.extraction.speakers.mentions.name_mentions import find_names, is_introduced
from service.extraction.speakers.mentions.people import Cast, Person, read_cast
from service.extraction.speakers.mentions.phrase import read_phrase
from service.extraction.speakers.mentions.roles import Role, find_roles
from service.extraction.speakers.ranking.candidates import people_near
from service.extraction.speakers.ranking.named_bodies import NamedBodies
from service.extraction.speakers.tokens import Tokens, read_tokens
from service.text.span import Span
from tests.extraction.speakers.marking import names_of, speakers_of
from tests.extraction.speakers.test_registry import Entries

LETTERS = "bcdfghjklmnpqrstvwxz"
#: Given names and surnames of which any two make a full name.
GIVEN = ("Anna", "Mary", "John", "Peter", "Susan", "David", "Linda", "Karen")
SURNAMES = tuple(f"{a}a{b}er".capitalize() for a in "bdfghk" for b in "lmnrst")


def filled(words: int) -> str:
    """So many words that say nothing, each with a space behind it."""
    return "zesty " * words


def read(text: str) -> tuple[Tokens, Cast]:
    tokens = read_tokens(text)
    return tokens, read_cast(tokens)


def people(count: int) -> list[str]:
    """So many full names, no two of them with a word in common but the given name."""
    return [f"{GIVEN[n % len(GIVEN)]} {SURNAMES[n]}" for n in range(count)]


class TestNames:
    @pytest.mark.parametrize(("votes", "open_to"), [(0, True), (1, True), (2, False)])
    def test_a_sure_given_name_rules_out_the_other_gender(self, votes, open_to):
        person = Person("tri", "Risma", genders=Counter({"female": votes}))
        assert person.may_be("male") is open_to
        assert person.may_be("female")

    @pytest.mark.parametrize(("words", "length"), [(4, 4), (5, 5), (6, 5)])
    def test_a_name_has_five_words_at_most(self, words, length):
        names = ["Mary", "Anna", "Beth", "Susan", "Linda", "Karen"][:words]
        [mention, *_] = find_names(read_tokens(f"Then {' '.join(names)} spoke of {filled(9)}things."))
        assert mention.last - mention.first + 1 == length

    @pytest.mark.parametrize(("words", "introduced"), [(7, True), (8, False)])
    def test_the_noun_of_an_apposition_is_near(self, words, introduced):
        tokens = read_tokens(f"Zorblat Quillen, a {filled(words)}lawyer, came.")
        assert is_introduced(tokens, 1) is introduced

    @pytest.mark.parametrize(("words", "introduced"), [(3, True), (4, False)])
    def test_without_an_article_it_is_nearer(self, words, introduced):
        tokens = read_tokens(f"Zorblat Quillen, {filled(words)}chairman of the board, came.")
        assert is_introduced(tokens, 1) is introduced

    @pytest.mark.parametrize(("pronouns", "gender"), [(5, "male"), (7, "female")])
    def test_a_title_outvotes_a_few_pronouns(self, pronouns, gender):
        _, cast = read("Mr. Quillen came. " + "Quillen said her car broke. " * pronouns)
        assert [person.gender for person in cast.people] == [gender]

    @pytest.mark.parametrize(("words", "gender"), [(6, "female"), (7, "open")])
    def test_a_pronoun_soon_behind_a_name_tells_its_gender(self, words, gender):
        _, cast = read(f"The lawyer Zorblat Quillen {filled(words)}she left.")
        assert [person.gender for person in cast.people] == [gender]

    @pytest.mark.parametrize(("often", "seldom", "name"), [(4, 3, "Anna Kent"), (3, 3, None)])
    def test_the_one_of_a_surname_is_meant_who_is_named_far_more_often(self, often, seldom, name):
        first, second = "Anna Kent ran. " * often, "Bo Kent sat. " * seldom
        assert names_of(f"{first}{second}\n\nIt was late. It rained.\n\n[[Kent]] said so.") == [name]

    @pytest.mark.parametrize(("lines", "kind"), [(1, "organisation"), (2, "person")])
    def test_two_labels_make_a_transcript(self, lines, kind):
        labels = ["[[AAVIK]]: Good evening.", "[[ZORBLAT]]: Good night."][-lines:]
        assert speakers_of("\n\n".join(labels))[-1].kind == kind

    @pytest.mark.parametrize(("label", "kind"), [("QXZV", "organisation"), ("QXZVW", "person")])
    def test_a_short_label_is_no_surname(self, label, kind):
        assert speakers_of(f"[[ZORBLAT]]: Good evening.\n\n[[{label}]]: A poll says no.")[1].kind == kind


class TestDescriptions:
    @pytest.mark.parametrize(("words", "told"), [(14, ["mayor"]), (15, [])])
    def test_what_a_name_is_stands_soon_behind_it(self, words, told):
        assert [
            r.head for r in find_roles(*read(f"Anna Kent, the {filled(words)}mayor of it, came."))
        ] == told

    @pytest.mark.parametrize(("words", "told"), [(7, ["mayor"]), (8, [])])
    def test_or_soon_before_it(self, words, told):
        assert [r.head for r in find_roles(*read(f"So the mayor {filled(words)}Anna Kent came."))] == told

    @pytest.mark.parametrize(("words", "found"), [(12, 13), (13, 14), (14, 14)])
    def test_who_follows_a_phrase_of_some_words(self, words, found):
        tokens, cast = read(f"On Monday, {filled(words)}officials who agreed left.")
        phrase = find_antecedent(tokens, cast, [t.lower for t in tokens].index("who"))
        assert phrase is not None
        assert len(phrase.words) == found

    @pytest.mark.parametrize(
        ("description", "name"),
        [("The senator", "Ann Lee"), ("The young senator", None), ("The lawmaker", None)],
    )
    def test_somebody_named_only_later_has_the_very_post(self, description, name):
        assert names_of(f"[[{description}]] spoke on Monday. Ann Lee, a retired senator, came.") == [name]

    @pytest.mark.parametrize(("others", "name"), [(["Voters"], "Ann Lee"), (["Voters", "Residents"], None)])
    def test_who_is_quoted_next_but_one_may_be_meant(self, others, name):
        between = "".join(f"[[{other}]] said no. " for other in others)
        assert names_of(f"[[A trade envoy]] said so. {between}[[Ann Lee, a trade envoy]], left.")[0] == name

    @pytest.mark.parametrize(
        ("before", "description", "later", "name"),
        [
            ("", "The tall envoy", "Ann Lee, a trade envoy", "Ann Lee"),
            ("Ann Lee, a diplomat, came. ", "The envoy of Ohio", "Ann Lee", None),
            ("", "A trade envoy", "Ann Lee, a trade envoy", "Ann Lee"),
            ("Ann Lee, an envoy, came. ", "An envoy", "Ann Lee", None),
        ],
    )
    def test_and_only_if_what_is_told_of_them_fits(self, before, description, later, name):
        assert names_of(f"{before}[[{description}]] said so. [[{later}]], left.")[0] == name


class TestBodies:
    @pytest.mark.parametrize(("sentences", "name"), [(3, "Senate Democrats"), (4, None)])
    def test_they_means_a_body_quoted_a_few_sentences_before(self, sentences, name):
        assert names_of(f"[[Senate Democrats]] said so. {'It rained. ' * sentences}[[They]] left.")[1] == name

    @pytest.mark.parametrize(("words", "found"), [(6, True), (7, False)])
    def test_a_common_noun_means_no_long_name(self, words, found):
        tokens, cast = read(f"Then {' '.join(SURNAMES[: words - 1])} Commission met. It was late.")
        body = NamedBodies(tokens, cast).only_named({"commission"}, len(tokens) - 1)
        assert (body is not None) is found

    @pytest.mark.parametrize(("words", "length"), [(7, 7), (8, 8), (9, 8)])
    def test_the_name_of_a_body_has_eight_words_at_most(self, words, length):
        tokens, cast = read(f"Then {' '.join(f'Qo{a}ia' for a in LETTERS[:words])} met.")
        assert len(NamedBodies(tokens, cast).bodies[0].name.split()) == length

    @pytest.mark.parametrize(("words", "told"), [(6, True), (7, False)])
    def test_what_a_body_is_stands_soon_behind_its_name(self, words, told):
        tokens, cast = read(f"Then Grey Harbour Ltd, a {filled(words)}utility of it, met.")
        assert ("utility" in NamedBodies(tokens, cast).bodies[0].nouns) is told

    @pytest.mark.parametrize(("words", "name"), [(3, "Grey Harbour Ltd"), (4, None)])
    def test_the_issuer_of_a_statement_stands_near_it(self, words, name):
        issued = f"Grey Harbour Ltd {filled(words)}issued a statement."
        assert names_of(f"Blue Lake Ltd met. {issued} [[The statement]] said more.") == [name]

    @pytest.mark.parametrize(("sentences", "name"), [(18, "Grey Harbour Ltd"), (19, None)])
    def test_and_was_said_to_issue_it_not_long_before(self, sentences, name):
        issued = "Grey Harbour Ltd issued a statement. Blue Lake Ltd met. "
        assert names_of(f"{issued}{'It rained. ' * sentences}[[The statement]] said more.") == [name]

    @pytest.mark.parametrize(
        "marked",
        [
            "The Fair Water Commission met. [[The commission]] said so.",
            "Grey Harbour Ltd issued a statement. [[The statement]] said more.",
        ],
    )
    def test_what_is_told_of_one_body_alone_is_surer_than_a_noun_and_less_sure_than_a_name(self, marked):
        [speaker] = speakers_of(marked)
        assert confidence_of("organisation_noun") < speaker.confidence < confidence_of("organisation")


#: Who is named how many sentences before "she", two people each, and which of them is more in mind.
SALIENCE = [
    ((1, 2), (0,), "first"),
    ((0,), (1,), "first"),
    ((2, 2), (1,), "first"),
    ((1,), (2, 3), "first"),
    ((3, 3, 5), (2,), "first"),
    ((2,), (3, 4), "first"),
    ((4, 4, 5), (3,), "first"),
    ((3,), (4, 5), "first"),
    ((3, 5), (4, 4), "first"),
    ((4, 4), (5, 5, 5), "first"),
    ((5, 5, 5, 5, 5), (3,), "first"),
    ((2,), (5, 5, 5, 5, 5, 5, 5), "first"),
]


class TestHowFarIsLooked:
    @pytest.mark.parametrize(("first", "second", "who"), SALIENCE)
    def test_near_mentions_weigh_more_and_several_together(self, first, second, who):
        sentences = []
        for distance in range(5, -1, -1):
            named = ["Anna Kent"] * first.count(distance) + ["Mary Moss"] * second.count(distance)
            sentences.append(" ".join(["John Hill met", *(f"{name}," for name in named), "too"]))
        tokens, cast = read(". ".join(sentences) + " she")
        shares = Salience(tokens, cast, []).shares(len(tokens) - 1, "female", [])
        one, other = (
            next((shares[id(p)] for p in cast.people if p.name == name), 0.0)
            for name in ("Anna Kent", "Mary Moss")
        )
        assert ("first" if one > other else "second") == who

    @pytest.mark.parametrize(("others", "in_mind"), [(39, True), (40, False)])
    def test_somebody_named_long_ago_is_no_longer_in_mind(self, others, in_mind):
        tokens, cast = read("Anna Kent came. " + "John Hill left. " * others + "She ran.")
        shares = Salience(tokens, cast, []).shares(len(tokens) - 2, "female", [])
        assert bool(shares) is in_mind

    @pytest.mark.parametrize(("others", "found"), [(79, True), (80, False)])
    def test_somebody_named_longer_ago_is_no_candidate(self, others, found):
        tokens, cast = read("Anna Kent came. " + "John Hill left. " * others + "She ran.")
        candidates = people_near(cast, tokens, len(tokens) - 2, "open", frozenset())
        assert ("Anna Kent" in [each.name for each in candidates]) is found

    @pytest.mark.parametrize(("words", "found"), [(28, True), (29, False)])
    def test_somebody_named_far_behind_is_no_candidate(self, words, found):
        tokens, cast = read(f"She {filled(words)}. Anna Kent came.")
        assert bool(people_near(cast, tokens, 0, "open", frozenset())) is found

    @pytest.mark.parametrize(("named", "weighed"), [(23, 23), (24, 24), (25, 24)])
    def test_of_many_people_the_nearest_are_candidates(self, named, weighed):
        names = people(named)
        tokens, cast = read(". ".join(f"{name} came" for name in names) + ". She left.")
        found = people_near(cast, tokens, len(tokens) - 2, "open", frozenset())
        assert [each.name for each in found] == names[::-1][:weighed]

    @pytest.mark.parametrize(("named", "weighed"), [(15, 15), (16, 16), (17, 16)])
    def test_of_many_bodies_the_nearest_are_candidates(self, named, weighed):
        names = [f"{word} Ltd" for word in SURNAMES[:named]]
        tokens, cast = read("".join(f"Then {name} met. " for name in names) + "It left.")
        assert [body.name for body in NamedBodies(tokens, cast).near(len(tokens))] == names[::-1][:weighed]

    @pytest.mark.parametrize(("place", "near"), [(119, True), (120, True), (121, False)])
    def test_roles_told_before_a_description_are_weighed(self, place, near):
        assert any(role.head == "mayor" for role in self.book(place).near(10_000)) is near

    @pytest.mark.parametrize(("place", "near"), [(58, True), (59, True), (60, False)])
    def test_and_some_behind_it(self, place, near):
        book = self.book(200 - place)
        assert any(role.head == "mayor" for role in book.near(0)) is near

    @staticmethod
    def book(from_the_end: int) -> RoleBook:
        """Two hundred roles of as many people; the one of a mayor is the n-th from the end."""
        heads = ["mayor" if 200 - n == from_the_end else "judge" for n in range(200)]
        people = [Person("anna", f"kent{n}") for n in range(200)]
        return RoleBook(
            Role(person, head, frozenset(), n, former=False)
            for n, (person, head) in enumerate(zip(people, heads, strict=True))
        )

    @pytest.mark.parametrize(("others", "name"), [(39, "Ann Lee"), (40, None)])
    def test_an_enclosing_quotation_is_found_behind_others(self, others, name):
        inner = "so " * others
        text = f"“Yes, {inner}I think,” Ann Lee said."
        outer = Attribution((Span(1, text.index(",”")),), (), (Span(text.index("Ann"), text.index(" said")),))
        small = [Attribution((Span(6 + 3 * n, 8 + 3 * n),), (), ()) for n in range(others)]
        first = Attribution((), (), (Span(text.index("I think"), text.index(" think")),))
        speaker, _ = resolve_speakers(text, [outer, *small, first])[-1]
        assert (speaker.name, speaker.how) == (name, "first_person")


class TestLimits:
    @pytest.mark.parametrize(("named", "told_apart"), [(24, 24), (25, 24)])
    def test_of_one_surname_so_many_are_told_apart(self, named, told_apart):
        pairs = [f"{a}{b}" for a in "ABCDE" for b in "abcdef"]
        _, cast = read(". ".join(f"The lawyer {pair}nna Kent came" for pair in pairs[:named]))
        assert len(cast.people) == named
        assert len(cast.bearers("Kent")) == told_apart

    @pytest.mark.parametrize(("told", "kept"), [(39, 39), (40, 40), (41, 40)])
    def test_one_person_has_so_many_roles(self, told, kept):
        person = Person("anna", "kent")
        book = RoleBook(Role(person, f"judge{n}", frozenset(), n, former=False) for n in range(told))
        assert len(book.of(person)) == kept

    @pytest.mark.parametrize(("named", "kept"), [(399, 399), (400, 400), (401, 400)])
    def test_one_article_names_so_many_bodies(self, named, kept):
        words = [f"{a}o{b}{c}a".capitalize() for a in LETTERS for b in LETTERS for c in "lmr"][:named]
        tokens, cast = read("".join(f"Then the {word} met. " for word in words))
        assert len(NamedBodies(tokens, cast).bodies) == kept

    @pytest.mark.parametrize(("words", "kept"), [(119, 119), (120, 120), (121, 120)])
    def test_a_source_is_read_to_some_length(self, words, kept):
        text = filled(words).strip()
        phrase = read_phrase(*read(text), [Span(0, len(text))])
        assert phrase is not None
        assert len(phrase.words) == kept

    @pytest.mark.parametrize(("length", "asked"), [(120, True), (121, False)])
    def test_no_long_description_is_looked_up(self, length, asked):
        description = "zesty mayor of " + "q" * (length - len("zesty mayor of "))
        registry = Entries()
        speakers_of(f"[[The {description}]] said so.", registry)
        assert (registry.asked == [description]) is asked

    @pytest.mark.parametrize(("words", "kept"), [(8, True), (9, False)])
    def test_a_long_role_is_no_part_of_a_name(self, words, kept):
        role = filled(words).strip()
        assert (name_with_role("Anna Kent", f"the {role} Anna Kent") == f"{role} Anna Kent") is kept


#: A text, a pronoun's sentence, and how many times as much Anna Kent weighs as Mary Moss: at least, at most.
WEIGHTS = [
    ("John Hill met Mary Moss.\n\nJohn Hill met Anna Kent, and she", 1.3, 2.6),  # nearer by a sentence, too
    ("Anna Kent met Mary Moss and she", 1.9, 2.5),  # the subject
    ("Then John Hill, Anna Kent said, met Mary Moss and she", 1.1, 1.5),  # who speaks
    ("John Hill met Anna Kent and Mary Moss's aunt, and she", 1.4, 1.9),  # no possessor
    ("John Hill met Anna Kent “or Mary Moss” and she", 2.6, 4.2),  # not in marks
    (
        "John Hill met Casey Moss and rather late on that day Anna Kent, and she",
        1.6,
        2.6,
    ),  # a gender that is known
]


def weigh(text: str, contents=(), recent=()) -> dict[str, float]:
    """The share of each person at the last word of a text, which is a pronoun."""
    tokens, cast = read(text)
    place = len(tokens) - 1
    known = [Recent(next(p for p in cast.people if p.name == name), at) for name, at in recent]
    shares = Salience(tokens, cast, contents).shares(place, "female", known)
    return {person.name or "": shares[id(person)] for person in cast.people if id(person) in shares}


class TestWeights:
    @pytest.mark.parametrize(("text", "least", "most"), WEIGHTS)
    def test_some_mentions_weigh_more(self, text, least, most):
        shares = weigh(text)
        (other,) = (share for name, share in shares.items() if name.endswith("Moss"))
        assert least < shares["Anna Kent"] / other < most

    def test_a_mention_in_the_same_paragraph_weighs_half_as_much_again(self):
        apart = weigh("John Hill met Mary Moss. John Hill met Anna Kent.\n\nThen she")
        near = weigh("John Hill met Mary Moss.\n\nJohn Hill met Anna Kent. Then she")
        ratio = (near["Anna Kent"] / near["Mary Moss"]) / (apart["Anna Kent"] / apart["Mary Moss"])
        assert 1.2 < ratio < 1.9

    def test_a_mention_in_a_report_weighs_less_outside_of_it(self):
        text = "John Hill met Anna Kent and heard that Mary Moss had gone, and she"
        at = text.index("Mary")
        shares, free = weigh(text, [Span(at, at + 18)]), weigh(text)
        ratio = (shares["Anna Kent"] / shares["Mary Moss"]) / (free["Anna Kent"] / free["Mary Moss"])
        assert 2.0 < ratio < 3.4

    @pytest.mark.parametrize(("between", "weighs"), [(2, True), (5, True), (6, False)])
    def test_a_nameless_subject_weighs_as_much_as_some_names(self, between, weighs):
        opening = f"A {'tall ' * between}woman came. "
        without = weigh("John Hill came. " + "John Hill met Anna Kent, and she")["Anna Kent"]
        share = weigh(opening + "John Hill met Anna Kent, and she")["Anna Kent"]
        assert (share < 0.6 * without) is weighs

    def test_and_two_or_three_times_as_much_as_one(self):
        share = weigh("A woman met Anna Kent, and she")["Anna Kent"]
        assert 0.48 < share < 0.57

    @pytest.mark.parametrize(("words", "weighs"), [(70, True), (79, False)])
    def test_a_nameless_subject_is_looked_for_some_words_back(self, words, weighs):
        share = weigh(f"A woman met Anna Kent, {filled(words)} she")["Anna Kent"]
        assert (share < 0.9) is weighs

    @pytest.mark.parametrize(("others", "counts"), [(5, True), (6, False)])
    def test_the_last_who_were_quoted_count_once_more(self, others, counts):
        text = "John Hill met Anna Kent and Mary Moss and she"
        recent = [("Anna Kent", 2), *[("Mary Moss", 5)] * others]
        once = weigh(text, recent=[("Mary Moss", 5)] * others)
        assert (weigh(text, recent=recent)["Anna Kent"] > once["Anna Kent"]) is counts
