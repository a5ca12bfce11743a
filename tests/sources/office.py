"""Files of word processors, made once with pandoc and LibreOffice and kept in `files/`:
`python -m tests.sources.office`. The layouts are those of Markdown and HTML; what differs is the program.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import Final

from tests.sources.interview import Interview
from tests.sources.interviews import OFFICE_INTERVIEWS
from tests.sources.writers import WRITERS, Written, clock, paragraphs

FILES: Final = Path(__file__).parent / "files"
MADE = {
    "bold": (".docx", ".odt", ".rtf", ".pdf"),
    "capitals": (".rtf", ".pdf"),
    "table": (".docx", ".odt"),
    "otter": (".docx", ".pdf"),
    "questions": (".docx", ".odt", ".pdf"),
}
#: What has to be read of each layout: as of the file of text with the same marks.
AS_WRITTEN = {"capitals": "names_alone", "questions": "markdown_questions"}


def layouts(interview: Interview) -> dict[str, str]:
    """The same words laid out in different ways, as HTML that LibreOffice opens as a text."""
    turns = interview.turns
    head = f"<h1>{escape(interview.title)}</h1><p>{interview.day}</p>"
    labels = "".join(
        f"<p><b>{escape(t.speaker)}:</b> {'</p><p>'.join(map(escape, paragraphs(t)))}</p>" for t in turns
    )
    plain = "".join(
        f"<p>{escape(t.speaker.upper())}: {'</p><p>'.join(map(escape, paragraphs(t)))}</p>" for t in turns
    )
    table = "".join(
        f"<tr><td>{clock(t.start_s)}</td><td>{escape(t.speaker)}</td><td>{escape(' '.join(t.text.split()))}</td></tr>"
        for t in turns
    )
    otter = "".join(
        f"<p>{escape(t.speaker)}  {clock(t.start_s, 'm:ss')}<br>{escape(' '.join(t.text.split()))}</p>"
        for t in turns
    )
    asked = "".join(
        f"<p><b>{escape(' '.join(t.text.split()))}</b></p>"
        if t.speaker == interview.asking
        else f"<p>{'</p><p>'.join(map(escape, paragraphs(t)))}</p>"
        for t in turns
    )
    return {
        "bold": head + labels,
        "capitals": plain,
        "table": f"{head}<table border=1>{table}</table>",
        "otter": otter,
        "questions": head + asked,
    }


def convert(html: str, ending: str, name: str, folder: Path) -> Path:
    """A text as LibreOffice saves it."""
    source = folder / f"{name}.html"
    source.write_text(
        f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{html}</body></html>", encoding="utf-8"
    )
    kind = {".docx": "docx:MS Word 2007 XML", ".rtf": "rtf:Rich Text Format", ".pdf": "pdf:writer_pdf_Export"}
    # By way of .odt: from HTML alone LibreOffice makes a page for the web.
    opened = soffice(source, "odt:writer8", folder)
    return opened if ending == ".odt" else soffice(opened, kind[ending], folder)


def soffice(source: Path, target: str, folder: Path) -> Path:
    """Converts a file with LibreOffice."""
    out = folder / "out" / target.partition(":")[0]
    filters = ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        *filters,
        "--convert-to",
        target,
        "--outdir",
        str(out),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / f"{source.stem}.{target.partition(':')[0]}"


def with_pandoc(interview: Interview, ending: str, folder: Path) -> Path:
    """An interview in Markdown as pandoc converts it."""
    source = folder / f"{interview.name}-pandoc.md"
    source.write_bytes(WRITERS["markdown"](interview).data)
    target = folder / f"{interview.name}-pandoc{ending}"
    subprocess.run(["pandoc", "-s", str(source), "-o", str(target)], check=True, timeout=120)
    return target


def main() -> None:
    """Make every file anew."""
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for interview in OFFICE_INTERVIEWS:
            for ending in (".docx", ".odt", ".rtf"):
                shutil.copy(with_pandoc(interview, ending, folder), FILES)
            for layout, html in layouts(interview).items():
                for ending in MADE[layout]:
                    shutil.copy(convert(html, ending, f"{interview.name}-{layout}", folder), FILES)


def written() -> list[Written]:
    """The files that are kept, with what has to be read of them."""
    found = []
    for path in sorted(FILES.glob("*-*.*")):
        name, layout = path.stem.split("-")
        interview = next(i for i in OFFICE_INTERVIEWS if i.name == name)
        expected = WRITERS[AS_WRITTEN.get(layout, "markdown")](interview).expected
        found.append(Written(path.name, path.read_bytes(), expected, timed=layout in ("otter", "table")))
    return found


if __name__ == "__main__":
    main()
