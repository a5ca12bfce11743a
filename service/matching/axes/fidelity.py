"""The fidelity of one placement: the rules of the policy in order; the first that fits names the verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from service.english.numerals import is_number_key
from service.english.word_classes import FUNCTION_WORDS
from service.matching.align.passage import ClaimText
from service.matching.align.placement import Placement, has_same_words
from service.matching.axes.changes import EditReading, order_changes, read_edits
from service.matching.axes.qualifiers import CutQualifier, fillers_in, find_cut_qualifier
from service.matching.models import Change, Fidelity
from service.matching.thresholds import (
    ALTERED_CONTENT_COVERAGE,
    ALTERED_COVERAGE,
    CONTENT_WORDS_NEEDED,
    LONG_OMISSION,
    REPEATING,
    SHORTEST_FRAGMENT,
    SHORTEST_PIECE,
    SMALL_WORD_SHARE,
    WORDS_ENOUGH,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one placement proves, by which rule."""

    placement: Placement
    fidelity: Fidelity
    rule: str
    changes: tuple[Change, ...] = ()
    qualifier: CutQualifier | None = None  # what was left out that qualifies the quotation


@dataclass(frozen=True, slots=True)
class _Case:
    placement: Placement
    readings: Sequence[EditReading]

    @property
    def changes(self) -> frozenset[Change]:
        return frozenset().union(*(reading.changes for reading in self.readings))

    @property
    def marked_gaps(self) -> list[EditReading]:
        gaps = (
            reading
            for reading in self.readings
            if reading.marked and reading.edit.source_end > reading.edit.source_start
        )
        breaks = self.placement.claim_text.breaks
        return [gap for gap in gaps if breaks.intersection((gap.edit.claim_start, gap.edit.claim_end))]

    @property
    def is_faithful(self) -> bool:
        """Whether no unmarked edit is more than a slip."""
        words = sum(reading.small_words for reading in self.readings)
        allowed = max(1, math.floor(SMALL_WORD_SHARE * len(self.placement.claim_text.forms)))
        return not self.changes and words <= allowed


Rule = Callable[[_Case], Finding | None]


def is_too_short(claim_text: ClaimText) -> bool:
    """Whether a claim has too little content to be judged; adverbs and numbers count, grammar does not.

    Words said again count once: "I never said that. I never said that" says no more than its half.
    """
    forms = _said_once(claim_text)
    if len(forms) >= WORDS_ENOUGH:
        return False
    return sum(form not in FUNCTION_WORDS for form in forms) < CONTENT_WORDS_NEEDED


def _said_once(claim_text: ClaimText) -> list[str]:
    """A claim's words, of sentences that are said again only the first."""
    if len(set(claim_text.forms)) > REPEATING * len(claim_text.forms):
        return claim_text.forms
    sentences: dict[tuple[str, ...], None] = {}
    start = 0
    for at in range(len(claim_text.forms)):
        if claim_text.ends_sentence(at):
            sentences[tuple(claim_text.forms[start : at + 1])] = None
            start = at + 1
    return [form for sentence in sentences for form in sentence]


def assess(placement: Placement) -> Finding | None:
    """What a placement proves; None if it proves nothing."""
    case = _Case(placement, read_edits(placement))
    for rule in RULES:
        finding = rule(case)
        if finding is not None:
            return finding
    return None


def is_across_speakers(case: _Case) -> Finding | None:
    """Words of two speakers joined into one quotation."""
    speakers = {
        u.speaker
        for u in case.placement.passage.utterances_between(case.placement.first, case.placement.last)
    }
    if len(speakers) > 1 and case.placement.coverage >= ALTERED_COVERAGE and case.is_faithful:
        return Finding(case.placement, "spliced", "words_of_two_speakers_joined")
    return None


def is_truncated(case: _Case) -> Finding | None:
    """Contiguous, but what was cut off qualifies it."""
    if case.marked_gaps or not case.is_faithful:
        return None
    qualifier = find_cut_qualifier(case.placement.passage, case.placement.first, case.placement.last)
    if qualifier is None:
        return None
    return Finding(case.placement, "truncated", "qualifier_cut_off", ("omission",), qualifier)


