"""Turns of a source that was read, as a form carries them from one request to the next."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate

from schemas.fields import refuse_unstorable
from schemas.given_sources import seconds_field
from schemas.strict_json import read_json
from service.errors import InvalidInput
from service.sources.models import MAX_TURNS, Cue, SourceTurn


class CarriedTurnSchema(Schema):
    """A turn with its cues: `[offset, start_s, end_s]` each. Carried as the list of its members."""

    speaker = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=300))
    text = fields.String(required=True, validate=refuse_unstorable)
    start_s = seconds_field()
    end_s = seconds_field()
    is_question = fields.Boolean(load_default=False)
    cues = fields.List(
        fields.Tuple((fields.Integer(validate=validate.Range(min=0)), seconds_field(), seconds_field())),
        load_default=[],
    )

    @pre_load
    def name_members(self, data: Any, **_: Any) -> dict[str, Any]:
        """The members by their names."""
        if not isinstance(data, list) or len(data) > len(self.fields):
            raise ValidationError("is no turn")
        return dict(zip(self.fields, data, strict=False))

    @post_load
    def to_turn(self, data: dict[str, Any], **_: Any) -> SourceTurn:
        """The turn as the use case takes it."""
        cues = tuple(Cue(*cue) for cue in data.pop("cues"))
        return SourceTurn(**data, cues=cues)


_TURNS: Final = CarriedTurnSchema(many=True)


def load_turns(text: str) -> tuple[SourceTurn, ...]:
    """Turns of what `dump_turns` wrote. Raises InvalidInput for anything else."""
    try:
        carried = read_json(text)
        if not isinstance(carried, list):
            raise ValueError("no list of turns")
        turns = _TURNS.load(carried)
    except (ValidationError, ValueError, RecursionError):
        raise InvalidInput("A source in the form is damaged. Remove it and add its file again.") from None
    if not 0 < len(turns) <= MAX_TURNS:
        raise InvalidInput(f"A source has no words, or more than {MAX_TURNS:,} turns.")
    return tuple(turns)


def dump_turns(turns: tuple[SourceTurn, ...]) -> list[list[Any]]:
    """Turns as short JSON: the members of each in order, without those at the end that are empty."""
    return [_dump_turn(turn) for turn in turns]


def _dump_turn(turn: SourceTurn) -> list[Any]:
    cues = [[cue.offset, cue.start_s, cue.end_s] for cue in turn.cues]
    members = [turn.speaker, turn.text, turn.start_s, turn.end_s, turn.is_question, cues]
    while members[-1] is None or members[-1] is False or members[-1] == []:
        members.pop()
    return members
