"""Whether the time of a found quotation is that of its caption: interviews as subtitles, sentences quoted.

The corpora's interviews have no times. Each is written as SubRip captions of two lines at 15 characters a second; the
true caption of a quotation is the one in which its first word stands.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.matching.models import Claim
from service.sources.reading import read_source
from tests.benchmarks.drafts.checking import Given, read_half
from tests.benchmarks.drafts.planting import is_quotable, main_speakers
from tests.benchmarks.trust.corpora import SEED, Record, split_sentences

PER_INTERVIEW: Final = 20
_CAPTION: Final = 74  # characters: two lines
_RATE: Final = 15.0  # characters a second


@dataclass(frozen=True, slots=True)
class Captions:
    """An interview as captions. `starts` are their seconds; `places` are (words, speaker, caption) to quote."""

    text: str
    starts: tuple[float, ...]
    places: tuple[tuple[str, str, int], ...]


def write_captions(interview: Record) -> Captions:
    """The captions of an interview, and every sentence that can be quoted and stands in it once."""
    blocks: list[str] = []
    starts: list[float] = []
    places: list[tuple[str, str, int]] = []
    speakers = main_speakers(interview)
    everything = " ".join(turn["text"] for turn in interview["turns"])
    clock = 0.0
    for turn in interview["turns"]:
        text = " ".join(turn["text"].split())
        first = len(starts)
        offsets: list[int] = []
        at = 0
        while at < len(text):
            end = len(text) if at + _CAPTION >= len(text) else text.rfind(" ", at, at + _CAPTION + 1)
            end = end if end > at else min(at + _CAPTION, len(text))
            words = text[at:end].strip()
            label = "" if offsets else f"{turn['speaker']}: "
            until = clock + max(len(words), 1) / _RATE
            blocks.append(f"{len(starts) + 1}\n{_stamp(clock)} --> {_stamp(until)}\n{label}{words}\n")
            offsets.append(at)
            starts.append(clock)
            clock, at = until, end + 1 if text[end : end + 1] == " " else end
        if turn["speaker"] in speakers:
            for sentence in split_sentences(text):
                if is_quotable(sentence) and everything.count(sentence) == 1 and sentence in text:
                    caption = first + bisect_right(offsets, text.index(sentence)) - 1
                    places.append((sentence, turn["speaker"], caption))
    return Captions("\n".join(blocks), tuple(starts), tuple(places))


def _stamp(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{thousandths:03}"


def measure_times(half: str) -> Iterator[int | None]:
    """By how many captions the time of each found quotation is off; None where none was found."""
    for interview in read_half(half):
        captions = write_captions(interview)
        source = read_source(captions.text, format="srt")
        given = Given.build(source, interview["uri"], date.fromisoformat(interview["published_at"]))
        chance = random.Random(f"{SEED} times {interview['uri']}")
        for words, speaker, caption in chance.sample(
            captions.places, min(PER_INTERVIEW, len(captions.places))
        ):
            said = given.judge(Claim(words, speaker)).verdict.said
            if said is None or said.start_s is None:
                yield None
                continue
            yield abs(bisect_right(captions.starts, said.start_s + 0.001) - 1 - caption)
