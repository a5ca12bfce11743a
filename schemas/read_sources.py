"""Turns of a source that was read, as a form carries them from one request to the next."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate

from schemas.fields import refuse_unstorable
from schemas.given_sources import MAX_TURNS, seconds_field
from schemas.strict_json import read_json
from service.errors import InvalidInput
from service.sources.models import Cue, SourceTurn


class CarriedTurnSchema(Schema):
    """A turn with its cues: `[offset, start_s, end_s]` each."""

    speaker = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=300))
    text = fields.String(required=True, validate=refuse_unstorable)
    start_s = seconds_field()
    end_s = seconds_field()
    cues = fields.List(
        fields.Tuple((fields.Integer(validate=validate.Range(min=0)), seconds_field(), seconds_field())),
        load_default=[],
    )
    is_question = fields.Boolean(load_default=False)

    @post_load
    def to_turn(self, data: dict[str, Any], **_: Any) -> SourceTurn:
        """The turn."""
        cues = tuple(Cue(*cue) for cue in data.pop("cues"))
        return SourceTurn(**data, cues=cues)


_TURNS: Final = CarriedTurnSchema(many=True)


def load_turns(text: str) -> tuple[SourceTurn, ...]:
    """Turns of what `dump_turns` wrote. Raises InvalidInput for anything else."""
    try:
        turns = _TURNS.load(read_json(text))
    except (ValidationError, ValueError, RecursionError):
        raise InvalidInput("A source in the form is damaged. Remove it and add its file again.") from None
    if not 0 < len(turns) <= MAX_TURNS:
        raise InvalidInput(f"A source has no words, or more than {MAX_TURNS:,} turns.")
    return tuple(turns)


def dump_turns(turns: tuple[SourceTurn, ...]) -> list[dict[str, Any]]:
    """Turns as JSON, without what is empty."""
    return [
        {
            name: value
            for name, value in (
                ("speaker", turn.speaker),
                ("text", turn.text),
                ("start_s", turn.start_s),
                ("end_s", turn.end_s),
                ("cues", [[cue.offset, cue.start_s, cue.end_s] for cue in turn.cues]),
                ("is_question", turn.is_question),
            )
            if value or (value == 0.0 and name.endswith("_s"))
        }
        for turn in turns
    ]
