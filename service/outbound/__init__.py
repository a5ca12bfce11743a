"""Requests to addresses that users give: only to public ones, unless the operator allows others."""

from service.outbound.address import Forbidden, Target, read_target
from service.outbound.allowed_addresses import Network, parse_networks
from service.outbound.post import Answer, Unreachable, post

__all__ = [
    "Answer",
    "Forbidden",
    "Network",
    "Target",
    "Unreachable",
    "parse_networks",
    "post",
    "read_target",
]
