"""JSON of speech recognition: Whisper, WhisperX, AssemblyAI, Deepgram, Amazon, Google, and lists of turns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from service.sources.joining import Piece, join_pieces
from service.sources.lines import clean_words
from service.sources.models import ParsedSource, fault_in_file
from service.sources.questions import mark_questions
from service.sources.sounds import without_sounds
from service.sources.turns import read_seconds, turns_from_mappings

MOST_PARTS: Final = 500_000  # segments or words of a file: forty hours of speech
_TEXT: Final = ("text", "transcript", "body", "punctuated_word", "word", "value", "content", "words")
_SPEAKER: Final = (
    "speaker",
    "speaker_label",
    "speaker_name",
    "speakerName",
    "speakerLabel",
    "speakerTag",
    "speaker_id",
    "name",
)
_START: Final = ("start_s", "start", "start_time", "startTime", "offset", "begin", "ts", "time", "timestamp")
_END: Final = ("end_s", "end", "end_time", "endTime", "end_ts", "endTimestamp")
#: Where the programs keep their utterances, the best first: those have a speaker each.
_PLACES: Final[tuple[tuple[str | int, ...], ...]] = (
    ("turns",), ("utterances",), ("results", "utterances"), ("monologues",), ("segments",),
    ("result", "segments"), ("chunks",), ("paragraphs",),
    ("results", "channels", 0, "alternatives", 0, "paragraphs", "paragraphs"), ("results", "audio_segments"),
    ("transcription",), ("transcript",), ("results",), ("sentences",), ("cues",), ("captions",), ("words",),
    ("results", "channels", 0, "alternatives", 0, "words"),
)  # fmt: skip
Object = Mapping[str, Any]


def load_json(text: str, name: str | None) -> Any:
    """The value of a JSON text, or of one with a value on each line.

    Raises:
        SourceFileError: it is no JSON, or nested too deep.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise fault_in_file(name, "", "is nested too deep to be a transcript.") from None
    except ValueError as error:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            line = getattr(error, "lineno", None)
            raise fault_in_file(name, f"line {line}" if line else "", "is no well-formed JSON.") from None


def read_recognised(text: str, name: str | None) -> ParsedSource:
    """Turns of a JSON file of speech recognition, or of turns.

    Raises:
        SourceFileError: it is no JSON, or holds no such list in any of the places known.
    """
    value = load_json(text, name)
    found = find_utterances(value)
    if found is None:
        whole = _whole_text(value)
        if whole is None:
            raise fault_in_file(
                name, "", "is JSON, and no transcript is found in it (segments, utterances or turns)."
            )
        return ParsedSource("whisper", join_pieces([Piece(None, whole)]), machine=True)
    if len(found) > MOST_PARTS:
        raise fault_in_file(name, "", f"has more than {MOST_PARTS:,} segments. Divide it into parts.")
    if _are_turns(value, found):
        title = value.get("title") if isinstance(value, Mapping) else None
        machine = value.get("machine") is True if isinstance(value, Mapping) else False
        shown = title if isinstance(title, str) and title.strip() else None
        return ParsedSource("turns", turns_from_mappings(found, name), title=shown, machine=machine)
    unit = 0.001 if _in_milliseconds(found) else 1.0
    turns = join_pieces(_scaled(piece, unit) for part in found for piece in _pieces_of(part))
    return ParsedSource("whisper", mark_questions(turns), machine=True)


def find_utterances(value: Any) -> Sequence[Object] | None:
    """The list of segments in a JSON value; None if there is none."""
    if _is_list(value):
        return value  # type: ignore[no-any-return]
    best: Sequence[Object] | None = None
    for place in _PLACES:
        found = _at(value, place)
        if not _is_list(found):
            continue
        if any(_speaker(part) for part in found[:200]):
            return found  # type: ignore[no-any-return]
        best = best if best is not None else found
    return best


def _is_list(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, Mapping) for part in value)
        and any(_has_words(part) for part in value[:50])
    )


def _has_words(part: Object) -> bool:
    return any(
        isinstance(part.get(key), str | list) for key in (*_TEXT, "elements", "sentences", "alternatives")
    )


