"""The sweep moves each constant of linking, measures, and leaves everything as it was."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from service.extraction import thresholds
from service.extraction.attribution import confidence_filter, linking
from service.extraction.training import sweep


def test_it_finds_the_constants_that_linking_reads() -> None:
    found = sweep.find_constants()
    assert {"LEAST_LINKED", "PASSING", "LEAST_GROWN", "LEAST_BELIEVED"} <= found.keys()
    assert found["LEAST_BELIEVED"] == [confidence_filter]


@pytest.mark.parametrize("fails", [False, True])
def test_values_are_measured_and_put_back(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    seen: list[float] = []

    def score(*_: Any) -> dict[str, Any]:
        seen.append(linking.PASSING)
        if fails:
            raise ValueError
        return {"metrics": {"attribution@0.8": {"f1": 0.7}}}

    monkeypatch.setattr(sweep, "score", score)
    steps = sweep.sweep([], SimpleNamespace(), None, ["PASSING"])  # type: ignore[arg-type]
    if fails:
        with pytest.raises(ValueError):
            next(steps)
    else:
        assert [value for _, value, _ in steps] == seen
        assert seen == [pytest.approx(factor * thresholds.PASSING) for factor in sweep.FACTORS]
    assert linking.PASSING == thresholds.PASSING
