"""Whether words were said, written or only thought: by the cue's words and the form of the content."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.english.irregular_forms import VERBS
from service.english.word_lists import read_word_lists
from service.extraction.models import Act, Attribution
from service.extraction.thresholds import LEAST_MARKED, LEAST_RELATED, LEAST_REPORTED
from service.text.span import join_spans

_WORDS = read_word_lists("service.extraction.rules", "speech_acts.txt")

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_MARK = re.compile(r"[“”\"«»„]|``|''")
_PHRASE_ENDS = _WORDS["phrase_ends"]

# Base forms; `_lemmas` undoes inflection.
_WRITING = _WORDS["writing"]
_WRITTEN_MEDIA = _WORDS["written_media"]
_WRITTEN_SOURCES = _WRITTEN_MEDIA | _WORDS["written_sources"]
_THOUGHT = _WORDS["thought"]
_SPEECH = _WORDS["speech"]
_COURTS = _WORDS["courts"]


def _lemmas(word: str) -> Iterator[str]:
    """The base forms a word may be inflected from, itself first."""
    yield VERBS.get(word, word)
    if word.endswith("ies") or word.endswith("ied"):
        yield word[:-3] + "y"
    for ending in ("s", "es", "d", "ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield stem
            if ending == "ing":
                yield stem + "e"
            if ending in {"ed", "ing"} and stem[-1] == stem[-2]:
                yield stem[:-1]


def _is_in(word: str, lemmas: frozenset[str]) -> bool:
    return any(lemma in lemmas for lemma in _lemmas(word))


def _words(text: str) -> list[str]:
    return [word.casefold().removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text)]


def _is_marked(text: str, attribution: Attribution) -> bool:
    """Whether quotation marks stand inside or right around the content."""
    return any(_MARK.search(text, max(span.start - 2, 0), span.end + 2) for span in attribution.content)


def _act_of_cue(words: list[str]) -> Act | None:
    """The act that the first telling word of a cue names; "said in a statement" is writing."""
    for number, word in enumerate(words):
        if _is_in(word, _SPEECH):
            written = any(_is_in(later, _WRITTEN_MEDIA) for later in words[number + 1 :])
            return "writing" if written else "speech"
        if _is_in(word, _WRITING):
            return "writing"
        if _is_in(word, _THOUGHT):
            return "thought"
    return None


def _is_court(source: list[str]) -> bool:
    return not _COURTS.isdisjoint(source)


def _is_document(source: list[str]) -> bool:
    """Whether the source's core, its words before a preposition, ends in the noun of a document."""
    end = next((n for n, word in enumerate(source) if n and word in _PHRASE_ENDS), len(source))
    return end > 0 and _is_in(source[end - 1], _WRITTEN_SOURCES)


def classify_act(text: str, attribution: Attribution) -> Act:  # noqa: PLR0911
    """Classify an attribution as speech, writing or thought.

    "none" where nothing is reported: facts, events, terms, titles. Thoughts, plans and wishes have no
    marks: words within quotation marks were uttered, so a verb of thought
    around them ("she feels “betrayed”") counts as speech. Documents as sources ("the poll",
    "a report") write.
    """
    if attribution.act is not None:
        return attribution.act
    if attribution.reported < (LEAST_MARKED if _is_marked(text, attribution) else LEAST_REPORTED):
        is_stance = not _is_marked(text, attribution) and attribution.related >= LEAST_RELATED
        if not is_stance:
            return "none"
        return "thought"
    cue = _words(join_spans(text, attribution.cue, " "))
    found = _act_of_cue(cue)
    source = _words(join_spans(text, attribution.source, " "))
    if "saying" in cue or (cue[-1:] == ["heard"] and _is_court(source)):
        return "speech"  # "was quoted as saying", "the jury heard that"
    if found == "thought" and _is_marked(text, attribution):
        return "speech"
    if found in {None, "speech"} and _is_document(_words(join_spans(text, attribution.source, " "))):
        return "writing"
    return found or "speech"
