"""How much words must tell where the sources of a draft are known."""

import pytest

from service.matching import judge
from service.matching.given import GivenIndex
from service.matching.models import Claim, Searched, Verdict
from tests.matching.test_given import source

SAID = (
    ("Reporter", "Why did nobody ride the night bus?"),
    ("Tomas Hale", "Nobody rode it but the driver."),
    ("Tomas Hale", "We had four passengers in March, and so did the ferry."),
    ("Tomas Hale", "That was a really hard week for all of us in the depot."),
    ("Tomas Hale", "People come in and say: “Where is my stop now, and who moved it away?”"),
    ("Tomas Hale", "The mayor told me: “You will not get a single tram before the winter.”"),
    ("Reporter", "I waited at the market stop for most of an evening."),
    ("Reporter", "The timetable on the wall was of another year altogether."),
    (
        "Tomas Hale",
        "In the van of Jean Mer we hear: “Who sold the old depot by the river to a bank?” each day.",
    ),
    ("Tomas Hale", "We closed the ticket office because look nobody had come there after eleven."),
    (None, "The drivers were paid 240 crowns for a shift that lasted eleven hours."),
)


def check(words: str, speaker: str | None) -> Verdict:
    index = GivenIndex.of([source(sentences=SAID)])  # type: ignore[arg-type]
    claim = Claim(words, speaker)
    return judge(claim, index.find(claim), Searched(0, None, given=1)).verdict


@pytest.mark.parametrize(
    ("words", "speaker", "label"),
    [
        ("nobody rode it but the driver", "Tomas Hale", "confirmed"),
        ("nobody rode it but the driver", "Maria Lindqvist", "unclear"),  # few words prove nothing of others
        ("so did the ferry", "Tomas Hale", "unclear"),  # one word that tells anything
        ("We had four passengers in March", "Tomas Hale", "confirmed"),
        ("We had nine passengers in March", "Tomas Hale", "changed"),
        ("We had four passengers in April", "Tomas Hale", "changed"),
        ("We had four visitors in March", "Tomas Hale", "unclear"),  # another sentence as like as not
        ("Nobody rode my bicycle", "Tomas Hale", "unclear"),
    ],
)
def test_few_words_of_the_right_person_are_judged(words: str, speaker: str, label: str):
    assert check(words, speaker).label == label


def test_common_words_of_another_speaker_are_the_wrong_persons():
    words = "That was a really hard week for all of us in the depot."
    assert (check(words, "Tomas Hale").label, check(words, "Reporter").label) == ("confirmed", "words_only")
    assert check(words, "Maria Lindqvist").label == "wrong_person"


def test_words_that_a_speaker_puts_into_anybodys_mouth_are_their_own():
    words = "Where is my stop now, and who moved it away?"
    assert check(words, "Maria Lindqvist").label == "wrong_person"


def test_words_that_a_speaker_quotes_of_somebody_accuse_nobody():
    words = "You will not get a single tram before the winter."
    assert check(words, "Maria Lindqvist").label == "words_only"


def test_changed_words_of_a_speaker_without_a_name_are_changed():
    words = "The drivers were paid 420 crowns for a shift that lasted eleven hours."
    assert (check(words, "Tomas Hale").label, check(words, "Tomas Hale").changes) == ("changed", ("number",))


def test_parts_that_a_word_of_the_writer_joins_are_a_splice():
    words = "That was a really hard week for all of us and we had four passengers in March."
    assert check(words, "Tomas Hale").fidelity == "spliced"


def test_a_particle_of_a_name_names_nobody():
    words = "Who sold the old depot by the river to a bank?"
    assert check(words, "Maria van Lindt").label == "wrong_person"
    assert check(words, "Jean Mer").label == "words_only"  # whom the sentence names


@pytest.mark.parametrize(
    ("words", "label"),
    [
        (
            "We closed the ticket office because [as they say] nobody had come there after eleven.",
            "confirmed",
        ),
        ("We closed the ticket office because look nobody had come [by bus] after eleven.", "confirmed"),
        ("We closed the ticket office because look nobody had [rain] there after eleven.", "changed"),
    ],
)
def test_a_bracket_stands_for_words_that_say_nothing(words: str, label: str):
    assert check(words, "Tomas Hale").label == label


@pytest.mark.parametrize(
    ("words", "speaker", "label"),
    [
        ("We closed the ticket office because", "Maria Lindqvist", "unclear"),
        ("We closed the ticket office because look", "Maria Lindqvist", "wrong_person"),
        ("ticket office", "Tomas Hale", "confirmed"),  # two words that tell something
        ("We closed the", "Tomas Hale", "unclear"),
        ("We had nine passengers", "Tomas Hale", "unclear"),  # altered: four words are another sentence
        ("We closed the booking office because look", "Tomas Hale", "not_in_sources"),
        ("We closed the booking office because look nobody", "Tomas Hale", "changed"),
    ],
)
def test_so_many_words_of_a_given_source_are_needed(words: str, speaker: str, label: str):
    assert check(words, speaker).label == label
