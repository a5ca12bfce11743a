"""Rate limits of keys and addresses, and their headers: RateLimit, RateLimit-Policy, Retry-After.

The fields are those of draft-ietf-httpapi-ratelimit-headers-10: lists of policies by name, `q` requests in
`w` seconds, of which `r` are left for `t` seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from flask import Response, g

from service.cache.rate_counter import Quota, QuotaCounter, Standing
from service.settings import Settings
from service.telemetry import metrics
from service.web.http.problems import problem

WINDOW_S: Final = 60
IPV6_SITE: Final = 64  # a customer has at least such a network


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The quotas of one installation; None if there is none."""

    counter: QuotaCounter
    key: Quota | None
    address: Quota | None
    failures: Quota | None

    @classmethod
    def of(cls, settings: Settings, counter: QuotaCounter) -> RateLimits:
        """The limits of the settings, in requests a minute; 0 is no limit."""

        def quota(name: str, limit: int) -> Quota | None:
            return Quota(name, limit, WINDOW_S) if limit else None

        return cls(
            counter,
            quota("key", settings.rate_limit_key),
            quota("address", settings.rate_limit_address),
            quota("failures", settings.rate_limit_failures),
        )

    def spend(self, address: str | None, key_id: str | None) -> tuple[Standing, ...]:
        """Count a request; returns the state of each limit that applies to it."""
        asked = ((self.address, caller_of(address)), (self.key, key_id))
        return tuple(self.counter.spend(quota, who) for quota, who in asked if quota and who)

    def spend_failure(self, address: str | None, key_id: str) -> tuple[Standing, ...]:
        """Count a failed authentication from an address with a key of that id; "" if it was not a key."""
        if self.failures is None:
            return ()
        caller = caller_of(address)
        self.counter.spend(self.failures, caller)
        return (self.counter.spend(self.failures, f"{caller} {key_id}"),)

    def has_failed_often(self, address: str | None) -> bool:
        """Whether this address has reached the limit of wrong keys, of any id."""
        return self.failures is not None and self.counter.is_spent(self.failures, caller_of(address))


@lru_cache(maxsize=4096)
def caller_of(address: str | None) -> str:
    """The unit that an address is counted as: itself, or its network of 64 bits for IPv6."""
    text = (address or "").partition("%")[0]
    if text.startswith("[") or text.count(":") == 1:  # some proxies add the port
        text = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((parsed, IPV6_SITE), strict=False))
    return str(parsed)


def too_many(standings: Iterable[Standing], route: str) -> Response | None:
    """429 with the limit that was reached and when it ends; None if none was."""
    exceeded = [standing for standing in standings if not standing.is_within]
    if not exceeded:
        return None
    wait_s = max(standing.reset_s for standing in exceeded)
    limits_text = " and ".join(
        f"{standing.quota.limit} {WHAT[standing.quota.name]} in {standing.quota.window_s} seconds"
        for standing in exceeded
    )
    metrics.RATE_LIMITED.labels(route).inc()
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"This server takes {limits_text}; ask again in {wait_s} s.",
        headers={"Retry-After": str(wait_s)},
    )


WHAT: Final = {
    "key": "requests of one key",
    "address": "requests from one address",
    "failures": "failed authentications with one key from one address",
}


def describe_standings(standings: Iterable[Standing]) -> list[tuple[str, str]]:
    """The headers with the quotas and what is left of them; none if nothing was counted."""
    policies, left = [], []
    for standing in standings:
        quota = standing.quota
        policies.append(f'"{quota.name}";q={quota.limit};w={quota.window_s}')
        left.append(f'"{quota.name}";r={standing.remaining};t={standing.reset_s}')
    return [("RateLimit-Policy", ", ".join(policies)), ("RateLimit", ", ".join(left))] if left else []


def add_rate_limit_headers(response: Response) -> Response:
    """Add the headers to an answer that was counted."""
    response.headers.extend(describe_standings(g.get("standings", ())))
    return response
