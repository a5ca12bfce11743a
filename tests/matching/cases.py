"""Short ways to write claims and evidence in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.matching import Claim, Evidence, Judgement, Origin, Searched, Utterance, judge

DAY = date(2020, 3, 10)
SEARCHED = Searched(1_000, DAY)

# One speech of two speakers, as the store cuts it: (speaker, turn, sentence).
SPEECH = (
    ("Ada Byron", 0, "Thank you all for coming to the harbour this morning."),
    ("Ada Byron", 0, "Look, the new bridge will cost 12,000 dollars and it's worth every cent."),
    ("Ada Byron", 0, "We will build it in Springfield, but only if the council agrees to the loan."),
    ("Ada Byron", 0, "I do not believe that the old ferry should carry children across the river in winter."),
    ("Carl Gauss", 1, "How many workers would you hire for that?"),
    ("Ada Byron", 2, "We could hire about forty workers from the shipyard, the quarry and the two mills up the valley."),
    ("Ada Byron", 2, "They have waited long enough for a decent wage."),
    ("Ada Byron", 2, "Nobody will be forced to move from the valley."),
)  # fmt: skip


def window(
    sentences: Sequence[tuple[str, int, str]] = SPEECH, *, uri: str = "urn:speech", day: date | None = DAY
) -> Evidence:
    """A window of one source."""
    origin = Origin(uri, f"Speech {uri}", "The Harbour Record", day, "transcript")
    utterances = tuple(
        Utterance(f"{uri}#{at}", text, speaker, day, turn, at)
        for at, (speaker, turn, text) in enumerate(sentences)
    )
    return Evidence(origin, utterances, frozenset(range(len(utterances))))


def quotation(
    text: str,
    *,
    uri: str = "urn:article",
    speaker: str | None = "Ada Byron",
    form: str = "direct",
    kind: str = "quotes",
) -> Evidence:
    """An earlier quotation: one utterance, of a collection with sources unless another kind is given."""
    origin = Origin(uri, f"Article {uri}", "The Harbour Record", DAY, kind)
    return Evidence(origin, (Utterance(uri, text, speaker, DAY, 0, 0, form),), frozenset({0}))  # type: ignore[arg-type]


def check(
    text: str, *evidence: Evidence, speaker: str | None = "Ada Byron", said_on: date | None = DAY
) -> Judgement:
    """The judgement on a direct quotation, against the speech unless other evidence is given."""
    return judge(Claim(text, speaker, said_on), evidence or (window(),), SEARCHED)
