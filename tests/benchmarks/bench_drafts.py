"""Drafts checked against the interviews they were written from, beside rapidfuzz with its best thresholds.

    python -m tests.benchmarks.bench_drafts [--half report|tuning|both] [--wrong FILE]

Needs the corpora (CORPORA names their folder, ../shared without it). The drafts are written at run time; what they are
made of is described in docs/figures/drafts.md. Rules and thresholds are chosen on the half "tuning".
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.corpora import find_corpus
from tests.benchmarks.drafts.checking import Checked, check_drafts, check_words
from tests.benchmarks.drafts.planted import GROUPS, is_right
from tests.benchmarks.drafts.rapidfuzz_check import choose_thresholds, label, score_half
from tests.benchmarks.drafts.times import measure_times

ROOT = Path(__file__).resolve().parents[2]
TO_REACH = {"genuine": 97, "cleaned": 95, "changed": 98, "swapped": 97, "invented": 98, "spliced": 95}
Answers = Mapping[str, list[tuple[str, int]]]  # by kind: (label, severity) of each planted quotation


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("report", "tuning", "both"), default="report")
    parser.add_argument("--wrong", type=Path, default=ROOT / "var/drafts-wrong.jsonl")
    return parser.parse_args(arguments)


def sort_answers(answers: Iterable[tuple[str, str, int]]) -> dict[str, list[tuple[str, int]]]:
    """(kind, label, severity) by kind."""
    found: dict[str, list[tuple[str, int]]] = {}
    for kind, name, severity in answers:
        found.setdefault(kind, []).append((name, severity))
    return found


def share_right(answers: Answers, kinds: Iterable[str]) -> str:
    """The share of right answers to some kinds, in percent."""
    right = [is_right(kind, *one) for kind in kinds for one in answers.get(kind, ())]
    return f"{100 * sum(right) / len(right):.1f} %" if right else "-"


def count_passed(answers: Answers) -> int:
    """How many changed, swapped or invented quotations are confirmed."""
    wrong = [kind for group in ("changed", "swapped", "invented") for kind in GROUPS[group]]
    return sum(name == "confirmed" for kind in wrong for name, _ in answers.get(kind, ()))


def render(columns: Mapping[str, Answers]) -> str:
    """The table in Markdown: groups of the issue, then each kind."""
    first = next(iter(columns.values()))
    lines = [
        f"| | quotations | {' | '.join(columns)} | to reach |",
        f"|---|---|{'---|' * len(columns)}---|",
    ]
    rows = [(f"**{group}**", kinds, TO_REACH.get(group)) for group, kinds in GROUPS.items()]
    rows += [(kind, (kind,), None) for kinds in GROUPS.values() if len(kinds) > 1 for kind in kinds]
    for name, kinds, least in rows:
        count = sum(len(first.get(kind, ())) for kind in kinds)
        shares = " | ".join(share_right(answers, kinds) for answers in columns.values())
        lines.append(f"| {name} | {count} | {shares} | {f'>= {least} %' if least else ''} |")
    passed = " | ".join(str(count_passed(answers)) for answers in columns.values())
    lines.append(f"| changed, swapped or invented, called confirmed | | {passed} | 0 |")
    return "\n".join(lines)


def write_wrong(path: Path, checked: Iterable[Checked]) -> None:
    """What was wrong, a line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lines:
        for one in checked:
            if not one.is_right:
                told = {"kind": one.planted.kind, "label": one.label, "severity": one.severity}
                words = {"words": one.planted.words, "by": one.planted.speaker, "said": one.planted.original}
                lines.write(json.dumps({**told, **words}, ensure_ascii=False) + "\n")


def main() -> None:
    """Measure and print."""
    options = read_options()
    find_corpus("interviews")
    halves = ("tuning", "report") if options.half == "both" else (options.half,)
    start = time.process_time()
    drafts = [one for half in halves for one in check_drafts(half)]
    spent = time.process_time() - start
    words = [one for half in halves for one in check_words(half)]
    thresholds = choose_thresholds("tuning")
    plain = [(one, *label(one, thresholds)) for half in halves for one in score_half(half)]
    print(
        render(
            {
                "whole drafts": sort_answers((one.planted.kind, one.label, one.severity) for one in drafts),
                "quotations alone": sort_answers(
                    (one.planted.kind, one.label, one.severity) for one in words
                ),
                f"rapidfuzz partial_ratio ({thresholds.same:g}, {thresholds.changed:g})": sort_answers(
                    (one.planted.kind, name, severity) for one, name, severity in plain
                ),
            }
        )
    )
    times = [off for half in halves for off in measure_times(half)]
    found = [off for off in times if off is not None]
    near = sum(off <= 1 for off in found)
    print(
        f"time within one caption of the true one: {100 * near / len(found):.1f} % of {len(found)} found quotations "
        f"(the very one: {100 * sum(off == 0 for off in found) / len(found):.1f} %); to reach >= 98 %"
    )
    write_wrong(options.wrong, drafts)
    print(
        f"{len(drafts)} quotations, {1000 * spent / len(drafts):.0f} ms of CPU each; wrong: {options.wrong}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
