"""Interviews whose questions have no label: in bold, as headings, numbered, or each a paragraph of its own.

The answers are what the interviewee said, word for word, though no marks stand around them. Who that is,
the lines before the first question tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from service.extraction.models import Attribution
from service.extraction.rules.turns import ASKER
from service.extraction.speakers.mentions.people import read_cast
from service.extraction.speakers.tokens import read_tokens
from service.extraction.thresholds import INTRODUCTION_REACH, LEAST_QUESTIONS, PROMPT_WORDS
from service.text.document import Block
from service.text.span import Span

_NUMBER: Final = re.compile(r"\d{1,2}[.)] ")
_MARK: Final = re.compile(r"[“”\"«»„]")
_DASH: Final = re.compile(r"[–—-] ?(?=\w)")
_LABEL: Final = re.compile(r"[A-Z][A-Z.'’-]{1,30}(?: [A-Z][A-Z.'’-]{1,30}){0,3}: (?=\S)")
_ASKED_AND_ANSWERED: Final = re.compile(
    r"[–—-] ?[A-Z0-9][^?\n]{4,300}\?\s{1,3}[–—-] ?(?P<answer>\w[^\n]{1,5000})"
)
_YOU: Final = re.compile(r"\byou(?:r|rs|rself|['’]\w+)?\b", re.IGNORECASE)
_I: Final = re.compile(r"\b(?:I(?:['’]\w+)?|[Mm]y|[Mm]e|[Mm]yself)\b")
_WE: Final = re.compile(r"\b(?:[Ww]e(?:['’]\w+)?|[Oo]ur|[Uu]s|[Oo]urs)\b")
_WRITER: Final = re.compile(
    r"(?:\b(?:by|words|photos?|photographs?|pictures?|interview by)[: ]+)$", re.IGNORECASE
)
_NAME: Final = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,3}"
_INITIALS: Final = re.compile(r"[A-Z]{2,3}")


def find_answers(text: str, paragraphs: Sequence[Span], blocks: Sequence[Block]) -> list[Attribution]:
    """The answers of an interview without labels; none if the text is no interview."""
    if pairs := _in_one_paragraph(text, paragraphs):
        who = find_interviewee(text, len(text))
        source = (who,) if who is not None else ()
        return [Attribution((answer,), (), source, verbatim=True, act="speech") for answer in pairs]
    questions = _set_apart(text, paragraphs, blocks) or _plain_questions(text, paragraphs)
    if not questions:
        return []
    speaker = find_interviewee(text, paragraphs[questions[0]].start)
    if speaker is None and not any(block.emphasis_end for block in blocks):
        return []
    answers: list[Attribution] = []
    for at, number in enumerate(questions):
        if at + 1 < len(questions):
            spans = paragraphs[number + 1 : questions[at + 1]]
        else:
            spans = _last_answer(text, paragraphs[number + 1 :], speaker)
        spans = [_without_label(text, span) for span in spans]
        if spans:
            source = (speaker,) if speaker is not None else ()
            answers.append(Attribution(tuple(spans), (), source, verbatim=True, act="speech"))
    return answers


def _without_label(text: str, span: Span) -> Span:
    """A paragraph without the dash or the name in capitals that tells of a change of speaker."""
    label = _DASH.match(text, *span) or _LABEL.match(text, *span)
    return Span(label.end(), span.end) if label else span


def name_speakers(text: str, turns: Sequence[Attribution]) -> list[Attribution]:
    """Turns labelled A with the interviewee, and those labelled with initials with whom they mean."""
    if not turns:
        return []
    first = min(turn.cue[0].start if turn.cue else turn.content[0].start for turn in turns)
    return [replace(turn, named=_whom(text, turn.source[0].of(text), first)) for turn in turns]


def _whom(text: str, label: str, first: int) -> tuple[Span, ...] | None:
    """Where the text names whom a label means: nowhere for a role, None where the label itself is a name."""
    if label in {"A", "Answer"}:
        who = find_interviewee(text, first)
        return (who,) if who is not None else ()
    if ASKER.fullmatch(label):
        held = re.search(rf"\b{re.escape(label)} ({_NAME})", text, re.IGNORECASE)
        return (Span(*held.span(1)),) if held and held[1][0].isupper() else ()
    if _INITIALS.fullmatch(label):
        found = re.search(r" ".join(rf"\b{letter}[\w’'-]+" for letter in label), text[:first])
    elif " " not in label and not label.isupper():
        found = re.search(rf"\b{re.escape(label)} (?!And\b|The\b)[A-Z][a-z][\w’'-]*", text[:first])
    else:
        return None
    return (Span(*found.span()),) if found else None


def find_interviewee(text: str, until: int) -> Span | None:
    """The person that the lines before an interview are about; None if it is not plain who that is."""
    start = max(0, until - INTRODUCTION_REACH)
    tokens = read_tokens(text[start:until])
    count: Counter[int] = Counter()
    places: dict[int, Span] = {}
    cast = read_cast(tokens)
    for mention in cast.mentions:
        person = cast.person(mention)
        place = Span(start + tokens[mention.first].start, start + tokens[mention.last].end)
        if person is None or _WRITER.search(text, max(start, place.start - 20), place.start):
            continue
        count[id(person)] += 1
        if mention.full:
            places.setdefault(id(person), place)
    ranked = [(number, who) for who, number in count.most_common(2) if who in places]
    if not ranked or (len(ranked) == 2 and ranked[0][0] == ranked[1][0]):
        return None
    return places[ranked[0][1]]


def _in_one_paragraph(text: str, paragraphs: Sequence[Span]) -> list[Span]:
    """The answers that stand behind their questions, each after a dash: "– Why? – I had to."."""
    found = [match for span in paragraphs if (match := _ASKED_AND_ANSWERED.match(text, *span))]
    if len(found) < LEAST_QUESTIONS:
        return []
    return [Span(match.start("answer"), match.end()) for match in found]


def _set_apart(text: str, paragraphs: Sequence[Span], blocks: Sequence[Block]) -> list[int]:
    """The questions that bold letters, headings or numbers set apart."""
    bold = {block.start for block in blocks if block.is_emphasised and block.kind != "heading"}
    heads = {block.start for block in blocks if block.kind == "heading"}
    for starts in (bold, heads, None):
        numbers = [
            n
            for n, span in enumerate(paragraphs)
            if (_NUMBER.match(text, *span) if starts is None else span.start in starts)
        ]
        asking = [n for n in numbers if text[paragraphs[n].end - 1] == "?"]
        if len(asking) >= LEAST_QUESTIONS:
            prompts = [n for n in numbers if asking[0] <= n <= asking[-1]]
            if 2 * len(asking) >= len(prompts) and _is_interview(text, paragraphs, prompts):
                return prompts
    return []


def _plain_questions(text: str, paragraphs: Sequence[Span]) -> list[int]:
    """Questions that are paragraphs of their own, with the prompts between them that speak to "you"."""
    asking = [n for n, span in enumerate(paragraphs) if text[span.end - 1] == "?" and _is_prompt(text, span)]
    if turns := _dashed_questions(text, paragraphs, asking):
        return turns
    if len(asking) <= LEAST_QUESTIONS:
        return []
    prompts = [
        n
        for n in range(asking[0], asking[-1] + 1)
        if n in asking or (_YOU.search(text, *paragraphs[n]) and _is_prompt(text, paragraphs[n]))
    ]
    alternate = sum(b - a > 1 for a, b in pairwise(prompts))
    if alternate < len(prompts) - 1 or prompts[-1] - prompts[0] > 6 * len(prompts):
        return []
    return prompts if _is_interview(text, paragraphs, prompts) else []


def _dashed_questions(text: str, paragraphs: Sequence[Span], asking: Sequence[int]) -> list[int]:
    """Every other paragraph of the first that begin with a dash one after the other, where they ask."""
    dashed = [n for n, span in enumerate(paragraphs) if _DASH.match(text, *span)]
    stop = next((at for at in range(1, len(dashed)) if dashed[at] - dashed[at - 1] > 1), len(dashed))
    questions = dashed[:stop:2]
    asked = sum(n in questions for n in asking)
    if asked < LEAST_QUESTIONS or any(n in dashed[1:stop:2] for n in asking) or 2 * asked < len(questions):
        return []
    return questions


def _is_prompt(text: str, span: Span) -> bool:
    words = len(span.of(text).split())
    return words <= PROMPT_WORDS and not (_I.search(text, *span) or text[span.start] in "“\"‘'")


def _is_interview(text: str, paragraphs: Sequence[Span], questions: Sequence[int]) -> bool:
    """Whether "you" is asked and "I" answers; lists of questions that customers ask are the other way."""
    if any(_I.search(text, *paragraphs[n]) for n in questions):
        return False
    others = [n for n in range(questions[0], min(questions[-1] + 2, len(paragraphs))) if n not in questions]
    marked = sum(_MARK.search(text, *paragraphs[n]) is not None for n in others)
    answers = [n for n in others if _I.search(text, *paragraphs[n]) or _WE.search(text, *paragraphs[n])]
    asked = any(_YOU.search(text, *paragraphs[n]) for n in questions) or len(answers) * 2 > len(others)
    first_person = any(_I.search(text, *paragraphs[n]) for n in answers)
    return asked and first_person and marked * 2 <= len(others)


def _last_answer(text: str, paragraphs: Sequence[Span], speaker: Span | None) -> list[Span]:
    """The paragraphs behind the last question, up to one that is the writer's."""
    surname = speaker.of(text).split()[-1] if speaker is not None else None
    spans: list[Span] = []
    dashed = bool(paragraphs) and _DASH.match(text, *paragraphs[0]) is not None
    for span in paragraphs:
        if dashed and spans:
            break  # each paragraph with a dash is a turn, what has none is the writer's
        if spans and not (_I.search(text, *span) or _WE.search(text, *span)):
            break
        if surname is not None and re.search(rf"\b{re.escape(surname)}\b", span.of(text)):
            break
        spans.append(span)
    return spans
