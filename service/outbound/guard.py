"""Which addresses a request may go to: public ones, and the networks that the operator named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What the IANA special-purpose registries set apart, beyond what `is_global` of every Python version knows.
SPECIAL: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "169.254.0.0/16",  # link-local; clouds answer with credentials there
            "192.0.0.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",
            "240.0.0.0/4",
            "2001::/23",  # Teredo and other protocols; an IPv4 address may be inside
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address is inside
            "3fff::/20",
        ),
    )
)
GLOBAL_UNICAST: Final = ip_network(
    "2000::/3"
)  # all that IPv6 has given out; NAT64 and mapped IPv4 lie outside


def parse_networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Networks from "10.1.0.0/16" and addresses. Raises ValueError naming the one that is wrong."""
    return tuple(ip_network(name.strip()) for name in names if name.strip())


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, and of one host there."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in GLOBAL_UNICAST:
            return False
    special = any(address in network for network in SPECIAL if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Whether the operator allowed this address by name of its network."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks if network.version == address.version)


def read_address(text: str) -> Address | None:
    """The address that a host's name is, None where it is a name. A zone ("%eth0") makes it none."""
    try:
        return ip_address(text)
    except ValueError:
        return None
