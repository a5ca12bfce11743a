"""Checks before the start: a free port, a writable store, servers that answer, disk space.

Each check takes two seconds at most, changes nothing, and answers one plain sentence that says what is wrong
and what to do; None if all is well. No sentence shows a password. Only the standard library is used:
`make run` loads this file before anything is installed (deploy/first_run.py).
"""

from __future__ import annotations

import errno
import getpass
import http.client
import json
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PATIENCE_S = 2.0
MIN_FREE_BYTES = 32_000_000  # for a store: the bundled quotes take a tenth of it, with SQLite's log
SQLITE_HEADER = b"SQLite format 3\x00"
SQLITE_SCHEMES = ("sqlite", "sqlite+pysqlite")
POSTGRES_SCHEME = "postgresql+psycopg"
NEAR_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg2", "postgresql+asyncpg", "pgsql")
REDIS_SCHEMES = ("redis", "rediss")
EXAMPLES = "sqlite:///var/verbatim.sqlite3 or postgresql+psycopg://user:password@host:5432/verbatim"


def check_port(host: str, port: int) -> str | None:
    """Whether a server can listen on an address."""
    try:
        families = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return f"HOST={host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for every network"
    family, kind, protocol, _, address = families[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            return explain_port(error, host, port)
    return None


def explain_port(error: OSError, host: str, port: int) -> str:
    """Why a server cannot listen there."""
    if error.errno == errno.EACCES:
        return f"this user may not use port {port}: choose one above 1023, such as PORT=8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for every network"
    if error.errno != errno.EADDRINUSE:
        return f"nothing can listen on {host}:{port} ({error.strerror})"
    free = next((n for n in range(port + 1, min(port + 50, 65_536)) if is_free(host, n)), None)
    advice = f"use another port, such as PORT={free}" if free else "use another port"
    if is_verbatim(host, port):
        return f"Verbatim is already running at http://{host}:{port}: open that, or {advice}"
    return f"port {port} is in use by another program: end that program, or {advice}"


def is_free(host: str, port: int) -> bool:
    """Whether a port is free; no more is said of one that is not."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_verbatim(host: str, port: int) -> bool:
    """Whether a server of this program answers at an address."""
    connection = http.client.HTTPConnection(host, port, timeout=1.0)
    try:
        connection.request("GET", "/livez")
        answer: object = json.loads(connection.getresponse().read(100))
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return answer == {"status": "ok"}


def check_database(url: str, name: str = "DATABASE_URL") -> str | None:
    """Whether a store can be kept at a database URL. An SQLite file need not exist yet."""
    scheme = url.partition("://")[0].lower()
    if scheme in SQLITE_SCHEMES:
        return check_sqlite(url, name)
    if scheme == POSTGRES_SCHEME:
        return check_server(url, name, "PostgreSQL", 5432)
    return explain_scheme(scheme, name)


def explain_scheme(scheme: str, name: str) -> str:
    """What a database URL has to start with, and what was probably meant."""
    wanted = f"{name} must start with sqlite:/// or {POSTGRES_SCHEME}://"
    if scheme in NEAR_POSTGRES:
        return f"{wanted}: replace {scheme}:// by {POSTGRES_SCHEME}://"
    return f"{wanted}, for example {EXAMPLES}"


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL, as an absolute path; None if the URL names none, or is no SQLite URL."""
    scheme, _, rest = url.partition("://")
    rest = rest.partition("?")[0]
    if scheme.lower() not in SQLITE_SCHEMES or not rest.startswith("/") or rest in ("/", "/:memory:"):
        return None
    return Path(rest[1:]).absolute()


def check_sqlite(url: str, name: str = "DATABASE_URL") -> str | None:
    """Whether an SQLite file is there, or can be made, with room to grow."""
    file = sqlite_file(url)
    if file is None:
        return f"{name} must name a file after three slashes, such as sqlite:///var/verbatim.sqlite3"
    if file.is_dir():
        return f"{name} names {file}, which is a folder: name a file in it, such as {file}/verbatim.sqlite3"
    return (check_file(file) if file.exists() else check_folder(file.parent)) or check_space(file)


def check_file(file: Path) -> str | None:
    """Whether an existing file is an SQLite database that may be written."""
    try:
        with file.open("rb") as stream:
            start = stream.read(len(SQLITE_HEADER))
    except OSError as error:
        return f"{file} cannot be read by the user {user_name()} ({error.strerror}): change its owner or mode"
    if start not in (b"", SQLITE_HEADER):
        return f"{file} is not an SQLite database: set DATABASE_URL to another file"
    for needed in (file, file.parent):
        if not os.access(needed, os.W_OK):
            return cannot_write(needed)
    return None


def cannot_write(path: Path) -> str:
    """What to do about a file or folder that belongs to somebody else."""
    return f"{path} may not be written by the user {user_name()}: change its owner, or set DATABASE_URL"


def check_folder(folder: Path) -> str | None:
    """Whether a folder is there or can be made, and files in it."""
    there = nearest(folder)
    if not there.is_dir():
        return f"{folder} cannot be a folder, since {there} is a file: set DATABASE_URL to another place"
    if not os.access(there, os.W_OK | os.X_OK):
        return cannot_write(there)
    return None


def check_space(path: Path, needed: int = MIN_FREE_BYTES, what: str = "Verbatim") -> str | None:
    """Whether the disk on which a file or folder lies, or will lie, has so many bytes free."""
    there = nearest(path)
    free = shutil.disk_usage(there).free
    if free >= needed:
        return None
    return (
        f"the disk that holds {there} is full ({free / 1e6:,.1f} MB free): "
        f"{what} needs {needed / 1e6:,.0f} MB there, so delete something or use another disk"
    )


def nearest(path: Path) -> Path:
    """The path itself where it exists, else the closest of its parents that does."""
    path = path.absolute()
    return next((one for one in (path, *path.parents) if one.exists()), Path("/"))


def check_redis(url: str) -> str | None:
    """Whether a server listens at a Redis URL."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() == "unix":
        return connect_unix(Path("/" + rest.partition("?")[0].lstrip("/")))
    if scheme.lower() not in REDIS_SCHEMES:
        return (
            "REDIS_URL must start with redis:// or rediss:// or unix://, for example redis://127.0.0.1:6379/0"
        )
    fault = check_server(url, "REDIS_URL", "Redis", 6379)
    return fault and f"{fault}, or leave REDIS_URL empty to run without Redis"


def check_server(url: str, name: str, program: str, port: int) -> str | None:
    """Whether a server listens at a URL's host and port, `port` where it names none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or port
    except ValueError:
        return (
            f"{name} is not a URL with a host and a port: write it as scheme://user:password@host:{port}/name"
        )
    if program == "PostgreSQL" and (not host or "host=" in parts.query):
        return None  # a socket, or hosts in the query: the driver knows where
    return connect_tcp(host or "localhost", port, name, program)


def connect_tcp(host: str, port: int, name: str, program: str) -> str | None:
    """Whether somebody listens at a host and port."""
    try:
        socket.create_connection((host, port), timeout=PATIENCE_S).close()
    except socket.gaierror:
        return f"{program} is not found: no machine is called {host}. Correct the host in {name}"
    except (OSError, UnicodeError) as error:
        reason = error.strerror or "no answer" if isinstance(error, OSError) else "not a host name"
        return f"{program} does not answer at {host}:{port} ({reason.lower()}): start it, or correct {name}"
    return None


def connect_unix(path: Path) -> str | None:
    """Whether Redis listens at a socket file."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(PATIENCE_S)
        try:
            probe.connect(str(path))
        except OSError as error:
            reason = (error.strerror or "no answer").lower()
            return f"Redis does not answer at {path} ({reason}): start it, or leave REDIS_URL empty"
    return None


def describe_url(url: str) -> str:
    """A database or Redis URL for people: an SQLite file's path, else the URL without user and password."""
    file = sqlite_file(url)
    if file is not None:
        return str(file)
    try:
        parts: SplitResult = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "a URL that cannot be read"
    return f"{parts.scheme}://{host}{parts.path}"


def user_name() -> str:
    """The name of the user that this process runs as, its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
