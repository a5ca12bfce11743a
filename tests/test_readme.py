"""The README's commands do what it says."""

import json
import re
import shlex
import subprocess
import sys

import pytest

from service.sample.check_draft import DRAFT_FILE, INTERVIEW_FILE
from tests.apps import ROOT, SAMPLE_ARTICLE, running_app
from tests.cli.in_process import run_command
from tests.stores import make_migrated

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
    if line.strip() and not line.startswith("#")
]
HTTP = [line for line in COMMANDS if line.startswith("curl")]
MAKE = [line for line in COMMANDS if line.startswith("make")]
VERBATIM = [line for line in COMMANDS if re.search(r"(^|\| |= )verbatim ", line)]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('readme')}/s.sqlite3") as app:
        yield app.test_client()


def test_every_command_is_of_a_kind_that_is_tested():
    assert len(HTTP) >= 3
    assert {"make run", "make test"} <= set(MAKE)
    assert set(COMMANDS) == {*HTTP, *MAKE, *VERBATIM}


@pytest.mark.parametrize("line", MAKE)
def test_make_knows_the_target(line):
    subprocess.run([*shlex.split(line), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("line", HTTP)
def test_curl_lines_are_answered(client, line):
    words = shlex.split(line)
    url = next(word for word in words if word.startswith("http://127.0.0.1:8000"))
    data = words[words.index("-d") + 1] if "-d" in words else None
    if data and data.startswith("@"):
        data = (ROOT / data[1:]).read_text(encoding="utf-8")
    response = client.open(
        url.removeprefix("http://127.0.0.1:8000"),
        method="POST" if data else "GET",
        data=data,
        content_type="application/json" if data else None,
    )
    assert response.status_code == 200, response.text
    assert response.get_json()


@pytest.mark.parametrize("line", VERBATIM)
def test_verbatim_lines_run(tmp_path, line):
    article = json.loads(SAMPLE_ARTICLE.read_text(encoding="utf-8"))
    (tmp_path / "article.md").write_text(article["body_markdown"])
    (tmp_path / "articles.ndjson").write_text(json.dumps({"id": 1, "text": article["body_markdown"]}) + "\n")
    (tmp_path / "quotes.ndjson").write_text(
        (ROOT / "service/sample/quotes.ndjson").read_text(encoding="utf-8")
    )
    (tmp_path / "transcripts.ndjson").write_text(
        (ROOT / "service/sample/transcripts.ndjson").read_text(encoding="utf-8")
    )
    (tmp_path / "claimreviews.ndjson").write_text(
        '{"@type": "ClaimReview", "url": "https://example.org/1", "claimReviewed": "The moon is cheese."}\n'
    )
    (tmp_path / "checks.ndjson").write_text(
        '{"id": 1, "quote": "Power concedes nothing without a demand."}\n'
    )
    (tmp_path / "interview.srt").write_text(
        "1\n00:00:01,000 --> 00:00:04,000\nSpeaker 1: Nobody rode the night bus after eleven.\n"
    )
    (tmp_path / "draft.md").write_text("“Nobody rode the night bus after eleven,” Tomas Hale said.\n")
    (tmp_path / "service/sample").mkdir(parents=True)
    for name in (DRAFT_FILE, INTERVIEW_FILE):
        (tmp_path / "service/sample" / name).write_bytes((ROOT / "service/sample" / name).read_bytes())
    if line.startswith("verbatim restore"):
        keep_backup(tmp_path)
    elif line.startswith("verbatim backup"):
        make_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    database_url = f"sqlite:///{tmp_path}/s.sqlite3"
    run = run_in_shell if re.search("[<>|]", line) else run_in_process
    done = run(tmp_path, line, database_url)
    has_errors = DRAFT_FILE in line  # which `check-draft` tells by its exit status
    assert done.returncode == (1 if has_errors else 0), done.stderr.decode()


def run_in_process(folder, line, database_url):
    return run_command(folder, *shlex.split(line)[1:], DATABASE_URL=database_url)


def run_in_shell(folder, line, database_url):
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line.replace("verbatim", f"{sys.executable} -m service.cli", 1)],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "DATABASE_URL": database_url},
        capture_output=True,
        timeout=120,
    )


def keep_backup(folder):
    """The backup of another store."""
    database_url = make_migrated(f"sqlite:///{folder}/other.sqlite3")
    assert run_in_process(folder, "verbatim backup store.backup", database_url).returncode == 0


def test_every_address_of_the_api_is_in_the_table(client):
    assert client.get("/openapi.json").get_json()["paths"]
    for path in client.get("/openapi.json").get_json()["paths"]:
        assert re.sub(r"\{\w+\}", "{id}", path) in README, path
