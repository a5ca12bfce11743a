"""The evidence in shared words, in bits: common words prove little about who said them."""

from __future__ import annotations

from collections.abc import Sequence

from service.english.word_frequency import load_word_bits
from service.matching.align.passage import ClaimText
from service.matching.align.placement import Placement
from service.matching.thresholds import COST_OF_RUN, NUMBER_BITS, SHORTEST_RUN


def bits_of_words(words: Sequence[str]) -> float:
    """The surprise of a run of words (level N3), in bits: each as common as it is in English."""
    table = load_word_bits()
    return sum(NUMBER_BITS if word[0].isdecimal() else table[word] for word in words)


def bits_of_claim(claim_text: ClaimText) -> float:
    """The surprise of all distinct words of a claim."""
    return bits_of_words(list(dict.fromkeys(claim_text.forms)))


def shared_bits(placement: Placement) -> float:
    """The surprise of the words that a placement keeps, less a cost for each run after the first."""
    runs = [
        bits_of_words(list(dict.fromkeys(placement.claim_text.forms[edit.claim_start : edit.claim_end])))
        for edit in placement.edits
        if edit.op == "keep" and edit.claim_end - edit.claim_start >= SHORTEST_RUN
    ]
    return sum(runs) - COST_OF_RUN * max(0, len(runs) - 1)
