"""Document → quotations: the only door of this package. Each stage is a module; this composes them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Final

from service.extraction.attribution.confidence_filter import believable
from service.extraction.attribution.cueless_quotes import adopt, survey
from service.extraction.attribution.linking import Linked, link
from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.pointers import add_pointed
from service.extraction.attribution.second_hand import resolve_relay
from service.extraction.attribution.snap_to_marks import anchor
from service.extraction.models import Attribution, Extraction, Quotation, Speaker
from service.extraction.rules.page_layout import sign, transcript, with_turns
from service.extraction.rules.speech_act import classify_act
from service.extraction.rules.title_filter import without_names
from service.extraction.speakers import Registry, resolve_speakers
from service.extraction.tagger.decoding import RoleSpan, decode, join_sources
from service.extraction.tagger.encoding import Layout
from service.extraction.tagger.layout import read_layout, split_chapters
from service.extraction.tagger.tagger import TAGGER, Reading, Tagger
from service.text.document import Document
from service.text.language import recognise_language
from service.text.span import Span

SUPPORTED: Final = "en"
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


def extract(document: Document, *, registry: Registry | None = None, on: date | None = None) -> Extraction:
    """Every quotation of a document, in text order. Never raises on any text; time is linear in its length.

    `registry` knows speakers beyond the article, `on` is the day it was published (for roles that have
    dates). In a language other than English only what stands in quotation marks is given, without speakers,
    and a note.
    """
    language = recognise_language(document.text) or _primary(document.language)
    layout = read_layout(document)
    marks = Marks(document.text, layout.passages)
    if language is not None and language != SUPPORTED:
        return Extraction(_marked_only(marks), language, (_unsupported(language),), ENGINE)
    attributions = attribute(document.text, TAGGER.get(), layout, marks)
    speakers = resolve_speakers(document.text, attributions, registry, on)
    quotations = tuple(
        _quotation(document.text, marks, attribution, *who)
        for attribution, who in zip(attributions, speakers, strict=True)
    )
    return Extraction(quotations, language, (), ENGINE)


def attribute(text: str, tagger: Tagger, layout: Layout, marks: Marks) -> list[Attribution]:
    """Who is said to have said what, as spans, in text order."""
    found = [
        attribution
        for chapter in split_chapters(text, layout)
        for attribution in _attribute_chapter(text, tagger.read(text, chapter), chapter, marks)
    ]
    spoken = without_names(found, marks, layout.paragraphs)
    return with_turns(sign(spoken, text, marks), transcript(text, layout.paragraphs))


def _attribute_chapter(text: str, reading: Reading, layout: Layout, marks: Marks) -> list[Attribution]:
    """What the words of one chapter tell."""
    ground = survey(text, reading, layout)
    decoded = join_sources(decode(reading.tags, ground.paragraph_starts))
    spans = anchor(decoded, reading, ground.passages)
    spans = add_pointed(reading, spans)
    linked = believable(adopt(link(reading, spans), spans, ground), ground)
    return [resolve_relay(text, _attribution(each, reading, marks)) for each in linked]


def _attribution(linked: Linked, reading: Reading, marks: Marks) -> Attribution:
    return Attribution(
        content=tuple(sorted(marks.trim(_characters(reading, span)) for span in linked.contents)),
        cue=_spans(reading, linked.cue),
        source=_spans(reading, linked.source),
    )


def _spans(reading: Reading, span: RoleSpan | None) -> tuple[Span, ...]:
    return () if span is None else (_characters(reading, span),)


def _characters(reading: Reading, span: RoleSpan) -> Span:
    return Span(reading.words[span.first].start, reading.words[span.last - 1].end)


def _quotation(
    text: str, marks: Marks, attribution: Attribution, speaker: Speaker, via: Speaker | None
) -> Quotation:
    return Quotation(
        type=marks.type_of(attribution.content),
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


def _unsupported(language: str) -> str:
    return (
        f"The text is in a language other than English ({language}): "
        "only what stands in quotation marks is given, without speakers."
    )
