"""A quotation in an answer: spans, speaker, selectors, verdict, matches."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields, validate

from schemas.fields import OutputSchema
from service.matching.models import Label
from service.matching.sources import EVIDENCE_CLASSES, KINDS
from service.text.span import Span

FIDELITY = (
    "insufficient", "ambiguous", "verbatim", "truncated", "near_verbatim", "abridged", "spliced",
    "altered", "paraphrase", "no_match", "supported", "partly_supported",
)  # fmt: skip
CHANGES = ("negation", "number", "entity", "modality", "omission", "wording")
ATTRIBUTION = ("same", "compatible", "misattributed", "unresolved", "anonymous")
LABELS = get_args(Label)
EVIDENCE = ("record", "statement", "report")
TIME = ("contemporaneous", "recent", "recycled", "anachronistic", "undated")
REASONS = ("same_quotation", "same_words", "same_meaning", "same_names", "same_figures")
FORMS = ("direct", "indirect", "mixed", "fragment", "second_hand")


def one_of(*choices: str, **kwargs: Any) -> fields.String:
    """A string that is one of the codes, so that the OpenAPI lists them."""
    return fields.String(validate=validate.OneOf(choices), **kwargs)


class SpanSchema(OutputSchema):
    """A half-open range of code points into the answer's `text`."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """As any schema does, at a fifth of the cost for one span: half of an answer's objects are spans."""
        if many or not isinstance(obj, Span):
            return super().dump(obj, many=many)
        return {"start": obj.start, "end": obj.end}


class ExcerptSchema(OutputSchema):
    """Words of the text and their position."""

    text = fields.String(required=True)
    spans = fields.List(fields.Nested(SpanSchema), required=True)


class SpeakerSchema(OutputSchema):
    """The speaker; `name` is null if the service abstains. `how` names the rule that resolved it."""

    name = fields.String(required=True, allow_none=True)
    id = fields.String(required=True, allow_none=True)
    kind = one_of("person", "organisation", "group", "anonymous", "unknown", required=True)
    how = fields.String(required=True)
    confidence = fields.Float(required=True)


class SelectorSchema(OutputSchema):
    """A W3C Web Annotation selector: TextQuoteSelector or TextPositionSelector."""

    type = one_of("TextQuoteSelector", "TextPositionSelector", required=True)
    exact = fields.String()
    prefix = fields.String()
    suffix = fields.String()
    start = fields.Integer()
    end = fields.Integer()


class SearchedSchema(OutputSchema):
    """What was searched: the number of quotes and fact-checks, and the day of the latest quote.

    With `as_of`, later and undated sources were left out.
    """

    quotes = fields.Integer(required=True)
    until = fields.Date(required=True, allow_none=True)
    factchecks = fields.Integer(required=True)
    given = fields.Integer(required=True, metadata={"description": "Sources sent with the request."})
    as_of = fields.Date(required=True, allow_none=True)


class OriginSchema(OutputSchema):
    """The source of stored words. `class` says what it proves about them."""

    uri = fields.String(required=True)
    title = fields.String(required=True)
    publisher = fields.String(required=True)
    published_at = fields.Date(required=True, allow_none=True)
    kind = one_of(*KINDS, required=True)
    evidence_class = one_of(*dict.fromkeys(EVIDENCE_CLASSES.values()), required=True, data_key="class")


class MatchOriginSchema(OriginSchema):
    """The source of a match. `number` is its place among the `sources` that were sent, from 0."""

    given = fields.Boolean(required=True, metadata={"description": "It came with the request."})
    number = fields.Integer(required=True, allow_none=True)
    machine = fields.Boolean(required=True, metadata={"description": "A machine transcribed it."})


class NamedSpeakerSchema(OutputSchema):
    """A speaker as the source names them, with their `id` if they are in the registry."""

    name = fields.String(required=True, allow_none=True)
    id = fields.String()


class NamedSpeaker(fields.Nested):
    """A speaker's name, stored as a string, as the object `{"name": …, "id": …}` that answers show."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(NamedSpeakerSchema, **kwargs)

    def _serialize(  # type: ignore[override]  # the two bases name the first argument differently
        self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any
    ) -> dict[str, Any]:
        known = getattr(obj, "speaker_id", None)
        return {"name": nested_obj, "id": known} if known else {"name": nested_obj}


class SaidSchema(OutputSchema):
    """The record's own words for the quotation, in whole sentences, with the sentences around them.

    `start_s` and `end_s` are when the quoted words begin and end, in seconds from the beginning of the
    recording, where the source tells.
    """

    text = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    speaker = NamedSpeaker(required=True)
    said_at = fields.Date(required=True, allow_none=True)
    start_s = fields.Float(required=True, allow_none=True)
    end_s = fields.Float(required=True, allow_none=True)
    source = fields.Nested(MatchOriginSchema, required=True, attribute="origin")


class VerdictSchema(OutputSchema):
    """The label and its severity, the axes that it follows from, and an explanation.

    `severity` is 0 (fine), 1 (look), 2 (fix) or 3 (stop).
    `evidence` is the class of the source that decided; reports prove only that words were printed.
    `said` is what was said, `correction` the quotation as it should stand, null if it stands so already.
    Analyses stored under policy 1 have neither label nor severity, evidence, said or correction.
    """

    label = one_of(*LABELS, required=True)
    severity = fields.Integer(required=True, validate=validate.Range(min=0, max=3))
    evidence = one_of(*EVIDENCE, required=True, allow_none=True)
    fidelity = one_of(*FIDELITY, required=True)
    changes = fields.List(one_of(*CHANGES), required=True)
    attribution = one_of(*ATTRIBUTION, required=True)
    time = one_of(*TIME, required=True)
    form = one_of(*FORMS, required=True)
    flags = fields.List(fields.String(), required=True)
    explanation = fields.String(required=True)
    rule = fields.String(required=True)
    policy = fields.String(required=True)
    searched = fields.Nested(SearchedSchema, required=True)
    given = fields.Boolean(
        required=True, metadata={"description": "A source that came with the request decided."}
    )
    said = fields.Nested(SaidSchema, required=True, allow_none=True)
    correction = fields.String(required=True, allow_none=True)


