"""Texts with their sources marked: `[[the envoy]] said` is a text and one attribution."""

from __future__ import annotations

from service.extraction.models import Attribution, Speaker
from service.extraction.speakers import Registry, resolve_speakers
from service.text.span import Span


def read_marked(marked: str, contents: tuple[str, ...] = ()) -> tuple[str, list[Attribution]]:
    """The text without marks, and an attribution for each marked source; `contents` are given to them in order."""
    text = ""
    sources = []
    rest = marked
    while "[[" in rest:
        before, _, rest = rest.partition("[[")
        source, _, rest = rest.partition("]]")
        text += before
        sources.append(Span(len(text), len(text) + len(source)))
        text += source
    text += rest
    found = []
    for number, source in enumerate(sources):
        content = contents[number] if number < len(contents) else ""
        start = text.index(content) if content else 0
        spans = (Span(start, start + len(content)),) if content else ()
        found.append(Attribution(spans, (), (source,)))
    return text, found


def speakers_of(
    marked: str, registry: Registry | None = None, contents: tuple[str, ...] = ()
) -> list[Speaker]:
    """Who each marked source is."""
    text, attributions = read_marked(marked, contents)
    return [speaker for speaker, _ in resolve_speakers(text, attributions, registry)]


def names_of(marked: str) -> list[str | None]:
    """The name of each marked source."""
    return [speaker.name for speaker in speakers_of(marked)]
