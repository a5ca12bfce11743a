"""The addresses that requests may be sent to: public ones, and the networks that the operator allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Ranges of the IANA special-purpose registries that `is_global` of some Python versions does not exclude.
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
)  # all that is assigned of IPv6; NAT64 and mapped IPv4 lie outside


def parse_networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Parse networks such as "10.1.0.0/16", and addresses. Raises ValueError with the invalid one."""
    return tuple(ip_network(name.strip()) for name in names if name.strip())


def is_public(address: Address) -> bool:
    """Whether an address belongs to a single host of the public internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in GLOBAL_UNICAST:
            return False
    special = any(address in network for network in SPECIAL if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks that the operator allows."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks if network.version == address.version)


def read_address(text: str) -> Address | None:
    """A host as an address, None if it is a name or has a zone ("%eth0")."""
    try:
        return ip_address(text)
    except ValueError:
        return None
