"""Examples at the end of each command's `--help`."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """The end of a command's help; click keeps the lines as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
