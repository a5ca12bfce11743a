"""`verbatim check-draft`."""

import io
import json
from html.parser import HTMLParser

import pytest

from schemas.articles import AnalysisSchema
from service.cli.drafts import check_draft as command
from service.cli.drafts.draft_rows import show_clock
from service.cli.drafts.draft_table import printable
from tests.cli.in_process import run_command

INTERVIEW = """REPORTER: Why did the council close the night bus?
TOMAS HALE: We did not close it because of the money, we closed it because nobody rode it after eleven. In March \
there were four passengers a night, and two of them were the driver's cousins.
"""
GOOD = "“We closed it because nobody rode it after eleven,” Tomas Hale said.\n"
BAD = (
    GOOD
    + "\n“In March there were forty passengers a night, and two of them were the driver's cousins,” Hale said.\n"
)
SRT = """1
00:12:04,000 --> 00:12:07,000
TOMAS HALE: We closed it because nobody

2
00:12:07,000 --> 00:12:09,000
rode it after eleven.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "interview.txt").write_text(INTERVIEW)
    (tmp_path / "interview.srt").write_text(SRT)
    (tmp_path / "good.txt").write_text(GOOD)
    (tmp_path / "bad.txt").write_text(BAD)
    return tmp_path


def run(folder, *arguments, **settings):
    done = run_command(folder, "check-draft", *arguments, **{"COLUMNS": "110", **settings})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_right_draft_ends_with_0_and_a_wrong_one_with_1(folder):
    status, told, _ = run(folder, "good.txt", "--source", "interview.txt")
    assert (status, "Right words, right" in told) == (0, True)
    status, told, _ = run(folder, "bad.txt", "--source", "interview.txt")
    assert status == 1
    lines = told.splitlines()
    assert lines[0].split() == ["verdict", "in", "the", "draft", "in", "the", "source", "where"]
    assert lines[2].startswith("The words were")  # the worst first
    assert lines[-1] == "2 quotations: 1 changed, 1 confirmed"


def test_no_store_is_made(folder):
    run(folder, "good.txt", "--source", "interview.txt")
    assert sorted(path.name for path in folder.iterdir()) == [
        "bad.txt",
        "good.txt",
        "interview.srt",
        "interview.txt",
    ]


def test_a_store_is_asked_where_one_is_named(folder):
    url = f"sqlite:///{folder}/s.sqlite3"
    quote = {"text": "The airport is not for sale to anybody while I am the mayor here.", "speaker": "Tomas Hale",
             "said_at": "2025-03-20", "source": {"uri": "urn:s", "title": "Speech", "kind": "speech"}}  # fmt: skip
    done = run_command(folder, "import", "quotes", "-", stdin=json.dumps(quote) + "\n", DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    (folder / "draft.txt").write_text(f"“{quote['text']}” Tomas Hale said.\n")
    status, told, _ = run(
        folder, "draft.txt", "--source", "interview.txt", "--format", "json", DATABASE_URL=url
    )
    [verdict] = [quote["verdict"] for quote in json.loads(told)["quotes"]]
    assert (status, verdict["label"], verdict["evidence"]) == (1, "not_in_sources", "record")
    assert "In what is stored: these words stand exactly so in “Speech”" in verdict["explanation"]


def test_a_time_is_where_the_words_stand(folder):
    _, told, _ = run(folder, "good.txt", "--source", "interview.srt")
    assert "interview.srt" in told
    assert "12:04" in told


def test_json_is_the_answer_of_the_service(folder):
    status, told, _ = run(folder, "bad.txt", "--source", "interview.txt", "--format", "json")
    answer = json.loads(told)
    assert AnalysisSchema().validate(answer) == {}
    assert (status, answer["stored"], answer["searched"]["given"]) == (1, False, 1)
    assert answer["quotes"][1]["matches"][0]["source"]["title"] == "interview.txt"


def test_several_sources_follow_one_option(folder):
    _, told, _ = run(folder, "good.txt", "--source", "interview.srt", "interview.txt", "--format", "json")
    assert json.loads(told)["searched"]["given"] == 2


def test_a_draft_comes_from_standard_input(folder):
    done = run_command(folder, "check-draft", "-", "--source", "interview.txt", stdin=BAD)
    assert done.returncode == 1
    assert b"2 quotations" in done.stdout


class Page(HTMLParser):
    """The tags of a page, and what stands in some of them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self._open = [], {"del": [], "ins": [], "mark": []}, []
        self.attributes = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if self._open and self._open[-1] in self.words:
            self.words[self._open[-1]].append(data)


def test_a_page_needs_nothing_else_and_shows_each_difference(folder):
    (folder / "bad.txt").write_text(BAD + "\n<script>alert(1)</script> & more\n")
    status, told, _ = run(folder, "bad.txt", "--source", "interview.txt", "--html")
    page = Page(told)
    assert status == 1
    assert "script" not in page.tags and "link" not in page.tags and "img" not in page.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in told
    assert all(value.startswith("#") for _, name, value in page.attributes if name in ("href", "src"))
    assert "four" in page.words["del"] and "forty" in page.words["ins"]
    assert len(page.words["mark"]) == 2
    assert "prefers-color-scheme: dark" in told and "@media print" in told


def test_a_page_is_written_to_a_file(folder):
    status, told, error = run(
        folder, "bad.txt", "--source", "interview.txt", "--html", "--output", "check.html"
    )
    assert (status, told, error) == (1, "", "written to check.html\n")
    assert (folder / "check.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["good.txt"], "give at least one --source"),
        (["nothing.txt", "--source", "interview.txt"], "verbatim: nothing.txt: No such file or directory"),
        (["good.txt", "--source", "nothing.txt"], "verbatim: nothing.txt: No such file or directory"),
        (["good.txt", "--source", "empty.txt"], "verbatim: empty.txt: has no words."),
        (["empty.txt", "--source", "interview.txt"], "verbatim: empty.txt: has no words."),
        (["good.txt", "--source", "."], "verbatim: .: Is a directory"),
        (["good.txt", "--source", *["interview.txt"] * 21], "at most 20 sources"),
        (
            ["good.txt", "--source", "interview.txt", "-o", "no/such/place"],
            "verbatim: no/such/place: No such file",
        ),
    ],
)
def test_what_cannot_be_checked_ends_with_2(folder, arguments, told):
    (folder / "empty.txt").write_text(" \n")
    status, _, error = run(folder, *arguments)
    assert (status, told in error) == (2, True), error
    assert error.count(told) == 1


def test_a_draft_without_quotations_is_fine(folder):
    (folder / "plain.txt").write_text("It rained in the valley all day.\n")
    status, told, _ = run(folder, "plain.txt", "--source", "interview.txt")
    assert (status, told) == (0, "No quotations were found in the draft.\n")


def test_what_a_file_holds_is_no_command_for_a_terminal():
    assert printable("a\x1b[2J\n b\u202e") == "a [2J b "


@pytest.mark.parametrize(("seconds", "shown"), [(49.9, "0:49"), (724, "12:04"), (3_723, "1:02:03")])
def test_a_clock(seconds, shown):
    assert show_clock(seconds) == shown


def test_progress_is_told_on_a_terminal(folder, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("service.cli.lines.SLOW_S", 0.0)
    monkeypatch.chdir(folder)
    command.analyse(
        command.read_draft_file("bad.txt"),
        command.GivenSources.of([command.read_source_file("interview.txt", 0)]),
    )
    assert "check" in stream.getvalue()
