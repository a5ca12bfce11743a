"""The process that reads one packed file from its standard input, within limits, and answers in JSON.

Started by its path, with the format and the folders to import from as arguments. Exit status 0 with
`{"html", …}` or `{"place", "problem"}`; anything else means that the limits ended it.
"""

from __future__ import annotations

import json
import resource
import sys
import types
from pathlib import Path

MEMORY = 640 * 1024 * 1024  # bytes of address space
CPU_S = 15
LONGEST = 24_000_000  # characters of HTML
DEPTH = 2_000  # of Python's calls: documents nest, though not so deep


def limit() -> None:
    """No more memory and time than a document takes; no files written, no core dump."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    sys.setrecursionlimit(DEPTH)


def read(form: str, data: bytes) -> dict[str, object]:
    """The answer of a format's reader, or what is wrong with the file."""
    from dataclasses import asdict
    from importlib import import_module

    from service.sources.isolated.answer import Unreadable

    try:
        answer = import_module(f"service.sources.isolated.{form}").read(data)
    except Unreadable as error:
        return {"place": error.place, "problem": error.problem}
    except (MemoryError, RecursionError):
        return {"place": "", "problem": "is too large or nested too deep to be read."}
    except Exception as error:  # a parser given a broken file may raise anything
        return {"place": "", "problem": f"is damaged, or no .{form} file.", "error": type(error).__name__}
    if len(answer.html) > LONGEST:
        return {"place": "", "problem": "has more words than a document can hold."}
    return asdict(answer)


def main(form: str, folders: list[str]) -> None:
    """Read standard input as a file of a format."""
    limit()
    data = sys.stdin.buffer.read()
    root = Path(__file__).resolve().parents[3]
    sys.path[:] = [*sys.path, str(root), *folders]
    # The package without its __init__, which looks up the version and is slow.
    package = types.ModuleType("service")
    package.__path__ = [str(root / "service")]
    sys.modules["service"] = package
    output = json.dumps(read(form, data))
    sys.stdout.write(output)
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
