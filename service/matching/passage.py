"""The two sides of an alignment: a claim with its writer's marks, and a stretch of one source as one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from service.matching.evidence import Evidence, Utterance
from service.matching.lexicon import CONTRACTION_READINGS
from service.matching.normalise import Keys, NormalisedText, normalise

_ELLIPSIS: Final = re.compile(r"…|\.[ \u00a0]?\.[ \u00a0]?\.")
_BRACKETS: Final = re.compile(r"\[([^\[\]]{1,200})\]")
_SENTENCE_END: Final = re.compile(r"[.!?…]")
_CLAUSE_END: Final = re.compile(r"[.!?…,;:()—–]|(?:^|\s)-(?:\s|$)")
_ABBREVIATED: Final = frozenset({"mr", "mrs", "ms", "dr", "sen", "gov", "rep", "gen", "st", "jr", "vs"})


class Side:
    """Words and keys of one side, and the ways between them."""

    raw: str
    folded: str  # rung N3 as one string
    forms: list[str]  # rung N3

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """For each word its place in `raw`."""
        raise NotImplementedError

    @cached_property
    def keys(self) -> Keys:
        """Rung N4, over the words."""
        raise NotImplementedError

    @cached_property
    def key_forms(self) -> list[str]:
        """The keys' forms, for the aligner."""
        return self.keys.forms

    @cached_property
    def unified(self) -> str:
        """Rung N4 as one string."""
        return " ".join(self.key_forms)

    def keys_between(self, first: int, last: int) -> list[str]:
        """Forms of the keys made of words [first, last)."""
        starts = self.keys.first
        return self.keys.forms[bisect_left(starts, first) : bisect_left(starts, last)]

    def key_index(self, word: int) -> int:
        """The first key that starts at or after a word."""
        return bisect_left(self.keys.first, word)

    def is_contracted(self, key: int) -> bool:
        """Whether a key is one of several that a contraction was taken apart into."""
        return "'" in self.forms[self.keys.first[key]]

    def text_after(self, word: int) -> str:
        """What stands between a word and the next: spaces and punctuation."""
        end = self.spans[word + 1][0] if word + 1 < len(self.spans) else len(self.raw)
        return self.raw[self.spans[word][1] : end]

    def ends_sentence(self, word: int) -> bool:
        """Whether a sentence ends after this word."""
        if word + 1 >= len(self.forms):
            return True
        after = self.text_after(word)
        if not _SENTENCE_END.search(after):
            return False
        return not (after[0] == "." and self.forms[word] in _ABBREVIATED)

    def ends_clause(self, word: int) -> bool:
        """Whether punctuation divides this word from the next."""
        return word + 1 >= len(self.forms) or bool(_CLAUSE_END.search(self.text_after(word)))

    def starts_sentence(self, word: int) -> bool:
        """Whether a sentence starts with this word."""
        return word == 0 or self.ends_sentence(word - 1)

    def raw_word(self, word: int) -> str:
        """A word as it was written."""
        start, end = self.spans[word]
        return self.raw[start:end]


class ClaimText(Side):
    """The words under check, with the omissions and insertions that their writer marked."""

    def __init__(self, text: str, *, has_insertions: bool = True) -> None:
        self._normalised = normalise(text)
        self.raw, self.forms, self.folded = text, self._normalised.forms, self._normalised.folded
        self.breaks: frozenset[int] = frozenset()
        self.bracketed: frozenset[int] = frozenset()
        if "…" in text or ".." in text or ". ." in text:
            places = {self._word_at(match.start()) for match in _ELLIPSIS.finditer(text)}
            self.breaks = frozenset(place for place in places if 0 < place < len(self.forms))
        if has_insertions and "[" in text:
            self.bracketed = frozenset(self._bracketed_words())

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return self._normalised.spans

    @cached_property
    def keys(self) -> Keys:
        return self._normalised.keys

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.spans]

    def _word_at(self, place: int) -> int:
        """The first word at or after a place in the raw text."""
        return bisect_left(self._starts, place)

    def _bracketed_words(self) -> Iterator[int]:
        for match in _BRACKETS.finditer(self.raw):
            for word in range(self._word_at(match.start() + 1), self._word_at(match.end())):
                if self.forms[word] != "sic":
                    yield word

    @cached_property
    def as_spoken(self) -> ClaimText:
        """The same words, those in brackets taken for spoken: for a source that has brackets itself."""
        return ClaimText(self.raw, has_insertions=False) if self.bracketed else self

    @cached_property
    def spoken_keys(self) -> list[int]:
        """The keys that are not the writer's insertions."""
        return [at for at, word in enumerate(self.keys.first) if word not in self.bracketed]

    def spoken_between(self, first: int, last: int) -> list[str]:
        """Forms of the keys made of words [first, last), the writer's insertions left out."""
        return [self.key_forms[at] for at in self.spoken_keys if first <= self.keys.first[at] < last]

    @cached_property
    def insertion_places(self) -> frozenset[int]:
        """Where the writer's insertions stand, as positions between the spoken keys."""
        spoken = self.spoken_keys
        jumps = (at for at in range(1, len(spoken)) if spoken[at] != spoken[at - 1] + 1)
        return frozenset(jumps) if len(spoken) < len(self.key_forms) else frozenset()

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
        self.raw = " ".join([utterance.text for utterance in utterances])
        self.utterances = utterances

    @cached_property
    def texts(self) -> list[NormalisedText]:
        """The utterances, normalised."""
        return [normalise(utterance.text) for utterance in self.utterances]

    @cached_property
    def folded(self) -> str:  # type: ignore[override]
        return " ".join([text.folded for text in self.texts if text.folded])

    def count_shared(self, words: Sequence[str]) -> int:
        """How many words (rung N3) occur in the raw text, be it inside others: a cheap first test."""
        lowered = self.raw.lower()
        return sum([word in lowered for word in words])

    @cached_property
    def forms(self) -> list[str]:  # type: ignore[override]
        """All words."""
        return [form for text in self.texts for form in text.forms]

    @cached_property
    def key_forms(self) -> list[str]:
        return [form for text in self.texts for form in text.keys.forms]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return [
            (start + part.offset, end + part.offset)
            for part, text in zip(self.parts, self.texts, strict=True)
            for start, end in text.spans
        ]

    @cached_property
    def keys(self) -> Keys:
        first: list[int] = []
        last: list[int] = []
        for part, text in zip(self.parts, self.texts, strict=True):
            shift = part.first_word
            first += [word + shift for word in text.keys.first]
            last += [word + shift for word in text.keys.last]
        return Keys(self.key_forms, first, last)

    @cached_property
    def parts(self) -> list[_Part]:
        """The utterances with their places."""
        parts, word, offset = [], 0, 0
        for utterance, text in zip(self.utterances, self.texts, strict=True):
            parts.append(_Part(utterance, word, offset))
            word, offset = word + len(text.forms), offset + len(text.raw) + 1
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
        """The utterances that words [first, last) touch."""
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
