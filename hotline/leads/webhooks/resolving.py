"""Where an address leads, asked for once: what was looked at is what is connected to, so no name can change its mind."""

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address
from queue import Empty, SimpleQueue

from hotline.leads.webhooks.addresses import (
    Address,
    AddressRefused,
    Fault,
    Networks,
    Place,
    check_place,
    read_address,
)

SECONDS = 5.0
"""How long the name servers may take."""

Resolve = Callable[[str, int], list[str]]
"""Returns the IP addresses of a host; none where there are none."""


def ask_the_system(host: str, port: int) -> list[str]:
    """Return what this machine's resolver knows of *host*, in its order; nothing when it takes too long."""
    answers: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answers.put([str(one[4][0]) for one in found])

    # It cannot be interrupted: who waits goes on without it.
    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        return answers.get(timeout=SECONDS)
    except Empty:
        return []


def look_up(address: Address, also: Networks, resolve: Resolve = ask_the_system) -> list[Place]:
    """Return where *address* leads, each place one that may be connected to; *also* are networks that are allowed besides.

    Raises:
        AddressRefused: it leads nowhere, or one of the places may not be connected to.
    """
    places = [ip_address(place) for place in resolve(address.host, address.port)]
    if not places:
        raise AddressRefused(Fault.NOT_PUBLIC)
    for place in places:
        check_place(address, place, also)
    return places


def check(url: str, also: Networks, resolve: Resolve = ask_the_system) -> None:
    """See that *url* may be called now. It asks name servers, so only the worker does it, outside of any transaction.

    Raises:
        AddressRefused: it may not; its `fault` says why.
    """
    look_up(read_address(url), also, resolve)
