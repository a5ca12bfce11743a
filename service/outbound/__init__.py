"""Requests to addresses that users name: to the outside only, unless the operator allows more."""

from service.outbound.address import Forbidden, Target, read_target
from service.outbound.guard import Network, parse_networks
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
