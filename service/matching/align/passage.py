"""The two texts of an alignment: a claim with its writer's marks, and a passage of one source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

from service.english.numerals import is_number_key
from service.english.word_classes import CONTRACTION_READINGS, FUNCTION_WORDS
from service.matching.align.aligned_text import Side
from service.matching.models import Evidence, Utterance
from service.matching.normalise.canonical_tokens import Keys, has_one_spelling, is_always_written
from service.matching.normalise.levels import NormalisedText, lower, normalise, squeeze
from service.matching.normalise.notes import blank_notes
from service.matching.thresholds import LONGEST_INTERJECTION, MOST_WORDS_COMPARED

_ELLIPSIS: Final = re.compile(r"…|\.[ \u00a0]?\.[ \u00a0]?\.")
_BRACKETS: Final = re.compile(r"\[([^\[\]]{1,200})\]")
_LETTER_IN_BRACKETS: Final = re.compile(r"(?:[^\[]|\[[^\W\d_]\](?=[^\W\d_]))*")


class ClaimText(Side):
    """The words of a claim, with the omissions and insertions that its writer marked."""

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

    def span_of(self, word: int) -> tuple[int, int]:
        return self._normalised.spans[word]

    def capitals_between(self, first: int, last: int) -> list[int]:
        capitals = self._normalised.capitals
        return capitals[bisect_left(capitals, first) : bisect_left(capitals, last)]

    @cached_property
    def keys(self) -> Keys:
        return self._normalised.keys

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._normalised.spans]

    @cached_property
    def telling_words(self) -> list[str]:
        """Words that are the same at every level, the longest first: the most specific ones."""
        words = {
            form
            for form in self.forms
            if form not in FUNCTION_WORDS and form.isascii() and form.isalnum() and has_one_spelling(form)
        }
        return sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS_COMPARED]

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
        """The same claim with bracketed words as spoken: for a source that has brackets itself."""
        return ClaimText(self.raw, has_insertions=False) if self.bracketed else self

    @cached_property
    def spoken_keys(self) -> list[int]:
        """The keys that are not the writer's insertions."""
        if not self.bracketed:
            return list(range(len(self.key_forms)))
        return [at for at, word in enumerate(self.keys.first) if word not in self.bracketed]

    def spoken_between(self, first: int, last: int) -> list[str]:
        """Forms of the keys made of words [first, last), the writer's insertions left out."""
        if not self.bracketed:
            return self.keys_between(first, last)
        return [self.key_forms[at] for at in self.spoken_keys if first <= self.keys.first[at] < last]

    def bracketed_between(self, first: int, last: int) -> list[str]:
        """Forms of the keys among words [first, last) that the writer put in brackets."""
        inserted = sorted(self.bracketed.intersection(range(first, last)))
        return [key for word in inserted for key in self.keys_between(word, word + 1)]

    @cached_property
    def has_brackets(self) -> bool:
        """Whether the writer put anything in square brackets but a letter's case, or a note in round ones."""
        return (bool(_BRACKETS.search(self.raw)) and not _LETTER_IN_BRACKETS.fullmatch(self.raw)) or (
            "(" in self.raw and blank_notes(self.raw) != self.raw
        )

    @cached_property
    def insertion_places(self) -> frozenset[int]:
        """The places of the writer's insertions, as positions between the spoken keys."""
        spoken = self.spoken_keys
        jumps = (at for at in range(1, len(spoken)) if spoken[at] != spoken[at - 1] + 1)
        return frozenset(jumps) if len(spoken) < len(self.key_forms) else frozenset()

    @cached_property
    def key_breaks(self) -> frozenset[int]:
        """The marked omissions as positions between keys."""
        return frozenset(self.key_index(word) for word in self.breaks)

    @cached_property
    def has_broken_number(self) -> bool:
        """Whether a number stands at a marked omission: "two hundred … boats" may have been 205."""
        return any(
            is_number_key(key) for at in self.key_breaks for key in self.key_forms[max(0, at - 1) : at + 1]
        )


