"""Misquotations that one publisher printed and another copies, while the record of what was said is stored."""

from __future__ import annotations

import gzip
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from tests.benchmarks.trust.checkout import Checkout, Service
from tests.benchmarks.trust.corpora import SEED, SHARED, Record, read_transcripts, split_sentences
from tests.benchmarks.trust.readings import Count, example_of, label_of

KINDS = ("number", "negation", "entity", "swapped", "invented")
PER_KIND = 12
RIGHT = {  # what may be said of each kind
    "number": {"changed"},
    "negation": {"changed"},
    "entity": {"changed"},
    "swapped": {"wrong_person"},
    "invented": {"repeated", "not_found"},
}
NAMES = {  # as news writes them; other speakers in a debate are not debaters
    "Donald J Trump": "Donald Trump",
    "Hillary R Clinton": "Hillary Clinton",
    "Joe R Biden": "Joe Biden",
    "Barack H Obama": "Barack Obama",
    "W Mitt Romney": "Mitt Romney",
    "John S McCain": "John McCain",
    "John F Kerry": "John Kerry",
    "George W Bush": "George W. Bush",
    "Al Gore": "Al Gore",
    "Bob J Dole": "Bob Dole",
}
NUMBER = re.compile(r"(?<![\d,.$])([2-9]|[1-9]\d)(?![\d,.]\d|\d|th\b|st\b|s\b|-)")
NEGATABLE = re.compile(r"\b(is|are|was|were|will|would|can|should|has|have)(?= [a-z])(?! not\b)")
WHOLE = re.compile(
    r'[A-Z][^"\[\]()]*[a-z]\.'
)  # a sentence without the number of a paragraph, notes and marks
NEGATED = re.compile(r"\b(not|never) ")
PLACES = (
    ("Iraq", "Egypt"),
    ("China", "Brazil"),
    ("Russia", "Turkey"),
    ("Iran", "Jordan"),
    ("Mexico", "Chile"),
    ("Israel", "Greece"),
    ("Afghanistan", "Colombia"),
    ("Social Security", "Head Start"),
)
PRINTED = (
    "{day} - The candidates met for ninety minutes on a stage that had been built in two nights.\n\n“{quote}” {name} said.\n\nThe next meeting is in a week. Ferry passengers watched it on the deck.",
    "A long evening ended without handshakes. Volunteers folded chairs while the buses waited in the rain.\n\nAsked about it, {name} said: “{quote}”\n\nNeither campaign had anything to add when the doors were closed.",
    "Readers wrote to us all night. Many of them had the same line in mind, and so did the commentators.\n\n{name} told the audience, “{quote}”\n\nA recount of the speaking times will be published on Friday.",
    "Our reporter followed the debate from a bakery on the harbour, where the loudest voice was the oven.\n\n“{quote}” said {name}, and the bakers looked up.\n\nBread was sold out by nine.",
)


@dataclass(frozen=True, slots=True)
class Copied:
    """A quotation that is wrong, whom it is ascribed to, and how many publishers print it before."""

    kind: str
    quote: str
    name: str
    day: str
    printed: int


@dataclass(slots=True)
class CopyFigures:
    """How often a copy was called confirmed, how often what it is, and what it was called, by kind."""

    confirmed: Count = field(default_factory=Count)
    missed: Count = field(default_factory=Count)
    labels: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))


def change_number(sentence: str) -> str | None:
    """The sentence with its number doubled, None where there is none."""
    found = NUMBER.search(sentence)
    return found and f"{sentence[: found.start(1)]}{2 * int(found[1]) + 1}{sentence[found.end(1) :]}"


def change_negation(sentence: str) -> str | None:
    """The sentence with its negation taken away, or with one put in."""
    if NEGATED.search(sentence):
        return NEGATED.sub("", sentence, count=1)
    changed = NEGATABLE.sub(r"\1 not", sentence, count=1)
    return changed if changed != sentence else None


def change_entity(sentence: str) -> str | None:
    """The sentence with a place or a programme that it did not name."""
    for named, other in PLACES:
        if re.search(rf"\b{named}\b", sentence):
            return re.sub(rf"\b{named}\b", other, sentence)
    return None


