"""Requests to addresses that users give: only to public ones, unless the operator allows others."""

from service.outbound.address import Forbidden, Target, read_target
from service.outbound.allowed_addresses import Network, parse_networks
from service.outbound.exchange import Limits, Unreachable
from service.outbound.fetch import Page, fetch
from service.outbound.post import Answer, post

__all__ = [
    "Answer",
    "Forbidden",
    "Limits",
    "Network",
    "Page",
    "Target",
    "Unreachable",
    "fetch",
    "parse_networks",
    "post",
    "read_target",
]
