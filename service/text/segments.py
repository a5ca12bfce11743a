"""Paragraphs, sentences and words as spans. English news; every function is linear in the text."""

from __future__ import annotations

import re
from functools import lru_cache

from service.english.abbreviations import is_abbreviation
from service.text.span import Span

# A line is a paragraph, whichever way it was ended.
LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")

# As the scorer counts words, with combining accents kept on their letters.
WORD = re.compile(r"\w[\w\u0300-\u036f]*(?:['’]\w[\w\u0300-\u036f]*)*")

# Widths of lines that were broken to fit, in characters.
NARROWEST = 50
WIDEST = 100
RAGGED = 25  # by how much the lines of a paragraph may differ
LONGEST_LAST = 5  # by how much the last one may be longer
SENTENCE_ENDS = frozenset('.!?:”"’')

WORD_CHARACTER = re.compile(r"\w")

CLOSERS = "\"'”’»›)]}」』"
OPENERS = "\"'“‘„‚«‹([{「『`"
# Only where a run of them begins: from its second dot it fails as it did from the first, ten thousand times.
STOP = re.compile(rf"(?<![.!?…])[.!?…]++[{re.escape(CLOSERS)}]*+(?=\s|$)|[。！？]++[{re.escape(CLOSERS)}]*+")
NEXT_WORD = re.compile(rf"\s*+([–—-]*+)[{re.escape(OPENERS)}–—-]*+\s?([\w\u0300-\u036f]*)")
# "?" Clinton asked. / "!" Mr. Trump told reporters: a name of up to four words, then a reporting verb.
TRAILING_CUE = re.compile(
    r"\s(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov)\.\s)?(?:[A-Z][\w’'-]{0,30}\s){1,4}"
    r"(?:said|says|asked|asks|wrote|writes|tweeted|added|told|replied|exclaimed|shouted|wondered|continued|"
    r"quipped|joked|demanded|yelled|answered|responded|questioned|queried|recalled|declared|thundered|mused|retorted|cried)\b"
)


def find_paragraphs(text: str) -> list[Span]:
    """Each line that holds more than white space, without the white space around it, in order.

    Lines that were broken to fit a width, as in mail and text from PDF files, are one paragraph.
    """
    return list(_split_paragraphs(text))


@lru_cache(maxsize=8)  # an article's are needed for its blocks, its sentences and its marks
def _split_paragraphs(text: str) -> tuple[Span, ...]:
    lines = []
    for line in LINE.finditer(text):
        content = line[0].strip()
        if content:
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            lines.append(Span(start, start + len(content)))
    paragraphs: list[Span] = []
    run: list[Span] = []
    for line_span in lines:
        if run and text.count("\n", run[-1].end, line_span.start) != 1:
            paragraphs += _unwrap(text, run) if len(run) > 1 else run
            run = []
        run.append(line_span)
    return (*paragraphs, *_unwrap(text, run))


def _unwrap(text: str, lines: list[Span]) -> list[Span]:
    """Lines without a blank one between them: one paragraph where all but the last are about equally long,
    and most end within a sentence; else each its own."""
    widths = [line.end - line.start for line in lines[:-1]]
    if not widths or min(widths) < NARROWEST or max(widths) > WIDEST or max(widths) - min(widths) > RAGGED:
        return lines
    if lines[-1].end - lines[-1].start > max(widths) + LONGEST_LAST:
        return lines
    within = sum(text[line.end - 1] not in SENTENCE_ENDS for line in lines[:-1])
    goes_on = sum(text[line.start].islower() for line in lines[1:])
    if 2 * within <= len(widths) or 2 * goes_on < len(widths):
        return lines
    return [Span(lines[0].start, lines[-1].end)]


def find_words(text: str) -> list[Span]:
    """Runs of letters and digits; an apostrophe within a word belongs to it. In order, never overlapping."""
    return [Span(*match.span()) for match in WORD.finditer(text)]


def find_sentences(text: str) -> list[Span]:
    """Sentences in order; none crosses a line. Together they cover all that is not white space."""
    sentences: list[Span] = []
    for paragraph in find_paragraphs(text):
        sentences.extend(_split_paragraph(text, paragraph))
    return sentences


def _split_paragraph(text: str, paragraph: Span) -> list[Span]:
    """Every sentence holds a word, where the paragraph does: dots alone belong to the words beside them."""
    sentences: list[Span] = []
    start = paragraph.start
    word = _next_word(text, start, paragraph.end)
    for stop in STOP.finditer(text, paragraph.start, paragraph.end):
        if word < stop.start() and ends_sentence(text, stop.start(), stop.end(), paragraph):
            sentences.append(Span(start, stop.end()))
            start = _skip_space(text, stop.end())
            word = _next_word(text, start, paragraph.end)
    if start < paragraph.end and word < paragraph.end:
        sentences.append(Span(start, paragraph.end))
    elif sentences:
        sentences[-1] = Span(sentences[-1].start, paragraph.end)
    else:
        sentences.append(paragraph)
    return sentences


def _next_word(text: str, start: int, end: int) -> int:
    found = WORD_CHARACTER.search(text, start, end)
    return found.start() if found is not None else end


def ends_sentence(text: str, start: int, end: int, paragraph: Span) -> bool:
    """Whether the stop `text[start:end]` (with the closing marks after it) ends a sentence of `paragraph`."""
    following = NEXT_WORD.match(text, end, paragraph.end)
    dash, word = (following[1], following[2]) if following else ("", "")
    if word and word[0].islower():
        return False
    mark = text[start]
    if mark in "!?" and is_followed_by_cue(text, start, end, paragraph.end):
        return False
    if text[start:end] == ".":
        return not is_abbreviation(text, start, "" if dash else word, paragraph.start)
    return True


def is_followed_by_cue(text: str, start: int, end: int, limit: int) -> bool:
    """Whether a quotation's own "?" or "!" is followed by who said it, so that the sentence goes on."""
    closed = any(character in "\"”’'»" for character in text[start:end])
    return closed and TRAILING_CUE.match(text, end, limit) is not None


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
