"""A pytest plugin that imports one module with a number moved: `MUTANT=… pytest -p tests.mutation.plugin`.

The file itself is never changed, so a run that is killed leaves nothing behind.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any

from tests.mutation.constants import Mutant, mutate

LOADED: list[str] = []


class MutatingLoader(importlib.machinery.SourceFileLoader):
    """Compiles a module from its mutated syntax tree, past all cached bytecode."""

    mutant: Mutant

    def get_code(self, fullname: str) -> CodeType:
        LOADED.append(fullname)
        path = self.get_filename(fullname)
        source = self.get_source(fullname)
        assert source is not None
        code: CodeType = compile(mutate(source, self.mutant), path, "exec", dont_inherit=True)
        return code


class MutatingFinder:
    """Finds the one module that is mutated, before all other finders."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> Any:
        if name != self._mutant.number.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.origin is None:
            return None
        spec.loader = MutatingLoader(name, spec.origin)
        spec.loader.mutant = self._mutant
        return spec


def pytest_sessionfinish(session: Any) -> None:
    """Fail loudly where the module was not imported: no test could have noticed."""
    if MUTANT is not None and not LOADED:
        session.exitstatus = 6


MUTANT = Mutant.parse(os.environ["MUTANT"]) if os.environ.get("MUTANT") else None
if MUTANT is not None:
    if MUTANT.number.module in sys.modules:
        raise RuntimeError(f"{MUTANT.number.module} was imported too early")
    sys.meta_path.insert(0, MutatingFinder(MUTANT))  # type: ignore[arg-type]
