"""`verbatim doctor`: a line for each check, and exit status 1 where one is wrong."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import make_url

from service import model_files
from service.cli import commands
from service.store import open_store
from tests.servers import find_free_port, running_redis

CHECKS = ("Python", "settings", "database", "Redis", "port", "disk", "models")
Doctor = Callable[..., Result]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Run it with settings beside a free port and a store of the test's own."""
    monkeypatch.setenv("PORT", str(find_free_port()))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/s.sqlite3")

    def run(**settings: str) -> Result:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(commands, ["doctor"])

    return run


def states(done: Result) -> dict[str, str]:
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    return {name: state for state, name, _ in lines}


def told(done: Result, name: str) -> str:
    (line,) = [line for line in done.stdout.splitlines() if line.split()[1] == name]
    return line


def assert_wrong(done: Result, name: str, *words: str) -> None:
    assert done.exit_code == 1
    assert states(done)[name] == "wrong"
    for text in words:
        assert text in told(done, name)
    assert "hunter2" not in done.output


def test_all_is_well_before_there_is_a_store_and_nothing_is_made(doctor: Doctor, tmp_path: Path) -> None:
    done = doctor()
    assert done.exit_code == 0, done.output
    assert states(done) == dict.fromkeys(CHECKS, "ok") | {"Redis": "-"}
    assert "does not exist yet" in told(done, "database")
    assert list(tmp_path.iterdir()) == []


def test_all_is_well_with_everything_there(
    doctor: Doctor, postgres_database: Callable[[], str], redis_empty_url: str
) -> None:
    url = postgres_database()
    unmigrated = doctor(DATABASE_URL=url, REDIS_URL=redis_empty_url)
    assert_wrong(unmigrated, "database", "run `verbatim migrate`")
    open_store(url, migrate=True).close()
    done = doctor()
    assert done.exit_code == 0, done.output
    assert states(done) == dict.fromkeys(CHECKS, "ok")
    assert "set in the environment: DATABASE_URL, REDIS_URL, PORT" in told(done, "settings")


def test_wrong_settings(doctor: Doctor) -> None:
    done = doctor(DATABASE_URL="mysql://u:hunter2@h/d", MAX_WAITING="many")
    assert_wrong(done, "settings", "DATABASE_URL must start with", "MAX_WAITING must be a whole number")
    assert states(done)["database"] == "-"


def test_servers_that_are_not_there(doctor: Doctor) -> None:
    closed = "127.0.0.1:1"
    done = doctor(
        DATABASE_URL=f"postgresql+psycopg://u:hunter2@{closed}/d", REDIS_URL=f"redis://:hunter2@{closed}"
    )
    assert_wrong(done, "database", f"PostgreSQL does not answer at {closed}", "start it")
    assert_wrong(done, "Redis", f"Redis does not answer at {closed}", "start it")
    assert "2 of these are wrong" in done.stderr


def test_a_database_that_does_not_exist_on_a_server_that_does(doctor: Doctor, postgres_url: str) -> None:
    done = doctor(DATABASE_URL=postgres_url.rpartition("/")[0] + "/nowhere")
    assert_wrong(done, "database", "PostgreSQL has no database of the name in DATABASE_URL", "createdb")


def test_a_redis_that_wants_another_password_and_one_that_is_full(doctor: Doctor) -> None:
    with running_redis(requirepass="opensesame", maxmemory="1") as server:
        wrong = server.url.replace("redis://", "redis://:hunter2@")
        assert_wrong(doctor(REDIS_URL=wrong), "Redis", "refuses the password")
        assert_wrong(doctor(REDIS_URL=server.url), "Redis", "refuses the password")
        right = server.url.replace("redis://", "redis://:opensesame@")
        assert_wrong(doctor(REDIS_URL=right), "Redis", "Redis is full", "volatile-lru")


def test_a_store_that_cannot_be_written(doctor: Doctor, postgres_database: Callable[[], str]) -> None:
    url = postgres_database()
    open_store(url, migrate=True).close()
    assert states(doctor(DATABASE_URL=url))["database"] == "ok"
    address = make_url(url)
    libpq = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(libpq, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{address.database}" SET default_transaction_read_only = on')
    assert_wrong(doctor(), "database", "the store may not be written")


def test_a_file_that_is_damaged(doctor: Doctor, tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/s.sqlite3", migrate=True).close()
    file = tmp_path / "s.sqlite3"
    file.write_bytes(file.read_bytes()[:100] + b"\xff" * 20_000)
    assert_wrong(doctor(), "database", "restore a backup")


class Livez(http.server.BaseHTTPRequestHandler):
    body = b'{"status":"ok"}\n'

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def answering() -> Iterator[int]:
    """A port where a server answers as Verbatim does."""
    with http.server.HTTPServer(("127.0.0.1", 0), Livez) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_port_that_verbatim_itself_has(doctor: Doctor, answering: int) -> None:
    done = doctor(PORT=str(answering))
    assert states(done)["port"] == "ok"
    assert "Verbatim is running there" in told(done, "port")


def test_a_port_that_another_program_has(doctor: Doctor) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        done = doctor(PORT=str(server.getsockname()[1]))
    assert_wrong(done, "port", "is in use by another program", "use another port")


def test_a_damaged_model(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "tagger.onnx").write_bytes(b"a model")
    model_files.write_sums(folder)
    monkeypatch.setattr(model_files, "find_models", lambda: [folder])
    assert states(doctor())["models"] == "ok"
    (folder / "tagger.onnx").write_bytes(b"half a m")
    assert_wrong(doctor(), "models", "tagger.onnx is damaged", "Install Verbatim anew")
    monkeypatch.setattr(model_files, "find_models", lambda: [])
    assert_wrong(doctor(), "models", "there are no model files")