class _Part(NamedTuple):
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

    @cached_property
    def _lowered(self) -> str:
        return lower(self.raw)

    @cached_property
    def _squeezed(self) -> str:
        return squeeze(self.raw)

    def count_possible(self, keys: Iterable[str]) -> int:
        """An upper bound of the keys that this passage has, without computing its keys."""
        squeezed = self._squeezed
        return sum([not is_always_written(key) or key in squeezed for key in keys])

    def may_have_all(self, keys: Iterable[str]) -> bool:
        """False if one of the keys, all of them always written, is not here."""
        squeezed = self._squeezed
        return all(key in squeezed for key in keys)

    def count_shared(self, words: Sequence[str]) -> int:
        """How many words (level N3) occur in the raw text, be it inside others: a cheap first test."""
        return sum(map(self._lowered.__contains__, words))

    @cached_property
    def forms(self) -> list[str]:  # type: ignore[override]
        """All words of the passage (level N3)."""
        return list(chain.from_iterable([text.forms for text in self.texts]))

    @cached_property
    def key_forms(self) -> list[str]:
        return list(chain.from_iterable([text.keys.forms for text in self.texts]))

    @cached_property
    def key_set(self) -> frozenset[str]:
        """The distinct keys of the passage (level N4)."""
        return frozenset(self.key_forms)

    def span_of(self, word: int) -> tuple[int, int]:
        at = self.part_of(word)
        part = self.parts[at]
        start, end = self.texts[at].spans[word - part.first_word]
        return start + part.offset, end + part.offset

    def capitals_between(self, first: int, last: int) -> list[int]:
        touched = range(self.part_of(first), self.part_of(last - 1) + 1) if first < last else ()
        words = [self.parts[at].first_word + word for at in touched for word in self.texts[at].capitals]
        return words[bisect_left(words, first) : bisect_left(words, last)]

    @cached_property
    def keys(self) -> Keys:
        first: list[int] = []
        last: list[int] = []
        for part, text in zip(self.parts, self.texts, strict=True):
            shift, size = part.first_word, len(text.forms)
            if isinstance(text.keys.first, range):  # a key for each word
                first += range(shift, shift + size)
                last += range(shift + 1, shift + size + 1)
            else:
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

    def key_ranges(self) -> Iterator[tuple[int, int]]:
        """The keys of each utterance, as half-open ranges; of a lone one there is nothing to tell apart."""
        start = 0
        for text in self.texts if len(self.texts) > 1 else ():
            end = start + len(text.keys.forms)
            yield start, end
            start = end

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
        return self.part_of(word) != self.part_of(word + 1) or super().ends_sentence(word)


def reads_alike(source: Passage, claim_text: ClaimText, source_key: int, claim_key: int) -> bool:
    """Whether two unequal keys can be one word: "'s" is "is" or "has", where one side is contracted."""
    a, b = source.key_forms[source_key], claim_text.key_forms[claim_key]
    if a == b:
        return True
    return (source.is_contracted(source_key) and b in CONTRACTION_READINGS.get(a, ())) or (
        claim_text.is_contracted(claim_key) and a in CONTRACTION_READINGS.get(b, ())
    )


def build_joined_passages(evidence: Evidence) -> list[Passage]:
    """Passages of what a speaker said before and after a short interjection, joined."""
    turns: dict[int, list[Utterance]] = {}
    for utterance in evidence.utterances:
        turns.setdefault(utterance.turn, []).append(utterance)
    joined = (_without_interjection(turns, turn) for turn in sorted(turns)[:-2])
    return [Passage(evidence, utterances) for utterances in joined if utterances]


def _without_interjection(turns: Mapping[int, list[Utterance]], turn: int) -> list[Utterance]:
    """Turn `turn` joined with the turn after one short interjection; [] if there is none."""
    before, between, after = (turns.get(number, []) for number in (turn, turn + 1, turn + 2))
    if not (before and between and after) or not before[0].speaker:
        return []
    if after[0].speaker != before[0].speaker or between[0].speaker == before[0].speaker:
        return []
    if sum(len(u.text.split(None, LONGEST_INTERJECTION)) for u in between) > LONGEST_INTERJECTION:
        return []
    return before + after
