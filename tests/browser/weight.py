"""How many bytes a page is, all that comes with it, as they travel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page


@dataclass
class Weight:
    """Bytes by address, headers and compressed bodies together, as Chromium's network log has them."""

    by_address: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_address.values())


@contextmanager
def weighing(page: Page, *, first: bool = True) -> Iterator[Weight]:
    """Count what a page loads while the block lasts; at a first visit nothing comes from a cache."""
    weight, asked = Weight(), dict[str, str]()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": first})

    def ask(event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        asked[str(event["requestId"])] = str(request["url"])

    def finish(event: dict[str, object]) -> None:
        address = asked.get(str(event["requestId"]), "?")
        length = event["encodedDataLength"]
        assert isinstance(length, int | float)
        weight.by_address[address] = weight.by_address.get(address, 0) + int(length)

    session.on("Network.requestWillBeSent", ask)
    session.on("Network.loadingFinished", finish)
    yield weight
    session.detach()
