"""Score a model against gold: `python -m service.extraction.training.evaluate GOLD [--model DIR] [--scorer
FILE]`.

Prints the table of the project's scorer, which stays outside the package and is by default looked for beside
the checkout.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from service.extraction.attribution.marked_words import Marks
from service.extraction.pipeline import attribute
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import MODEL_FOLDER, Tagger
from service.extraction.training.corpus import Article, read_articles
from service.text.plain import read_plain
from service.text.span import Span

SCORER: Final = Path(__file__).resolve().parents[3] / "../shared/score/score_extraction.py"

Prediction = list[dict[str, list[list[int]]]]


def load_scorer(file: Path = SCORER) -> ModuleType:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_extraction", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def predict(text: str, tagger: Tagger) -> Prediction:
    """What is found in a text, in the form the scorer reads."""
    layout = read_layout(read_plain(text))
    found = attribute(text, tagger, layout, Marks(text, layout.passages))

    def plain(spans: Sequence[Span]) -> list[list[int]]:
        return [list(span) for span in spans]

    return [
        {"content": plain(each.content), "cue": plain(each.cue), "source": plain(each.source)}
        for each in found
    ]


def score(articles: Sequence[Article], scorer: ModuleType, tagger: Tagger) -> dict[str, Any]:
    """The scorer's report on what the tagger and the rules find in the articles."""
    tally = scorer.Scorer()
    for article in articles:
        tally.add(article.text, article.quotes, predict(article.text, tagger))
    report: dict[str, Any] = tally.report()
    return report


def main() -> None:
    """Print the scores and the speed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--scorer", type=Path, default=SCORER)
    options = parser.parse_args()
    scorer = load_scorer(options.scorer)
    articles = list(read_articles(options.gold))
    tagger = Tagger(options.model)
    started = time.process_time()
    report = score(articles, scorer, tagger)
    seconds = time.process_time() - started
    words = sum(len(article.text.split()) for article in articles)
    sys.stdout.write(
        f"{scorer.format_report(report)}\n{words / seconds:.0f} words a second of CPU time, with scoring\n"
    )


if __name__ == "__main__":
    main()
