"""NDJSON: a record on each line; invalid lines are reported by number and skipped."""

from __future__ import annotations

import gzip
import io
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

import click
from marshmallow import Schema, ValidationError
from tqdm import tqdm

from schemas.strict_json import read_line
from schemas.validation_errors import find_faults

SLOW_S = 1.0  # what takes longer shows that it goes on
GZIP_MAGIC = b"\x1f\x8b"
MAX_LINE_BYTES = 64_000_000  # a transcript of a day is well below; a file that is no NDJSON is not read whole


class Readable(Protocol):
    """What lines are read from."""

    def readline(self, size: int, /) -> bytes:
        """The next line, at most `size` bytes of it."""


@dataclass
class Reader:
    """Reads records and counts the lines it could not use."""

    schema: Schema
    bad: int = 0
    number: int = 0  # of the line that was read last
    progress: Callable[[int], object] = field(default=lambda _: None)

    def records(self, stream: Readable) -> Iterator[Any]:
        """The records of the usable lines, as the schema makes them."""
        number = 0
        while line := stream.readline(MAX_LINE_BYTES):
            number = self.number = number + 1
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                self.report(number, f"the line is longer than {MAX_LINE_BYTES} bytes")
                return
            if line.strip():
                try:
                    record = self.schema.load(read_line(line))
                except ValidationError as error:
                    self.report(number, describe(error))
                except (ValueError, RecursionError) as error:
                    self.report(number, f"not valid JSON: {error}")
                else:
                    yield record
            self.progress(len(line))

    def report(self, number: int, reason: str) -> None:
        """Report a line that is skipped."""
        self.bad += 1
        tqdm.write(f"line {number}: {reason}", file=sys.stderr)


def describe(error: ValidationError) -> str:
    """The faults of a record in one line."""
    return "; ".join(f"{fault.pointer or 'record'}: {fault.detail}" for fault in find_faults(error.messages))


@contextmanager
def open_input(name: str) -> Iterator[BinaryIO]:
    """A file, or standard input for "-"; gzip is read as what it holds."""
    if name == "-":
        yield unpacked(sys.stdin.buffer)
        return
    try:
        with Path(name).open("rb") as stream:
            yield unpacked(stream)
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror or error}") from error
    except EOFError as error:
        raise click.ClickException(f"{name}: the gzip data ends early") from error


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The stream itself, or what its gzip holds."""
    buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] == GZIP_MAGIC:
        return cast(BinaryIO, gzip.GzipFile(fileobj=buffered))
    return cast(BinaryIO, buffered)


def is_packed(file: str) -> bool:
    """Whether the file's size says nothing of how much will be read from it."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(2) == GZIP_MAGIC
    except OSError:
        return True


def progress_bar(description: str, unit: str, total: int | None = None) -> Any:
    """A progress bar on standard error, if that is a terminal and it takes more than a second."""
    shown = sys.stderr.isatty()
    return tqdm(
        desc=description,
        unit=unit,
        total=total,
        unit_scale=True,
        disable=not shown,
        file=sys.stderr,
        delay=SLOW_S,
    )


@contextmanager
def logged_when_slow(doing: str) -> Iterator[None]:
    """Print what is being done, on a terminal, if the block takes more than a second."""
    timer = threading.Timer(SLOW_S, lambda: click.echo(f"{doing} …", err=True))
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def write_line(line: bytes) -> None:
    """One answer to standard output."""
    sys.stdout.buffer.write(line + b"\n")


def end_with(reader: Reader) -> None:
    """Exit status 1 when lines were left out, so that a script notices."""
    sys.stdout.flush()
    if reader.bad:
        click.echo(f"{reader.bad} bad line(s) left out", err=True)
        sys.exit(1)
