"""Sources of a request, looked through in memory."""

import pytest

from service.matching.given import GivenIndex, GivenSource
from service.matching.models import Claim, Origin, Utterance

SENTENCES = (
    ("Reporter", "Why did the council close the night bus?"),
    (
        "Tomas Hale",
        "We did not close it because of the money, we closed it because nobody rode it after eleven.",
    ),
    ("Tomas Hale", "In March there were four passengers a night, and two of them were the driver's cousins."),
    ("Reporter", "And the hospital?"),
    ("Tomas Hale", "The hospital gets a shuttle of its own from the first of June."),
    ("Tomas Hale", "I promised the nurses that in writing."),
    ("Reporter", "Will the fares go up?"),
    ("Tomas Hale", "Fares stay where they are until the election, you know, and after that I cannot say."),
    ("Tomas Hale", "My grandmother drove a tram in this town for thirty years."),
    ("Tomas Hale", "She would have hated the new ticket machines, and so do I."),
)


def origin(number: int = 1) -> Origin:
    return Origin(f"given:{number}", f"Interview {number}", "", None, "interview", "record", given=True)


def source(number: int = 1, sentences: tuple[tuple[str, str], ...] = SENTENCES) -> GivenSource:
    utterances = tuple(
        Utterance(f"given-{number}-{at}", text, speaker, None, at, at)
        for at, (speaker, text) in enumerate(sentences)
    )
    return GivenSource(origin(number), utterances)


def found_texts(index: GivenIndex, text: str, speaker: str | None = "Tomas Hale") -> list[str]:
    windows = index.find(Claim(text, speaker))
    return [utterance.text for window in windows for utterance in window.utterances]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("I promised the nurses that in writing.", [5]),
        ("In March there were forty passengers a night", [2]),  # altered
        ("Fares stay where they are until the election, and after that I can't say.", [7]),  # cleaned
        ("The hospital gets a shuttle of its own, and so do I.", [4, 9]),  # joined without a mark
        ("The hospital gets a shuttle … she would have hated the new ticket machines", [4, 9]),
        ("We closed it because nobody rode it", [1]),  # cut
        ("Nurses have a written promise from me", [5]),  # other words
    ],
)
def test_sentences_that_have_the_words_are_among_what_is_found(words: str, places: list[int]) -> None:
    filler = tuple(
        ("Tomas Hale", f"On day {at} the weather report mentioned rain and wind.") for at in range(300)
    )
    index = GivenIndex.of([source(1, filler), source(2), source(3, filler)])
    found = found_texts(index, words)
    assert [SENTENCES[at][1] for at in places if SENTENCES[at][1] not in found] == []


def test_a_window_keeps_to_its_source_and_names_its_hits() -> None:
    index = GivenIndex.of([source(1), source(2)])
    for window in index.find(
        Claim("My grandmother drove a tram in this town for thirty years.", "Tomas Hale")
    ):
        number = window.origin.uri.removeprefix("given:")
        assert {utterance.quote_id.split("-")[1] for utterance in window.utterances} == {number}
        positions = [utterance.position for utterance in window.utterances]
        assert positions == list(range(positions[0], positions[-1] + 1))
        assert window.hits <= set(positions)


def test_the_window_with_the_words_comes_first() -> None:
    index = GivenIndex.of([source(1, SENTENCES[:4]), source(2, SENTENCES[4:])])
    first = index.find(Claim("She would have hated the new ticket machines", None))[0]
    assert first.origin.uri == "given:2"
    assert first.hits == {5}


@pytest.mark.parametrize("sources", [[], [source(1, ())], [source(1, (("A", "…"),))]])
def test_nothing_is_found_in_nothing(sources: list[GivenSource]) -> None:
    assert GivenIndex.of(sources).find(Claim("Anything at all", "Anybody")) == ()


@pytest.mark.parametrize("text", ["", "…", "the of and", "\x00", "\ud800 \U0010ffff"])
def test_any_text_can_be_looked_for(text: str) -> None:
    index = GivenIndex.of([source()])
    assert all(window.utterances for window in index.find(Claim(text, "\ud800")))
