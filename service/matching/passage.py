"""The two sides of an alignment: the claim with its writer's marks, and a stretch of one source as one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from service.matching.evidence import Evidence, Utterance
from service.matching.lexicon import CONTRACTION_READINGS
from service.matching.normalise import Key, NormalisedText, Word, normalise

_ELLIPSIS: Final = re.compile(r"…|\.[ \u00a0]?\.[ \u00a0]?\.")
_BRACKETS: Final = re.compile(r"\[([^\[\]]{1,200})\]")
_SENTENCE_END: Final = re.compile(r"[.!?…]")
_CLAUSE_END: Final = re.compile(r"[.!?…,;:()—–]|(?:^|\s)-(?:\s|$)")
_ABBREVIATED: Final = frozenset({"mr", "mrs", "ms", "dr", "sen", "gov", "rep", "gen", "st", "jr", "vs"})


class Side:
    """Words and keys of one side, and the ways between them."""

    raw: str
    words: Sequence[Word]
    keys: Sequence[Key]

    @cached_property
    def key_forms(self) -> list[str]:
        """The keys' forms, for the aligner."""
        return [key.form for key in self.keys]

    @cached_property
    def _key_starts(self) -> list[int]:
        return [key.first for key in self.keys]

    def keys_between(self, first: int, last: int) -> list[str]:
        """Forms of the keys made of `words[first:last]`."""
        start = bisect_left(self._key_starts, first)
        end = bisect_left(self._key_starts, last)
        return self.key_forms[start:end]

    def key_index(self, word: int) -> int:
        """The first key that starts at or after a word."""
        return bisect_left(self._key_starts, word)

    def is_contracted(self, key: int) -> bool:
        """Whether a key is one of several that a contraction was taken apart into."""
        return "'" in self.words[self.keys[key].first].form

    def text_after(self, word: int) -> str:
        """What stands between a word and the next: spaces and punctuation."""
        end = self.words[word + 1].start if word + 1 < len(self.words) else len(self.raw)
        return self.raw[self.words[word].end : end]

    def ends_sentence(self, word: int) -> bool:
        """Whether a sentence ends after this word."""
        if word + 1 >= len(self.words):
            return True
        after = self.text_after(word)
        if not _SENTENCE_END.search(after):
            return False
        return not (after[0] == "." and self.words[word].form in _ABBREVIATED)

    def ends_clause(self, word: int) -> bool:
        """Whether punctuation divides this word from the next."""
        return word + 1 >= len(self.words) or bool(_CLAUSE_END.search(self.text_after(word)))

    def starts_sentence(self, word: int) -> bool:
        """Whether a sentence starts with this word."""
        return word == 0 or self.ends_sentence(word - 1)

    def raw_words(self, first: int, last: int) -> str:
        """The raw text of `words[first:last]`, from first letter to last."""
        return self.raw[self.words[first].start : self.words[last - 1].end] if last > first else ""


class ClaimText(Side):
    """The words under check, with the omissions and insertions that their writer marked."""

    def __init__(self, text: str) -> None:
        normalised = normalise(text)
        self.raw, self.words, self.keys = text, normalised.words, normalised.keys
        self.folded, self.unified = normalised.folded, normalised.unified
        starts = [word.start for word in self.words]
        places = {bisect_left(starts, match.start()) for match in _ELLIPSIS.finditer(text)}
        self.breaks = frozenset(place for place in places if 0 < place < len(self.words))
        self.bracketed = frozenset(
            word
            for match in _BRACKETS.finditer(text)
            for word in range(bisect_left(starts, match.start()), bisect_left(starts, match.end()))
            if self.words[word].form != "sic" and starts[word] > match.start()
        )

    @cached_property
    def key_breaks(self) -> frozenset[int]:
        """The marked omissions as positions between keys."""
        return frozenset(self.key_index(word) for word in self.breaks)


