"""The verdict in one sentence a journalist can read."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from service.matching.models import (
    AttributionCode,
    Change,
    Claim,
    Fidelity,
    Match,
    Searched,
    TimeCode,
)
from service.matching.outcome import NEAR_IN_SOURCES, Outcome

_SAYS: Final[dict[Fidelity, str]] = {
    "verbatim": "These words stand exactly so in {source}",
    "near_verbatim": "These words stand in {source} but for contractions, spelling or fillers",
    "truncated": "These words stand in {source}, but what qualifies them is left out{detail}",
    "abridged": "These words stand in {source}, with the omissions that are marked",
    "spliced": "These words were put together from separate places in {source}{detail}",
    "altered": "The closest words, in {source}, differ in {detail}",
    "paraphrase": "{source} says much the same, but not in these words",
    "ambiguous": "These words stand in {source}, but {detail}",
    "supported": "{source} says what is reported here",
    "partly_supported": "{source} says part of what is reported here",
}
_CHANGES: Final[dict[Change, str]] = {
    "negation": "a negation",
    "number": "a number",
    "entity": "a name",
    "modality": "what is certain, possible or required",
    "omission": "words left out",
    "wording": "wording",
}


_PRINTED: Final[dict[Fidelity, str]] = {
    "verbatim": "These words were printed in {source}",
    "near_verbatim": "These words were printed in {source} but for contractions, spelling or fillers",
    "abridged": "These words were printed in {source}, with the omissions that are marked",
}
_SPEAKER_UNRESOLVED: Final = (
    "Reported speech can be checked only where it is clear who is said to have said it"
)
_INSUFFICIENT: Final[Mapping[str, str]] = {
    "denied_quotation": "The text says that these words were not said, so they are not judged{seen}",
    "words_too_common": "These words are so common that they tell nothing of who said them{seen}",
    NEAR_IN_SOURCES: "This may be what was said, in other words. Compare it with: “{detail}”",
    "reported_speaker_unresolved": _SPEAKER_UNRESOLVED,
    "report_too_short": "Too little is reported here to be compared with what was said",
    "report_states_nothing": "This only names what was spoken of; it cannot be compared with what was said",
    "meaning_not_compared": "What is reported here was not compared: that needs the model of meaning",
}
_WITH_BRACKETS: Final = "These words stand in {source} but for what the writer put in brackets"


def explain(
    outcome: Outcome, matches: Sequence[Match], searched: Searched, *, has_brackets: bool = False
) -> str:
    """The first half of the explanation, on the words."""
    if outcome.fidelity == "insufficient":
        return _explain_insufficient(outcome, matches)
    if not outcome.is_found or not matches:
        return _explain_nothing(outcome, matches, searched)
    is_report = outcome.evidence == "report"
    says = _PRINTED.get(outcome.fidelity) if is_report else None
    if has_brackets and outcome.fidelity == "verbatim":
        says = _WITH_BRACKETS
    sentence = (says or _SAYS[outcome.fidelity]).format(source=name_source(matches[0]), detail=outcome.detail)
    if is_report and outcome.fidelity in _PRINTED:
        sentence += "; no record of them was seen"
    return sentence[0].upper() + sentence[1:]


def _explain_insufficient(outcome: Outcome, matches: Sequence[Match]) -> str:
    seen = f"; they were seen {len(matches)} times" if len(matches) > 1 else ""
    seen = "; they were seen once" if len(matches) == 1 else seen
    says = _INSUFFICIENT.get(outcome.rule, "Too few words to judge a quotation by{seen}")
    return says.format(seen=seen, detail=outcome.detail.strip(" ."))


def _explain_nothing(outcome: Outcome, matches: Sequence[Match], searched: Searched) -> str:
    if outcome.rule == "said_by_another" and matches:
        speaker = matches[0].speaker or "somebody else"
        return f"The sources given have this of {speaker}, in {name_source(matches[0])}"
    until = f" up to {_day(searched.until)}" if searched.until else ""
    if outcome.rule == "reported_speaker_unresolved":
        return _SPEAKER_UNRESOLVED
    if searched.given:
        return _explain_not_given(searched) + _explain_not_stored(searched, until)
    nothing = f"Nothing that matches was found among {searched.quotes:,} quotes searched{until}"
    if searched.as_of is None:
        return nothing
    return f"{nothing}; sources later than {_day(searched.as_of)} were left out"


def _explain_not_given(searched: Searched) -> str:
    if searched.given == 1:
        return "The source that was given does not have this"
    return f"None of the {searched.given} sources that were given has this"


def _explain_not_stored(searched: Searched, until: str) -> str:
    if not searched.quotes:
        return ""
    return f"; nothing that matches was found among {searched.quotes:,} stored quotes{until} either"


def explain_missing(stored: str, searched: Searched) -> str:
    """The explanation of what is stored, for words that the given sources lack."""
    return f"{_explain_not_given(searched)}. In what is stored: {stored[:1].lower()}{stored[1:]}"


def name_changes(changes: tuple[Change, ...]) -> str:
    """Changes in words: "a negation and a name"."""
    names = [_CHANGES[change] for change in changes]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def name_source(match: Match) -> str:
    """What a reader would call a source: its title, its publisher, its day."""
    origin = match.origin
    title = origin.title or origin.publisher or origin.uri
    day = match.said_at or origin.published_at
    when = "" if day is None or day.isoformat() in title else f" of {_day(day)}"
    publisher = f" ({origin.publisher})" if origin.publisher and origin.publisher not in title else ""
    return f"“{title}”{when}{publisher}"


def explain_speaker(claim: Claim, attribution: AttributionCode, speaker: str | None) -> str:
    """The clause on the speaker, "" where there is nothing to say."""
    if attribution == "misattributed" and speaker:
        return f"; there {speaker} says them, not {claim.speaker}"
    if attribution == "compatible" and speaker:
        return f"; there {speaker} says them, which fits {claim.speaker}"
    return f", spoken by {speaker}" if speaker else ""


def explain_machine(outcome: Outcome) -> str:
    """The clause on a machine's transcript, "" where the source that decided is none."""
    is_machine = outcome.placements[0].passage.evidence.origin.machine
    return ", as transcribed by a machine" if is_machine else ""


def explain_time(time: TimeCode, said_on: date | None, first_seen: date | None) -> str:
    """The clause on the day, "" where nothing is amiss."""
    if said_on is None or first_seen is None:
        return ""
    if time == "recycled":
        return f"; they were first seen on {_day(first_seen)}, long before {_day(said_on)}"
    if time == "anachronistic":
        return f"; they were first seen on {_day(first_seen)}, after the claimed {_day(said_on)}"
    return ""


def _day(day: date) -> str:
    return f"{day.day} {month_name[day.month]} {day.year}"
