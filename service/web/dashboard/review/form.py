"""The form of a decision: its fields as a decision, or the faults beside the fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from schemas.reviews import DecisionInputSchema
from schemas.validation_errors import find_faults
from service.errors import InvalidInput
from service.store.reviews.records import Decision, ReviewRecord

ROWS: Final = 3  # of evidence, beside the stored quotes that are ticked


@dataclass(frozen=True, slots=True)
class Row:
    """A row of evidence as it was typed: an address or the id of a stored quote, and a note."""

    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """The content of the fields, and their faults: sentences by the name of the field."""

    fidelity: str = ""
    attribution: str = ""
    changes: frozenset[str] = frozenset()
    time: str = ""
    reason: str = ""
    cited: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = (Row(),) * ROWS
    faults: Mapping[str, str] = field(default_factory=dict)


def begin_form(review: ReviewRecord) -> DecisionForm:
    """The form as it is first shown, with the automatic verdict."""
    said = restate(review)
    return DecisionForm(said["fidelity"], said["attribution"], frozenset(said["changes"]), said["time"])


def restate(review: ReviewRecord) -> dict[str, Any]:
    """The automatic verdict as a decision; decisions have changes only for altered words."""
    verdict = review.quote["verdict"] if review.quote else {}
    is_altered = review.machine_fidelity == "altered"
    return {
        "fidelity": review.machine_fidelity,
        "attribution": review.machine_attribution,
        "changes": list(verdict.get("changes", ())) if is_altered else [],
        "time": verdict.get("time", "undated"),
    }


def agree(review: ReviewRecord, reason: str) -> Decision:
    """The decision that agrees with the automatic verdict. Raises InvalidInput."""
    return load_decision({"verdict": restate(review), "reason": reason, "evidence": []})


def read_form(given: MultiDict[str, str]) -> DecisionForm:
    """The form as it was sent, to show it again."""
    rows = zip_longest(given.getlist("source"), given.getlist("note"), fillvalue="")
    typed = tuple(Row(source.strip(), note.strip()) for source, note in rows)[:ROWS]
    return DecisionForm(
        given.get("fidelity", ""),
        given.get("attribution", ""),
        frozenset(given.getlist("changes")),
        given.get("time", ""),
        given.get("reason", ""),
        frozenset(given.getlist("cite")),
        typed + (Row(),) * (ROWS - len(typed)),
    )


def read_decision(form: DecisionForm) -> Decision:
    """The decision in a form. Raises InvalidInput; its faults have JSON pointers, as in the API."""
    verdict: dict[str, Any] = {
        "fidelity": form.fidelity, "attribution": form.attribution, "changes": sorted(form.changes),
    }  # fmt: skip
    if form.time:
        verdict["time"] = form.time
    return load_decision({"verdict": verdict, "reason": form.reason, "evidence": find_evidence(form)})


def find_evidence(form: DecisionForm) -> list[dict[str, str]]:
    """The rows that are not empty, then the quotes that are ticked."""
    links = []
    for row in form.rows:
        if row.source or row.note:
            name = "url" if "/" in row.source or not row.source else "quote_id"
            links.append({name: row.source} | ({"note": row.note} if row.note else {}))
    return links + [{"quote_id": quote_id} for quote_id in sorted(form.cited)]


def load_decision(members: Mapping[str, Any]) -> Decision:
    """A decision, validated by the API's schema. Raises InvalidInput."""
    try:
        decision: Decision = DecisionInputSchema().load(members)
    except ValidationError as error:
        raise InvalidInput("the decision is not complete", tuple(find_faults(error.messages))) from None
    return decision


def field_of(pointer: str) -> str:
    """The form field for a JSON pointer into a decision."""
    first, _, rest = pointer.partition("/")
    return (rest.partition("/")[0] if first == "verdict" and rest else first) or "reason"
