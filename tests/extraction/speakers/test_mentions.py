"""Names, phrases, roles and candidates as single steps: what each reads, and what it must leave out."""

from __future__ import annotations

import pytest

from service.extraction.speakers.coreference.pronouns import Salience
from service.extraction.speakers.mentions.descriptions import RoleBook, match_role, read_description
from service.extraction.speakers.mentions.people import Cast, read_cast
from service.extraction.speakers.mentions.phrase import Phrase, apposed_word, head_names, read_phrase
from service.extraction.speakers.mentions.roles import find_roles
from service.extraction.speakers.ranking.candidates import Stage, people_near, role_features
from service.extraction.speakers.ranking.named_bodies import NamedBodies, noun_class
from service.extraction.speakers.tokens import Tokens, read_tokens
from service.text.span import Span
from tests.extraction.speakers.marking import names_of


def read(text: str) -> tuple[Tokens, Cast]:
    tokens = read_tokens(text)
    return tokens, read_cast(tokens)


def phrase_of(text: str, phrase: str) -> tuple[Phrase, Tokens, Cast]:
    tokens, cast = read(text)
    start = text.index(phrase)
    found = read_phrase(tokens, cast, [Span(start, start + len(phrase))])
    assert found is not None
    return found, tokens, cast


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("nearly eight of 10 voters", "voters"),
        ("34% of residents", "residents"),
        ("a majority of the members", "majority"),
        ("the mayor of the town", "mayor"),
    ],
)
def test_the_head_of_a_phrase_stands_behind_what_counts_it(phrase, head):
    assert phrase_of(f"So {phrase} said.", phrase)[0].head.lower == head


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("Ann Lee and Bo Kent", ["Ann Lee", "Bo Kent"]),
        ("Ann Lee (Bo Kent)", ["Ann Lee"]),
        ("Ann Lee, a friend of many years who came with Bo Kent", ["Ann Lee"]),
        ("the firm's lawyer, the Rev. Charles Elliott", ["Charles Elliott"]),
        ("a spokesman for Mr. Kent", []),
    ],
)
def test_the_names_of_a_phrase_are_those_it_is_about(phrase, names):
    found, tokens, _ = phrase_of(f"So {phrase} said.", phrase)
    heads = head_names(found, tokens)
    assert [" ".join(mention.parts) for mention in heads] == names


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("Her father, Brad", "Brad"),
        ("Her father, Brad, 39", "Brad"),
        ("Her father, Brad of Ohio", None),
        ("Her father, tired", None),
    ],
)
def test_one_word_between_commas_is_a_name(phrase, word):
    assert apposed_word(phrase_of(f"{phrase}, said so.", phrase)[0]) == word


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Ann Lee is a mayor.", ["mayor"]),
        ("Ann Lee, who was the mayor, came.", ["mayor"]),
        ("Ann Lee (D-Ohio) came.", ["partisan"]),
        ("Ann Lee, 31, came.", ["31-year-old"]),
        ("Ann Lee, 2016, came.", []),
        ("The mayor, Ann Lee, came.", ["mayor"]),
        ("The storm, Ann Lee, came.", []),
        ("It ended. Ann Lee came.", []),
    ],
)
def test_what_is_told_of_a_person(text, roles):
    assert [role.head for role in find_roles(*read(text))] == roles


@pytest.mark.parametrize(
    ("told", "asked", "matches"),
    [
        ("a senator", "the lawmaker", True),
        ("a mother", "the father", False),
        ("a lawyer", "the attorney", False),
    ],
)
def test_a_senator_is_a_lawmaker_and_a_relative_or_lawyer_no_other(told, asked, matches):
    tokens, cast = read(f"Ann Lee, {told}, came.")
    [role] = find_roles(tokens, cast)
    wanted = read_description(phrase_of(f"So {asked} said.", asked)[0])
    assert (match_role(wanted, role) > 0) is matches


