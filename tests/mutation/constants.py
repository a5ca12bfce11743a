"""Finds the named numbers of a module and moves one of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARE = 0.3
NAME = re.compile(r"_?[A-Z][A-Z0-9_]+")


@dataclass(frozen=True)
class Number:
    """A number in the value of a constant: the `place`-th, where it has several."""

    module: str
    name: str
    place: int
    value: float

    @property
    def label(self) -> str:
        """As reports and `excused.txt` name it."""
        return f"{self.module}.{self.name}[{self.place}]"


@dataclass(frozen=True)
class Mutant:
    """A number with another value."""

    number: Number
    value: float

    def __str__(self) -> str:
        return f"{self.number.module}:{self.number.name}:{self.number.place}:{self.value!r}"

    @property
    def module(self) -> str:
        """The module that it is in."""
        return self.number.module

    def apply(self, source: str) -> ast.Module:
        """The syntax tree of the module with the number moved. Raises LookupError if it has no such number."""
        return mutate(source, self)

    @classmethod
    def parse(cls, text: str) -> Mutant:
        """The mutant that `str` wrote."""
        module, name, place, value = text.split(":")
        return cls(Number(module, name, int(place), 0), ast.literal_eval(value))


def find_numbers(root: Path, folder: Path) -> Iterator[Number]:
    """The numbers of all constants in the modules of a folder, or of one module, but for zeros."""
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for name, value in find_constants(ast.parse(path.read_text(encoding="utf-8"))):
            for place, node in enumerate(find_literals(value)):
                if node.value:
                    yield Number(module, name, place, node.value)


def find_constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names in capitals and their values, of a module's own statements."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        for target in targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, value in pairs:
                if isinstance(name, ast.Name) and NAME.fullmatch(name.id) and value is not None:
                    yield name.id, value


def lines_with(tree: ast.Module, name: str) -> set[int]:
    """The lines of a module that read a constant."""
    return {
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Attribute) and node.attr == name)
    }


def find_literals(value: ast.expr) -> list[ast.Constant]:
    """The numbers that a value is written with, in the order of the source."""
    found = [
        node
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def make_mutants(number: Number) -> list[Mutant]:
    """The number moved up and down by `SHARE`; a whole number by one at least, and not below zero."""
    if isinstance(number.value, int):
        step = max(1, round(number.value * SHARE))
        values: list[float] = [number.value + step, max(0, number.value - step)]
    else:
        values = [number.value * (1 + SHARE), number.value * (1 - SHARE)]
    return [Mutant(number, value) for value in values]


def mutate(source: str, mutant: Mutant) -> ast.Module:
    """The syntax tree of a module with the number moved. Raises LookupError if it has no such number."""
    tree = ast.parse(source)
    for name, value in find_constants(tree):
        if name == mutant.number.name:
            find_literals(value)[mutant.number.place].value = mutant.value
            return tree
    raise LookupError(str(mutant))
