"""Quotations for drafts, drawn from real interviews as a journalist would take them, some of them wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.benchmarks.drafts import wording
from tests.benchmarks.drafts.planted import Planted
from tests.benchmarks.trust.corpora import SEED, Record, read_interviews, split_sentences, split_words

INVENTED: Final = Path(__file__).with_name("invented.txt")
PER_KIND: Final = 4  # quotations of a kind in each interview
LEAST_TURNS: Final = 10  # of a speaker who is quoted
Make = Callable[[str], str | None]  # what a draft has for a sentence; None where nothing can be made of it
_WORDS: Final = range(8, 41)
_DISTANT: Final = 4  # turns between the parts of a splice
_UNQUOTABLE: Final = re.compile(r"[\"“”\[\]*_]|\.\.\.|…|--|http|\(")
_QUALIFIED: Final = re.compile(r",? (?:but|unless|if|although|though|except) ")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of an interview: who said it in which turn."""

    words: str
    speaker: str
    turn: int


def is_half(interview: Record, half: str) -> bool:
    """Whether an interview belongs to a half: "tuning" or "report"."""
    number = sorted(one["uri"] for one in read_interviews()).index(interview["uri"])
    return (number % 2 == 0) == (half == "tuning")


@cache
def plant_half(half: str) -> tuple[Planted, ...]:
    """The quotations of all drafts of a half of the interviews, in order."""
    return tuple(
        one for interview in read_interviews() if is_half(interview, half) for one in plant(interview)
    )


def plant(interview: Record) -> list[Planted]:
    """The quotations of the draft on one interview."""
    chance = random.Random(f"{SEED} {interview['uri']}")
    spoken = [one for one in read_spoken(interview) if one.speaker in main_speakers(interview)]
    planter = _Planter(interview, spoken, chance)
    planted = [
        *planter.genuine(),
        *planter.cleaned(),
        *planter.changed(),
        *planter.swapped(),
        *planter.invented(),
    ]
    planted += [*planter.spliced(), *planter.cut()]
    chance.shuffle(planted)
    return planted


def main_speakers(interview: Record) -> tuple[str, ...]:
    """Those with a full name and so many turns, the most talkative first."""
    words: dict[str, int] = {}
    turns: dict[str, int] = {}
    for turn in interview["turns"]:
        words[turn["speaker"]] = words.get(turn["speaker"], 0) + len(turn["text"].split())
        turns[turn["speaker"]] = turns.get(turn["speaker"], 0) + 1
    chosen = [name for name, count in turns.items() if count >= LEAST_TURNS and " " in name]
    return tuple(sorted(chosen, key=lambda name: -words[name]))


def read_spoken(interview: Record) -> list[Spoken]:
    """Every sentence of an interview."""
    return [
        Spoken(sentence, turn["speaker"], number)
        for number, turn in enumerate(interview["turns"])
        for sentence in split_sentences(turn["text"])
    ]


def is_quotable(words: str) -> bool:
    """Whether words may be quoted as they stand."""
    return (
        len(split_words(words)) in _WORDS
        and words[0].isupper()
        and words[-1] in ".!?"
        and not _UNQUOTABLE.search(words)
    )


def all_words(interview: Record) -> str:
    """All that is said in an interview, folded to compare."""
    return " ".join(word for turn in interview["turns"] for word in split_words(turn["text"]))


