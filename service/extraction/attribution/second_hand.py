"""Second-hand sources: "figures from the Ministry cited by Izvestia" are the Ministry's, via Izvestia."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from service.extraction.models import Attribution
from service.extraction.thresholds import RELAY_REACH
from service.text.span import Span

MARK: Final = re.compile(r"[“”\"]")

_RELAY = re.compile(
    r"[,\s]{0,3}\b(?:(?:as|which (?:was|were)|that (?:was|were)|first|also) )?"
    r"(?:cited|quoted|obtained|seen|reviewed|relayed|carried|published|reported|shared|leaked|released|viewed)"
    r"(?: (?:\w{1,12}ly|on \w{1,12}))? (?:by|to|in|on) "
)
_NAME = re.compile(
    r"(?:the |The )?[A-Z][\w’'.&-]{0,30}(?:(?: (?:of|the|de|and|&))? [A-Z][\w’'.&-]{0,30}){0,5}"
    r"|(?:the|a|an|several|two|state|local)(?: [a-z][\w’'-]{0,20}){1,3}"
)
_ISSUED = re.compile(
    r"^(?:\w{1,20} ){0,3}?"
    r"(?:figures|data|statistics|numbers|estimates|documents|records|findings|information)"
    r" (?:from|by|of|released by|provided by|published by|compiled by) "
)
_POSSESSIVE = re.compile(r"['’]s?$")


def resolve_relay(text: str, attribution: Attribution) -> Attribution:
    """Name who passed the words on, where the text says so right after the source or within it.

    What remains of a source such as "figures from the Ministry" is then the Ministry: the relay makes plain
    that the figures are not who speaks.
    """
    if len(attribution.source) != 1:
        return attribution
    source = attribution.source[0]
    relay = _RELAY.search(text, source.start, source.end) or _RELAY.match(
        text, source.end, source.end + RELAY_REACH
    )
    name = _NAME.match(text, relay.end(), relay.end() + RELAY_REACH) if relay else None
    if relay is None or name is None or relay.start() <= source.start:
        return attribution
    via = Span(name.start(), name.end() - _ending(name[0]))
    if any(via.overlaps(span) for span in (*attribution.content, *attribution.cue)):
        return attribution
    origin = Span(source.start, min(source.end, relay.start()))
    issued = _ISSUED.match(origin.of(text))
    if issued is not None and issued.end() < len(origin.of(text)):
        origin = Span(origin.start + issued.end(), origin.end)
    return replace(attribution, source=(origin,), via=(via,))


_INNER = re.compile(
    r"(?P<lead>(?:that )?(?:[A-Z][^,.;“”\"]{3,60}, )?)"
    r"(?P<name>[A-Z][\w’'-]{1,20}(?: [A-Z][\w’'-]{1,20}){0,2}|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er) [a-z-]{3,15}) "
    r"(?P<cue>(?:had )?(?:told (?:(?:the|a|his|her|their) )?(?!that\b)[\w’'-]{2,15}"
    r"|said|admitted|claimed|testified|insisted|denied))"
    r" (?P<rest>(?:that )?\S.{10,})",
    re.DOTALL,
)


def resolve_nested(text: str, attribution: Attribution) -> Attribution:
    """Attribute reported words within reported words to their speaker: "Avila told …, Carnett wrote".

    The outer source passed them on. Where it stands before the words, only what somebody told others is taken
    for a report within the report: "Police said the mother told them that …".
    """
    if not attribution.source or attribution.via:
        return attribution
    if attribution.source[0].start < attribution.content[0].start:
        return _resolve_told(text, attribution)
    if len(attribution.content) != 1:
        return attribution
    content = attribution.content[0]
    if attribution.source[0].start < content.end or MARK.search(
        text, max(content.start - 1, 0), content.start + 1
    ):
        return attribution
    found = _INNER.fullmatch(text, content.start, content.end)
    if found is None or MARK.search(text, content.start, found.start("rest")):
        return attribution
    return replace(
        attribution,
        content=(Span(*found.span("rest")),),
        cue=(Span(*found.span("cue")),),
        source=(Span(*found.span("name")),),
        via=attribution.source,
    )


_TOLD: Final = re.compile(
    r"(?:that )?(?P<name>(?:(?:the|an?|his|her|its|their) (?:[a-z-]{3,15} ){0,3}[a-z-]{3,15})"
    r"(?:, [A-Z][\w’'.-]{1,20}(?: [A-Z][\w’'.-]{0,20}){0,3},)?"
    r"|(?:[a-z-]{4,15} )?[A-Z][\w’'.-]{1,20}(?: [A-Z][\w’'.-]{0,20}){0,3}) "
    r"(?P<cue>(?:had |has )?told (?:(?:the|an?|his|her|their) )?(?!that\b)[\w’'-]{2,15}(?: [a-z]{4,12}s)?"
    r"|(?:had |has )?(?:said|testified|admitted|claimed)(?= that ))\s(?=\S.{10})",
    re.DOTALL,
)


def _resolve_told(text: str, attribution: Attribution) -> Attribution:
    """The report within a report of which the outer source is named first."""
    first, *others = attribution.content
    found = _TOLD.match(text, *first)
    if found is None or MARK.search(text, max(first.start - 1, 0), found.end()):
        return attribution
    name = Span(found.start("name"), found.end("name") - (text[found.end("name") - 1] == ","))
    return replace(
        attribution,
        content=(Span(found.end(), first.end), *others),
        cue=(Span(*found.span("cue")),),
        source=(name,),
        via=attribution.source,
    )


def _ending(name: str) -> int:
    """Characters at a name's end that are not its own: a possessive, a full stop."""
    found = _POSSESSIVE.search(name)
    return len(found[0]) if found else len(name) - len(name.rstrip(".,"))
