"""What speech has and writing leaves out: quotations that were cleaned, and such as lost more than that."""

import pytest

from service.matching.align.passage import Passage
from service.matching.axes.disfluencies import is_disfluency
from service.matching.models import Evidence, Judgement, Origin, Utterance
from tests.matching.cases import check

ORIGIN = Origin("urn:interview", "An interview", "The Harbour Record", None, "interview")


def spoken(*texts: str) -> Evidence:
    utterances = tuple(Utterance(f"u{at}", text, "Ada Byron", None, 0, at) for at, text in enumerate(texts))
    return Evidence(ORIGIN, utterances, frozenset(range(len(utterances))))


def quoted(words: str, *said: str) -> Judgement:
    return check(words, spoken(*said), said_on=None)


CLEANED = (
    (
        "The bridge, you know, was never going to, um, carry the weight of two trams.",
        "The bridge was never going to carry the weight of two trams.",
    ),
    (
        "We had, like, forty engineers on the quay and nobody asked them anything.",
        "We had forty engineers on the quay and nobody asked them anything.",
    ),
    (
        "It was like, the council wanted a harbour without any of the boats.",
        "It was the council wanted a harbour without any of the boats.",
    ),
    (
        "I think, I just think the old ferry should have kept its winter timetable.",
        "I just think the old ferry should have kept its winter timetable.",
    ),
    (
        "And then the -- what we found below the lighthouse was a second cellar.",
        "And then what we found below the lighthouse was a second cellar.",
    ),
    (
        "There were a lot of -- a lot of people read the report before the vote.",
        "A lot of people read the report before the vote.",
    ),
    (
        "They opened the vault in September, September 1st, and the maps were dry.",
        "They opened the vault in September 1st, and the maps were dry.",
    ),
    (
        "If you walk along it, it's the quietest street between the two markets.",
        "If you walk along it's the quietest street between the two markets.",
    ),
    (
        "It became a form of kind of leakage between the pump and the gallery.",
        "It became a form of leakage between the pump and the gallery.",
    ),
    (
        "I felt like I had painted the same wall for seven summers in a row.",
        "I felt I had painted the same wall for seven summers in a row.",
    ),
    (
        "There's two keys to the observatory and the caretaker lost both of them.",
        "There are two keys to the observatory and the caretaker lost both of them.",
    ),
    (
        "We actually measured the tide by a pencil mark on the chapel door.",
        "We measured the tide by a pencil mark on the chapel door.",
    ),
)


@pytest.mark.parametrize(("said", "words"), CLEANED)
def test_cleaned_words_are_confirmed(said: str, words: str):
    verdict = quoted(words, said).verdict
    assert (verdict.label, verdict.severity, verdict.changes) == ("confirmed", 0, ())


CHANGED = (
    (  # a comparison is no filler
        "The old customs hall was like a prison for the clerks who worked in it.",
        "The old customs hall was a prison for the clerks who worked in it.",
    ),
    (  # what was given up denied something that is not said again
        "We would not -- the council sold the quay before the winter was over.",
        "We would … the council sold the quay before the winter was over.",
    ),
    (  # a number that is not said again
        "We hired forty -- we hired people from the two villages up the river.",
        "We hired people from the three villages up the river.",
    ),
    (  # a start that was finished is content
        "The harbour master left, the harbour clerk stayed and wrote all of it down.",
        "The harbour clerk left and wrote all of it down.",
    ),
)


@pytest.mark.parametrize(("said", "words"), CHANGED)
def test_words_that_lost_more_are_not(said: str, words: str):
    assert quoted(words, said).verdict.label == "changed"


@pytest.mark.parametrize(
    ("start", "label"),
    [("it was the one with it", "confirmed"), ("it was the one with it in", "changed")],
)
def test_a_start_that_was_given_up_is_short(start: str, label: str):
    council, sold = "The council met on Monday, and", "it was sold to the harbour company before the winter."
    assert quoted(f"{council} {sold}", f"{council} {start} -- {sold}").verdict.label == label


@pytest.mark.parametrize(
    ("between", "label"),
    [
        ("the boat in the harbour below", "confirmed"),
        ("the boat in the harbour below a green hill", "confirmed"),
        ("the boat in the harbour below a green hill was taken", "changed"),
        ("the boat in the harbour below a green hill was taken with the", "changed"),
    ],
)
def test_a_denial_that_was_given_up_is_said_again_soon(between: str, label: str):
    council, sold = "On Monday the council met,", f"and it {between} not sold to anybody from the islands."
    assert quoted(f"{council} {sold}", f"{council} and it was not -- {sold}").verdict.label == label


def test_the_sentence_that_has_all_words_is_preferred_to_the_longest_run():
    verdict = quoted(
        "There's just one way to do it, right?",
        "There's kind of just one way to do it, right?",
        "There's just one way to do it and the others learned that from the pilots.",
    ).verdict
    assert verdict.fidelity == "near_verbatim"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("We saw, uh, the tide come in", (2, 3), True),
        ("We saw so many tides come in", (2, 3), False),  # no pause
        ("Right, so the tide came in", (0, 2), True),
        ("He took the right bank home", (3, 4), False),
        ("It was a prob- problem for the pilots", (3, 4), True),
        ("very, very deep water", (0, 1), True),
        ("I was at -- I ran the mill", (0, 3), True),
        ("I was at Lindvik -- I ran the mill", (0, 4), False),  # a name that is not said again
        ("We paid nine -- we paid the pilots", (0, 3), False),  # a number that is not
        ("I won't -- I won't sell the mill", (0, 2), True),
        ("I can't -- I went home to the mill", (0, 2), False),
        ("The company we sold -- the mill was ours", (0, 4), True),
        ("one two three four five six seven -- one more", (0, 7), False),
    ],
)
def test_only_hesitation_is_no_loss(text: str, words: tuple[int, int], expected: bool):
    passage = Passage(spoken(text), spoken(text).utterances)
    assert is_disfluency(passage, *words) is expected


def test_a_long_stretch_is_never_hesitation():
    text = " ".join(["um,"] * 13) + " the tide came in"
    passage = Passage(spoken(text), spoken(text).utterances)
    assert is_disfluency(passage, 0, 12)
    assert not is_disfluency(passage, 0, 13)
