"""Verdicts on words for which sources were given."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from service.claims.encoder import ENCODER
from service.matching import judge
from service.matching.given import GivenIndex
from service.matching.models import Claim, Evidence, Judgement, Origin, Searched, TimedWords, Utterance
from service.text.span import Span
from tests.matching.test_given import SENTENCES, source

STORED = Origin("https://parliament.example/1", "Debate", "", None, "debate", "record")


def stored(text: str, speaker: str = "Tomas Hale", origin: Origin = STORED) -> Evidence:
    return Evidence(origin, (Utterance("q1", text, speaker, None, 0, 0),), frozenset({0}))


def no_meaning(texts: Sequence[str]) -> np.ndarray:
    return np.eye(len(texts), 384, dtype=np.float32)


def check(
    text: str, *evidence: Evidence, speaker: str | None = "Tomas Hale", quotes: int = 0, **claim: object
) -> Judgement:
    index = GivenIndex.of([source()])
    asked = Claim(text, speaker, **claim)  # type: ignore[arg-type]
    return judge(asked, [*index.find(asked), *evidence], Searched(quotes, None, given=1), encode=no_meaning)


@pytest.mark.parametrize(
    ("words", "speaker", "label", "severity"),
    [
        (SENTENCES[4][1], "Tomas Hale", "confirmed", 0),
        (SENTENCES[4][1], "Maria Lindqvist", "wrong_person", 3),
        (SENTENCES[4][1], None, "words_only", 1),
        ("The hospital gets no shuttle of its own from the first of June.", "Tomas Hale", "changed", 3),
        (
            "In March there were forty passengers a night, and two were the driver's cousins.",
            "Hale",
            "changed",
            3,
        ),
        (
            "Fares stay where they are until the election, and after that I cannot say.",
            "Hale",
            "confirmed",
            0,
        ),
        (
            "The airport will never be sold to a foreign company while I am mayor.",
            "Hale",
            "not_in_sources",
            3,
        ),
    ],
)
def test_a_quotation_ends_as_what_the_source_shows(
    words: str, speaker: str | None, label: str, severity: int
) -> None:
    verdict = check(words, speaker=speaker).verdict
    assert (verdict.label, verdict.severity) == (label, severity)
    assert verdict.given is (label != "not_in_sources")


def test_what_is_stored_does_not_put_words_into_the_sources() -> None:
    words = "The airport will never be sold to a foreign company while I am mayor."
    verdict = check(words, stored(words), quotes=46).verdict
    assert (verdict.label, verdict.severity, verdict.given) == ("not_in_sources", 3, False)
    assert (verdict.fidelity, verdict.evidence) == ("verbatim", "record")
    assert verdict.said is not None and verdict.said.origin == STORED
    assert verdict.explanation == (
        "The source that was given does not have this. In what is stored: these words stand exactly so in "
        "“Debate”, spoken by Tomas Hale."
    )


def test_what_is_stored_does_not_change_what_the_sources_show() -> None:
    other = "The hospital gets a shuttle of its own from the second of July."
    judgement = check(SENTENCES[4][1], stored(other), quotes=46)
    assert (judgement.verdict.label, judgement.verdict.given) == ("confirmed", True)
    assert {match.origin.given for match in judgement.matches} == {True}


def test_a_namesake_in_the_store_leaves_the_speaker_of_the_source_clear() -> None:
    evidence = stored("Something else was said in the debate about rivers.", "Anna Hale")
    assert check(SENTENCES[4][1], evidence, speaker="Hale").verdict.label == "confirmed"


@pytest.mark.parametrize(
    ("words", "claim", "explanation"),
    [
        ("so do I", {}, "Too few words to judge a quotation by; they were seen once."),
        (
            SENTENCES[4][1],
            {"denied": True},
            "The text says that these words were not said, so they are not judged; they were seen once.",
        ),
        (
            "the council would close all bus lines by winter",
            {"form": "indirect", "speaker": None},
            "Reported speech can be checked only where it is clear who is said to have said it.",
        ),
    ],
)
def test_what_cannot_be_checked_says_why(words: str, claim: dict[str, object], explanation: str) -> None:
    verdict = check(words, **claim).verdict  # type: ignore[arg-type]
    assert (verdict.label, verdict.severity, verdict.given) == ("unclear", 1, False)
    assert verdict.explanation == explanation


def test_reported_speech_that_the_source_lacks_is_not_in_it() -> None:
    verdict = check("the airport would be sold to a foreign company", form="indirect").verdict
    assert (verdict.label, verdict.severity) == ("not_in_sources", 2)
    assert verdict.explanation == "The source that was given does not have this."


def test_of_a_mixed_quotation_the_passage_that_is_missing_decides() -> None:
    invented = "the airport will never be sold to a foreign company"
    text = f"He said “{SENTENCES[4][1]}” and that “{invented}”."
    passages = tuple(
        Span(text.index(part), text.index(part) + len(part)) for part in (SENTENCES[4][1], invented)
    )
    verdict = check(text, stored(f"I say {invented}."), form="mixed", passages=passages).verdict
    assert (verdict.label, verdict.form) == ("not_in_sources", "mixed")


def test_times_are_those_of_the_words_and_not_of_the_sentence() -> None:
    text = "We waited all night and then the bus came at last and nobody rode it but the driver and his nervous cousin."
    times = (TimedWords(Span(0, 44), 100.0, 110.0), TimedWords(Span(44, len(text)), 110.0, 120.0))
    spoken = Utterance("given-0", text, "Tomas Hale", None, 0, 0, start_s=100.0, end_s=120.0, times=times)
    origin = replace(source().origin, machine=True)
    evidence = Evidence(origin, (spoken,), frozenset({0}))
    claim = Claim("nobody rode it but the driver and his nervous cousin", "Tomas Hale")
    judgement = judge(claim, [evidence], Searched(0, None, given=1))
    assert judgement.verdict.said is not None
    said, match = judgement.verdict.said, judgement.matches[0]
    assert (said.start_s, said.end_s) == (match.start_s, match.end_s)
    assert 110.0 < (said.start_s or 0) < 114.0 and 119.0 < (said.end_s or 0) <= 120.0
    assert judgement.verdict.explanation.endswith(", spoken by Tomas Hale, as transcribed by a machine.")


def test_sentences_with_times_of_their_own_give_these() -> None:
    spoken = Utterance("q1", SENTENCES[4][1], "Tomas Hale", None, 0, 0, start_s=7.5, end_s=9.0)
    judgement = judge(
        Claim(spoken.text, "Tomas Hale"), [Evidence(STORED, (spoken,), frozenset({0}))], Searched(1, None)
    )
    assert (judgement.matches[0].start_s, judgement.matches[0].end_s) == (7.5, 9.0)


@pytest.mark.parametrize("given", [0, 1])
def test_without_any_evidence_the_label_tells_what_was_asked(given: int) -> None:
    verdict = judge(Claim(SENTENCES[4][1], "Hale"), [], Searched(46, None, given=given)).verdict
    assert verdict.label == ("not_in_sources" if given else "not_found")


def alike(texts: Sequence[str]) -> np.ndarray:
    """Vectors by which everything means the same."""
    return np.full((len(texts), 384), 384**-0.5, dtype=np.float32)


def paraphrase(text: str, encode: object, speaker: str = "Tomas Hale") -> str:
    index = GivenIndex.of([source()])
    asked = Claim(text, speaker)
    return judge(asked, index.find(asked), Searched(0, None, given=1), encode=encode).verdict.label  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The hospital will have a shuttle for itself when June begins.", "paraphrased"),
        ("The hospital will have 12 shuttles for itself when June begins.", "not_in_sources"),  # a new number
        ("The hospital will never have a shuttle for itself when June begins.", "not_in_sources"),  # a denial
        (
            "The hospital will have a shuttle of Volvo for itself when June begins.",
            "not_in_sources",
        ),  # a name
    ],
)
def test_a_paraphrase_has_the_meaning_and_the_facts_of_what_was_said(text: str, label: str) -> None:
    assert paraphrase(text, alike) == label


def test_a_paraphrase_needs_meaning_and_the_speaker() -> None:
    text = "From June the hospital will have a shuttle for itself."
    assert paraphrase(text, no_meaning) == "not_in_sources"
    assert paraphrase(text, alike, "Maria Lindqvist") == "not_in_sources"


def report(text: str, encode: object) -> tuple[str, int, str]:
    index = GivenIndex.of([source()])
    asked = Claim(text, "Tomas Hale", form="indirect")
    verdict = judge(asked, index.find(asked), Searched(0, None, given=1), encode=encode).verdict  # type: ignore[arg-type]
    return verdict.label, verdict.severity, verdict.explanation


def near(texts: Sequence[str]) -> np.ndarray:
    """Vectors whose cosines are 0.64: near, and not the same."""
    vectors = np.eye(len(texts), 384, dtype=np.float32) * 0.6
    vectors[:, -1] = 0.8
    return vectors


@pytest.mark.parametrize(
    ("text", "label", "severity"),
    [
        ("the clinic would run shuttles for its nurses as promised", "unclear", 1),
        ("the clinic would run 12 shuttles for its nurses as promised", "not_in_sources", 2),
    ],
)
def test_a_report_near_to_what_was_said_is_to_be_compared(text: str, label: str, severity: int) -> None:
    found = report(text, near)
    assert found[:2] == (label, severity)
    assert ("Compare it with: “I promised the nurses that in writing" in found[2]) == (label == "unclear")


def judge_line(said: str, words: str, speaker: str = "Ada Byron") -> str:
    """The label of direct words beside a source in which Ada Byron says a line, by the real encoder."""
    lines = (("Reporter", "Why?"), ("Ada Byron", said), ("Reporter", "And then?"))
    asked = Claim(words, speaker)
    index = GivenIndex.of([source(1, lines)])
    return judge(asked, index.find(asked), Searched(0, None, given=1), encode=ENCODER.encode).verdict.label


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Good people know good work.", "unclear"),  # 38 bits: anybody may have said so too
        ("Most people want more time.", "unclear"),  # 47
        ("One day people will know it.", "wrong_person"),  # 52.5
        ("People know that life goes on.", "wrong_person"),  # 55
    ],
)
def test_common_words_of_another_speaker_tell_nothing(words: str, label: str) -> None:
    assert judge_line(words, words, "Tomas Hale") == label


@pytest.mark.parametrize(
    ("said", "words", "label"),
    [
        ("People want to live.", "People want to never live.", "not_in_sources"),  # 24 bits are shared
        ("People go to work.", "People never go to work.", "changed"),  # 25
        ("People want it now.", "People never want it now.", "changed"),  # 26.5
    ],
)
def test_altered_words_share_enough_with_what_was_said(said: str, words: str, label: str) -> None:
    assert judge_line(said, words) == label


@pytest.mark.parametrize(
    ("said", "words", "label"),
    [
        ("The school is not closing.", "The school is closing.", "unclear"),
        ("Fares will not rise very soon.", "Fares will rise very soon.", "changed"),
        ("The council never sold boats.", "The council sold boats.", "unclear"),
        ("The council never sold old boats.", "The council sold old boats.", "changed"),
    ],
)
def test_a_critical_word_tells_nothing_in_fewer_than_five(said: str, words: str, label: str) -> None:
    assert judge_line(said, words) == label


@pytest.mark.parametrize(
    ("said", "words", "label"),
    [
        (
            "The council wasted the money on consultants.",
            "Advisers got the cash, and it was wasted.",
            "paraphrased",
        ),
        (
            "The hospital needs more nurses, not another car park.",
            "What the clinic lacks is staff, rather than parking.",
            "paraphrased",
        ),
        (
            "The doctors want shorter shifts.",
            "Shorter working hours are what doctors ask for.",
            "paraphrased",
        ),
        (
            "The museum lost its best paintings.",
            "Its finest pictures are gone from the museum.",
            "not_in_sources",
        ),
        (
            "We closed the bakery because the rent had doubled in a year.",
            "Higher rent drove us out of the shop.",
            "not_in_sources",
        ),
        (
            "The judge should have asked who paid for the report.",
            "Who financed the study was a question for the court.",
            "not_in_sources",
        ),
    ],
)
def test_a_paraphrase_is_found_by_its_meaning(said: str, words: str, label: str) -> None:
    """Four are near the bar on either side: it gives up some free ones for those of another sense."""
    assert judge_line(said, words) == label
