"""What a run leaves out, it says in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import selection

TESTS = """
import pytest

@pytest.mark.corpora
@pytest.mark.parametrize("number", range(3))
def test_on_corpora(number): ...

@pytest.mark.install
def test_that_installs(): ...

def test_plain(): ...
"""


@pytest.fixture
def collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Collects the tests above as the project's are, in this process; gives the names left and the lines."""
    (tmp_path / f"test_{tmp_path.name}.py").write_text(TESTS)  # modules of one name would be one

    def collect(corpora: str | None, *options: str) -> tuple[list[str], list[str]]:
        monkeypatch.delenv("CORPORA", raising=False)
        if corpora is not None:
            monkeypatch.setenv("CORPORA", corpora)
        seen = Seen()
        arguments = [
            "-q",
            "--collect-only",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:cov",
            *options,
            str(tmp_path),
        ]
        pytest.main([f"--rootdir={tmp_path}", "-c", "/dev/null", *arguments], plugins=[seen])
        return seen.names, seen.lines

    return collect


class Seen:
    """A plugin that selects as the project's conftest does, and keeps what came of it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.lines: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        for marker in ("corpora", "install"):
            config.addinivalue_line("markers", marker)

    @pytest.hookimpl(trylast=True)  # after `-m`
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        selection.select(config, items)
        self.names = [item.name for item in items]
        self.lines = selection.lines(config)


def test_without_corpora_their_tests_are_left_out_and_counted(collected: Any) -> None:
    names, lines = collected(None)
    assert names == ["test_plain"]
    assert lines == ["3 tests on corpora left out: set CORPORA=the folder that has them"]


def test_with_corpora_they_run(collected: Any, tmp_path: Path) -> None:
    names, lines = collected(str(tmp_path))
    assert len(names) == 4
    assert lines == []


def test_installs_run_only_where_they_are_asked_for(collected: Any) -> None:
    assert collected(None, "-m", "install")[0] == ["test_that_installs"]


def test_corpora_that_are_named_and_missing_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORPORA", str(tmp_path / "nowhere"))
    with pytest.raises(pytest.UsageError, match="CORPORA"):
        selection.check_corpora()


def test_what_a_process_of_xdist_left_out_is_reported_by_the_first() -> None:
    class Config:
        def __init__(self) -> None:
            self.stash = pytest.Stash()
            self.workeroutput: dict[str, Any] = {}

    worker, first = Config(), Config()
    selection.note_missing(worker, "Python 3.13")  # type: ignore[arg-type]
    selection.hand_over(worker)  # type: ignore[arg-type]
    selection.take_over(first, worker.workeroutput)  # type: ignore[arg-type]
    selection.take_over(first, worker.workeroutput)  # type: ignore[arg-type]
    assert selection.lines(first) == ["not tried, not on this machine: Python 3.13"]  # type: ignore[arg-type]