def test_candidates_are_told_by_what_is_known_of_their_gender():
    tokens, cast = read("Anna Kent met the lawyer Zorblat Quillen. She left.")
    found = {
        each.name: each.features for each in people_near(cast, tokens, len(tokens) - 2, "female", frozenset())
    }
    assert "gender:known" in found["Anna Kent"] and "gender:open" in found["Zorblat Quillen"]
    assert people_near(cast, tokens, len(tokens) - 2, "male", frozenset())[0].name == "Zorblat Quillen"


def test_candidates_are_told_by_what_is_said_of_them():
    tokens, cast = read("Anna Kent, a mayor, met Bo Hill.")
    book = RoleBook(find_roles(tokens, cast))
    phrase, *_ = phrase_of("So the mayor said.", "the mayor")
    anna, bo = (
        dict(role_features(read_description(phrase), phrase.words, book, person)) for person in cast.people
    )
    assert "same-noun" in anna and "nothing-told" not in anna
    assert "nothing-told" in bo and "same-noun" not in bo


def test_words_lie_in_the_content_around_them():
    tokens, cast = read("One two, said Anna Kent. Three four.")
    stage = Stage(tokens, cast, [Span(0, 7), Span(25, 35)])
    assert [stage.content_at(n) for n in range(len(tokens))] == [0, 0, None, None, None, 1, 1]


def test_the_first_name_of_a_sentence_outside_marks_is_its_subject():
    tokens, cast = read("“Anna Kent fell,” Bo Hill told Tim Hall. Tim Hall’s friend met Susan Moss.")
    stage = Stage(tokens, cast, [])
    subjects = [mention.parts[0] for mention in cast.mentions if stage.is_subject(mention.first)]
    assert subjects == ["Bo", "Susan"]


@pytest.mark.parametrize(
    ("noun", "sort"),
    [("company", "firm"), ("it", "it"), ("they", "they"), ("report", "document"), ("ferry", "noun")],
)
def test_common_nouns_have_a_sort(noun, sort):
    assert noun_class(noun) == sort


@pytest.mark.parametrize(
    ("subject", "is_open"), [("A Berlin woman", True), ("A cold wind", False), ("The woman", False)]
)
def test_a_nameless_person_who_is_the_subject_is_in_mind(subject, is_open):
    tokens, cast = read(f"Anna Kent spoke. {subject} came in. She left.")
    shares = Salience(tokens, cast, []).shares(len(tokens) - 2, "female", [])
    assert (sum(shares.values()) < 0.99) is is_open


def test_a_name_before_its_surname_stands_alone_is_another_bearer():
    assert names_of("Ann Kent spoke. [[Bo Kent]] left. [[Kent]] stayed.")[0] == "Bo Kent"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Then Ursula von der Leyen spoke.", ["Ursula von der Leyen"]),
        ("Then Dick Clark Productions paid.", []),
        ("Then Xu Wenjing left. Later Dr Xu came back.", ["Xu Wenjing"]),
    ],
)
def test_who_is_named(text, people):
    tokens = read_tokens(text)
    cast = read_cast(
        tokens, full_names=[range(1, 3)] if "Xu" in text else [], lone_surnames=["Xu"] if "Xu" in text else []
    )
    assert [person.name for person in cast.people] == people


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("[[The mine's owner, Canadian company Bluefork Metals,]] said so.", "Bluefork Metals"),
        ("[[Trade body the Garden Machinery Forum]] said so.", "Garden Machinery Forum"),
        ("[[The governor's Chief Press Secretary, Otunba Rakiya Bello,]] said so.", "Rakiya Bello"),
    ],
)
def test_a_name_that_stands_in_the_source_is_given(marked, name):
    assert names_of(marked) == [name]


@pytest.mark.parametrize("name", ["European Union", "United Nations", "New York Times", "WHO"])
def test_a_body_is_named_with_the_adjective_before_it(name):
    tokens, cast = read(f"Then the {name} met in May.")
    assert [body.name for body in NamedBodies(tokens, cast).bodies] == [name, "May"][:1]


def test_a_name_of_one_word_may_be_a_body():
    tokens = read_tokens("Then Audi left. Audi paid.")
    cast = read_cast(tokens, lone_surnames=["Audi"])
    assert "Audi" in [body.name for body in NamedBodies(tokens, cast).bodies]