CHANGES: dict[str, Callable[[str], str | None]] = {
    "number": change_number,
    "negation": change_negation,
    "entity": change_entity,
}


def spoken_sentences() -> list[tuple[str, str, str, str]]:
    """Sentences of debaters that stand well alone: (sentence, speaker, opponent, day)."""
    found = []
    for debate in read_transcripts():
        debaters = sorted({turn["speaker"] for turn in debate["turns"]} & NAMES.keys())
        if len(debaters) != 2:
            continue
        for turn in debate["turns"]:
            if turn["speaker"] in debaters:
                opponent = debaters[1 - debaters.index(turn["speaker"])]
                found += [
                    (sentence, turn["speaker"], opponent, debate["published_at"])
                    for sentence in split_sentences(turn["text"])
                    if 11 <= len(sentence.split()) <= 28 and '"' not in sentence and "..." not in sentence
                ]
    return found


def invented_sentences(count: int, chance: random.Random) -> list[str]:
    """Sentences of the UN General Debate, which no candidate spoke."""
    with gzip.open(SHARED / "data/bulk/sentences.tsv.gz", "rt", encoding="utf-8") as lines:
        head = [line.split("\t", 1)[0] for line in islice(lines, 1, 40_000)]
    return chance.sample(
        [one for one in head if WHOLE.fullmatch(one) and 11 <= len(one.split()) <= 24], count
    )


@cache
def make_cases() -> tuple[Copied, ...]:
    """Twelve of each kind, the same ones in every run."""
    chance = random.Random(SEED)
    spoken = spoken_sentences()
    chance.shuffle(spoken)
    unused, cases = iter(spoken), []
    for kind, change in CHANGES.items():
        made = ((change(sentence), name, day) for sentence, name, _, day in unused)
        fit = ((quote, name, day) for quote, name, day in made if quote)
        cases += [
            Copied(kind, quote, NAMES[name], day, 2 + place % 2)
            for place, (quote, name, day) in enumerate(islice(fit, PER_KIND))
        ]
    swapped = islice(unused, PER_KIND)
    cases += [
        Copied("swapped", quote, NAMES[opponent], day, 2 + place % 2)
        for place, (quote, _, opponent, day) in enumerate(swapped)
    ]
    inventions = zip(invented_sentences(PER_KIND, chance), unused, strict=False)
    cases += [
        Copied("invented", quote, NAMES[name], day, 2 + place % 2)
        for place, (quote, (_, name, _, day)) in enumerate(inventions)
    ]
    return tuple(cases)


def print_case(case: Copied, number: int, place: int) -> Record:
    """The article in which a publisher prints it."""
    quote = case.quote.removesuffix(".") + "," if place != 1 and case.quote.endswith(".") else case.quote
    text = PRINTED[place].format(quote=quote, name=case.name, day=case.day)
    publisher = f"paper-{place}"
    uri = f"https://{publisher}.example/{case.day}/{case.kind}-{number}"
    return {"uri": uri, "publisher": publisher, "published_at": case.day, "body_text": text}


def answers_to(case: Copied, number: int, service: Service) -> Iterator[dict[str, Any]]:
    """The case asked as a selection, and in an article of one more publisher."""
    yield service.check(case.quote, case.name, case.day)
    yield from service.analyse(print_case(case, number, 3), store=False)


def measure_copies(checkout: Checkout) -> CopyFigures:
    """Store the debates, let two or three publishers print each case, and ask for it once more."""
    figures = CopyFigures()
    cases = make_cases()
    with checkout.serving(read_transcripts()) as service:
        for number, case in enumerate(cases):
            for place in range(case.printed):
                service.analyse(print_case(case, number, place), store=True)
        for number, case in enumerate(cases):
            for quote in answers_to(case, number, service):
                label = label_of(quote["verdict"])
                shown = {"kind": case.kind, "said_of": case.name, **example_of(quote, case.kind)}
                figures.confirmed.add(label == "confirmed", shown)
                figures.missed.add(label not in RIGHT[case.kind], shown)
                figures.labels[case.kind][label] += 1
    return figures
