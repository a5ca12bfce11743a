"""Packed and mailed files, read in a process of their own: whatever a file does to its parser ends there.

The process gets the file on its standard input, has bounded memory and time, no environment, and writes
nothing but its answer. It is started without a shell, imports only the parser it needs, and is ended when it
takes too long.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from service.sources.models import SourceFormat, fault_in_file

WALL_S: Final = 25.0
AT_ONCE: Final = 4  # processes of this kind
_CHILD: Final = Path(__file__).parent / "isolated" / "child.py"
_slots: Final = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The words of a file as HTML, and what else the file says."""

    html: str
    title: str | None
    day: str | None
    notes: tuple[str, ...]
    sender: str | None


def unpack(data: bytes, form: SourceFormat, name: str | None) -> Unpacked:
    """The words of a .docx, .odt, .rtf, .pdf or .eml file.

    Raises:
        SourceFileError: it cannot be read within the limits; says where and why.
    """
    with _slots:
        output = _run(data, form, name)
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        raise fault_in_file(name, "", "takes too much time or memory to be read. Save it as text.") from None
    if "problem" in answer:
        raise fault_in_file(name, answer["place"], answer["problem"])
    notes = tuple(str(note) for note in answer["notes"])
    return Unpacked(answer["html"], answer["title"], answer["day"], notes, answer["sender"])


def _run(data: bytes, form: SourceFormat, name: str | None) -> bytes:
    """What the process writes; no JSON where its limits ended it."""
    folders = [folder for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
    command = [sys.executable, "-I", "-S", "-B", str(_CHILD), form, *folders]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as process:
        try:
            output, _ = process.communicate(data, timeout=WALL_S)
        except subprocess.TimeoutExpired:
            raise fault_in_file(name, "", "takes too long to be read. Save it as text.") from None
        finally:
            process.kill()
    return output
