"""Runs pg_dump, pg_restore and psql for backups. Passwords are never passed as arguments."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

from sqlalchemy.engine import make_url

from service.errors import InvalidInput, StoreUnavailable

SCHEMA: Final = "public"
COPY_BYTES: Final = 1 << 20
LOCK_TIMEOUT: Final = "-c lock_timeout=60s"  # for other users of the tables


def dump_tables(url: str, tables: Sequence[str], target: Path) -> None:
    """Dump one snapshot of the tables in PostgreSQL's custom format. Raises StoreUnavailable."""
    named = [f"--table={SCHEMA}.{table}" for table in tables]
    run_tool(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", *named], url)


def read_table_list(source: Path) -> set[str]:
    """The tables in a dump. Raises InvalidInput if it cannot be read."""
    command = [find_tool("pg_restore"), "--list", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise InvalidInput(f"{source} is not a backup that pg_restore can read: {last_line(done.stderr)}")
    lines = (line.split() for line in done.stdout.splitlines() if not line.startswith(";"))
    # `4321; 1259 16385 TABLE public quotes postgres`
    return {words[5] for words in lines if words[3:4] == ["TABLE"] and words[4] != "DATA"}


def load_tables(url: str, source: Path, tables: Iterable[str], finish: str) -> None:
    """Replace `tables` by those of a dump, then run the SQL `finish`, in one transaction.

    Raises StoreUnavailable if that fails; nothing is changed then.
    """
    dropped = ", ".join(f"{SCHEMA}.{table}" for table in tables)
    script = [find_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    command = [find_tool("psql"), "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"]
    with (
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,  # noqa: S603
        subprocess.Popen(  # noqa: S603
            [*command, f"--dbname={without_password(url)}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(url) | {"PGOPTIONS": LOCK_TIMEOUT},
        ) as writer,
    ):
        complete = pipe_script(reader, writer, f"BEGIN; DROP TABLE IF EXISTS {dropped} CASCADE;\n", finish)
        said = writer.stderr.read().decode(errors="replace") if writer.stderr else ""
    if not complete or writer.returncode:
        raise StoreUnavailable(f"the backup was not restored, and nothing changed: {last_line(said)}")


def pipe_script(
    reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes], start: str, finish: str
) -> bool:
    """Pass a script from pg_restore to psql between `start` and `finish`; whether it was complete.

    If not, `finish` is not passed and the transaction is rolled back."""
    script, out = pipe(reader.stdout), pipe(writer.stdin)
    try:
        out.write(start.encode())
        shutil.copyfileobj(script, out, COPY_BYTES)
        if reader.wait() == 0:
            out.write(f"\n{finish.format(schema=SCHEMA)}\nCOMMIT;\n".encode())
        out.close()
    except BrokenPipeError:  # psql ended with an error, which it prints
        reader.kill()
        return False
    return reader.returncode == 0


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream of a process that was started with a pipe."""
    assert stream is not None
    return stream


def run_tool(command: Sequence[str], url: str) -> None:
    """Run a tool of PostgreSQL on the database. Raises StoreUnavailable with its message."""
    words = [find_tool(command[0]), *command[1:], f"--dbname={without_password(url)}"]
    done = subprocess.run(  # noqa: S603
        words, env=environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StoreUnavailable(f"{command[0]} failed: {last_line(done.stderr)}")


def find_tool(name: str) -> str:
    """The path of a tool. Raises StoreUnavailable if it is not installed."""
    if (found := shutil.which(name)) is None:
        raise StoreUnavailable(
            f"{name} is not on the PATH: install PostgreSQL's client programs, no older than the server"
        )
    return found


def environment(url: str) -> dict[str, str]:
    """The environment of a tool: with the password, so that it never prompts for one."""
    password = make_url(url).password
    return {**os.environ, "PGCONNECT_TIMEOUT": "10"} | ({"PGPASSWORD": str(password)} if password else {})


def without_password(url: str) -> str:
    """The URL of the database without password, since arguments are visible in process lists."""
    named = make_url(url).set(drivername="postgresql")._replace(password=None)
    return named.render_as_string(hide_password=False)


def last_line(said: str) -> str:
    """The last line of a tool's output."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