@dataclass(frozen=True, slots=True)
class _Part:
    """One utterance within a passage and where it begins, in words and raw code points."""

    utterance: Utterance
    first_word: int
    offset: int


class Passage(Side):
    """Utterances of one source in order, joined by single spaces."""

    def __init__(self, evidence: Evidence, utterances: Sequence[Utterance]) -> None:
        self.evidence = evidence
        texts: list[NormalisedText] = [normalise(utterance.text) for utterance in utterances]
        self.raw = " ".join([text.raw for text in texts])
        self.folded = " ".join([text.folded for text in texts if text.folded])
        self.unified = " ".join([text.unified for text in texts if text.unified])
        self.texts = texts
        self._utterances = utterances

    @cached_property
    def words(self) -> Sequence[Word]:  # type: ignore[override]
        """All words, placed in the joined text."""
        return [
            Word(word.form, word.start + part.offset, word.end + part.offset)
            for part, text in zip(self.parts, self.texts, strict=True)
            for word in text.words
        ]

    @cached_property
    def keys(self) -> Sequence[Key]:  # type: ignore[override]
        """All keys, over the joined words."""
        return [
            Key(key.form, key.first + part.first_word, key.last + part.first_word)
            for part, text in zip(self.parts, self.texts, strict=True)
            for key in text.keys
        ]

    @cached_property
    def parts(self) -> list[_Part]:
        """The utterances with their places."""
        parts, word, offset = [], 0, 0
        for utterance, text in zip(self._utterances, self.texts, strict=True):
            parts.append(_Part(utterance, word, offset))
            word, offset = word + len(text.words), offset + len(text.raw) + 1
        return parts

    @cached_property
    def _first_words(self) -> list[int]:
        return [part.first_word for part in self.parts]

    def part_of(self, word: int) -> int:
        """The index of the utterance a word belongs to."""
        return bisect_right(self._first_words, word) - 1

    def utterance_of(self, word: int) -> Utterance:
        """The utterance a word belongs to."""
        return self.parts[self.part_of(word)].utterance

    def utterances_between(self, first: int, last: int) -> list[Utterance]:
        """The utterances that `words[first:last]` touch."""
        return [part.utterance for part in self.parts[self.part_of(first) : self.part_of(last - 1) + 1]]

    def ends_sentence(self, word: int) -> bool:
        """A sentence ends with its punctuation, or with the utterance."""
        return super().ends_sentence(word) or self.part_of(word) != self.part_of(word + 1)


def reads_alike(theirs: Passage, ours: ClaimText, theirs_key: int, ours_key: int) -> bool:
    """Whether two unequal keys can be one word: "'s" is "is" or "has", where one side is contracted."""
    a, b = theirs.key_forms[theirs_key], ours.key_forms[ours_key]
    if a == b:
        return True
    return (theirs.is_contracted(theirs_key) and b in CONTRACTION_READINGS.get(a, ())) or (
        ours.is_contracted(ours_key) and a in CONTRACTION_READINGS.get(b, ())
    )


_INTERJECTION: Final = 12  # words another speaker may throw in without ending what is being said


def build_joined_passages(evidence: Evidence) -> list[Passage]:
    """What a speaker said before and after somebody else's short interjection, joined."""
    turns = sorted({utterance.turn for utterance in evidence.utterances})
    joined = (_without_interjection(evidence.utterances, turn) for turn in turns[:-2])
    return [Passage(evidence, utterances) for utterances in joined if utterances]


def _without_interjection(utterances: Sequence[Utterance], turn: int) -> list[Utterance]:
    """Turn `turn`, what the same speaker said on after one short interjection; [] where it was none."""
    before = [u for u in utterances if u.turn == turn]
    between = [u for u in utterances if u.turn == turn + 1]
    after = [u for u in utterances if u.turn == turn + 2]
    if not (before and between and after) or before[0].speaker != after[0].speaker or not before[0].speaker:
        return []
    if sum(len(u.text.split()) for u in between) > _INTERJECTION:
        return []
    return before + after
