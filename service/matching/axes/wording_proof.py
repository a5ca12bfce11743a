"""Which stored words prove a wording: direct words do, reported ones only the meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from service.matching.align.passage import Passage
from service.matching.models import Evidence, Utterance

_MARKED: Final = re.compile('[“„«"]([^“”„«»"]{1,2000})[”“»"]')


def split_by_form(evidence: Sequence[Evidence]) -> tuple[list[Passage], list[Passage]]:
    """(passages of words as spoken, passages of words as reported).

    A mixed quotation is in both: its marked words as spoken, all of it as reported.
    """
    spoken: list[Passage] = []
    reported: list[Passage] = []
    for window in evidence:
        if all(utterance.form == "direct" for utterance in window.utterances):
            spoken.append(Passage(window, window.utterances))
            continue
        spoken.extend(Passage(window, run) for run in _spoken_runs(window.utterances))
        reported.append(Passage(window, window.utterances))
    return spoken, reported


def _spoken_runs(utterances: Sequence[Utterance]) -> Iterator[list[Utterance]]:
    """Neighbouring direct utterances together, each marked stretch of a mixed one by itself."""
    run: list[Utterance] = []
    for utterance in utterances:
        if utterance.form == "direct":
            run.append(utterance)
            continue
        if run:
            yield run
        run = []
        for text in _marked_words(utterance):
            yield [replace(utterance, text=text, form="direct", passages=())]
    if run:
        yield run


def _marked_words(utterance: Utterance) -> list[str]:
    if utterance.form != "mixed":
        return []
    if utterance.passages:
        return [passage.of(utterance.text) for passage in utterance.passages]
    return [match[1] for match in _MARKED.finditer(utterance.text)]
