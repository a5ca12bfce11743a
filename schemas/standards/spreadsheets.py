"""Quotes as CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, no cell that runs as a formula.

Without the mark Excel reads UTF-8 as the code page of its country. A text that a spreadsheet would take for
a formula gets an apostrophe in front, which the spreadsheet shows; `recover_cell` takes just that away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from service.store.records import StoredQuote

BYTE_ORDER_MARK: Final = "\ufeff"
#: What a spreadsheet may take for a formula: =, +, - or @, wide ones too, behind blanks or apostrophes; or a
#: control character, which some drop before they look.
_FORMULA: Final = re.compile(
    r"'*+(?:[\t\r\n\x0b\x0c]|[\s'\x00-\x1f\u200b-\u200f\u2060\ufeff]*+[=+\-@＝＋－﹣＠﹢﹦﹫−])"
)

DECISION_COLUMNS: Final = (
    "reviewed_fidelity", "reviewed_attribution", "reviewed_changes", "review_reason", "reviewed_by",
    "reviewed_at",
)  # fmt: skip
SIGN_OFF_COLUMNS: Final = (
    "sign_off", "sign_off_note", "sign_off_evidence", "signed_off_by", "signed_off_at", "machine_speaker",
)  # fmt: skip
STORED_COLUMNS: Final = (
    "id", "text", "type", "speaker", "said_at", "source_title", "source_publisher", "source_published_at",
    "source_kind", "source_class", "source_uri",
)  # fmt: skip
ARTICLE_COLUMNS: Final = (
    "id", "type", "act", "text", "start", "end",
    "speaker", "speaker_kind", "speaker_how", "speaker_confidence",
    "label", "severity", "evidence", "said", "correction",
    "fidelity", "changes", "attribution", "time", "form", "explanation", "rule", "policy",
    "match_id", "match_text", "match_speaker", "match_said_at", "match_title", "match_publisher", "match_uri",
    "match_score", "factchecks",
    *DECISION_COLUMNS,
    *SIGN_OFF_COLUMNS,
)  # fmt: skip


REVIEW_COLUMNS: Final = (
    "id", "state", "urgency", "rules", "opened_at", "quote_id", "text", "speaker",
    "article_id", "article_headline", "article_publisher", "article_uri",
    "machine_label", "machine_severity", "machine_fidelity", "machine_attribution",
    *DECISION_COLUMNS,
    "evidence",
)  # fmt: skip


def present_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, a header first; each ends in CR LF."""
    yield BYTE_ORDER_MARK + present_line(columns)
    for row in rows:
        yield present_line(row)


def present_line(cells: Sequence[Any]) -> str:
    """One line. None is an empty cell, several values are separated by blanks."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow([present_cell(cell) for cell in cells])
    return line.getvalue()


def present_cell(value: Any) -> Any:
    """A value as a cell: texts that look like a formula are made to be text."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def recover_cell(cell: str) -> str:
    """The text that a cell was made of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def stored_row(quote: StoredQuote) -> tuple[Any, ...]:
    """A stored quote under `STORED_COLUMNS`."""
    origin = quote.origin
    return (
        quote.id, quote.text, quote.form, quote.speaker, quote.said_at, origin.title, origin.publisher,
        origin.published_at, origin.kind, origin.evidence_class, origin.uri,
    )  # fmt: skip


def article_row(quote: Mapping[str, Any]) -> tuple[Any, ...]:
    """A quotation of an analysis, as `ReviewedQuoteSchema` presents it, under `ARTICLE_COLUMNS`."""
    content, speaker, verdict = quote["content"], quote["speaker"], quote["verdict"]
    return (
        quote["id"], quote["type"], quote["act"], content["text"],
        content["spans"][0]["start"], content["spans"][-1]["end"],
        speaker["name"], speaker["kind"], speaker["how"], speaker["confidence"],
        *label_cells(verdict),
        verdict["fidelity"], verdict["changes"], verdict["attribution"], verdict["time"], verdict["form"],
        verdict["explanation"], verdict["rule"], verdict["policy"],
        *match_cells(quote["matches"]),
        [check["url"] for check in quote.get("factchecks", ()) if check["status"] == "match"],
        *decision_cells(quote["review"]["decision"] if quote.get("review") else None),
        *sign_off_cells(quote.get("sign_off")),
    )  # fmt: skip


def label_cells(verdict: Mapping[str, Any]) -> tuple[Any, ...]:
    """What policy 2 says of a quotation; empty cells for a verdict of policy 1."""
    said = verdict.get("said")
    return (
        verdict.get("label"), verdict.get("severity"), verdict.get("evidence"),
        said["text"] if said else None, verdict.get("correction"),
    )  # fmt: skip


def match_cells(matches: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    """The best match; empty cells where there is none."""
    if not matches:
        return (None,) * 8
    best = matches[0]
    source = best["source"]
    return (
        best["quote_id"], best["text"], best["speaker"]["name"], best["said_at"], source["title"],
        source["publisher"], source["uri"], best["score"],
    )  # fmt: skip


def review_row(review: Mapping[str, Any]) -> tuple[Any, ...]:
    """A review, as `ReviewLineSchema` presents it, under `REVIEW_COLUMNS`."""
    article, machine, decision = review["article"], review["machine"], review["decision"]
    return (
        review["id"], review["state"], review["urgency"], review["rules"], review["opened_at"],
        review["quote_id"], review["text"], review["speaker"],
        article["id"], article["headline"], article["publisher"], article["uri"],
        machine["label"], machine["severity"], machine["fidelity"], machine["attribution"],
        *decision_cells(decision),
        [link["url"] or link["quote_id"] for link in decision["evidence"]] if decision else None,
    )  # fmt: skip


def decision_cells(decision: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """What a person has decided; empty cells where nobody has."""
    if decision is None:
        return (None,) * len(DECISION_COLUMNS)
    verdict = decision["verdict"]
    return (
        verdict["fidelity"], verdict["attribution"], verdict["changes"], decision["reason"],
        decision["decided_by"], decision["decided_at"],
    )  # fmt: skip


def sign_off_cells(sign_off: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """What a person said of a quotation; empty cells where nobody has. The speaker as the machine had read it
    is there where that was corrected."""
    if sign_off is None:
        return (None,) * len(SIGN_OFF_COLUMNS)
    correction = sign_off["correction"]
    return (
        sign_off["status"], sign_off["note"], "; ".join(map(name_evidence, sign_off["evidence"])),
        sign_off["signed_by"], sign_off["signed_at"],
        sign_off["machine"]["speaker"] if correction and correction["speaker"] else None,
    )  # fmt: skip


def name_evidence(evidence: Mapping[str, Any]) -> str:
    """A piece of evidence in one line."""
    passage = evidence["passage"]
    named = f"{passage['source']}: {passage['text']}" if passage else None
    named = named or evidence["url"] or evidence["quote_id"] or f"file {evidence['file_id']}"
    return f"{named} ({evidence['note']})" if evidence["note"] else named