def _at(value: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        if isinstance(key, str) and isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(key, int) and isinstance(value, list) and len(value) > key:
            value = value[key]
        else:
            return None
    return value


def _are_turns(value: Any, found: Sequence[Object]) -> bool:
    """Whether a list is one of turns: `{"speaker", "text"}` with times in seconds or none."""
    keys = {"speaker", "text", "start_s", "end_s", "is_question", "cues"}
    return (isinstance(value, Mapping) and value.get("turns") is found) or all(
        set(part) <= keys and "text" in part for part in found[:100]
    )


def _pieces_of(part: Object) -> Iterator[Piece]:
    """The words of a segment; one whose words have speakers of their own is divided between them."""
    words = part.get("words")
    speakers = (
        [_speaker(word) for word in words if isinstance(word, Mapping)] if isinstance(words, list) else []
    )
    if len({speaker for speaker in speakers if speaker}) > 1 and isinstance(words, list):
        last = _speaker(part)
        for word in words:
            if isinstance(word, Mapping):
                last = _speaker(word) or last
                yield Piece(last, _words_of(word), *_span(word))
        return
    yield Piece(_speaker(part), without_sounds(_words_of(part)), *_span(part))


def _words_of(part: Object) -> str:
    for key in _TEXT:
        value = part.get(key)
        if isinstance(value, str):
            return " ".join(clean_words(value).split())
    for key in ("elements", "words", "sentences", "alternatives"):
        value = part.get(key)
        if isinstance(value, list):
            inner = value[:1] if key == "alternatives" else value
            joiner = "" if key == "elements" else " "
            said = (_raw(word) for word in inner if isinstance(word, Mapping))
            return " ".join(clean_words(joiner.join(said)).split())
    return ""


def _raw(part: Object) -> str:
    return next((part[key] for key in ("punctuated_word", *_TEXT) if isinstance(part.get(key), str)), "")


def _speaker(part: Object) -> str | None:
    for key in _SPEAKER:
        value = part.get(key)
        if isinstance(value, Mapping):
            value = value.get("name") or value.get("label") or value.get("id")
        if isinstance(value, str) and value.strip():
            label = " ".join(clean_words(value).split())
            return f"Speaker {label}" if len(label) == 1 else label
        if isinstance(value, int) and not isinstance(value, bool):
            return f"Speaker {value}"
    return None


def _span(part: Object) -> tuple[float | None, float | None]:
    """Start and end of a segment in the unit of the file; whisper.cpp and Transformers nest theirs."""
    nested = part.get("offsets")
    if isinstance(nested, Mapping):  # milliseconds always
        start, end = read_seconds(nested.get("from")), read_seconds(nested.get("to"))
        return (None if start is None else start / 1000), (None if end is None else end / 1000)
    pair = part.get("timestamp")
    if isinstance(pair, list) and len(pair) == 2:
        return read_seconds(pair[0]), read_seconds(pair[1])
    start = next((t for key in _START if (t := read_seconds(part.get(key))) is not None), None)
    end = next((t for key in _END if (t := read_seconds(part.get(key))) is not None), None)
    inner = part.get("words") or part.get("elements") or part.get("sentences")
    if start is None and isinstance(inner, list):
        spans = [_span(word) for word in inner if isinstance(word, Mapping)]
        starts = [span[0] for span in spans if span[0] is not None]
        ends = [span[1] for span in spans if span[1] is not None]
        return (starts[0] if starts else None), (ends[-1] if ends else None)
    return start, end


def _in_milliseconds(parts: Sequence[Object]) -> bool:
    """Whether times are whole numbers so large that they are no seconds: AssemblyAI's are milliseconds."""
    if any(isinstance(part.get("offsets"), Mapping) for part in parts[:5]):
        return False
    spans = [
        (start, end, part)
        for part in parts[:500]
        if (start := _span(part)[0]) is not None
        for end in [_span(part)[1]]
    ]
    timed = [(start, end, part) for start, end, part in spans if end is not None and end > start]
    if not timed or any(
        not float(start).is_integer() or not float(end or 0).is_integer() for start, end, _ in timed
    ):
        return False
    seconds = sum((end or start) - start for start, end, _ in timed)
    words = sum(_words_of(part).count(" ") + 1 for _, _, part in timed)
    return seconds > 20 * words  # nobody takes twenty seconds for a word


def _scaled(piece: Piece, unit: float) -> Piece:
    if unit == 1.0:
        return piece
    start = None if piece.start_s is None else piece.start_s * unit
    end = None if piece.end_s is None else piece.end_s * unit
    return replace(piece, start_s=start, end_s=end)


def _whole_text(value: Any) -> str | None:
    text = value.get("text") if isinstance(value, Mapping) else None
    return " ".join(clean_words(text).split()) if isinstance(text, str) and text.strip() else None
