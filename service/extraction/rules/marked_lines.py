"""Lines in marks whose speaker stands in a line of its own, or before or behind the marks without a verb.

"From the mayor:", then the words; "The Star — “…”"; the words, then "Michael Shadlen, Ph.D." below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.speakers.mentions.people import read_cast
from service.extraction.speakers.tokens import read_tokens
from service.extraction.tagger.encoding import Layout
from service.extraction.thresholds import LEAD_WORDS, NAME_LINE_WORDS
from service.text.segments import find_words
from service.text.span import Span

_LED: Final = re.compile(
    r"(?:(?:[Aa]nd|[Tt]hen|[Aa]lso),? )?(?:(?:[Ff]ull |[Aa] )?(?:[Ff]rom|"
    r"(?:[Ss]tatement|[Mm]essage|[Rr]esponse|"
    r"[Rr]eaction|[Cc]omment|[Ll]etter|[Tt]ribute)s? (?:from|by|of|on behalf of)) )(?=\S)"
)
_LEAD: Final = re.compile(
    r"(?:[•*·–—-] |\d{1,2}[.)] )?(?P<name>[^\n“”\"‘:]{2,90}?)(?P<cue>\s?:| [–—-])\s{1,3}$"
)

_FULL_NAME: Final = re.compile(r"[A-Z][\w’'-]{1,40}(?: [A-Z][\w’'.-]{0,40}){1,6}(?:,|$)")


class MarkedLines:
    """The paragraphs of a text that are words in marks, and the lines around them."""

    def __init__(self, text: str, layout: Layout, marks: Marks) -> None:
        self._text = text
        self._paragraphs = layout.paragraphs
        self._headings = {block.start for block in layout.blocks if block.kind == "heading"}
        self._at = {span.start: number for number, span in enumerate(layout.paragraphs)}
        self._passages = {
            passage.span.start: (number, passage)
            for number, span in enumerate(layout.paragraphs)
            for passage in marks.touching(span)
        }

    def name(self, attributions: Sequence[Attribution]) -> list[Attribution]:
        """The attributions, those of such lines with the source that stands around them."""
        return [self._named(each) for each in attributions]

    def _named(self, each: Attribution) -> Attribution:
        found = self._passages.get(each.content[0].start)
        if found is None or each.verbatim:
            return each
        number, passage = found
        paragraph = self._paragraphs[number]
        start = passage.outer.start
        if start > paragraph.start:
            return self._with_lead(each, Span(paragraph.start, start))
        if any(paragraph.contains(span) for span in (*each.cue, *each.source)):
            return each
        lead = self._lead_line(number)
        if lead is not None and not self._has_cue(each, number - 1):
            colon = self._paragraphs[number - 1].end
            return replace(each, source=(lead,), cue=(Span(colon - 1, colon),), reported=1.0, via=())
        last = self._passages.get(each.content[-1].start)
        if last is not None and self._paragraphs[last[0]].end - last[1].outer.end <= 1:
            name = self._name_line(last[0] + 1)
            if name is not None:
                return replace(each, source=(name,), cue=(), reported=1.0, via=())
        return each

    def _has_cue(self, each: Attribution, number: int) -> bool:
        """Whether words of a paragraph, and no colon alone, are the cue."""
        line = self._paragraphs[number]
        return any(line.overlaps(span) and find_words(span.of(self._text)) for span in each.cue)

    def _with_lead(self, each: Attribution, before: Span) -> Attribution:
        """ "Ivo Tan, Liberals: “…”": the whole lead is the source, where no verb is the cue."""
        if any(len(find_words(span.of(self._text))) for span in each.cue if before.overlaps(span)):
            return each
        lead = _LEAD.match(self._text, *before)
        if lead is None or not lead["name"][0].isupper() or len(lead["name"].split()) > NAME_LINE_WORDS:
            return each
        name = Span(*lead.span("name"))
        inside = [span for span in each.source if before.overlaps(span)]
        if inside:
            is_named = all(name.contains(span) for span in inside)
        else:
            is_free = not each.source and lead["cue"].strip() != ":"
            is_named = is_free or _FULL_NAME.match(lead["name"]) is not None
        if not is_named:
            return each
        cue = Span(lead.end("cue") - 1, lead.end("cue"))
        return replace(each, source=(name,), cue=(cue,), reported=1.0)

    def _lead_line(self, number: int) -> Span | None:
        """Whom the line above names: "And from Saskia Boon of the Greens:"."""
        if not number:
            return None
        line = self._paragraphs[number - 1]
        words = line.of(self._text)
        if not words.endswith(":") or len(words.split()) > LEAD_WORDS or re.search('[“”".?!]', words[:-1]):
            return None
        led = _LED.match(words)
        if led is None and not (self._names_person(line) or self._stands_alone(words[:-1])):
            return None
        return Span(line.start + (led.end() if led else 0), line.end - 1)

    def _stands_alone(self, words: str) -> bool:
        """Whether a line is capitalised words only, as the name of a body is."""
        return all(word[0].isupper() or word in {"of", "the", "for", "and", "&"} for word in words.split())

    def _name_line(self, number: int) -> Span | None:
        """The line below if it is a person's name, with or without a role."""
        if number >= len(self._paragraphs):
            return None
        line = self._paragraphs[number]
        words = line.of(self._text)
        is_short = len(words.split()) <= NAME_LINE_WORDS and line.start not in self._headings
        if not is_short or words[-1] in ":?!" or (words[-1] == "." and not words.endswith(".D.")):
            return None
        if not (words[0].isupper() and self._names_person(line)) or re.search('[“”"]', words):
            return None
        return line

    def _names_person(self, line: Span) -> bool:
        tokens = read_tokens(line.of(self._text))
        return any(mention.full for mention in read_cast(tokens).mentions)