class _Planter:
    """Draws quotations of each kind from one interview, none of them twice."""

    def __init__(self, interview: Record, spoken: Sequence[Spoken], chance: random.Random) -> None:
        self._interview, self._spoken, self._chance = interview, spoken, chance
        self._speakers = main_speakers(interview)
        self._folded = all_words(interview)
        self._quotable = [one for one in spoken if is_quotable(one.words)]
        chance.shuffle(self._quotable)

    def _draw(self, kind: str, make: Make, count: int = PER_KIND) -> Iterator[Planted]:
        """`count` quotations of a kind; `make` turns a sentence into the words of the draft, or None."""
        found = 0
        for one in list(self._quotable):
            words = make(one.words)
            if words is None or len(split_words(words)) < min(_WORDS):
                continue
            if not kind.startswith(("genuine", "swapped", "qualifier")) and self._is_said(words):
                continue
            self._quotable.remove(one)
            yield Planted(kind, words, one.speaker, self._interview["uri"], one.words)
            found += 1
            if found == count:
                return

    def _is_said(self, words: str) -> bool:
        return " ".join(split_words(words)) in self._folded

    def genuine(self) -> Iterator[Planted]:
        """Whole sentences, two neighbours, parts, fragments, and with a marked cut."""
        yield from self._draw("genuine sentence", lambda words: words)
        yield from self._pairs()
        yield from self._draw("genuine part", wording.take_part, 2)
        yield from self._draw("genuine, marked cut", lambda words: wording.cut_marked(words, self._chance), 2)
        yield from self._draw(
            "genuine, fragment", lambda words: wording.take_fragment(words, self._chance), 3
        )
        kept, self._quotable = self._quotable, self._voiced()
        yield from self._draw("genuine, pauses and voices", wording.quote_within, 2)
        self._quotable = kept

    def _pairs(self) -> Iterator[Planted]:
        pairs = [
            (a, b)
            for a, b in pairwise(self._spoken)
            if a.turn == b.turn and is_quotable(a.words) and is_quotable(b.words)
        ]
        for first, second in self._chance.sample(pairs, min(2, len(pairs))):
            words = f"{first.words} {second.words}"
            yield Planted("genuine sentences", words, first.speaker, self._interview["uri"], words)

    def cleaned(self) -> Iterator[Planted]:
        """Without fillers, and without false starts."""
        kept, self._quotable = self._quotable, self._dashed()
        yield from self._draw("cleaned of fillers", wording.drop_fillers, 8)
        yield from self._draw("cleaned of false starts", wording.drop_false_starts, 3)
        self._quotable = kept

    def _voiced(self) -> list[Spoken]:
        """Sentences that may have pauses, or words that their speaker quotes."""
        sentences = [one for one in self._spoken if is_quotable(re.sub(r"\.\.\.|--|\"", "", one.words))]
        self._chance.shuffle(sentences)
        return sentences

    def _dashed(self) -> list[Spoken]:
        """Sentences that may have a pause marked by "..." or "--", which an ordinary quotation has not."""
        sentences = [
            one for one in self._spoken
            if is_quotable(re.sub(r"\.\.\.|…|--", ",", one.words))
        ]  # fmt: skip
        self._chance.shuffle(sentences)
        return sentences

    def changed(self) -> Iterator[Planted]:
        """With another number, name, modality, or the opposite sense."""
        names = [name for one in self._spoken for name in wording.find_names(one.words)]
        chance = self._chance
        yield from self._draw("number changed", lambda words: wording.change_number(words, chance))
        yield from self._draw("negation changed", lambda words: wording.change_negation(words, chance))
        yield from self._draw("opposite", lambda words: wording.change_to_opposite(words, chance), 2)
        yield from self._draw("name changed", lambda words: wording.change_name(words, names, chance), 2)
        yield from self._draw("modality changed", lambda words: wording.change_modality(words, chance), 2)

    def swapped(self) -> Iterator[Planted]:
        """Given to another speaker of the interview, or to somebody who is not in it."""
        inside = set(self._speakers)
        own_surnames = {turn["speaker"].split()[-1] for turn in self._interview["turns"]}
        everybody = {name for other in read_interviews() for name in main_speakers(other)}
        outsiders = sorted(name for name in everybody - inside if name.split()[-1] not in own_surnames)
        for one in self._draw("swapped", lambda words: words, 5):
            yield replace(one, speaker=self._chance.choice(sorted(inside - {one.speaker})))
        for one in self._draw("swapped, outsider", lambda words: words, 1):
            yield replace(one, speaker=self._chance.choice(outsiders))

    def invented(self) -> Iterator[Planted]:
        """Said in another interview, written for the purpose, or half of it."""
        others = [other for other in read_interviews() if other["uri"] != self._interview["uri"]]
        uri, chance = self._interview["uri"], self._chance
        made = 0
        while made < PER_KIND:
            said = chance.choice(read_spoken(chance.choice(others))).words
            if is_quotable(said) and not self._is_said(said):
                made += 1
                yield Planted("invented, other interview", said, chance.choice(self._speakers), uri)
        written = chance.sample(INVENTED.read_text(encoding="utf-8").splitlines(), 3)
        for words in written[:2]:
            yield Planted("invented, written", words, chance.choice(self._speakers), uri)
        yield from self._draw("half invented", lambda words: _add_half(words, written[2]), 2)

    def spliced(self) -> Iterator[Planted]:
        """Sentences of distant answers of one speaker put together."""
        made = 0
        while made < 5:
            first, second = self._chance.sample(self._quotable, 2)
            if first.speaker == second.speaker and abs(first.turn - second.turn) >= _DISTANT:
                made += 1
                words = wording.splice(first.words, second.words, self._chance)
                said = f"{first.words} / {second.words}"
                yield Planted("spliced", words, first.speaker, self._interview["uri"], said)

    def cut(self) -> Iterator[Planted]:
        """A sentence without the clause that qualifies it."""
        yield from self._draw("qualifier cut", _cut_off, 2)


def _cut_off(words: str) -> str | None:
    match = _QUALIFIED.search(words)
    return f"{words[: match.start()].rstrip(',')}." if match else None


def _add_half(words: str, invented: str) -> str | None:
    head, comma, _ = words.partition(", ")
    if not comma or not 5 <= len(head.split()) <= 10:
        return None
    return f"{head}, {invented[0].lower() + invented[1:]}"
