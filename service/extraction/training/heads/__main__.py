"""Train both heads: `python -m service.extraction.training.heads [--shared FOLDER] [--without-dev]`.

About three minutes on one core. Writes `attribution/data/reporting.json` and `speakers/data/choice.json`
and says
their SHA-256. `--without-dev` leaves `newsroom/dev.jsonl` out, so that figures on it are of texts not
learned from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Final

from service.extraction.training.heads import reporting, speakers
from service.extraction.training.heads.corpora import (
    SHARED,
    Labelled,
    newsroom,
    own_labels,
    own_newsroom,
    polnear_sources,
)
from service.extraction.training.heads.synthetic import stories

PACKAGE: Final = Path(__file__).parents[2]
OWN_TEXTS: Final = Path("tests/accuracy/newsroom_own.jsonl")
OWN_GENRES: Final = Path("tests/accuracy/newsroom_own_genres.jsonl")  # for reports; no help for speakers
POLNEAR_SOURCES: Final = Path("tests/accuracy/speakers_dev.jsonl")


def main(arguments: list[str]) -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--without-dev", action="store_true")
    options = parser.parse_args(arguments)
    dev = [] if options.without_dev else newsroom(options.shared / "newsroom" / "dev.jsonl")
    own = [*dev, *newsroom(OWN_TEXTS), *own_newsroom(options.shared)]
    reports = train_reporting(options.shared, [*own, *newsroom(OWN_GENRES)])
    write(PACKAGE / "attribution" / "data" / "reporting.json", reports)
    write(PACKAGE / "speakers" / "data" / "choice.json", train_speakers(options.shared, own))


def train_reporting(shared: Path, texts: list[Labelled]) -> object:
    """The weights of both heads of `attribution.reporting`."""
    train = shared / "polnear" / "train.jsonl.gz"
    fully = reporting.of_newsroom(texts)
    examples = [
        *fully,
        *reporting.of_labels(shared),
        *reporting.outside_polnear(train),
    ]
    stances = [*reporting.of_polnear(train), *reporting.without_marks(fully)]
    return {"reported": reporting.fit(examples, 0.2), "related": reporting.fit(stances, 0.1)}


def train_speakers(shared: Path, texts: list[Labelled]) -> object:
    """The weights of each sort of choice, with the probability that an answer needs."""
    labelled = [*texts, *own_labels(shared), *polnear_sources(shared, POLNEAR_SOURCES)]
    choices = [one for text in labelled for one in speakers.of_text(text)]
    choices += [one for story in stories() for one in speakers.of_story(story)]
    return {
        sort: {
            "least": speakers.LEAST[sort],
            "weights": speakers.fit([one for one in choices if one.sort == sort], penalty),
        }
        for sort, penalty in speakers.PENALTIES.items()
    }


def write(target: Path, model: object) -> None:
    """Write a model and say its digest."""
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(model, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target.name} {hashlib.sha256(target.read_bytes()).hexdigest()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
