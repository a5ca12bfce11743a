"""The overview: today's verdicts, repeated quotes and open reviews; it follows events while it is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from flask import Response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.dashboard import FollowSchema, OverviewPageSchema
from service.errors import InvalidInput
from service.store.quotes.repeats import DayRange, RepeatedQuote
from service.usecases.search.overview import Bucket, Overview
from service.web.api.events import LAST_EVENT_ID, answer_stream
from service.web.dashboard.charts.bars import Part, Stack, draw_key, draw_sparks, draw_stacks
from service.web.dashboard.form_input import read_asked
from service.web.dashboard.labels import VERDICTS
from service.web.dashboard.page import blueprint, page, render
from service.web.http.overload import following
from service.web.services import services

#: The parts of the stacks, from the bottom, with their verdicts.
PARTS: Final[Mapping[Part, tuple[str, ...]]] = {
    Part("Right words", "good", "plain"): ("confirmed", "words_only", "supported", "repeated"),
    Part("To be looked at", "care", "rising"): ("context", "paraphrased", "partly_supported"),
    Part("Wrong", "bad", "crossed"): ("wrong_person", "changed", "not_in_sources"),
    Part("Cannot be told", "unsure", "dotted"): ("unclear",),
    Part("Not found", "none", "level"): ("not_found",),
}


#: A chart over time is drawn from so many periods on.
LEAST_PERIODS: Final = 3


@blueprint.get("/")
@page("read")
def show_overview() -> Response:
    """The whole page, or only the part that changes if the script asks for it."""
    asked = read_asked(OverviewPageSchema())
    found = services().overview.look(asked.values.get("reach", "fortnight"))
    template = (
        "dashboard/overview_part.html" if request.args.get("part") == "live" else "dashboard/overview.html"
    )
    return render(
        template,
        title="Overview",
        section="overview",
        status=asked.status,
        found=found,
        parts_shown=[(part, draw_key(part)) for part in PARTS],
        few=sum_few(found.buckets),
        picture=draw_verdicts(found),
        rows=[(name_bucket(bucket, found), bucket, size_parts(bucket)) for bucket in found.buckets],
        codes=shown_codes(found.buckets),
        spark=lambda repeated_quote: draw_days(repeated_quote, found.recurring.period),
    )


def draw_verdicts(found: Overview) -> Markup:
    """The chart of verdicts over time."""
    total = sum(sum(bucket.labels.values()) for bucket in found.buckets)
    over = "the last 24 hours" if found.reach == "day" else "the last 14 days"
    text = f"{total:,} quotations of {sum(bucket.articles for bucket in found.buckets):,} articles"
    sums = [sum(sizes) for sizes in zip(*(size_parts(bucket) for bucket in found.buckets), strict=True)]
    each = ", ".join(f"{part.name.lower()}: {size:,}" for part, size in zip(PARTS, sums, strict=True))
    stacks = [
        Stack(
            name_bucket(bucket, found),
            name_tick(bucket, found) if number % (3 if found.reach == "day" else 2) == 1 else "",
            size_parts(bucket),
        )
        for number, bucket in enumerate(found.buckets)
    ]
    title = f"Verdicts over {over}, by {'hour' if found.reach == 'day' else 'day'}"
    return draw_stacks(title, f"{text}; {each}. The table below has the numbers.", list(PARTS), stacks)


def sum_few(buckets: Sequence[Bucket]) -> list[tuple[Part, Markup, int, int]] | None:
    """What there is of each part and its share in percent, where too few periods have any for a chart; None
    where a chart says more."""
    if sum(bool(bucket.articles) for bucket in buckets) >= LEAST_PERIODS:
        return None
    sums = [sum(sizes) for sizes in zip(*(size_parts(bucket) for bucket in buckets), strict=True)]
    total = sum(sums)
    return [
        (part, draw_key(part), size, round(100 * size / total))
        for part, size in zip(PARTS, sums, strict=True)
        if total
    ]


def size_parts(bucket: Bucket) -> tuple[int, ...]:
    """The number of verdicts of a period in each part."""
    return tuple(sum(bucket.labels.get(code, 0) for code in codes) for codes in PARTS.values())


def name_bucket(bucket: Bucket, found: Overview) -> str:
    """A period in words."""
    day = f"{bucket.start.day} {bucket.start:%B}"
    return (
        f"{day}, {bucket.start:%H}–{bucket.start + timedelta(hours=1):%H} h" if found.reach == "day" else day
    )


def name_tick(bucket: Bucket, found: Overview) -> str:
    """The label of a period on the axis."""
    return f"{bucket.start:%H} h" if found.reach == "day" else f"{bucket.start.day} {bucket.start:%b}"


def shown_codes(buckets: Sequence[Bucket]) -> list[str]:
    """The labels that occur, the most serious first."""
    return [code for code in VERDICTS if any(bucket.labels.get(code) for bucket in buckets)]


def draw_days(repeated_quote: RepeatedQuote, period: DayRange) -> Markup:
    """In how many sources words were seen, day by day of the period."""
    sizes: dict[date, int] = dict(repeated_quote.days)
    length = (period.until - period.since).days + 1
    days = [period.since + timedelta(days=gone) for gone in range(length)]
    values = [(f"{day.day} {day:%B}", sizes.get(day, 0)) for day in days]
    return draw_sparks("Sources by day", values)


@blueprint.get("/dashboard/events")
@page("read")
@following
def follow_events() -> WerkzeugResponse:
    """The event stream for pages: the same as `/v1/events`, with the session instead of a key."""
    asked = read_asked(FollowSchema())
    if asked.faults:
        raise InvalidInput(f"{next(iter(asked.faults))}: {next(iter(asked.faults.values()))}")
    behind = request.headers.get(LAST_EVENT_ID) or asked.values.get("after")
    return answer_stream(behind, asked.values.get("types"))
