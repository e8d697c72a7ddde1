"""Which addresses may be called: whatever an agency names, no message of ours goes to a place that is not public (pure).

`read_address` takes the form apart, once: what was looked at is what is called. `is_open` says of each place that the
name stands for whether it may be connected to.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from hotline.errors import Malformed

Place = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

LONGEST = 500
"""Characters of an address."""

PORTS = (443, 8443)

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_AUTHORITY = re.compile(r"[a-z]+://([^/?#]*).*", re.IGNORECASE)
_NEVER_IN_IT = frozenset('\\<>"{}|^`')

# What is assigned to hosts of the public internet (RFC 4291). All else, such as what contains an IPv4 address, is not.
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Beyond what `ipaddress` knows: protocol assignments, relays of 6to4, the inside of Azure, documentation.
_NOT_OPEN = tuple(
    ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "3fff::/20")
)


class Fault(StrEnum):
    """Why an address is not called: how it is written, or where it leads. Whether a name is unknown or one of a closed
    network is not told apart: who asks could find out what there is inside.
    """

    FORM = "form"
    NOT_ENCRYPTED = "http"
    PORT = "port"
    NOT_PUBLIC = "private"


class AddressRefused(Malformed):
    """An address that is not called; *fault* says why, for pages."""

    default_message = "this address cannot be called"

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A web address in its parts. *host* is in ASCII, an IPv6 address in it without its brackets."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What stands in the ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def read_address(text: str) -> Address:
    """Return the parts of *text*, its host as DNS wants it.

    Raises:
        AddressRefused: it is no ``https`` or ``http`` address, names a user, has a fragment or is too long.
    """
    if not text.isprintable() or " " in text or _NEVER_IN_IT & set(text) or len(text) > LONGEST:
        raise AddressRefused(Fault.FORM)
    try:
        its = parse_url(text)
    except LocationParseError:
        raise AddressRefused(Fault.FORM) from None
    host, names_a_user = its.host or "", "@" in _AUTHORITY.sub(r"\1", text)
    scheme = its.scheme or ""
    is_of_web = scheme in ("https", "http") and bool(_HOST.fullmatch(host))
    if not is_of_web or names_a_user or its.fragment is not None or len(its.url) > LONGEST:
        raise AddressRefused(Fault.FORM)
    port = its.port or (443 if scheme == "https" else 80)
    return Address(its.url, scheme, host.strip("[]"), port, its.request_uri)


def check(text: str, also: Networks) -> Address:
    """Return the parts of an address of which nothing that is written says that it is not called; no name is looked up.

    Raises:
        AddressRefused: as for `read_address`; or it cannot be called wherever it leads.
    """
    address = read_address(text)
    place = _written(address.host)
    if place is not None:
        check_place(address, place, also)
    elif not also:
        _check_way(address)
    return address


def check_place(address: Address, place: Place, also: Networks) -> None:
    """See that *place*, which *address* stands for, may be connected to; *also* are networks that the operator allows.

    Raises:
        AddressRefused: it may not.
    """
    if any(place in network for network in also):
        return
    if not is_public(place):
        raise AddressRefused(Fault.NOT_PUBLIC)
    _check_way(address)


def _written(host: str) -> Place | None:
    """Return the place that a host is where it is no name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _check_way(address: Address) -> None:
    if address.scheme != "https":
        raise AddressRefused(Fault.NOT_ENCRYPTED)
    if address.port not in PORTS:
        raise AddressRefused(Fault.PORT)


def is_public(place: Place) -> bool:
    """Tell whether *place* is one host of the public internet, by whatever form an IPv4 address hides in IPv6."""
    inner = _inside(place)
    if inner is not None:
        return is_public(inner)
    if isinstance(place, IPv6Address) and place not in _UNICAST:
        return False
    is_one_host = place.is_global and not (place.is_multicast or place.is_reserved)
    return is_one_host and not any(place in network for network in _NOT_OPEN)


def _inside(place: Place) -> IPv4Address | None:
    """Return the IPv4 address that is reached by an IPv6 one: mapped, 6to4 (RFC 3056), NAT64 (RFC 6052)."""
    if isinstance(place, IPv4Address):
        return None
    if place in _NAT64:
        return IPv4Address(int(place) & 0xFFFFFFFF)
    return place.ipv4_mapped or place.sixtofour
