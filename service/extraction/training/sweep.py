"""Measure the constants of linking: `python -m service.extraction.training.sweep GOLD [--only NAME …]`.

Each number of `service.extraction.thresholds` that linking, pointers and beliefs read is moved by some
factors, the others staying as they are, and the attribution@0.8 F1 is printed. The network reads each
article once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from service.extraction import thresholds
from service.extraction.attribution import confidence_filter, linking, pointers, snap_to_marks
from service.extraction.tagger.encoding import Layout
from service.extraction.tagger.tagger import MODEL_FOLDER, Reading, Tagger
from service.extraction.training.corpus import Article, read_articles
from service.extraction.training.evaluate import SCORER, load_scorer, score

READERS: Final = (linking, pointers, confidence_filter, snap_to_marks)
FACTORS: Final = (0.7, 0.85, 1.0, 1.15, 1.3)


class RememberingTagger(Tagger):
    """Reads each text once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._known: dict[tuple[str, int], Reading] = {}

    def read(self, text: str, layout: Layout) -> Reading:
        """The reading of a chapter, from memory where it was read before."""
        key = (text, layout.paragraphs[0].start if layout.paragraphs else 0)
        if key not in self._known:
            self._known[key] = super().read(text, layout)
        return self._known[key]


def find_constants() -> dict[str, list[ModuleType]]:
    """The names of the numbers, each with the modules that read it."""
    found = {name: [each for each in READERS if hasattr(each, name)] for name in vars(thresholds)}
    numbers = {name for name in found if isinstance(getattr(thresholds, name), int | float)}
    return {name: modules for name, modules in found.items() if modules and name in numbers}


def sweep(
    articles: Sequence[Article], scorer: ModuleType, tagger: Tagger, names: Sequence[str]
) -> Iterator[tuple[str, float, float]]:
    """(name, value, F1 in percent) for each constant and factor. The constants are put back."""
    for name in names:
        chosen = getattr(thresholds, name)
        for factor in FACTORS:
            value = type(chosen)(round(chosen * factor) if isinstance(chosen, int) else chosen * factor)
            try:
                _set(name, value)
                report: dict[str, Any] = score(articles, scorer, tagger)
            finally:
                _set(name, chosen)
            yield name, value, 100 * report["metrics"]["attribution@0.8"]["f1"]


def _set(name: str, value: float) -> None:
    for module in find_constants()[name]:
        setattr(module, name, value)


def main() -> None:
    """Print a line for each constant: its values with their F1, the chosen one in brackets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--only", action="append", default=[], help="names of constants")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--scorer", type=Path, default=SCORER)
    options = parser.parse_args()
    names = options.only or list(find_constants())
    articles = list(read_articles(options.gold))
    tagger = RememberingTagger(options.model)
    for name, value, f1 in sweep(articles, load_scorer(options.scorer), tagger, names):
        at = "[{}]" if value == getattr(thresholds, name) else "{}"
        sys.stdout.write(f"{name} {at.format(f'{value:g}')} {f1:.1f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
