"""Bring one message to an address, and learn of the answer no more than its status.

The connection goes to the place that was looked at, while TLS vouches for the name. Nothing is followed, no proxy or
other setting of the environment is used, and a receiver that is slow or says too much is cut off.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException
from time import monotonic

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from hotline.leads.webhooks.addresses import (
    Address,
    AddressRefused,
    Networks,
    Place,
    read_address,
)
from hotline.leads.webhooks.resolving import Resolve, ask_the_system, check, look_up

CONNECT_SECONDS, SECONDS = 5.0, 10.0
"""How long a place may take to take the connection, and the receiver for all of it."""

_PLACES = 2
_READ = 64 * 1024
# What a receiver that breaks off, lies or is cut off makes the libraries raise.
_TROUBLE = (OSError, HTTPException, HTTPError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, 0 where there was none, and its ``Retry-After`` as it stands."""

    status: int = 0
    retry_after: str = ""


class Caller:
    """Calls receivers; *also* are networks that the operator allows besides the public internet."""

    def __init__(
        self,
        also: Networks = (),
        *,
        resolve: Resolve = ask_the_system,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        seconds: float = SECONDS,
    ) -> None:
        self._also = also
        self._resolve = resolve
        self._trust = trust
        self._seconds = seconds

    def check(self, url: str) -> None:
        """See that *url* may be called.

        Raises:
            AddressRefused: it may not; its `fault` says why.
        """
        check(url, self._also, self._resolve)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Bring *body* to *url*; whatever goes wrong is an answer without a status."""
        try:
            address = read_address(url)
            places = look_up(address, self._also, self._resolve)
        except AddressRefused:
            return Answer()
        until = monotonic() + self._seconds
        for place in places[:_PLACES]:
            connection = self._connected(address, place) if monotonic() < until else None
            if connection is not None:
                return _ask(connection, address, body, headers, until)
        return Answer()

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._trust()

    def _connected(self, address: Address, place: Place) -> HTTPConnection | None:
        """Return a connection to *place*, over which *address* was shown to be who it is."""
        connection = self._connection(address, place)
        try:
            connection.connect()
        except _TROUBLE:
            connection.close()
            return None
        return connection

    def _connection(self, address: Address, place: Place) -> HTTPConnection:
        seconds = min(CONNECT_SECONDS, self._seconds)
        if address.scheme == "http":
            return HTTPConnection(str(place), address.port, timeout=seconds)
        return HTTPSConnection(
            str(place),
            address.port,
            timeout=seconds,
            ssl_context=self._context,
            server_hostname=address.host,
        )


def _ask(
    connection: HTTPConnection,
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    until: float,
) -> Answer:
    cut = threading.Timer(max(until - monotonic(), 0), _cut, (connection.sock,))
    cut.daemon = True
    cut.start()
    try:
        return _answer(connection, address, body, headers, until)
    except _TROUBLE:
        return Answer()
    finally:
        cut.cancel()
        connection.close()


def _answer(
    connection: HTTPConnection,
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    until: float,
) -> Answer:
    connection.request(
        "POST",
        address.target,
        body=body,
        headers={
            "Host": address.authority,
            "User-Agent": "hotline",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **headers,
        },
        preload_content=False,
        decode_content=False,
    )
    answer = connection.getresponse()
    if monotonic() >= until:
        # It was cut off, and what came until then looks like all of it.
        raise TimeoutError
    # Who writes an answer may see a broken connection where none of it is read.
    with suppress(*_TROUBLE), closing(answer):
        answer.read(_READ, decode_content=False)
    return Answer(answer.status, answer.headers.get("Retry-After", ""))


def _cut(sock: socket.socket) -> None:
    """End the connection under whoever reads from it."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
