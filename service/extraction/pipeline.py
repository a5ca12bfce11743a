"""The pipeline: document → quotations. Each stage is a module; this one calls them in order."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from service.extraction.attribution.confidence_filter import belief, believable
from service.extraction.attribution.cueless_quotes import adopt, survey
from service.extraction.attribution.linking import Linked, link
from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.pointers import add_pointed
from service.extraction.attribution.regrouping import Grouping
from service.extraction.attribution.reporting import judge_reporting, read_evidence
from service.extraction.attribution.second_hand import resolve_nested, resolve_relay
from service.extraction.attribution.snap_to_marks import anchor
from service.extraction.attribution.unrelated_pieces import without_unrelated
from service.extraction.models import Acts, Attribution, Extraction, Quotation, Speaker
from service.extraction.rules.block_quotations import outside_authors, quote_blocks, without_repeats
from service.extraction.rules.datelines import outside_openings
from service.extraction.rules.interviews import find_answers, name_speakers
from service.extraction.rules.list_items import with_items
from service.extraction.rules.marked_lines import MarkedLines
from service.extraction.rules.page_layout import is_shouted_line, posts, sign, with_turns
from service.extraction.rules.speech_act import classify_act
from service.extraction.rules.title_filter import without_names
from service.extraction.rules.turns import find_turns
from service.extraction.speakers import Registry, resolve_speakers
from service.extraction.tagger.decoding import RoleSpan, decode, join_sources
from service.extraction.tagger.encoding import Layout
from service.extraction.tagger.layout import read_layout, split_chapters
from service.extraction.tagger.tagger import TAGGER, Reading, Tagger
from service.extraction.thresholds import BEFORE_COLON, LEAST_MARKED
from service.text.document import Document
from service.text.language import ENGLISH, has_letters, recognise_language
from service.text.span import Span

_CLAUSE_REST: Final = re.compile(r"(?: (?=[a-z])[^,.;:\n“”\"]{1,80})?")
_UNFINISHED: Final = re.compile(r"\s(?:on|at|by|of|the|a|an|until|from|in)$")
_UNFINISHED_REST: Final = re.compile(r" \w[^,.;:\n“”\"]{1,80}")
NOT_READ: Final = frozenset({"training", "model", "__pycache__"})  # folders whose code no extraction runs
READ_FOLDERS: Final = ("english", "extraction", "names", "text")
UNKNOWN: Final = Speaker(name=None, kind="unknown", how="language_not_supported", confidence=0.0)


def fingerprint_code(package: Path) -> str:
    """Changes with any line of the code or word lists an extraction reads, so that no cache outlives it.

    `package` is the folder of the whole service, wherever it is installed.
    """
    digest = hashlib.sha256()
    for file in sorted(file for folder in READ_FOLDERS for file in (package / folder).rglob("*")):
        if file.is_file() and NOT_READ.isdisjoint(file.relative_to(package).parts):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


ENGINE: Final = f"verbatim-tagger-{TAGGER.fingerprint}-{fingerprint_code(Path(__file__).parents[1])}"


def extract(
    document: Document, *, registry: Registry | None = None, on: date | None = None, acts: Acts = "reported"
) -> Extraction:
    """Every quotation of a document, in text order. Never raises on any text; time is linear in its length.

    `registry` knows speakers beyond the article, `on` is the day it was published (for roles that have
    dates). What looks like a quotation but reports no words (facts, events, terms, titles) has the act "none"
    and is given with `acts` "all" only. Unless the text is English, only what stands in quotation marks is
    given, without speakers, and a note.
    """
    language = recognise_language(document.text) or _primary(document.language)
    layout = read_layout(document)
    marks = Marks(document.text, layout.passages)
    if language != ENGLISH and has_letters(document.text):
        return Extraction(_marked_only(marks), language, (_explain_language(language),), ENGINE)
    attributions = attribute(document.text, TAGGER.get(), layout, marks)
    named = [each if each.named is None else replace(each, source=each.named) for each in attributions]
    speakers = resolve_speakers(document.text, named, registry, on)
    quotations = tuple(
        _quotation(document.text, marks, attribution, *who)
        for attribution, who in zip(attributions, speakers, strict=True)
    )
    if acts != "all":
        quotations = tuple(quotation for quotation in quotations if quotation.act != "none")
    return Extraction(quotations, language, (), ENGINE)


def attribute(text: str, tagger: Tagger, layout: Layout, marks: Marks) -> list[Attribution]:
    """Who is said to have said what, as spans, in text order."""
    found = [
        attribution
        for chapter in split_chapters(text, layout)
        for attribution in _attribute_chapter(text, tagger.read(text, chapter), chapter, marks)
    ]
    found = outside_openings(text, _outside_lines(text, found, layout, marks), layout.paragraphs, marks)
    spoken = without_names(found, marks, layout.paragraphs)
    spoken = with_items(text, spoken, layout)
    turns = name_speakers(text, find_turns(text, layout.paragraphs, layout.blocks))
    answers = find_answers(text, layout.paragraphs, layout.blocks)
    turns = answers if len(answers) > len(turns) else turns
    blocks = quote_blocks(text, layout.blocks, marks)
    turns += blocks or posts(text, layout.paragraphs)
    signed = MarkedLines(text, layout, marks).name(sign(outside_authors(spoken, layout.blocks), text, marks))
    return without_repeats(
        text, with_turns(signed, sorted(turns, key=lambda turn: turn.content[0])), layout.blocks
    )


def _outside_lines(
    text: str, found: Sequence[Attribution], layout: Layout, marks: Marks
) -> list[Attribution]:
    """The attributions without what a line in capitals between the paragraphs seems to say."""
    lines = [span for span in layout.paragraphs if is_shouted_line(text, span)]
    if not lines or len(lines) > len(layout.paragraphs) / 2:
        return list(found)
    ends = [line.end for line in lines]

    def is_in_line(span: Span) -> bool:
        at = bisect_right(ends, span.start)  # the first line that ends after the span starts
        return at < len(lines) and lines[at].overlaps(span)

    kept = []
    for each in found:
        content = tuple(span for span in each.content if not is_in_line(span))
        inside = any(map(is_in_line, (*each.source, *each.cue)))
        if content and (not inside or any(map(marks.touching, content))):
            kept.append(
                replace(each, content=content, cue=(), source=())
                if inside
                else replace(each, content=content)
            )
    return kept


def _attribute_chapter(text: str, reading: Reading, layout: Layout, marks: Marks) -> list[Attribution]:
    """What the words of one chapter tell."""
    ground = survey(text, reading, layout)
    decoded = join_sources(decode(reading.tags, ground.paragraph_starts))
    spans = anchor(decoded, reading, ground.passages)
    spans = add_pointed(reading, spans)
    linked = believable(adopt(link(reading, spans), spans, ground), ground)
    found = ((each, _attribution(each, reading, marks)) for each in linked)
    grouping = Grouping(text, layout, marks)
    weighed = [
        _weigh(text, part, belief(each, reading), layout.paragraphs)
        for each, attribution in found
        if attribution.content  # a mark alone is none
        for part in grouping.split(without_unrelated(attribution, marks, layout.sentences))
    ]
    return [
        resolve_nested(text, resolve_relay(text, attribution))
        for attribution in grouping.part_dialogue(grouping.adopt(grouping.merge(weighed)))
    ]


def _weigh(text: str, attribution: Attribution, sureness: float, paragraphs: Sequence[Span]) -> Attribution:
    """The attribution with the probability that it reports words."""
    attribution = replace(
        attribution,
        content=tuple(_to_clock_end(text, span) for span in attribution.content),
        cue=_in_one_paragraph(attribution.cue, paragraphs),
        source=_in_one_paragraph(attribution.source, paragraphs),
    )
    evidence = read_evidence(text, attribution.content, attribution.cue, attribution.source, sureness)
    reported, related = judge_reporting(evidence)
    if evidence.marked and _follows_colon(text, attribution.content[0].start):
        reported = max(reported, LEAST_MARKED)
    return replace(attribution, reported=reported, related=related)


def _follows_colon(text: str, at: int) -> bool:
    """Whether a colon stands before `at`, with nothing but marks and white space between (of a few)."""
    return text[max(at - BEFORE_COLON, 0) : at].rstrip("“\"‘' \n")[-1:] == ":"


def _attribution(linked: Linked, reading: Reading, marks: Marks) -> Attribution:
    trimmed = (marks.trim(_characters(reading, span)) for span in linked.contents)
    return Attribution(
        content=tuple(sorted(span for span in trimmed if span.start < span.end)),
        cue=_spans(reading, linked.cue),
        source=_spans(reading, linked.source),
    )


def _spans(reading: Reading, span: RoleSpan | None) -> tuple[Span, ...]:
    return () if span is None else (_characters(reading, span),)


def _in_one_paragraph(spans: tuple[Span, ...], paragraphs: Sequence[Span]) -> tuple[Span, ...]:
    """Spans cut to their last paragraph: no source or cue goes over the end of one."""
    cut = []
    for span in spans:
        at = bisect_right(paragraphs, span.end - 1, key=lambda paragraph: paragraph.start) - 1
        start = max(span.start, paragraphs[at].start) if at >= 0 else span.start
        cut.append(Span(start, span.end))
    return tuple(cut)


def _to_clock_end(text: str, span: Span) -> Span:
    """A content that ends within "5:45 a.m." or with "on" goes on to the end of its clause."""
    if _UNFINISHED.search(text, max(span.end - 10, span.start), span.end):
        rest = _UNFINISHED_REST.match(text, span.end)
        return Span(span.start, rest.end()) if rest else span
    if text[span.end : span.end + 1] != "." or not text[max(span.end - 4, 0) : span.end].endswith(
        (" a.m", " p.m")
    ):
        return span
    rest = _CLAUSE_REST.match(text, span.end + 1)
    return Span(span.start, rest.end() if rest else span.end + 1)


def _characters(reading: Reading, span: RoleSpan) -> Span:
    return Span(reading.words[span.first].start, reading.words[span.last - 1].end)


def _quotation(
    text: str, marks: Marks, attribution: Attribution, speaker: Speaker, via: Speaker | None
) -> Quotation:
    return Quotation(
        type="direct" if attribution.verbatim else marks.type_of(attribution.content),
        act=classify_act(text, attribution),
        content=attribution.content,
        cue=attribution.cue,
        source=attribution.source,
        passages=marks.within(attribution.content),
        speaker=speaker,
        via=via,
    )


def _marked_only(marks: Marks) -> tuple[Quotation, ...]:
    return tuple(
        Quotation("direct", "speech", (passage.span,), (), (), (passage.span,), UNKNOWN, None)
        for passage in marks.passages
    )


def _primary(tag: str | None) -> str | None:
    """The language of a BCP 47 tag: "en" of "en-GB"."""
    return tag.split("-", 1)[0].lower() or None if tag else None


def _explain_language(language: str | None) -> str:
    given = "only what stands in quotation marks is given, without speakers."
    if language is None:
        return f"The language of the text was not recognised: {given}"
    return f"The text is in a language other than English ({language}): {given}"
