"""How often a key and an address may ask, and how that is told: RateLimit, RateLimit-Policy, Retry-After.

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

from flask import Response, g, request

from service.cache.quota import Quota, QuotaCounter, Standing
from service.settings import Settings
from service.telemetry import metrics
from service.web.problems import problem

WINDOW_S: Final = 60
IPV6_SITE: Final = 64  # one customer has at least that network to himself


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The quotas of one installation; None where there is none."""

    counter: QuotaCounter
    key: Quota | None
    address: Quota | None
    failures: Quota | None

    @classmethod
    def of(cls, settings: Settings, counter: QuotaCounter) -> RateLimits:
        """As the settings have it: requests a minute, 0 for as many as one likes."""

        def quota(name: str, limit: int) -> Quota | None:
            return Quota(name, limit, WINDOW_S) if limit else None

        return cls(
            counter,
            quota("key", settings.rate_limit_key),
            quota("address", settings.rate_limit_address),
            quota("failures", settings.rate_limit_failures),
        )

    def spend(self, key_id: str | None) -> Response | None:
        """Count the current request; the answer that refuses it, where it is one too many."""
        asked = [(self.address, asker_of(request.remote_addr)), (self.key, key_id)]
        standings = [self.counter.spend(quota, who) for quota, who in asked if quota and who]
        g.standings = standings
        exceeded = [standing for standing in standings if not standing.is_within]
        return too_many(exceeded) if exceeded else None

    def spend_failure(self) -> Response | None:
        """Count a failed authentication; the answer to one too many."""
        if self.failures is None:
            return None
        standing = self.counter.spend(self.failures, asker_of(request.remote_addr))
        return None if standing.is_within else too_many([standing])

    def has_failed_enough(self) -> bool:
        """Whether this address may not try any further keys just now."""
        return self.failures is not None and self.counter.is_spent(
            self.failures, asker_of(request.remote_addr)
        )


@lru_cache(maxsize=4096)
def asker_of(address: str | None) -> str:
    """Whom an address stands for: itself, or its network of 64 bits where it is of IPv6."""
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


def too_many(exceeded: Iterable[Standing]) -> Response:
    """429, saying which limit was met and when it ends."""
    exceeded = list(exceeded)
    wait_s = max(standing.reset_s for standing in exceeded)
    told = " and ".join(
        f"{standing.quota.limit} {WHAT[standing.quota.name]} in {standing.quota.window_s} seconds"
        for standing in exceeded
    )
    rule = request.url_rule
    metrics.RATE_LIMITED.labels(rule.rule if rule else "unmatched").inc()
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"This server takes {told}; ask again in {wait_s} s.",
        headers={"Retry-After": str(wait_s)},
    )


WHAT: Final = {
    "key": "requests of one key",
    "address": "requests from one address",
    "failures": "failed authentications from one address",
}


def tell_standing(response: Response) -> Response:
    """Say on every counted answer what the quotas are and what is left of them."""
    standings: list[Standing] = g.get("standings", [])
    if standings:
        response.headers["RateLimit-Policy"] = ", ".join(
            f'"{standing.quota.name}";q={standing.quota.limit};w={standing.quota.window_s}'
            for standing in standings
        )
        response.headers["RateLimit"] = ", ".join(
            f'"{standing.quota.name}";r={standing.remaining};t={standing.reset_s}' for standing in standings
        )
    return response
