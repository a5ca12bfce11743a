"""The resolver of an article's sources: the only function of this package to call."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date

from service.extraction.models import Attribution, Speaker
from service.extraction.speakers.cataphora import resolve_named_later
from service.extraction.speakers.coreference.pronouns import FIRST_PERSON, GENERIC
from service.extraction.speakers.known_speakers import Known
from service.extraction.speakers.noun_lists import NOUNS
from service.extraction.speakers.registry_protocol import Registry
from service.extraction.speakers.resolution_rules import ABSTAINED, Resolver, build_speaker
from service.extraction.speakers.thresholds import ENCLOSING_LOOK_BACK
from service.text.span import join_spans

BE = frozenset(["is", "are", "was", "were", "be", "been", "being"])
ADDRESSED = NOUNS["addressed"]


def resolve_speakers(
    text: str, attributions: Sequence[Attribution], registry: Registry | None = None, on: date | None = None
) -> list[tuple[Speaker, Speaker | None]]:
    """Who each attribution's source is, and who passed its words on; one pair per attribution, in their
    order.

    `registry` supplies ids, canonical names and roles where given; `on` is the article's day, for dated
    roles.
    Never raises on any text; a source that no rule is sure of has no name.
    """
    resolver = Resolver(text, attributions)
    order = _text_order(attributions)
    speakers = {
        n: ABSTAINED if _is_addressed(text, attributions[n]) else resolver.source(attributions[n].source)
        for n in order
        if not _is_first_person(text, attributions[n])
    }
    resolve_named_later(resolver, attributions, list(speakers), speakers)
    enclosing = _enclosing(attributions)
    for number in order:
        if number not in speakers:
            speakers[number] = _resolve_first_person(text, attributions[number], enclosing, speakers)
    known = Known(registry, on)
    answers = []
    for number, attribution in enumerate(attributions):
        via = resolver.source(attribution.via) if attribution.via else None
        speaker = known.enrich(speakers[number], join_spans(text, attribution.source, " "))
        answers.append((speaker, via and known.enrich(via, join_spans(text, attribution.via, " "))))
    return answers


def _text_order(attributions: Sequence[Attribution]) -> list[int]:
    def place(number: int) -> int:
        attribution = attributions[number]
        spans = attribution.source or attribution.cue or attribution.content
        return spans[0].start if spans else 0

    return sorted(range(len(attributions)), key=place)


def _is_first_person(text: str, attribution: Attribution) -> bool:
    spans = [span for span in attribution.source if span.end > span.start]
    return len(spans) == 1 and spans[0].of(text)[:20].casefold().strip() in FIRST_PERSON | GENERIC


def _is_addressed(text: str, attribution: Attribution) -> bool:
    """Whether the source is who the words were said to: "she was warned that". Who said them is left open."""
    words = join_spans(text, attribution.cue, " ").casefold().split()
    if len(words) < 2 or not attribution.source or attribution.source[0].start > attribution.cue[0].start:
        return False
    return words[-1] in ADDRESSED and any(word in BE for word in words[:-1])


def _enclosing(attributions: Sequence[Attribution]) -> Callable[[int], int | None]:
    """A function from a place to the number of the attribution whose content it lies in, the innermost."""
    spans = sorted((span.start, span.end, n) for n, a in enumerate(attributions) for span in a.content)
    starts = [span[0] for span in spans]

    def find(place: int) -> int | None:
        stop = bisect_right(starts, place)
        for start, end, number in reversed(spans[max(stop - ENCLOSING_LOOK_BACK, 0) : stop]):
            if start <= place < end:
                return number
        return None

    return find


def _resolve_first_person(
    text: str, attribution: Attribution, enclosing: Callable[[int], int | None], speakers: dict[int, Speaker]
) -> Speaker:
    """ "I" within a quotation: its speaker. Outside, the writer, whom the text need not name; "you" is
    nobody."""
    source = next(span for span in attribution.source if span.end > span.start)
    if source.of(text).casefold().strip() in GENERIC:
        return ABSTAINED
    around = enclosing(source.start)
    speaker = speakers.get(around) if around is not None else None
    if speaker is None:
        return build_speaker(None, "unknown", "first_person")
    return build_speaker(speaker.name, speaker.kind, "first_person")
