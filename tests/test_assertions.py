"""Every test asserts something whatever its data are: an assertion within a loop over nothing checks nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CHECKS = ("raises", "warns")  # of pytest: a block that fails unless something happens


def asserts_always(body: Sequence[ast.stmt]) -> bool:
    """Whether some statement of a body asserts, outside of loops that may be empty and of conditions."""
    return any(_asserts(statement) for statement in body)


def _asserts(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert():
            return True
        case ast.With(items=items, body=body):
            return any(_is_check(item.context_expr) for item in items) or asserts_always(body)
        case ast.Try(body=body, orelse=orelse, finalbody=final):
            return asserts_always(body) or asserts_always(orelse) or asserts_always(final)
        case ast.For(iter=iterated, body=body):
            return _has_entries(iterated) and asserts_always(body)
        case ast.If(body=body, orelse=orelse):
            return asserts_always(body) and asserts_always(orelse)
    return False


def _is_check(context: ast.expr) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in CHECKS for node in ast.walk(context))


def _has_entries(iterated: ast.expr) -> bool:
    """Whether a loop is over a literal that is not empty, or over a range, pairs or an order of such."""
    match iterated:
        case (
            ast.Tuple(elts=entries) | ast.List(elts=entries) | ast.Set(elts=entries) | ast.Dict(keys=entries)
        ):
            return bool(entries)
        case ast.Constant(value=str(text)):
            return bool(text)
        case ast.Call(func=ast.Name(id="range"), args=[*_, ast.Constant(value=int(last))]):
            return last > 0
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "sorted" | "reversed"), args=entries):
            return all(map(_has_entries, entries))
        case ast.Call(func=ast.Attribute(value=value, attr="items"), args=[]):
            return _has_entries(value)
    return False


def find_tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The tests of a module but for properties: hypothesis gives those many examples, empty ones among them."""
    for node in ast.walk(tree):
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if is_test and not any("given(" in ast.unparse(decorator) for decorator in node.decorator_list):
            yield node


def may_assert_nothing(source: str) -> list[str]:
    """The tests of a module that have assertions, but none that is always reached."""
    return [
        test.name
        for test in find_tests(ast.parse(source))
        if any(isinstance(node, ast.Assert) for node in ast.walk(test)) and not asserts_always(test.body)
    ]


@pytest.mark.parametrize(
    ("body", "asserts"),
    [
        ("assert x", True),
        ("for a in found:\n        assert a", False),
        ("assert found\n    for a in found:\n        assert a", True),
        ("for a in (1, 2):\n        assert a", True),
        ("for a in ():\n        assert a", False),
        ("for a, b in {1: 2}.items():\n        assert a", True),
        ("for a in range(3):\n        assert a", True),
        ("if x:\n        assert a", False),
        ("if x:\n        assert a\n    else:\n        assert b", True),
        ("with pytest.raises(ValueError):\n        f()\n    if x:\n        assert a", True),
        ("with open(x) as y:\n        assert y", True),
        ("def f():\n        assert a\n    f()", False),
    ],
)
def test_an_assertion_that_may_be_left_out_is_noticed(body: str, asserts: bool) -> None:
    assert may_assert_nothing(f"def test_it():\n    {body}\n") == ([] if asserts else ["test_it"])


def test_every_test_has_an_assertion_outside_of_loops_and_conditions() -> None:
    modules = sorted(TESTS.rglob("test_*.py"))
    assert len(modules) > 200
    found = {
        f"{path.relative_to(TESTS)}::{name}"
        for path in modules
        for name in may_assert_nothing(path.read_text(encoding="utf-8"))
    }
    assert found == set()
