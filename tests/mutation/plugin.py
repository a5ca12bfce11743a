"""Imports one module changed. As a plugin of pytest: `MUTANT=… pytest -p tests.mutation.plugin`.

The file itself is never changed, so a run that is killed leaves nothing behind.
"""

from __future__ import annotations

import ast
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any, Protocol

from tests.mutation.constants import Mutant

LOADED: list[str] = []


class Change(Protocol):
    """A change of one module."""

    @property
    def module(self) -> str:
        """Its dotted name."""

    def apply(self, source: str) -> ast.Module:
        """The module's syntax tree, changed. Raises LookupError where the source has no such place."""


class MutatingLoader(importlib.machinery.SourceFileLoader):
    """Compiles a module from its changed syntax tree, past all cached bytecode."""

    change: Change

    def get_code(self, fullname: str) -> CodeType:
        LOADED.append(fullname)
        path = self.get_filename(fullname)
        source = self.get_source(fullname)
        assert source is not None
        code: CodeType = compile(self.change.apply(source), path, "exec", dont_inherit=True)
        return code


class MutatingFinder:
    """Finds the one module that is changed, before all other finders."""

    def __init__(self, change: Change) -> None:
        self._change = change

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> Any:
        if name != self._change.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.origin is None:
            return None
        spec.loader = MutatingLoader(name, spec.origin)
        spec.loader.change = self._change
        return spec


def install(change: Change) -> None:
    """Have the module imported with its change from now on. Raises RuntimeError where it was imported before."""
    if change.module in sys.modules:
        raise RuntimeError(f"{change.module} was imported too early")
    sys.meta_path.insert(0, MutatingFinder(change))


def pytest_sessionfinish(session: Any) -> None:
    """Fail loudly where the module was not imported: no test could have noticed."""
    if sys.meta_path and isinstance(sys.meta_path[0], MutatingFinder) and not LOADED:
        session.exitstatus = NOT_IMPORTED


NOT_IMPORTED = 6
if os.environ.get("MUTANT"):
    install(Mutant.parse(os.environ["MUTANT"]))
