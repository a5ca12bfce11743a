"""What is read of the files that programs write: turns with the right speaker and words, by format.

`make bench-sources`. The own set is made by `tests/sources`; `--interviews FOLDER` writes real transcripts
(Markdown, `**Name:** words`) in each format of text and reads them back.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from service.sources.reading import read_source
from tests.benchmarks.corpora import find_corpus
from tests.sources.interview import Interview, timed
from tests.sources.interviews import INTERVIEWS
from tests.sources.office import written
from tests.sources.scoring import score, times_found
from tests.sources.writers import WRITERS, Written

#: What readers leave out of the words, and so does the gold: times, sounds, gaps.
NOTES = re.compile(
    r"\\?\[(?:\d+:\d\d(?::\d\d)?(?:\.\d+)?|[a-z ]*laugh[a-z ]*|unintelligible[^\]]*|\w+ \d\d:[^\]]*|music|pause"
    r"|whispering|applause|chuckles?|sighs?)\\?\]",
    re.IGNORECASE,
)
INTERLUDES = ("Break", "Outro", "Recording")


def load(path: Path) -> Interview:
    """A transcript of the folder, its Markdown taken away."""
    turns: list[list[str]] = []
    for paragraph in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        words = " ".join(NOTES.sub(" ", paragraph).replace("\\", "").split())
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
        label = re.match(r"\*\*([^*]{2,40}?):?\*\*:?\s*", words)
        if label:
            turns.append([label[1], words[label.end() :]])
        elif turns and words and not words.startswith("#"):
            turns[-1][1] += f"\n\n{words}"
    kept = [(name, re.sub(r"[*_]", "", text).strip()) for name, text in turns if name not in INTERLUDES]
    return Interview(path.stem, "An interview", "2026-03-12", timed([(n, t) for n, t in kept if t]))


def files_of(interviews: list[Interview]) -> Iterator[tuple[Interview, Written]]:
    """Each interview in each format of text; those that an encoding cannot hold are left out."""
    for interview in interviews:
        for write in WRITERS.values():
            try:
                yield interview, write(interview)
            except UnicodeEncodeError:
                continue


def measure(title: str, files: Iterator[tuple[Interview | None, Written]]) -> None:
    """Print a table with a row for each format."""
    counts: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0, 0])
    for interview, file in files:
        own, child = time.process_time(), _child_cpu()
        source = read_source(file.data, name=file.name)
        cpu = time.process_time() - own + _child_cpu() - child
        found = score(source, file.expected)
        row = counts[source.format]
        at_time = times_found(source, interview) if interview is not None and file.timed else (0, 0)
        for place, value in enumerate((1, found.turns, found.right, *at_time, cpu)):
            row[place] += value
        row[6] = max(row[6], cpu)
    print(f"\n{title}\n\n| format | files | turns | right % | at their time % | CPU s, mean | CPU s, most |")
    print("|---|---|---|---|---|---|---|")
    total = [sum(row[place] for row in counts.values()) for place in range(6)]
    for name, row in [*sorted(counts.items()), ("all", [*total, max(row[6] for row in counts.values())])]:
        timed_share = f"{100 * row[3] / row[4]:.1f}" if row[4] else ""
        print(
            f"| {name} | {row[0]:.0f} | {row[1]:.0f} | {100 * row[2] / row[1]:.1f} | {timed_share}"
            f" | {row[5] / row[0]:.2f} | {row[6]:.2f} |"
        )


def _child_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure the own set, and real transcripts where their folder is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=Path, help="transcripts; without it those of the corpora")
    parser.add_argument("--most", type=int, default=30, help="of the real transcripts")
    arguments = parser.parse_args()
    own = list(files_of(list(INTERVIEWS))) + [(None, file) for file in written()]
    measure(f"Own set: {len(own)} files", iter(own))
    folder = arguments.interviews or find_corpus("interviews")
    paths = sorted(folder.glob("*-*.md"))[: arguments.most]
    if not paths:
        sys.exit(f"no transcripts in {folder}")
    measure(f"{len(paths)} real transcripts", files_of([load(path) for path in paths]))


if __name__ == "__main__":
    main()
