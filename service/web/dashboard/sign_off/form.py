"""The form that signs a quote off: its fields as a statement, or the faults beside the fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from schemas.sign_offs import SignOffInputSchema
from schemas.validation_errors import find_faults
from service.errors import Fault, InvalidInput
from service.store.sign_offs.records import Statement
from service.usecases.reviews.sign_offs import SignedQuote

NOT_THERE: Final = "These words are not in the article like that. Copy them from the text."
#: Characters that are typed one way and printed another.
ALIKE: Final = {"'": "['‘’]", "’": "['‘’]", '"': '["“”]', "“": '["“”]', "”": '["“”]', "-": "[-–—]"}


@dataclass(frozen=True, slots=True)
class SignOffForm:
    """The content of the fields, and their faults: sentences by the name of the field.

    A form that is first shown has what a person has said before, and nothing that nobody said.
    """

    status: str = ""
    note: str = ""
    kept: frozenset[int] = frozenset()  # places of evidence that was given before
    url: str = ""
    cited: frozenset[str] = frozenset()
    passage_source: str = ""
    passage_text: str = ""
    speaker: str = ""
    words: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, signed: SignedQuote) -> SignOffForm:
        """The form as it is first shown."""
        said = signed.sign_off.statement if signed.sign_off else None
        return cls(
            status=(said.status or "") if said else "",
            note=(said.note or "") if said else "",
            kept=frozenset(range(len(said.evidence))) if said else frozenset(),
            speaker=signed.quote["speaker"]["name"] or "",
            words=signed.quote["content"]["text"],
        )

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> SignOffForm:
        """The form as it was sent."""
        return cls(
            status=given.get("status", ""),
            note=given.get("note", "").replace("\r\n", "\n"),
            kept=frozenset(int(one) for one in given.getlist("keep") if one.isdecimal() and len(one) < 4),
            url=given.get("url", "").strip(),
            cited=frozenset(given.getlist("cite")),
            passage_source=given.get("passage_source", "").strip(),
            passage_text=given.get("passage_text", "").replace("\r\n", "\n").strip(),
            speaker=" ".join(given.get("speaker", "").split()),
            words=given.get("words", "").replace("\r\n", "\n").strip(),
        )

    def to_statement(self, signed: SignedQuote, text: str, file_id: str | None = None) -> Statement:
        """The statement in the form, about a quote of an article with this text. Raises InvalidInput; its
        faults have JSON pointers, as in the API."""
        members = {
            "status": self.status or None,
            "note": self.note if self.note.strip() else None,
            "evidence": list(self.find_evidence(signed, file_id)),
            "correction": self.find_correction(signed, text),
        }
        try:
            statement: Statement = SignOffInputSchema().load(members)
        except ValidationError as error:
            raise InvalidInput("this is not complete", tuple(find_faults(error.messages))) from None
        return statement

    def find_evidence(self, signed: SignedQuote, file_id: str | None) -> Iterator[dict[str, Any]]:
        """What was given before and is kept, then what is new."""
        before = signed.sign_off.statement.members()["evidence"] if signed.sign_off else []
        yield from (one for place, one in enumerate(before) if place in self.kept)
        if self.url:
            yield {"url": self.url}
        if file_id:
            yield {"file_id": file_id}
        yield from ({"quote_id": quote_id} for quote_id in sorted(self.cited))
        if self.passage_source or self.passage_text:
            yield {"passage": {"source": self.passage_source, "text": self.passage_text}}

    def find_correction(self, signed: SignedQuote, text: str) -> dict[str, Any] | None:
        """What is corrected. What is as it was before is not sent again; a former correction stands."""
        former = signed.sign_off.statement.correction if signed.sign_off else None
        correction: dict[str, Any] = {}
        if self.speaker != (signed.quote["speaker"]["name"] or "") or (former and former.speaker):
            correction["speaker"] = {"name": self.speaker or None}
        if self.words != signed.quote["content"]["text"].strip():
            start, end = find_words(self.words, text, signed.quote["content"]["spans"])
            correction["span"] = {"start": start, "end": end}
        elif former and former.span:
            correction["span"] = {"start": former.span.start, "end": former.span.end}
        return correction or None


def find_words(words: str, text: str, spans: Sequence[Mapping[str, int]]) -> tuple[int, int]:
    """Where words are in the text of the article, the nearest to the quote. Raises InvalidInput."""
    parts = ["".join(ALIKE.get(char, re.escape(char)) for char in part) for part in words.split()]
    here = spans[0]["start"]
    found = [match.span() for match in re.finditer(r"\s+".join(parts), text)] if parts else []
    if not found:
        raise InvalidInput("the words are not there", (Fault("/correction/span", NOT_THERE),))
    return min(found, key=lambda span: abs(span[0] - here))


def field_of(pointer: str) -> str:
    """The form field for a JSON pointer into a statement."""
    first, _, rest = pointer.partition("/")
    if first == "correction":
        return "speaker" if rest.startswith("speaker") else "words"
    if first == "evidence":
        _, _, member = rest.partition("/")
        return {"url": "url", "file_id": "file"}.get(member.partition("/")[0], "passage")
    return {"file": "file", "note": "note"}.get(first, "status")
