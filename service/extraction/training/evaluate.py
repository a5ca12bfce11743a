"""Score `extract()` against gold: `python -m service.extraction.training.evaluate GOLD [SCORER]`.

Prints the table of the project's scorer, which stays outside the package; by default it is looked for beside the
checkout.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from service.extraction.extract import extract
from service.extraction.quotation import Extraction
from service.extraction.training.corpus import Article, read_articles
from service.text.plain import read_plain
from service.text.span import Span

SCORER: Final = Path(__file__).resolve().parents[3] / "../shared/score/score_extraction.py"


def load_scorer(file: Path = SCORER) -> ModuleType:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_extraction", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def as_prediction(extraction: Extraction) -> list[dict[str, list[list[int]]]]:
    """The quotations in the form the scorer reads."""

    def plain(spans: tuple[Span, ...]) -> list[list[int]]:
        return [list(span) for span in spans]

    return [
        {"content": plain(found.content), "cue": plain(found.cue), "source": plain(found.source)}
        for found in extraction.quotations
    ]


def score(articles: list[Article], scorer: ModuleType) -> dict[str, Any]:
    """The scorer's report on what `extract()` finds in the articles."""
    tally = scorer.Scorer()
    for article in articles:
        tally.add(article.text, article.quotes, as_prediction(extract(read_plain(article.text))))
    report: dict[str, Any] = tally.report()
    return report


def main(arguments: list[str]) -> None:
    """Print the table, and how fast it went."""
    scorer = load_scorer(Path(arguments[1])) if len(arguments) > 1 else load_scorer()
    articles = list(read_articles(Path(arguments[0])))
    started = time.process_time()
    report = score(articles, scorer)
    seconds = time.process_time() - started
    words = sum(len(article.text.split()) for article in articles)
    sys.stdout.write(f"{scorer.format_report(report)}\n{words / seconds:.0f} words a second of CPU time\n")


if __name__ == "__main__":
    main(sys.argv[1:])
