"""Placements as the reader sees them: the stored words, the text around, and the aligned words."""

from __future__ import annotations

from service.matching.align.edit_script import Edit
from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement
from service.matching.models import AlignmentStep, Match
from service.matching.report.times import find_times
from service.matching.thresholds import MATCH_CONTEXT


def build_match(placement: Placement) -> Match:
    """A placement with its alignment and surroundings.

    Joined in order, `theirs` of the steps is the stored text from the first to the last word aligned, and
    `ours` is the claim's text, character for character.
    """
    passage, first, last = placement.passage, placement.first, placement.last
    utterance = passage.utterance_of(first)
    parts = passage.parts[passage.part_of(first) : passage.part_of(last - 1) + 1]
    start, end = parts[0].offset, parts[-1].offset + len(parts[-1].utterance.text)
    start_s, end_s = find_times(placement)
    return Match(
        quote_id=utterance.quote_id,
        text=passage.raw[start:end],
        before=passage.raw[max(0, start - MATCH_CONTEXT) : start].strip(),
        after=passage.raw[end : end + MATCH_CONTEXT].strip(),
        speaker=utterance.speaker,
        said_at=utterance.said_at,
        origin=passage.evidence.origin,
        score=round(placement.coverage, 4),
        alignment=build_steps(passage, placement.claim_text, placement.edits),
        start_s=start_s,
        end_s=end_s,
    )


def build_steps(
    passage: Passage, claim_text: ClaimText, edits: tuple[Edit, ...]
) -> tuple[AlignmentStep, ...]:
    """The edit script in raw words: each step holds its words and what follows them up to the next step."""
    source_cuts = _cuts(passage, [(e.source_start, e.source_end) for e in edits])
    claim_cuts = _cuts(claim_text, [(e.claim_start, e.claim_end) for e in edits], whole=True)
    return tuple(
        AlignmentStep(edit.op, source, claim)
        for edit, source, claim in zip(edits, source_cuts, claim_cuts, strict=True)
    )


def _cuts(side: Passage | ClaimText, ranges: list[tuple[int, int]], *, whole: bool = False) -> list[str]:
    """The raw text of each word range, so that the texts joined are the covered stretch without a hole."""
    filled = [at for at, (first, last) in enumerate(ranges) if last > first]
    texts = [""] * len(ranges)
    for order, at in enumerate(filled):
        start = side.span_of(ranges[at][0])[0]
        if order + 1 < len(filled):
            end = side.span_of(ranges[filled[order + 1]][0])[0]
        else:
            end = len(side.raw) if whole else side.span_of(ranges[at][1] - 1)[1]
        texts[at] = side.raw[0 if whole and order == 0 else start : end]
    return texts
