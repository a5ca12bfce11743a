"""The event stream, as server-sent events."""

from __future__ import annotations

import json
import random
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from flask import Response, request

from schemas.events import EventSchema, EventSearchSchema
from service.errors import VerbatimError
from service.store.events.log import LoggedEvent
from service.usecases.background.follow_events import EventFeed, StreamPosition
from service.web.http.buffered_stream import BufferedStream, client_socket
from service.web.http.openapi import document_parameter
from service.web.http.overload import following
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import requires
from service.web.services import services

EVENT_STREAM: Final = "text/event-stream"
LAST_EVENT_ID: Final = "Last-Event-ID"
HEARTBEAT_S: Final = 15.0
POLL_S: Final = 1.0  # how often the client and the server are checked
STREAM_S: Final = 300.0  # after that the client reconnects, perhaps to another process
RETRY_MS: Final = 2_000
CLOSED: Final = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR

log = structlog.get_logger("verbatim.events")
blueprint = StrictBlueprint("events", __name__, url_prefix="/v1/events", description=__doc__ or "")


class Ending:
    """Whether this process is about to end. Streams then end, and clients reconnect to another process."""

    is_near: Callable[[], bool] = staticmethod(lambda: False)


def resumable(view: Any) -> Any:
    """Document the header Last-Event-ID of a view."""
    description = "The id of the last event that was received; the stream continues after it."
    return document_parameter(
        view,
        {"name": LAST_EVENT_ID, "in": "header", "schema": {"type": "string"}, "description": description},
    )


@blueprint.get("")
@requires("read")
@resumable
@following
@blueprint.arguments(EventSearchSchema, location="query")
@blueprint.response(200, EventSchema, content_type=EVENT_STREAM)
def stream_events(search: dict[str, Any]) -> Response:
    """Follow events: articles analysed and deleted, reviews opened, claimed and decided, imports.

    Server-sent events (WHATWG HTML): `id`, `event` and one line of JSON as `data`, with ids and codes but no
    text of articles. The first event is `ready`. A stream ends after some minutes; reconnect with the last id
    in `Last-Event-ID`, as browsers do, or in `after`: no event is lost or repeated. The log holds the last
    20,000 events; if your id is older, the stream starts with `reset`: reload your data. A comment is sent
    every 15 seconds. 503 if too many clients are connected.
    """
    return answer_stream(request.headers.get(LAST_EVENT_ID) or search.get("after"), search.get("types"))


def answer_stream(after: str | None, types: frozenset[str] | None) -> Response:
    """A stream of the events after an event id, of the given types or of all."""
    feed = services().feed
    position = feed.find_position(after)
    connection = client_socket()
    stream = Stream(feed, position, types, connection)
    response = BufferedStream(connection, most_aside=0).respond(stream.pieces(), EVENT_STREAM)
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(slots=True)
class Stream:
    """The event stream of one client. Without a connection it ends when there are no more events."""

    feed: EventFeed
    position: StreamPosition
    types: frozenset[str] | None
    connection: socket.socket | None
    ends_at: float = field(default_factory=lambda: time.monotonic() + STREAM_S * random.uniform(0.8, 1.0))  # noqa: S311

    def pieces(self) -> Iterator[bytes]:
        """The bytes to send, as they come."""
        with self.feed.following():
            restarts = self.feed.restarts
            yield self.begin()
            after, told_at = self.position.after, time.monotonic()
            while self.is_wanted() and self.feed.restarts == restarts:
                try:
                    found = self.feed.wait(after, POLL_S if self.connection else 0.0)
                    if not found and self.connection is None:
                        found = self.feed.read(after)
                except VerbatimError as error:
                    log.info("stream_waits", reason=type(error).__name__)
                    found = []
                    time.sleep(POLL_S)
                if piece := self.tell(found, after):
                    yield piece
                    told_at = time.monotonic()
                elif time.monotonic() - told_at >= HEARTBEAT_S:
                    yield f"id: {self.position.name(after)}\n:\n\n".encode()
                    told_at = time.monotonic()
                if found:
                    after = found[-1].number
                elif self.connection is None:
                    return

    def begin(self) -> bytes:
        """The first frames of a stream: the client's position."""
        bounds, name = self.position.bounds, self.position.name(self.position.after)
        begun = f"retry: {RETRY_MS}\n\n"
        if self.position.lost:
            begun += frame("reset", name, {"reason": self.position.lost, "first": bounds.first})
        return (begun + frame("ready", name, {"number": self.position.after})).encode()

    def tell(self, found: list[LoggedEvent], after: int) -> bytes:
        """The frames of events, without those of other types and those that belong to one owner."""
        frames = ""
        if found and found[0].number != after + 1:
            frames = frame("reset", self.position.name(found[0].number - 1), {"reason": "too_old"})
        for event in found:
            if event.owner is None and (self.types is None or event.type in self.types):
                frames += (
                    f"event: {event.type}\nid: {self.position.name(event.number)}\ndata: {event.data}\n\n"
                )
        return frames.encode()

    def is_wanted(self) -> bool:
        """Whether the client is still there and the stream may go on."""
        return not (time.monotonic() >= self.ends_at or Ending.is_near() or is_gone(self.connection))


def frame(kind: str, name: str, data: dict[str, Any]) -> str:
    """The frame of an event about the stream itself."""
    return f"event: {kind}\nid: {name}\ndata: {json.dumps(data)}\n\n"


def is_gone(connection: socket.socket | None) -> bool:
    """Whether the client has closed the connection, as far as poll() can tell."""
    if connection is None:
        return False
    if connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection, CLOSED)
    return any(seen & CLOSED for _, seen in poll.poll(0))
