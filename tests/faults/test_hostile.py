"""Hostile text: the time it takes grows no faster than the text, and the memory stays bounded.

In the short form a limit on CPU time that only something quadratic exceeds; in the long one the ratio of CPU
times at n and 4n.
"""

from __future__ import annotations

import gzip
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from service.text import read_document
from service.text.marks import find_passages
from service.text.segments import find_paragraphs, find_sentences, find_words
from service.text.selectors import select
from service.text.span import Span
from tests.apps import ROOT
from tests.faults.contract import send
from tests.faults.patterns import TooSlow, attacks, cpu_limit, exhaust, find_patterns, find_slow
from tests.faults.scale import report, scaled
from tests.processes import environment

PATTERNS = dict(find_patterns())
ATTACK_SIZE = scaled(10_000, 100_000)
PATTERN_S = scaled(0.4, 5.0)  # CPU; what is linear takes a hundredth of it
#: Slow only where a caller would search a long text for every match, as these never are.
ANCHORED = {
    "service.settings.ORIGIN": "matched whole, against a setting",
    "schemas.standards.spreadsheets._FORMULA": "matched once, at the start of a cell",
    "service.text.nesting.REST": "matched once at the end of a tag; a tag without end is the last",
    "service.outbound.address.HOST": "matched whole, against a host name",
    "service.claims.features._QUOTATION": "searched in a claim of limited length",
    "service.extraction.denial._AFTER": "matched once, against 160 characters",
}
STAGE_SIZE = scaled(40_000, 400_000)
STAGE_S = scaled(10.0, 100.0)

