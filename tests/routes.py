"""Compiled routes, kept from one app of a test process to the next.

Werkzeug compiles each rule's function that builds URLs when the rule is bound to an app: most of the time that
an app takes to make. A server makes one app, a run of the tests some thousands, with the same rules.
"""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule

compile_builder: Any = Rule._compile_builder


def keep_compiled() -> None:
    """Have rules with the same text and defaults share the functions, which refer to no rule but their argument."""
    kept: dict[tuple[object, ...], Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        # `_trace` holds the parts, literal and variable, that the function joins.
        key = (rule.rule, defaults, tuple(rule._trace), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]
