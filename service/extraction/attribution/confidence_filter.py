"""Which attributions to believe: reported speech that the network is unsure of is left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.extraction.attribution.cueless_quotes import Ground
from service.extraction.attribution.linking import Linked
from service.extraction.tagger.decoding import RoleSpan
from service.extraction.tagger.labels import begin
from service.extraction.tagger.tagger import Floats, Reading
from service.extraction.thresholds import LEAST_BELIEVED, LEAST_SHARED


def believable(linked: Sequence[Linked], ground: Ground) -> list[Linked]:
    """The attributions that stay, without such contents as do not.

    What holds a marked passage always stays: marks are evidence enough.
    """
    result = []
    for found in linked:
        found.contents = _sure_contents(found, ground)
        if any(map(ground.holds_marks, found.contents)) or belief(found, ground.reading) >= LEAST_BELIEVED:
            result.append(found)
    return result


def _sure_contents(linked: Linked, ground: Ground) -> list[RoleSpan]:
    """The contents to keep of several: the most probable, those with marks, those probable enough."""
    contents = linked.contents
    if len(contents) == 1:
        return contents
    home = ground.paragraph((linked.cue or contents[0]).first)
    at_home = [span for span in contents if ground.paragraph(span.first) == home]
    if not at_home and any(
        map(ground.holds_marks, contents)
    ):  # "She wrote:", a block, and what the page says next
        return [span for span in contents if ground.holds_marks(span)]
    rivals = at_home or contents
    chances = {span: _chance([span], ground.reading.tags) for span in rivals}
    least = min(LEAST_SHARED, max(chances.values()))
    return [span for span in contents if ground.holds_marks(span) or chances.get(span, 0.0) >= least]


def belief(linked: Linked, reading: Reading) -> float:
    """How sure the network is that there is an attribution: of its content's words, times of its cue's."""
    if linked.cue is None:
        return 0.0
    return _chance(linked.contents, reading.tags) * _chance([linked.cue], reading.tags)


def _chance(spans: Sequence[RoleSpan], tags: Floats) -> float:
    """The mean probability of their role over the words of some spans."""
    label = begin(spans[0].role)
    rows = np.exp(np.concatenate([tags[span.first : span.last, label : label + 2] for span in spans]))
    return float(rows.sum(axis=1).mean())