HTML = {
    "deep": lambda n: "<div>" * (n // 5),
    "deep and closed": lambda n: "<b><i>" * (n // 24) + "x" + "</i></b>" * (n // 24),
    "lists": lambda n: "<ul><li>" * (n // 8),
    "tables": lambda n: "<table><tr><td>" * (n // 15),
    "open formatting": lambda n: "<p><font>" * (n // 9),
    "attributes": lambda n: "<a " + "a=1 b='x' " * (n // 10) + ">",
    "tags without end": lambda n: "<a" * (n // 2),
    "comments": lambda n: "<!--" * (n // 4),
    "entities": lambda n: "&amp;&#x26;&" * (n // 12),
    "breaks": lambda n: "<br>" * (n // 4),
    "scripts": lambda n: "<script>" * (n // 8),
    "select": lambda n: "<select><option>" * (n // 16),
    "svg": lambda n: "<svg><g/>" * (n // 9),
}
MARKDOWN = {
    "emphasis": lambda n: "*a _b " * (n // 6),
    "brackets": lambda n: "[" * n,
    "links": lambda n: "[a](" * (n // 4),
    "images": lambda n: "![" * (n // 2),
    "quotes": lambda n: "> " * (n // 2),
    "lists": lambda n: "- " * (n // 2),
    "backticks": lambda n: "".join("`" * k + " " for k in range(1, int((2 * n) ** 0.5))),
    "references": lambda n: "[a]: b\n" * (n // 7),
    "html": lambda n: "<a><!--" * (n // 7),
    "tables": lambda n: "|a" * (n // 2) + "\n" + "|-" * (n // 2),
    "rules": lambda n: "***\n" * (n // 4),
}
STAGES: dict[str, Callable[[str], object]] = {
    "paragraphs": find_paragraphs,
    "sentences": find_sentences,
    "words": find_words,
    "passages": find_passages,
    "plain": lambda text: read_document(text, "plain", None),
    "html": lambda text: read_document(text, "html", None),
    "markdown": lambda text: read_document(text, "markdown", None),
    "selectors": lambda text: select(text, Span(0, len(text))),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_stumbles(name):
    if name in ANCHORED:
        return
    slow = find_slow(PATTERNS[name], ATTACK_SIZE, PATTERN_S)
    assert slow is None, f"{name} takes too long on {slow!r}…"


def test_a_pattern_that_stumbles_is_noticed():
    assert find_slow(re.compile(r"(a|a)*b|\s+$"), 1_000, 0.2) is not None


def test_what_is_excused_is_there():
    assert set(ANCHORED) <= set(PATTERNS)


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_stumbles(stage):
    made = {"html": HTML, "markdown": MARKDOWN}.get(stage, {})
    texts = [(name, make(STAGE_SIZE)) for name, make in made.items()]
    texts += [(repr(text[:8]), text) for text in attacks(STAGE_SIZE // 4)]
    for name, text in texts:
        try:
            with cpu_limit(STAGE_S):
                STAGES[stage](text)
        except TooSlow:
            pytest.fail(f"{stage} takes more than {STAGE_S} s of CPU on {name}")


EXTRACT = """
import resource, sys, time
from service.extraction import extract
from service.text import read_document
extract(read_document("Warm. “Yes,” he said.", "plain", None))
before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
extract(read_document(eval(sys.argv[1]), "plain", None))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.process_time() - started, (after - before) / 1024)
"""


def extract_apart(text: str, cpu_s: int) -> tuple[float, float]:
    """CPU seconds and megabytes that a text (a Python expression) takes to extract, in a process of its own
    that is killed when it takes more than so many seconds."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))

    done = subprocess.run(
        [sys.executable, "-c", EXTRACT, text],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        preexec_fn=limit,
    )
    assert done.returncode == 0, f"{text}: {done.returncode} {done.stderr.decode()[-500:]}"
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


@pytest.mark.parametrize(
    ("text", "cpu_s", "most_mb"),
    [("'\"' * 1_000_000", 60, 150), ("'\\'\" ' * 100_000", 60, 150), ("'a\"' * scale", 120, 250)],
    ids=["a million marks", "marks and spaces", "a word in each mark"],
)
def test_marks_take_bounded_time_and_memory(text, cpu_s, most_mb):
    text = text.replace("scale", str(scaled(15_000, 100_000)))
    seconds, megabytes = extract_apart(text, cpu_s)
    report("marks", text=text, cpu_s=round(seconds, 1), megabytes=round(megabytes))
    assert megabytes < most_mb


ARTICLES = {
    "one sentence after another": "'He said that it was so. ' * {n}",
    "quotations": "'“I am here,” he said. ' * {n}",
    "different quotations": "' '.join(f'“We are number {{i}} now,” said Ann Lee{{i}}.' for i in range({n}))",
    "introduced by a colon": "': “we go to the town” ' * {n}",
    "marks never closed": "'“We go, she said. ' * {n}",
    "pronouns": "'He told her that she had told him. ' * {n}",
    "names": "' '.join(f'Ann{{i}} Lee{{i}}, president of Town{{i}}, said so.' for i in range({n}))",
    "a transcript": "'ANN: We go.\\nBEN: They stay.\\n' * {n}",
    "cues without words": "'said ' * {n}",
    "relays": "'figures from the Ministry cited by Izvestia said so. ' * {n}",
    "lines": "'a\"\\n' * {n}",
}


@pytest.mark.skipif(scaled(True, False), reason="minutes: `make soak`")
@pytest.mark.parametrize("kind", ARTICLES)
def test_extraction_is_linear(kind):
    small = extract_apart(ARTICLES[kind].format(n=1_000), 300)
    large = extract_apart(ARTICLES[kind].format(n=4_000), 900)
    ratio = large[0] / small[0]
    report("linear", kind=kind, ratio=round(ratio, 2), cpu_s=round(large[0], 1), megabytes=round(large[1]))
    assert ratio < 4 * 1.5
    assert large[1] < 300


def line_of(text: str) -> bytes:
    return json.dumps({"text": text, "speaker": "A", "source": {"uri": "https://e.org/1"}}).encode() + b"\n"


LINES = {
    "a bomb of blanks": b"\n" * 3_000_000,
    "a line without end": b'{"text": "' + b"a" * 5_000_000,
    "brackets": b"[" * 2_000_000 + b"\n",
    "numbers": b"1" * 500_000 + b"\n",
    "repeats": line_of("we go") * 2_000,
    "members": b"{" + b'"a":1,' * 100_000 + b'"b":2}\n',
    "a long quotation": line_of("we go to the town " * 10_000),
}


@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_lines_take_bounded_time_and_memory(whole_app, kind, packed):
    body = gzip.compress(LINES[kind]) if packed else LINES[kind]
    headers = {"Content-Encoding": "gzip"} if packed else {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with cpu_limit(60.0):
        answer = send(
            whole_app.test_client(),
            "post",
            "/v1/quotes:import?kind=quotes",
            body,
            "application/x-ndjson",
            **headers,
        )
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    report(
        "lines",
        kind=kind,
        packed=packed,
        cpu_s=round(time.process_time() - started, 1),
        megabytes=round(grown_mb),
    )
    assert answer.status_code < 500
    assert grown_mb < 200


def test_every_pattern_is_linear():
    """The worst pattern at n and 4n, where it takes long enough to be measured."""
    if scaled(True, False):
        pytest.skip("minutes: `make soak`")
    assert PATTERNS
    for name, pattern in PATTERNS.items():
        if name in ANCHORED:
            continue
        for small, large in zip(attacks(50_000), attacks(200_000), strict=True):
            if (short_s := measure(pattern, small)) > 0.02:
                assert measure(pattern, large) < 8 * short_s, f"{name} on {small[:8]!r}"


def measure(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    exhaust(pattern, text)
    return time.process_time() - started