class AlignmentStepSchema(OutputSchema):
    """A run of words: kept, dropped from the source, added in the quotation, or changed."""

    op = one_of("keep", "drop", "add", "change", required=True)
    theirs = fields.String(required=True)
    ours = fields.String(required=True)


class MatchSchema(OutputSchema):
    """A passage where the words were found."""

    quote_id = fields.String(required=True)
    text = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    speaker = NamedSpeaker(required=True)
    said_at = fields.Date(required=True, allow_none=True)
    start_s = fields.Float(
        required=True, allow_none=True, metadata={"description": "When the aligned words begin, in seconds."}
    )
    end_s = fields.Float(required=True, allow_none=True)
    source = fields.Nested(MatchOriginSchema, required=True, attribute="origin")
    score = fields.Float(required=True)
    alignment = fields.List(fields.Nested(AlignmentStepSchema), required=True)


class PublisherSchema(OutputSchema):
    """The publisher of a fact-check."""

    name = fields.String(required=True, allow_none=True, attribute="publisher")
    site = fields.String(required=True)


class FactcheckSchema(OutputSchema):
    """A published fact-check that reviews what the words claim, in its publisher's own terms.

    `status` is "match" if that is certain, "possible" if a person should look; `confidence` is the
    share of such pairs that were right; `reasons` name what words and claim have in common.
    """

    id = fields.String(required=True, attribute="factcheck.id")
    status = one_of("match", "possible", required=True)
    confidence = fields.Float(required=True)
    reasons = fields.List(one_of(*REASONS), required=True)
    explanation = fields.String(required=True)
    url = fields.String(required=True, attribute="factcheck.url")
    title = fields.String(required=True, allow_none=True, attribute="factcheck.title")
    claim = fields.String(required=True, attribute="factcheck.claim")
    claimant = fields.String(required=True, allow_none=True, attribute="factcheck.claimant")
    claim_date = fields.Date(required=True, allow_none=True, attribute="factcheck.claimed_on")
    rating = fields.String(required=True, allow_none=True, attribute="factcheck.rating")
    publisher = fields.Nested(PublisherSchema, required=True, attribute="factcheck")
    review_date = fields.Date(required=True, allow_none=True, attribute="factcheck.reviewed_on")
    language = fields.String(required=True, allow_none=True, attribute="factcheck.language")


class ExtractedQuoteSchema(OutputSchema):
    """A quotation as `verbatim extract` prints it: without a verdict."""

    type = one_of("direct", "indirect", "mixed", required=True)
    act = one_of("speech", "writing", "thought", "none", required=True)
    content = fields.Nested(ExcerptSchema, required=True)
    passages = fields.List(
        fields.Nested(SpanSchema),
        required=True,
        metadata={"description": "The words of the content in quotation marks, marks left out."},
    )
    cue = fields.Nested(ExcerptSchema, required=True, allow_none=True)
    source = fields.Nested(ExcerptSchema, required=True, allow_none=True)
    speaker = fields.Nested(SpeakerSchema, required=True)
    via = fields.Nested(SpeakerSchema, required=True, allow_none=True)
    selector = fields.List(fields.Nested(SelectorSchema), required=True)


class QuoteSchema(ExtractedQuoteSchema):
    """A quotation of an article with its verdict and matches."""

    class Meta:
        fields = (
            "id", "type", "act", "content", "passages", "cue", "source", "speaker", "via", "selector",
            "verdict", "matches", "factchecks",
        )  # fmt: skip  # what identifies it comes first

    id = fields.String(required=True)
    verdict = fields.Nested(VerdictSchema, required=True)
    matches = fields.List(fields.Nested(MatchSchema), required=True)
    factchecks = fields.List(fields.Nested(FactcheckSchema), required=True)


class StoredQuoteSchema(OutputSchema):
    """A stored quotation, or a stored sentence of a transcript."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    type = one_of("direct", "indirect", "mixed", required=True, attribute="form")
    speaker = NamedSpeaker(required=True)
    said_at = fields.Date(required=True, allow_none=True)
    source = fields.Nested(OriginSchema, required=True, attribute="origin")


class QuotePageSchema(OutputSchema):
    """A page of stored quotes; `next` is the cursor of the page after it, or null."""

    quotes = fields.List(fields.Nested(StoredQuoteSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, attribute="next_cursor")


class SightingSchema(OutputSchema):
    """A sighting in a lineage; a variant has the changes since the first sighting."""

    relation = one_of("first", "repeat", "variant", required=True)
    quote = fields.Nested(StoredQuoteSchema, required=True)
    alignment = fields.List(fields.Nested(AlignmentStepSchema), required=True)


class LineageSchema(OutputSchema):
    """The family of a quotation over time, the first sighting first; undated ones come last."""

    quote = fields.Nested(StoredQuoteSchema, required=True)
    total = fields.Integer(required=True)
    sightings = fields.List(fields.Nested(SightingSchema), required=True)
