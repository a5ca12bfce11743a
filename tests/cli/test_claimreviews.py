"""`verbatim import claimreviews`: NDJSON, gzip, one document, and what is wrong told by line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import commands
from service.cli.importing.claimreviews import Chained, join_document

REVIEWS = [
    {
        "@type": "ClaimReview",
        "url": f"https://example.org/{number}",
        "claimReviewed": f"Claim {number} of the owls.",
    }
    for number in range(3)
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/store.sqlite3")

    def command(*arguments: str, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(commands, arguments, input=stdin)

    return command


def test_lines_once_twice_and_packed(run: Any, tmp_path: Path):
    lines = "\n".join(map(json.dumps, REVIEWS)).encode()
    first = run("import", "claimreviews", "-", stdin=lines)
    assert "3 fact-checks read: 3 added, 0 changed, 0 were there already" in first.stderr
    (tmp_path / "c.ndjson.gz").write_bytes(gzip.compress(lines))
    again = run("import", "claimreviews", str(tmp_path / "c.ndjson.gz"))
    assert "3 fact-checks read: 0 added, 0 changed, 3 were there already" in again.stderr
    assert json.loads(run("stats", "--json").stdout)["factchecks"] == 3


def test_a_document_over_many_lines(run: Any, tmp_path: Path):
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [review]} for review in REVIEWS]}
    (tmp_path / "feed.json").write_text(json.dumps(feed, indent=2))
    assert "3 fact-checks read: 3 added" in run("import", "claimreviews", str(tmp_path / "feed.json")).stderr


def test_bad_lines_are_told_and_the_rest_is_kept(run: Any):
    lines = [
        json.dumps(REVIEWS[0]),
        '{"@type": "ClaimReview"',
        json.dumps(REVIEWS[1] | {"url": "example.org"}),
        json.dumps([REVIEWS[1], REVIEWS[2] | {"claimReviewed": ""}]),
        "[]",
    ]
    result = run("import", "claimreviews", "-", stdin="\n".join(lines).encode())
    assert result.exit_code == 1
    assert "2 fact-checks read: 2 added" in result.stderr
    assert "line 2: not valid JSON" in result.stderr
    assert "line 3: /url: Must be the http or https address of the review." in result.stderr
    assert "line 4: /1/claimReviewed: Must be the text of the claim." in result.stderr
    assert "line 5: record: No ClaimReview is in here." in result.stderr


def test_a_check_shows_them(run: Any):
    claim = "Every owl in the county of Midsomer was counted twice by mistake in 1994."
    run("import", "claimreviews", "-", stdin=json.dumps(REVIEWS[0] | {"claimReviewed": claim}).encode())
    line = json.dumps(
        {"id": 7, "quote": "the owls of Midsomer county were all counted twice in 1994 by mistake"}
    )
    answer = json.loads(run("check", "--ndjson", "-", stdin=line.encode()).stdout)
    assert [found["url"] for found in answer["factchecks"]] == ["https://example.org/0"]
    shown = run("check", "the owls of Midsomer county were all counted twice in 1994 by mistake").stdout
    assert "https://example.org/0" in shown


class OneLineAtATime:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def readline(self, size: int, /) -> bytes:
        line, newline, self.data = self.data.partition(b"\n")
        return line + newline

    def read(self, size: int, /) -> bytes:
        read, self.data = self.data[:size], self.data[size:]
        return read


@pytest.mark.parametrize("data", [b"", b"{\n1,\n2\n", b'{"a": 1}\n{"b": 2}\n', b"text\n\nmore", b"[\n1]\n2"])
def test_whatever_is_no_document_stays_as_it_was(data: bytes):
    stream: Any = join_document(OneLineAtATime(data))  # type: ignore[arg-type]
    read = b"".join(iter(lambda: stream.readline(100), b""))
    assert read == data
    assert isinstance(stream, Chained)
