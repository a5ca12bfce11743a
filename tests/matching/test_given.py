"""Sources of a request, looked through in memory."""

import pytest

from service.matching.given import GivenIndex, GivenSource
from service.matching.models import Claim, Evidence, Origin, Utterance

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
    checked = list(
        index.find(Claim("My grandmother drove a tram in this town for thirty years.", "Tomas Hale"))
    )
    assert checked
    for window in checked:
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


RARE = "the copper kettle sang above our marble harbour"


def texts_of(
    count: int, every: int, text: str = RARE, speaker: str = "Tomas Hale"
) -> tuple[tuple[str, str], ...]:
    """So many sentences with rare words, each followed by others without them."""
    filler = [("Tomas Hale", f"On day {at} rain and wind were due.") for at in range(every - 1)]
    return tuple(line for _ in range(count) for line in [(speaker, text), *filler])


def windows_of(sentences: tuple[tuple[str, str], ...], text: str, speaker: str | None = "Tomas Hale"):
    return GivenIndex.of([source(1, sentences)]).find(Claim(text, speaker))


def test_a_hit_is_read_with_three_sentences_on_either_side() -> None:
    sentences = (*texts_of(1, 20, "Rain."), *texts_of(1, 20))
    (window, *_) = windows_of(sentences, RARE)
    assert len(window.utterances) == 7


@pytest.mark.parametrize(("words", "read"), [(80, 7), (81, 3)])
def test_a_very_long_sentence_is_read_with_one(words: int, read: int) -> None:
    long = f"{RARE} {' '.join(['rain'] * (words - 8))}"
    sentences = (*texts_of(1, 20, "Rain."), *texts_of(1, 20, long))
    (window, *_) = windows_of(sentences, RARE)
    assert len(window.utterances) == read


def is_read_closely(window: Evidence) -> bool:
    """Whether a window was found by its very words, not by words of the same stems."""
    return len(window.utterances) > 3


def test_of_many_sentences_with_the_words_five_are_read() -> None:
    assert sum(map(is_read_closely, windows_of(texts_of(40, 12), RARE))) == 5


def test_of_what_shares_only_stems_sixteen_sentences_of_the_speaker_are_read() -> None:
    windows = windows_of(texts_of(40, 12, "Coppers or kettles."), RARE)
    assert 16 <= len(windows) <= 20
    assert {len(window.utterances) for window in windows} <= {2, 3}
    assert len(windows_of(texts_of(40, 12, "Coppers or kettles.", "Jane Roe"), RARE)) == 4


LINES = (
    "the green copper kettle sang above marble",
    "nobody rode seven trams home",
    "fares stay put forever",
    "hail fell",
)


def test_what_the_first_sentences_lack_is_looked_for_twice_more() -> None:
    filler = texts_of(1, 40, "Rain.")
    times = zip(LINES, (5, 2, 2, 1), strict=True)
    sentences = tuple(line for text, count in times for line in (*[("Tomas Hale", text)] * count, *filler))
    windows = windows_of(sentences, " ".join(LINES))
    closely = [sorted(window.hits) for window in windows if len(window.utterances) >= 7]
    assert closely[:3] == [[0, 1, 2, 3, 4], [45, 46], [87, 88]]
    assert not any(129 in hits for hits in closely)


def test_of_what_they_lack_two_sentences_are_read() -> None:
    sentences = tuple(line for text in LINES[:2] for line in texts_of(9, 40, text))
    assert sum(map(is_read_closely, windows_of(sentences, " ".join(LINES[:2])))) == 7


def test_of_many_parts_eight_windows_are_read() -> None:
    parts = [f"Kettle{at} and copper{at} sang{at}" for at in range(14)]
    sentences = tuple(line for part in parts for line in texts_of(3, 40, part))
    assert sum(map(is_read_closely, windows_of(sentences, ". ".join(parts) + "."))) == 8


@pytest.mark.parametrize(("decoys", "found"), [(23, True), (24, False)])
def test_the_order_of_words_is_compared_in_the_best_sentences(decoys: int, found: bool) -> None:
    sentences = (("Tomas Hale", "of rain the wind and snow in hail"), *texts_of(decoys, 10, "kettle"))
    windows = windows_of(sentences, "of the and in kettle")
    assert any(0 in window.hits for window in windows) is found


@pytest.mark.parametrize(
    ("words", "shared", "found"),
    [(9, "word0", False), (12, "word0 rain word6", True), (9, "word0 rain word6", True)],
)
def test_a_sentence_that_shares_little_is_no_hit(words: int, shared: str, found: bool) -> None:
    text = " ".join(f"word{at}" for at in range(words))
    windows = windows_of((*texts_of(1, 30), ("Tomas Hale", shared), *texts_of(1, 30)), text)
    assert any(map(is_read_closely, windows)) is found


@pytest.mark.parametrize("text", ["", "…", "the of and", "\x00", "\ud800 \U0010ffff"])
def test_any_text_can_be_looked_for(text: str) -> None:
    index = GivenIndex.of([source()])
    assert all(window.utterances for window in index.find(Claim(text, "\ud800")))
