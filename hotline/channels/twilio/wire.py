"""One way out: every request goes to the provider's interface, or to the loopback one in its place."""

import logging
import re
import socket
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from urllib3.connection import HTTPConnection

from hotline.contact.carrier import CarrierRefused

_API_HOST = "api.twilio.com"
# A look-up of a number would hand it over to be profiled.
_PROVIDERS_HOST = re.compile(r"(?!lookups\.)(?:[a-z0-9-]+\.)+twilio\.com")

_CONNECTS = 3.05
"""Seconds for each address of a host."""
_TAKEN = 10_000
"""Milliseconds after which bytes that nobody took are dropped: else the system sends them for minutes, also after we gave up."""

# The library logs addresses, and addresses hold numbers. This logger is registered nowhere, so that no
# server's own logging set-up can wake it.
_SILENT = logging.Logger("silent", logging.CRITICAL + 1)


class _SoonOrNever(HTTPAdapter):
    """What is asked for leaves within half a minute or not at all, so that afterwards the provider's list tells."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        told = [*HTTPConnection.default_socket_options]
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            told.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _TAKEN))
        super().init_poolmanager(*args, socket_options=told, **options)


class Wire(TwilioHttpClient):
    """The library's HTTP client with a time-out and without a log, bound to the provider's hosts.

    With *api_origin* the provider is a loopback one: whatever was meant for ``api.twilio.com`` goes to that
    origin, and what was meant for another of its hosts to a folder of that host's name there.
    """

    def __init__(self, api_origin: str, *, timeout: float) -> None:
        super().__init__(timeout=timeout, logger=_SILENT)
        self.timeout = (_CONNECTS, timeout)  # type: ignore[assignment] # `requests` is handed it, and takes both.
        self._origin = api_origin.rstrip("/")
        if self.session:
            # A proxy of the environment must not get what is meant for this machine.
            self.session.trust_env = not api_origin
            for scheme in ("https://", "http://"):
                self.session.mount(scheme, _SoonOrNever())

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:  # type: ignore[override]
        try:
            return super().request(method, self._place_of(url), *args, **options)
        finally:
            # The library keeps the last request, number and words, for tests of its own.
            self._test_only_last_request = None
            self._test_only_last_response = None

    def _place_of(self, url: str) -> str:
        """Return where *url* is asked for.

        Raises:
            CarrierRefused: it is not one of the provider's; our token is for nobody else.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" or not _PROVIDERS_HOST.fullmatch(parts.netloc):
            raise CarrierRefused
        if not self._origin:
            return url
        folder = "" if parts.netloc == _API_HOST else f"/{parts.netloc}"
        return self._origin + folder + url[len(f"https://{parts.netloc}") :]
