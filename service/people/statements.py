"""The relation of two statements of one person: the same words, a variant, or a contradiction.

Nothing is called an opposite because it is about the same: all words but those that deny, count or qualify
have to be the same, and both have to be their own words, not a report of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from service.matching import Claim, Evidence, Searched, Utterance, judge
from service.matching.models import AlignmentStep, Change, Fidelity, Form, Origin
from service.matching.retrieval.fingerprints import split_words
from service.matching.retrieval.ranking import align_variants

Kind = Literal["repeat", "variant", "contradiction"]

OPPOSING: Final[frozenset[Change]] = frozenset({"negation", "number", "modality"})
FAITHFUL: Final[frozenset[Fidelity]] = frozenset({"verbatim", "near_verbatim", "abridged", "truncated"})
LEAST_LENGTH: Final = 2 / 3  # of the longer statement: what is far shorter leaves too much unsaid
SOMEBODY: Final = "Ada Byron"  # a placeholder: both statements are by the same person
ONE: Final = Searched(quotes=1, until=None)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said, as a source has it."""

    text: str
    form: Form
    place: tuple[str, int]  # source and turn
    family: int = 0  # hash of the words

    @property
    def is_own_words(self) -> bool:
        """Whether the text promises the words themselves."""
        return self.form == "direct"


@dataclass(frozen=True, slots=True)
class Relation:
    """How the later statement stands to the earlier; `changes` names what differs, the gravest first."""

    kind: Kind
    changes: tuple[Change, ...] = ()
    alignment: tuple[AlignmentStep, ...] = ()  # from the earlier words to the later


def relate(earlier: Statement, later: Statement) -> Relation | None:
    """The relation of two statements of one person; None if they are unrelated."""
    if not (earlier.is_own_words and later.is_own_words):
        return None
    if earlier.family == later.family and split_words(earlier.text) == split_words(later.text):
        return Relation("repeat")
    long, short = earlier, later
    if len(split_words(long.text)) < len(split_words(short.text)):
        long, short = short, long
    fidelity, changes = compare_words(short.text, long.text)
    if fidelity in FAITHFUL:
        return Relation("variant", changes, align_variants(earlier.text, later.text))
    if fidelity != "altered":
        return None
    if OPPOSING.issuperset(changes) and earlier.place != later.place and _are_alike_long(short, long):
        return Relation("contradiction", changes, align_variants(earlier.text, later.text))
    return Relation("variant", changes, align_variants(earlier.text, later.text))


def compare_words(claim: str, source: str) -> tuple[Fidelity, tuple[Change, ...]]:
    """The fidelity and changes of one text compared with another."""
    origin = Origin("urn:statement", "", "", None, "statement")
    utterance = Utterance("", source, SOMEBODY, None, 0, 0)
    judged = judge(Claim(claim, SOMEBODY), [Evidence(origin, (utterance,), frozenset({0}))], ONE)
    return judged.verdict.fidelity, judged.verdict.changes


def _are_alike_long(short: Statement, long: Statement) -> bool:
    return len(split_words(short.text)) >= LEAST_LENGTH * len(split_words(long.text))


def explain(changes: tuple[Change, ...]) -> str:
    """The difference in words."""
    return f"Differs in: {', '.join(changes)}."
