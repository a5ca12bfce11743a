"""Floors of what is read of the files that programs write: turns with their speaker and words, and their times."""

import pytest

from service.sources.reading import read_source
from tests.sources.interviews import INTERVIEWS
from tests.sources.office import written
from tests.sources.scoring import score, times_found
from tests.sources.writers import WRITERS, Written

TURNS = 0.99  # of all files; 1.0 measured
OF_A_FILE = 0.9
TIMES = 0.98  # 1.0 measured

FILES = [make(interview) for make in WRITERS.values() for interview in INTERVIEWS] + written()


def test_there_are_files_of_every_format():
    formats = {read_source(file.data, name=file.name).format for file in FILES}
    assert formats == {
        "text", "markdown", "html", "srt", "vtt", "whisper", "turns", "docx", "odt", "rtf", "pdf", "eml",
    }  # fmt: skip
    assert len(FILES) >= 60


def test_turns_are_read_with_their_speakers():
    scores = {file.name: score(read_source(file.data, name=file.name), file.expected) for file in FILES}
    poor = {
        name: (found.right, found.turns)
        for name, found in scores.items()
        if found.right < OF_A_FILE * found.turns
    }
    assert poor == {}
    assert sum(found.right for found in scores.values()) >= TURNS * sum(
        found.turns for found in scores.values()
    )


@pytest.mark.parametrize("interview", INTERVIEWS, ids=lambda interview: interview.name)
def test_words_are_found_at_their_time(interview):
    timed: list[Written] = [file for make in WRITERS.values() if (file := make(interview)).timed]
    assert len(timed) > 15
    counts = [times_found(read_source(file.data, name=file.name), interview) for file in timed]
    assert sum(right for right, _ in counts) >= TIMES * sum(all_ for _, all_ in counts)
