"""What lies outside: an address that somebody enters must not lead into the network that this installation stands in."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

__all__ = ["is_address", "is_outside"]

_NAT64: Final = IPv6Network("64:ff9b::/96")


def is_address(host: str) -> bool:
    """Say whether a host is written as an address and not as a name."""
    return _read(host) is not None


def is_outside(host: str) -> bool:
    """Say whether an address is one of the public internet; loopback, private, link-local and reserved ones are not.

    An IPv6 address that stands for an IPv4 address is judged by that. What is no address is not outside either.
    """
    found = _read(host)
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_outside(str(inner))
    return found is not None and found.is_global and not found.is_multicast


def _read(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.removeprefix("[").removesuffix("]").partition("%")[0])
    except ValueError:
        return None
