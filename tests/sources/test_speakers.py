"""Names of a draft against the labels of a source."""

import pytest

from service.sources.models import ParsedSource, SourceTurn
from service.sources.speakers import INTERVIEWER, SourceSpeakers, find_names, name_speakers


def read(*labels: str | None, title: str | None = None) -> ParsedSource:
    return ParsedSource("text", tuple(SourceTurn(label, "Words.") for label in labels), title=title)


def named(*labels: str | None, title: str | None = None) -> list[str | None]:
    return [turn.speaker for turn in name_speakers(read(*labels, title=title)).turns]


@pytest.mark.parametrize(
    ("labels", "title", "names"),
    [
        (["TH", "JB"], "Interview with Tomas Hale", ["Tomas Hale", "JB"]),
        (["TOMAS HALE", "TH", "HALE", "Tomas"], None, ["TOMAS HALE"] * 4),
        (["T.H.", "Q"], "Tomas Hale on the night bus", ["Tomas Hale", "Q"]),
        (["Q", "A"], "Interview with Tomas Hale, 28 March", ["Q", "Tomas Hale"]),
        (["Q", "A"], "Interview, 28 March", ["Q", "A"]),
        (["Q", "A"], "Tomas Hale and Anna Wu on the night bus", ["Q", "A"]),
        (["TH"], "Tomas Hale and Tina Hart", ["TH"]),  # either of them
        (["Maria Lindqvist", "TH"], "Tomas Hale", ["Maria Lindqvist", "Tomas Hale"]),
        ([None], None, [None]),
    ],
)
def test_short_labels_become_the_names_that_the_source_tells(
    labels: list[str | None], title: str | None, names: list[str | None]
) -> None:
    assert named(*labels, title=title) == names


def test_a_question_of_nobody_is_the_interviewers() -> None:
    source = ParsedSource("text", (SourceTurn(None, "Why?", is_question=True), SourceTurn(None, "So.")))
    assert [turn.speaker for turn in name_speakers(source).turns] == [INTERVIEWER, None]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Interview with Tomas Hale, 28 March", ["Tomas Hale"]),
        ("Mayor Tomas Hale on the Hamilton Bridge", ["Tomas Hale"]),
        ("Transcript 12", []),
        ("", []),
    ],
)
def test_names_in_a_title(title: str, names: list[str]) -> None:
    assert find_names(title) == names


@pytest.mark.parametrize(
    ("ours", "label", "others", "agreement"),
    [
        ("Hale", "TOMAS HALE", [], "same"),
        ("Tomas Hale", "TH", ["JB"], "same"),
        ("Tomas Hale", "JB", ["TH"], "different"),
        ("Tomas Hale", "JB", ["Q"], "unknown"),  # nobody knows who JB is
        ("Hale", "TH", ["JB"], "compatible"),
        ("Hale", "TH", ["AH"], "unknown"),
        ("Hale", "JB", ["TH"], "different"),
        ("Tomas Hale", "Tomas", ["Anna"], "same"),
        ("Tomas Hale", "Anna", ["Tomas"], "different"),
        ("Hale", "Tomas", ["Anna"], "unknown"),
        ("Tomas Hale", "Q", ["Tomas Hale"], "different"),
        ("Tomas Hale", INTERVIEWER, ["Tomas Hale"], "different"),
        ("Anna Kim", INTERVIEWER, ["Tomas Hale"], "unknown"),  # she may be the interviewer
        ("Tomas Hale", "A", ["Q"], "unknown"),
        ("Tomas Hale", "Maria Lindqvist", ["Tomas Hale"], "different"),
        ("an official", "TH", [], "unknown"),
        ("", "TH", [], "unknown"),
    ],
)
def test_a_name_of_the_draft_against_a_label(
    ours: str, label: str, others: list[str], agreement: str
) -> None:
    compare = SourceSpeakers.of([read(label, *others)]).comparing(None)
    assert compare(ours, label) == agreement


def test_other_names_are_compared_as_before() -> None:
    compare = SourceSpeakers.of([read("TH")]).comparing(lambda ours, theirs: "compatible")
    assert compare("Anybody", "Somebody else") == "compatible"
