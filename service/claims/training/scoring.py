"""How good an order is. Apart from the fitting, since it is also measured where PyTorch is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def average_precision(scores: NDArray[np.floating[Any]], right: NDArray[np.bool_], depth: int = 5) -> float:
    """Mean precision at the places of the right ones, within the first `depth`."""
    found = right[np.argsort(-scores, kind="stable")[:depth]]
    if not found.any():
        return 0.0
    hits = np.cumsum(found)
    precision = (hits / np.arange(1, len(found) + 1))[found]
    return float(precision.sum() / min(int(right.sum()), depth))
