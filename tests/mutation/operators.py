"""Changes operators, connectives and small numbers within functions, one at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Change = Callable[[Any], None]
#: Each comparison with the one that differs from it in the fewest cases.
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class OperatorMutant:
    """The `place`-th operator of a module, changed. `lines` are those of its expression."""

    module: str
    place: int
    lines: range
    label: str

    def apply(self, source: str) -> ast.Module:
        """The syntax tree of the module with the operator changed."""
        tree = ast.parse(source)
        _, node, change = list(find_changes(tree))[self.place]
        change(node)
        return ast.fix_missing_locations(tree)


def find_operators(root: Path, path: Path) -> Iterator[OperatorMutant]:
    """All mutants of one module, in the order of its text."""
    module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, (function, node, change) in enumerate(find_changes(tree)):
        changed = copy.deepcopy(node)
        change(changed)
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        yield OperatorMutant(module, place, lines, f"{module}.{function}: {told(node)} → {told(changed)}")


def told(node: ast.expr) -> str:
    """An expression on one line, cut where it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else text[:87] + "…"


def find_changes(tree: ast.Module) -> Iterator[tuple[str, ast.expr, Change]]:
    """Every change: the function it is in, the expression, and what makes the change in such an expression."""
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            yield from _within(statement, statement.name)


def _within(parent: ast.AST, function: str) -> Iterator[tuple[str, ast.expr, Change]]:
    for child in ast.iter_child_nodes(parent):
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield from _within(child, f"{function}.{child.name}")
        elif not (
            isinstance(child, ast.arguments)
            or child is getattr(parent, "annotation", None)
            or child in getattr(parent, "decorator_list", ())
        ):
            if isinstance(child, ast.expr):
                yield from ((function, child, change) for change in _changes_of(child))
            yield from _within(child, function)


def _changes_of(node: ast.expr) -> Iterator[Change]:
    """What can be changed about one expression itself, without those within it."""
    if isinstance(node, ast.Compare):
        yield from (partial(_compare, n) for n, each in enumerate(node.ops) if type(each) in COMPARISONS)
    elif isinstance(node, ast.BoolOp):
        yield _connect
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _affirm
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _is_text(node):
        yield _reckon
    elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
        yield _count


def _compare(number: int, node: Any) -> None:
    node.ops[number] = COMPARISONS[type(node.ops[number])]()


def _connect(node: Any) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _affirm(node: Any) -> None:
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _reckon(node: Any) -> None:
    node.op = ARITHMETIC[type(node.op)]()


def _count(node: Any) -> None:
    node.value = not node.value if isinstance(node.value, bool) else node.value + 1


def _is_text(node: ast.BinOp) -> bool:
    """Whether an operation joins texts: to take one from the other only raises an error."""
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
