"""One way out: every request goes to the provider's interface, or to the loopback one in its place."""

import logging
from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from hotline.contact.carrier import CarrierRefused

API = "https://api.twilio.com"

# The library logs addresses, and addresses hold numbers. This logger is registered nowhere, so that no
# server's own logging set-up can wake it.
_SILENT = logging.Logger("silent", logging.CRITICAL + 1)


class Wire(TwilioHttpClient):
    """The library's HTTP client with a time-out and without a log, bound to one origin.

    With *api_origin* the provider is a loopback one: whatever was meant for the real one goes there.
    """

    def __init__(self, api_origin: str, *, timeout: float) -> None:
        super().__init__(timeout=timeout, logger=_SILENT)
        self._origin = api_origin.rstrip("/") or API
        if api_origin and self.session:
            # A proxy of the environment must not get what is meant for this machine.
            self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:  # type: ignore[override]
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != API:
            raise CarrierRefused
        try:
            return super().request(method, self._origin + url[len(API) :], *args, **options)
        finally:
            # The library keeps the last request, number and words, for tests of its own.
            self._test_only_last_request = None
            self._test_only_last_response = None