def is_verbatim(case: _Case) -> Finding | None:
    """Contiguous at level N3, a part of a sentence too."""
    if case.placement.level != "N3" and not has_same_words(case.placement):
        return None
    if case.marked_gaps or any(not reading.marked for reading in case.readings):
        return None
    if _dropped_opening_filler(case.placement):
        return Finding(case.placement, "near_verbatim", "opening_filler_left_out")
    return Finding(case.placement, "verbatim", "contiguous_words")


def _dropped_opening_filler(placement: Placement) -> bool:
    """Whether a whole sentence is quoted as one, only without its opening "Well," or "Look,"."""
    passage, claim_text, first = placement.passage, placement.claim_text, placement.first
    if not claim_text.forms or passage.starts_sentence(first) or not claim_text.raw_word(0)[0].isupper():
        return False
    if passage.raw_word(first)[0].isupper() or not passage.ends_sentence(placement.last - 1):
        return False
    start = first
    while start and not passage.starts_sentence(start):
        start -= 1
    return first - start <= 4 and all(fillers_in(passage.forms[start:first]))


def is_near_verbatim(case: _Case) -> Finding | None:
    """Contiguous at level N4, or a slip of fillers and small words."""
    if case.marked_gaps or not case.is_faithful:
        return None
    rule = "only_fillers_or_small_words_differ" if case.readings else "contiguous_after_declared_lists"
    return Finding(case.placement, "near_verbatim", rule)


def is_abridged(case: _Case) -> Finding | None:
    """All segments in order in one utterance, gaps marked, no qualifier left out."""
    if not case.marked_gaps or not case.is_faithful or not _segments_are_long(case.placement.claim_text):
        return None
    return Finding(case.placement, "abridged", "marked_gaps_in_one_utterance")


def _segments_are_long(claim_text: ClaimText) -> bool:
    borders = [0, *sorted(claim_text.breaks), len(claim_text.forms)]
    return all(end - start >= 2 for start, end in pairwise(borders))


def is_altered(case: _Case) -> Finding | None:
    """Most words are there, with an edit of content."""
    placement = case.placement
    if placement.coverage < ALTERED_COVERAGE or placement.longest_run < SHORTEST_FRAGMENT:
        return None
    if content_coverage(placement) < ALTERED_CONTENT_COVERAGE:
        return None
    changes = case.changes or frozenset({"wording"})
    return Finding(placement, "altered", "content_edited", order_changes(changes))


def content_coverage(placement: Placement) -> float:
    """The share of the claim's content words that are kept, in [0, 1]."""
    total = kept = 0
    for edit in placement.edits:
        keys = placement.claim_text.spoken_between(edit.claim_start, edit.claim_end)
        content = sum(key not in FUNCTION_WORDS or is_number_key(key) for key in keys)
        total += content
        kept += content if edit.op == "keep" else 0
    return kept / total if total else 0.0


def explains_all(placement: Placement) -> bool:
    """Whether an alignment leaves no run of the claim unexplained that could come from another place."""
    return all(
        edit.op == "keep" or edit.claim_end - edit.claim_start < SHORTEST_PIECE for edit in placement.edits
    )


def is_joined_unmarked(case: _Case) -> Finding | None:
    """Two parts of one speech put together without a mark, though a sentence or more lies between."""
    placement = case.placement
    joins = [r for r in case.readings if r.edit.op == "drop" and not r.marked and _is_join(placement, r)]
    if not joins or any(r.changes and r not in joins for r in case.readings):
        return None
    return Finding(placement, "spliced", "joined_without_a_mark", ("omission",))


def _is_join(placement: Placement, reading: EditReading) -> bool:
    edit = reading.edit
    if edit.claim_start in (0, len(placement.claim_text.forms)) or not reading.changes:
        return False
    if edit.source_end - edit.source_start >= LONG_OMISSION:
        return True
    return placement.passage.ends_sentence(edit.source_start - 1) and placement.passage.ends_sentence(
        edit.source_end - 1
    )


RULES: Final[tuple[Rule, ...]] = (
    is_across_speakers,
    is_truncated,
    is_verbatim,
    is_near_verbatim,
    is_abridged,
    is_joined_unmarked,
    is_altered,
)
