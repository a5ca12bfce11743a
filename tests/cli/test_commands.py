"""The command line as a script and a person use it: NDJSON in and out."""

import gzip
import json
import os
import subprocess
import sys
import time

import pytest

from tests.apps import ROOT
from tests.cli.in_process import run_command

TRANSCRIPT = {
    "uri": "urn:debate:1",
    "title": "Harbour debate",
    "kind": "transcript",
    "publisher": "Port Council",
    "published_at": "2025-06-01",
    "turns": [
        {
            "speaker": "Ann Marlow",
            "text": "We will dredge the harbour to eleven metres. It will not be cheap.",
        },
        {"speaker": None, "text": "Somebody in the hall asked how much the dredging would cost us all."},
    ],
}
QUOTE = {
    "text": "The ferry will run every day of the year from now on.",
    "speaker": "Peter Kovac",
    "said_at": "2025-05-05",
    "source": {
        "uri": "urn:ferry",
        "title": "Ferry opening",
        "publisher": "Port News",
        "published_at": "2025-05-05",
    },
}


@pytest.fixture
def run(tmp_path):
    def run(*arguments, stdin="", status=0, **environment):
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3", **environment}
        done = run_command(tmp_path, *arguments, stdin=stdin, **settings)
        assert done.returncode == status, done.stderr.decode()
        return done

    return run


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def answers(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_extract_answers_each_line_in_order(run):
    done = run(
        "extract", "--ndjson",
        stdin=lines(
            {"id": "b", "text": "“We will dredge the harbour,” Ann Marlow said."},
            {"id": 7, "text": "<p>“It is <b>not</b> cheap,” said Peter Kovac.</p>", "format": "html", "mine": 1},
            {"id": "c", "text": ""},
        ),
    )  # fmt: skip
    first, second, third = answers(done)
    assert [first["id"], second["id"], third["id"]] == ["b", 7, "c"]
    assert first["text"] == "“We will dredge the harbour,” Ann Marlow said."
    assert first["quotes"][0]["speaker"]["name"] == "Ann Marlow"
    assert second["quotes"][0]["content"]["text"] == "It is not cheap,"
    assert third["quotes"] == []
    for span in first["quotes"][0]["content"]["spans"]:
        assert first["text"][span["start"] : span["end"]] in first["quotes"][0]["content"]["text"]


def test_extract_needs_no_database(run, tmp_path):
    run("extract", "--ndjson", stdin=lines({"id": 1, "text": "x"}), DATABASE_URL="nonsense")
    assert not list(tmp_path.glob("*.sqlite3"))


def test_extract_reports_bad_lines_by_number_and_goes_on(run):
    done = run(
        "extract", "--ndjson", status=1,
        stdin='{"id": 1, "text": "a"}\n{"id": 2}\nnot json\n\n{"id": 3, "text": "b", "format": "pdf"}\n{"id": 4, "text": "c"}\n',
    )  # fmt: skip
    assert [answer["id"] for answer in answers(done)] == [1, 4]
    told = done.stderr.decode()
    assert "line 2: /text" in told
    assert "line 3: not valid JSON" in told
    assert "line 5: /format" in told
    assert "3 bad line(s)" in told


def test_what_cannot_be_written_is_one_bad_line(run):
    done = run(
        "extract", "--ndjson", status=1,
        stdin='{"id": 1, "text": "a\\ud800b"}\n{"id": "\\uDFFF", "text": "b"}\n'
        '{"id": 2, "text": "\\ud83c\\udfc6 a\\u0000"}\n',
    )  # fmt: skip
    assert [(answer["id"], answer["text"]) for answer in answers(done)] == [(2, "🏆 a\x00")]
    assert "line 1: not valid JSON" in done.stderr.decode()
    assert "line 2: not valid JSON" in done.stderr.decode()


def test_extract_shows_a_person_who_said_what(run, tmp_path):
    (tmp_path / "a.md").write_text("“We will **dredge** the harbour,” Ann Marlow [said](#).")
    shown = run("extract", "a.md").stdout.decode()
    assert "Ann Marlow" in shown
    assert "We will dredge the harbour" in shown


def test_extract_reads_a_page_in_its_own_encoding(run, tmp_path):
    page = "<meta charset=windows-1252><p>“We will dredge the café’s harbour,” Ann Marlow said.</p>"
    (tmp_path / "a.html").write_bytes(page.encode("cp1252"))
    assert "We will dredge the café’s harbour" in run("extract", "a.html").stdout.decode()


def test_extract_of_what_is_no_text(run, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"ab\xff")
    assert "not UTF-8 at byte 2" in run("extract", "a.txt", status=1).stderr.decode()
    assert "No such file" in run("extract", "missing.txt", status=1).stderr.decode()


def test_import_check_stats_export(run, tmp_path):
    (tmp_path / "t.ndjson").write_text(lines(TRANSCRIPT))
    (tmp_path / "q.ndjson.gz").write_bytes(gzip.compress(lines(QUOTE).encode()))
    assert "3 quotes added" in run("import", "transcripts", "t.ndjson").stderr.decode()
    assert "1 quotes added" in run("import", "quotes", "q.ndjson.gz").stderr.decode()
    assert "0 quotes added" in run("import", "transcripts", "-", stdin=lines(TRANSCRIPT)).stderr.decode()
    assert "0 quotes added" in run("import", "quotes", "q.ndjson.gz").stderr.decode()

    stats = json.loads(run("stats", "--json").stdout)
    assert (stats["quotes"], stats["transcripts"], stats["sources"]) == (4, 1, 2)
    assert "4" in run("stats").stdout.decode()

    verbatim, changed, absent = answers(
        run(
            "check", "--ndjson",
            stdin=lines(
                {"id": 1, "quote": "We will dredge the harbour to eleven metres.", "speaker": "Ann Marlow", "kind": "x"},
                {"id": 2, "quote": "We will not dredge the harbour to eleven metres", "speaker": "Ann Marlow"},
                {"id": 3, "quote": "Nobody ever spoke of purple elephants dancing on the quay"},
            ),
        )
    )  # fmt: skip
    assert verbatim["verdict"]["fidelity"] == "verbatim"
    assert verbatim["matches"][0]["source"]["uri"] == "urn:debate:1"
    assert changed["verdict"]["fidelity"] == "altered"
    assert changed["verdict"]["changes"] == ["negation"]
    assert absent["verdict"]["fidelity"] == "no_match"
    assert absent["matches"] == []
    assert absent["verdict"]["searched"]["quotes"] == 4

    exported = answers(run("export"))
    assert sorted(quote["text"] for quote in exported)[0] == "It will not be cheap."
    assert {quote["speaker"]["name"] for quote in exported} == {"Ann Marlow", "Peter Kovac", None}


def test_import_keeps_the_good_lines(run):
    done = run(
        "import", "quotes", "-", status=1,
        stdin=lines(QUOTE, {**QUOTE, "text": "a\x00b"}, {**QUOTE, "said_at": "soon"}, {**QUOTE, "colour": 1}, {"text": "x"}),
    )  # fmt: skip
    told = done.stderr.decode()
    assert "1 quotes added" in told
    for number, place in ((2, "/text"), (3, "/said_at"), (4, "/colour"), (5, "/source")):
        assert f"line {number}: {place}" in told


def test_check_shows_a_person_the_difference(run):
    run("import", "quotes", "-", stdin=lines(QUOTE))
    shown = run(
        "check", "The ferry will run every night of the year from now on", "--speaker", "Peter Kovac"
    ).stdout.decode()
    assert "altered" in shown
    assert "[-day-] {+night+}" in shown
    assert "urn:ferry" in shown


def test_a_wrong_setting_is_one_clear_line(run):
    done = run("stats", status=2, DATABASE_URL="mysql://root:hunter2@h/d")
    assert done.stderr.decode().startswith(
        "verbatim: the environment is not usable: DATABASE_URL must start with"
    )
    assert b"hunter2" not in done.stderr


def test_worker_says_what_it_needs(run):
    assert "REDIS_URL" in run("worker", status=2).stderr.decode()


def test_recheck_tells_what_a_new_source_changes(run, tmp_path):
    from service.settings import Settings
    from service.usecases.articles.analysis import Article
    from service.wiring import build_services

    services = build_services(Settings(database_url=f"sqlite:///{tmp_path}/s.sqlite3"))
    words = "“The ferry will not run every day of the year from now on,” Peter Kovac said."
    services.analyser.analyse(Article(body=words, format="plain", uri="urn:late"))
    services.store.close()
    assert run("recheck").stdout == b""

    run("import", "quotes", "-", stdin=lines(QUOTE))
    done = run("recheck")
    [change] = answers(done)
    assert change["article_uri"] == "urn:late"
    assert change["before"]["fidelity"] == "no_match"
    assert change["after"]["fidelity"] == "altered"
    assert change["after"]["changes"] == ["negation"]
    assert "1 verdicts would change" in done.stderr.decode()
    assert run("recheck", "--as-of", "2025-05-04").stdout == b""


def test_sample_is_loaded_once(run):
    assert "36 quotes added" in run("sample", "load").stderr.decode()
    assert " 0 quotes added" in run("sample", "load").stderr.decode()
    assert json.loads(run("sample", "article").stdout)["body_markdown"]


def test_every_command_explains_itself(run):
    listed = run("--help").stdout.decode()
    for command in ("extract", "import", "check", "serve", "worker", "stats", "export", "migrate", "sample"):
        assert command in listed
        assert run(command, "--help").stdout


def test_an_import_that_was_killed_goes_on(run, tmp_path):
    quotes = [
        {**QUOTE, "text": f"Sentence number {n} says something of its own about ferries."}
        for n in range(10_000)
    ]
    (tmp_path / "q.ndjson").write_text(lines(*quotes))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3"}
    run("migrate")
    killed = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "import", "quotes", "q.ndjson"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while killed.poll() is None and time.monotonic() < deadline:
        if json.loads(run("stats", "--json").stdout)["quotes"]:
            break
    killed.kill()
    killed.wait()
    run("import", "quotes", "q.ndjson")
    stats = json.loads(run("stats", "--json").stdout)
    assert (stats["quotes"], stats["pending"]) == (10_000, 0)
    [answer] = answers(run("check", "--ndjson", stdin=lines({"id": 1, "quote": quotes[9_999]["text"]})))
    assert answer["verdict"]["fidelity"] == "verbatim"
    assert " 0 quotes added" in run("import", "quotes", "q.ndjson").stderr.decode()
