"""A linear model of whether an attribution reports words, over its cue, source and content.

Facts, acts, events, charges, terms and titles look like reported speech to the tagger. The model was trained
on attributions that the tagger found in news of many kinds, labelled as reported or not
(`python -m service.extraction.training.reporting`). Features are sparse and named, so that the weights can be
read: `data/reporting.json` maps each to its weight.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from service.english.inflection import base_form
from service.english.word_lists import read_word_lists
from service.text.span import Span, join_spans

WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+")
MARK: Final = re.compile(r"[“”\"«»„]|``|''")
_WORDS: Final = read_word_lists("service.extraction.attribution", "reporting_words.txt")
PRONOUNS: Final = _WORDS["pronouns"]
BE: Final = _WORDS["forms_of_be"]
MODALS: Final = _WORDS["modals"]
NEGATIONS: Final = frozenset(["not", "n't", "never", "no", "without"])
LEXICAL: Final = 6  # words of a cue that are features; later ones say little


@dataclass(frozen=True, slots=True)
class Evidence:
    """The input of the model: the words of each role in lower case, and the tagger's probability."""

    cue: Sequence[str]
    source: Sequence[str]
    content: Sequence[str]
    belief: float
    marked: bool
    before: str  # the word before the content
    after: str  # what stands right behind the content, a mark or a word
    order: str  # of source (s), cue (q), content (c)
    first_capital: bool
    sentence_end: bool


_CONTRACTED: Final = re.compile(r"(n't|'(?:s|re|m|d|ll|ve))$")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, contractions split: "they're" is "they" and "'re"."""
    return [
        part
        for word in WORD.findall(text.replace("’", "'").casefold())
        for part in (_CONTRACTED.sub(r" \1", word).split() if "'" in word else (word,))
    ]


def read_evidence(
    text: str, content: Sequence[Span], cue: Sequence[Span], source: Sequence[Span], belief: float
) -> Evidence:
    """The evidence for one attribution."""
    first, last = content[0].start, content[-1].end
    places = sorted(
        [(span[0].start, letter) for span, letter in ((content, "c"), (cue, "q"), (source, "s")) if span]
    )
    lead = words_of(text[max(0, first - 30) : first])
    tail = text[last : last + 2].strip()
    marked = any(MARK.search(text, max(span.start - 2, 0), span.end + 2) for span in content)
    return Evidence(
        words_of(join_spans(text, cue, " ")),
        words_of(join_spans(text, source, " ")),
        words_of(join_spans(text, content, " ")),
        belief,
        marked,
        lead[-1] if lead else "",
        tail[:1] if tail and not tail[0].isalnum() else "word",
        "".join(letter for _, letter in places),
        text[first : first + 1].isupper(),
        text[last - 1 : last] in set(".!?") or tail[:1] in set(".!?"),
    )


def features(evidence: Evidence) -> Iterator[str]:
    """The names of the features that hold, each at most once of its kind."""
    yield from _of_cue(evidence)
    yield from _of_source(evidence)
    yield from _of_content(evidence)
    yield f"order={evidence.order}"
    yield f"after={evidence.after}"
    yield f"belief={min(int(evidence.belief * 10), 9)}"
    yield f"belief={min(int(evidence.belief * 10), 9)},marked={evidence.marked}"


def _of_cue(evidence: Evidence) -> Iterator[str]:
    cue = [base_form(word) for word in evidence.cue[:LEXICAL]]
    marked = "+marks" if evidence.marked else ""
    yield f"cue#={min(len(evidence.cue), 5)}"
    if not cue:
        yield "cue=none" + marked
        return
    content = [w for w in cue if w not in _NO_HEADS]
    head = content[0] if content else cue[0]
    yield f"cue={head}"
    yield f"cue={head}{marked or '+plain'}"
    yield f"cue={'_'.join(cue)}"
    yield f"cue-last={evidence.cue[-1]}"
    for word in set(cue):
        yield f"cue-has={word}"
    if NEGATIONS & set(evidence.cue):
        yield "cue-negated"
    if MODALS & set(evidence.cue):
        yield "cue-modal"
    if BE & set(evidence.cue) and not evidence.source:
        yield "cue-passive"
    opener = evidence.content[0] if evidence.content else ""
    if opener in _OPENERS:
        yield f"cue={head},content={opener}"


_NO_HEADS: Final = BE | MODALS | NEGATIONS | _WORDS["light_verbs_and_adverbs"]
_OPENERS: Final = _WORDS["openers"]


def _of_source(evidence: Evidence) -> Iterator[str]:
    if not evidence.source:
        yield "source=none"
        yield f"source=none,marked={evidence.marked}"
        return
    head = evidence.source[-1] if len(evidence.source) < 3 else evidence.source[0]
    yield f"source#={min(len(evidence.source), 6)}"
    if len(evidence.source) == 1 and evidence.source[0] in PRONOUNS:
        yield f"source={evidence.source[0]}"
    else:
        yield "source=words"
    yield f"source-first={head if head in _CLOSED_CLASS else 'name'}"
    for word in set(evidence.source):
        yield f"source-has={base_form(word)}"


_CLOSED_CLASS: Final = PRONOUNS | _WORDS["determiners"]


def _of_content(evidence: Evidence) -> Iterator[str]:
    content = evidence.content
    size = min(int(math.log2(len(content) + 1)), 6)
    yield f"content#={size},marked={evidence.marked}"
    yield f"content-capital={evidence.first_capital},marked={evidence.marked}"
    yield f"content-ends={evidence.sentence_end},marked={evidence.marked}"
    if content:
        yield f"content-first={content[0] if content[0] in _OPENERS else 'other'}"
        yield f"content-second={content[1] if len(content) > 1 and content[1] in _OPENERS else 'other'}"
    has_verb = _has_verb(content)
    yield f"content-verb={has_verb}"
    yield f"content-verb={has_verb},size={size}"
    yield f"before={evidence.before if evidence.before in _BEFORE else 'other'}"


def _has_verb(content: Sequence[str]) -> bool:
    """Whether a finite verb is among the words; "'s" is one behind a pronoun only, not in "baker's itch"."""
    return any(
        word in _FINITE and (word != "'s" or before in _SUBJECTS) for before, word in pairwise(["", *content])
    )


_SUBJECTS: Final = PRONOUNS | {"there", "what"}
_FINITE: Final = BE | MODALS | _WORDS["finite_verbs"]
_BEFORE: Final = _WORDS["words_before"]


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    text = (files(__package__) / "data" / "reporting.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded


def judge_reporting(evidence: Evidence) -> tuple[float, float]:
    """Two probabilities in [0, 1]: that the attribution reports words, and a stance of its source.

    The second is of use where the first is low: "declined to comment" reports nothing, but is no mere event.
    """
    weights = _weights()
    found = list(features(evidence))
    reported, related = (
        weights[head][""] + sum(weights[head].get(name, 0.0) for name in found)
        for head in ("reported", "related")
    )
    return _chance(reported), _chance(related)


def _chance(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(min(score, 30.0), -30.0)))
