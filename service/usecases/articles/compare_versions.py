"""What changed between two versions of an article, in its quotes and their verdicts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from rapidfuzz import fuzz

from service.store import Store
from service.store.records import StoredVersion

LIKE: Final = 60.0  # rapidfuzz's ratio from which two quotes are taken for one that was reworded
Kind = Literal["same", "changed", "added", "removed"]
Step = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """A quote in both versions, or in one. Numbers are from 1; `changes` are words, speaker and verdict.

    `alignment` goes from the words of the former version to those of the later one.
    """

    kind: Kind
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    before_number: int | None
    after_number: int | None
    changes: tuple[str, ...] = ()
    alignment: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, and their quotes in the order of the later text; removed ones where they were."""

    before: StoredVersion
    after: StoredVersion
    rows: tuple[Compared, ...]

    def count(self, kind: Kind) -> int:
        """How many quotes are of a kind."""
        return sum(row.kind == kind for row in self.rows)


def compare_versions(store: Store, article_id: str, before: int, after: int) -> Comparison:
    """What changed from one version of an article to another. Raises NotFound."""
    former, later = store.get_version(article_id, before), store.get_version(article_id, after)
    old, new = (json.loads(one.analysis)["quotes"] for one in (former, later))
    return Comparison(former, later, tuple(compare_quotes(old, new)))


def compare_quotes(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Compared]:
    """The quotes of two versions side by side: those with the same words, then those most alike."""
    pairs = pair(old, new)
    by_new = {after: before for before, after in pairs}
    paired = set(by_new.values())
    rows: list[Compared] = []
    place = 0
    for number, quote in enumerate(new):
        before = by_new.get(number)
        if before is not None:
            for gone in range(place, before):
                if gone not in paired:
                    rows.append(Compared("removed", old[gone], None, gone + 1, None))
            place = max(place, before + 1)
            rows.append(compare_pair(old[before], quote, before, number))
        else:
            rows.append(Compared("added", None, quote, None, number + 1))
    for gone in range(place, len(old)):
        if gone not in paired:
            rows.append(Compared("removed", old[gone], None, gone + 1, None))
    return rows


def pair(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Places in the one and the other that hold the same quote; each place once."""
    alike = []
    for before, one in enumerate(old):
        for after, other in enumerate(new):
            score = fuzz.ratio(one["content"]["text"], other["content"]["text"], score_cutoff=LIKE)
            if score:
                same_speaker = one["speaker"]["name"] == other["speaker"]["name"]
                alike.append((-score, not same_speaker, abs(before - after), before, after))
    found, used_old, used_new = [], set(), set()
    for *_, before, after in sorted(alike):
        if before not in used_old and after not in used_new:
            found.append((before, after))
            used_old.add(before)
            used_new.add(after)
    return found


def compare_pair(
    before: Mapping[str, Any], after: Mapping[str, Any], before_place: int, after_place: int
) -> Compared:
    """A quote in both versions."""
    words = before["content"]["text"], after["content"]["text"]
    changes = []
    if words[0] != words[1]:
        changes.append("words")
    if before["speaker"]["name"] != after["speaker"]["name"]:
        changes.append("speaker")
    if name_verdict(before) != name_verdict(after):
        changes.append("verdict")
    kind: Kind = "changed" if changes else "same"
    steps = align(*words) if "words" in changes else ()
    return Compared(kind, before, after, before_place + 1, after_place + 1, tuple(changes), steps)


def name_verdict(quote: Mapping[str, Any]) -> tuple[Any, ...]:
    """The axes and the label of a verdict."""
    verdict = quote["verdict"]
    return tuple(verdict.get(name) for name in ("label", "severity", "fidelity", "attribution"))


def align(before: str, after: str) -> tuple[Step, ...]:
    """The change from one text to another, in words, as the alignment of a match."""
    theirs, ours = before.split(), after.split()
    names = {"equal": "keep", "delete": "drop", "insert": "add", "replace": "change"}
    return tuple(
        {"op": names[op], "theirs": " ".join(theirs[a:b]), "ours": " ".join(ours[c:d])}
        for op, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes()
    )
