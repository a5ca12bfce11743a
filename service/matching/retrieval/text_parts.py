"""The parts of a quotation that are searched for separately: they may be apart in the source."""

from __future__ import annotations

import re
from typing import Final

from service.matching.retrieval.fingerprints import split_words
from service.matching.thresholds import LEAST_PART, MAX_PARTS
from service.text.segments import find_sentences

# What a writer left out, or put in: the words on either side may stand apart.
GAP: Final = re.compile(r"…|\.{3,}|\. \. \.|\[[^\[\]]{0,60}\]")


def split_parts(text: str) -> list[list[str]]:
    """The words of the text, then those of each of its parts where it has several.

    Parts are sentences and what stands between marked gaps. Of very many, the longest are taken.
    """
    whole = split_words(text)
    pieces = [piece for piece in GAP.split(text) if piece.strip()]
    parts = [split_words(span.of(piece)) for piece in pieces for span in find_sentences(piece)]
    parts = [part for part in parts if len(part) >= LEAST_PART]
    if len(parts) == 1 and len(parts[0]) == len(whole):
        parts = []
    parts.sort(key=len, reverse=True)
    return [whole, *parts[:MAX_PARTS]] if whole else []
