"""Documents of word processors and mail: what is no word of a speaker leaves nothing."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from service.sources import unpacking
from service.sources.models import SourceFileError
from service.sources.reading import read_draft, read_source
from tests.sources.hostile import docx, odt, paragraph, pdf

DATA = Path(__file__).parent / "files"


def said(source):
    return [(turn.speaker, turn.text) for turn in source.turns]


def test_word_leaves_out_deletions_comments_notes_and_heads():
    body = (
        paragraph("Anna Wu: We closed the bridge").replace("</w:p>", "")
        + "<w:del w:id='1' w:author='x'><w:r><w:delText> never</w:delText></w:r></w:del>"
        + "<w:ins w:id='2' w:author='x'><w:r><w:t xml:space='preserve'> in March</w:t></w:r></w:ins>"
        + "<w:r><w:commentReference w:id='0'/></w:r><w:r><w:t>.</w:t></w:r></w:p>"
        + paragraph("Jo Bell: Why?")
    )
    head = b'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>Portwick Times</w:t></w:r></w:p></w:hdr>'
    source = read_source(docx(body, more={"word/header1.xml": head}), name="a.docx")
    assert said(source) == [("Anna Wu", "We closed the bridge in March."), ("Jo Bell", "Why?")]


def test_opendocument_leaves_out_deletions_and_comments():
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Never.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>Anna Wu: Yes,<text:s/>we did."
        "<office:annotation><text:p>Check!</text:p></office:annotation></text:p><text:p>Jo Bell: When?</text:p>"
    )
    assert said(read_source(odt(body), name="a.odt")) == [("Anna Wu", "Yes, we did."), ("Jo Bell", "When?")]


def line(x, y, words):
    return b"BT /F1 12 Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (x, y, words)


def test_running_heads_and_page_numbers_of_a_pdf_leave_nothing():
    page = (
        line(72, 750, b"Portwick Times - Interview")
        + line(72, 700, b"Anna Wu: %d times we looked and there is no")
        + line(72, 686, b"other that the govern-")
        + line(72, 672, b"ment would pay for.")
        + line(72, 644, b"Jo Bell: And in year %d?")
        + line(300, 40, b"Page %d of 3")
    )
    pages = [page % (n * 11, n * 7, n) for n in (1, 2, 3)]
    expected = [
        turn
        for n in (1, 2, 3)
        for turn in (
            ("Anna Wu", f"{n * 11} times we looked and there is no other that the government would pay for."),
            ("Jo Bell", f"And in year {n * 7}?"),
        )
    ]
    assert said(read_source(pdf(3, *pages), name="a.pdf")) == expected


def test_line_numbers_of_a_court_leave_nothing():
    rows = [
        b"Q. Where were you?",
        b"A. At home.",
        b"Q. All night?",
        b"A. All of it,",
        b"from eight.",
        b"Q. Alone?",
        b"A. No.",
        b"Q. Who was there?",
        b"A. My sister.",
    ]
    content = b"".join(line(72, 700 - 20 * n, b"%d  %s" % (n + 1, row)) for n, row in enumerate(rows))
    source = read_source(pdf(1, content), name="court.pdf")
    assert said(source)[:4] == [
        ("Q", "Where were you?"),
        ("A", "At home."),
        ("Q", "All night?"),
        ("A", "All of it, from eight."),
    ]
    assert [turn.is_question for turn in source.turns[:2]] == [True, False]


def test_a_scan_is_told_with_its_page():
    with pytest.raises(SourceFileError) as error:
        read_source(pdf(3, b"0 0 10 10 re f"), name="interview.pdf")
    assert str(error.value) == (
        "interview.pdf, page 1: has no text layer: this PDF is a scan. Run it through text recognition first."
    )


MAIL = b"""From: Anna Wu <anna.wu@portwick.example>
To: Jo Bell <jo.bell@times.example>
Subject: Re: Questions on the bridge
Date: Thu, 12 Mar 2026 10:02:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Jo, here are my answers.

On Wed, 11 Mar 2026 at 09:00, Jo Bell <jo.bell@times.example>
wrote:
> Why do you close the bridge?

Because the bearings are worn.

--\x20
Anna Wu
Head of transport
"""


def test_a_mail_has_its_writer_and_whom_it_quotes():
    source = read_source(MAIL, name="answers.eml")
    assert said(source) == [
        ("Anna Wu", "Dear Jo, here are my answers."),
        ("Jo Bell", "Why do you close the bridge?"),
        ("Anna Wu", "Because the bearings are worn."),
    ]
    assert [turn.is_question for turn in source.turns] == [False, True, False]
    assert (source.title, source.published_at, source.kind) == (
        "Re: Questions on the bridge",
        date(2026, 3, 12),
        "letter",
    )


def test_a_press_release_is_read_as_an_article_is():
    source = read_source("""FOR IMMEDIATE RELEASE

PORTWICK, 12 March 2026 – The city will close the Harbour Bridge for nine weeks.

“We have looked at every alternative, and there is none,” said Anna Wu, the city's head of transport.

Media contact: press@portwick.example
""")
    assert source.kind == "press_release"
    assert ("Anna Wu", "We have looked at every alternative, and there is none,") in said(source)


def test_a_statement_is_of_whom_its_head_names():
    source = read_source("Statement by Tom Hale on the bridge\n\nI regret this. It will reopen in June.\n")
    assert said(source) == [("Tom Hale", "I regret this. It will reopen in June.")]
    assert source.kind == "statement"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "Save it as .docx"),
        (b"ID3\x04" + b"\0" * 500, "is a recording"),
        (b"\x89PNG\r\n\0" + b"\0" * 500, "text recognition"),
        (b"PK\x03\x04" + b"\0" * 500, "archive"),
        (b"", "has no words"),
        (b"\0\1\2\3" * 500, "no text file"),
    ],
)
def test_other_files_are_refused_with_what_to_do(data, problem):
    with pytest.raises(SourceFileError, match=problem):
        read_source(data, name="a.bin")


def test_drafts_keep_their_markup():
    draft = read_draft((DATA / "bridge-bold.docx").read_bytes(), name="bridge-bold.docx")
    assert draft.format == "html"
    assert "<strong>Anna Wu:</strong>" in draft.body
    assert (
        read_draft(b"# Bridge\n\n**Bold** words, [a link](https://a.example)\n\n> quoted").format
        == "markdown"
    )
    assert read_draft(b"The bridge is closed.").format == "plain"


def test_a_process_that_takes_too_long_is_ended(monkeypatch):
    class Slow(subprocess.Popen):
        def __init__(self, command, **options):
            super().__init__([sys.executable, "-c", "import time; time.sleep(600)"], **options)

    monkeypatch.setattr(unpacking, "WALL_S", 0.2)
    monkeypatch.setattr(unpacking.subprocess, "Popen", Slow)
    with pytest.raises(SourceFileError, match=r"a\.pdf: takes too long"):
        read_source(pdf(1), name="a.pdf")


def test_a_process_that_its_limits_end_is_an_error(monkeypatch):
    class Ended(subprocess.Popen):
        def __init__(self, command, **options):
            super().__init__(
                [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"], **options
            )

    monkeypatch.setattr(unpacking.subprocess, "Popen", Ended)
    with pytest.raises(SourceFileError, match=r"a\.pdf: takes too much time or memory"):
        read_source(pdf(1), name="a.pdf")
