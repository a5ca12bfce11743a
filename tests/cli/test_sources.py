"""`verbatim sources`: files in, lists, one source, retraction and removal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.in_process import Done, run_command

SRT = """1
00:00:01,000 --> 00:00:04,000
HALE: We will not close the night bus before spring.

2
00:00:09,000 --> 00:00:11,000
REPORTER: Why was it planned?
"""


@pytest.fixture
def verbatim(tmp_path: Path):
    """Runs a command on a store of its own, beside a file of subtitles."""
    (tmp_path / "talk.srt").write_text(SRT)

    def run(*arguments: str, stdin: str = "") -> Done:
        return run_command(
            tmp_path, *arguments, stdin=stdin, DATABASE_URL=f"sqlite:///{tmp_path}/store.sqlite3"
        )

    return run


def test_a_file_is_stored_listed_and_shown(verbatim) -> None:
    added = verbatim(
        "sources", "add", "talk.srt", "--date", "2025-03-28", "--kind", "Interview", "--speaker", "HALE=Tomas Hale"
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    told = added.stdout.decode()
    assert "stored" in told and "Tomas Hale 1, REPORTER 1" in told and "0:11 long" in told
    assert "stored already" in verbatim("sources", "add", "talk.srt", "--date", "2025-03-28", "--kind", "interview", "--speaker", "HALE=Tomas Hale").stdout.decode()  # fmt: skip
    source_id = told.split()[0]
    listed = verbatim("sources", "list").stdout.decode()
    assert listed.startswith(f"{source_id}  2025-03-28  interview") and "talk  (2 sentences)" in listed
    shown = verbatim("sources", "show", source_id).stdout.decode()
    assert "[0:01] Tomas Hale: We will not close the night bus before spring." in shown
    members = json.loads(verbatim("sources", "show", source_id, "--json").stdout)
    assert members["turns"][1]["start_s"] == 9.0
    checked = verbatim("check", "We will not close the night bus before spring", "--speaker", "Tomas Hale")
    assert b"talk" in checked.stdout


def test_what_was_retracted_is_told_and_can_be_undone(verbatim) -> None:
    source_id = verbatim("sources", "add", "talk.srt").stdout.decode().split()[0]
    assert verbatim("sources", "retract", source_id, "--reason", "Forged").returncode == 0
    assert "RETRACTED" in verbatim("sources", "list", "--retracted").stdout.decode()
    assert b"Forged" in verbatim("sources", "show", source_id).stdout
    assert b"Forged" in verbatim("sources", "add", "talk.srt").stderr
    assert verbatim("sources", "reinstate", source_id).returncode == 0
    quote = json.loads(verbatim("export").stdout.splitlines()[0])["id"]
    assert verbatim("sources", "retract", quote, "--reason", "Misheard").returncode == 0
    assert f"retracted {quote} in turn 1: Misheard" in verbatim("sources", "show", source_id).stdout.decode()
    assert verbatim("sources", "reinstate", quote).returncode == 0
    assert verbatim("sources", "remove", source_id, "--reason", "By mistake").returncode == 0
    history = verbatim("sources", "show", source_id, "--history").stdout.decode()
    assert [line.split("  ")[1] for line in history.splitlines()] == [
        "removed", "quote reinstated", "quote retracted", "reinstated", "retracted", "added"
    ]  # fmt: skip
    assert "(command line)" in history
    gone = verbatim("sources", "show", source_id)
    assert (gone.returncode, gone.stderr) == (2, b"verbatim: no source has this id\n")


def test_a_bad_file_is_named_and_the_others_are_stored(verbatim, tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(b"\x00\x01\x02")
    done = verbatim("sources", "add", "nowhere.txt", "noise.bin", "talk.srt")
    assert done.returncode == 1
    first, second = done.stderr.decode().splitlines()
    assert first == "verbatim: nowhere.txt: no such file or directory"
    assert second.startswith("verbatim: noise.bin")
    assert b"stored" in done.stdout
    assert len(verbatim("sources", "list").stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["talk.srt", "--speaker", "Nobody=Ann"], "talk.srt: Nobody of the name “Nobody” speaks here."),
        (["talk.srt", "--speaker", "HALE"], "OLD=NEW"),
        (["talk.srt", "--kind", "gossip"], "There are: transcript"),
        (["talk.srt", "--date", "28 March"], "write the day as 2025-03-28"),
        (["talk.srt", "talk.srt", "--title", "Talk"], "give one FILE"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(verbatim, arguments: list[str], told: str) -> None:
    done = verbatim("sources", "add", *arguments)
    assert done.returncode in (1, 2)
    assert told in done.stderr.decode()
    assert b"no sources" in verbatim("sources", "list").stderr


def test_standard_input_is_a_file_too(verbatim) -> None:
    done = verbatim(
        "sources",
        "add",
        "-",
        "--title",
        "Statement",
        "--kind",
        "press release",
        stdin="ANN DORR: We will pay.",
    )
    assert done.returncode == 0, done.stderr
    assert "Statement (press release, no date)" in done.stdout.decode()


def test_an_import_that_replaces_names_who_ran_it(verbatim, tmp_path: Path) -> None:
    def line(text: str) -> str:
        return json.dumps({"uri": "urn:talk", "title": "Talk", "turns": [{"speaker": "Ann", "text": text}]})

    for text in ("We will pay.", "We will not pay."):
        assert verbatim("import", "transcripts", "-", stdin=line(text)).returncode == 0
    source_id = verbatim("sources", "list").stdout.decode().split()[0]
    history = verbatim("sources", "show", source_id, "--history").stdout.decode()
    assert "replaced" in history and "(command line)" in history
