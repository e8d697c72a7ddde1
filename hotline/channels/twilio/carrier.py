"""The provider as a carrier of texts and calls: send, ring, look up, list, erase.

Its errors quote numbers, its log lines addresses, its client keeps the last request: none of that leaves
this module. Whatever goes wrong becomes a fixed sentence of `hotline.contact.carrier`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from requests.exceptions import ConnectTimeout, RequestException, SSLError
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from hotline.channels.twilio.codes import CALL_OVER, NOT_FINISHED, failure_of
from hotline.channels.twilio.holdings import fetch_media, fetch_recording, list_held
from hotline.channels.twilio.reading import WHATSAPP, incoming_message
from hotline.channels.twilio.standing import OVERRIDES
from hotline.channels.twilio.wire import Wire
from hotline.config import Config, TwilioSettings
from hotline.contact.carrier import (
    CarrierBusy,
    CarrierUnsure,
    Held,
    ProviderFile,
    ProviderMessage,
)
from hotline.domain.report import Channel, IncomingMessage

_PAGE = 200
_LONG_PAGE, _PAGES = 1000, 10
"""So much is looked through for one that is in doubt: what we kept is erased there within minutes, if nothing is very wrong."""

SILENCE = "/twilio/voice/silence"
"""What is asked when we do not answer: nobody hears then that anything failed, or what."""

# Whoever picks up waits in silence for as long as it takes to tell them from a machine.
_LISTENS = 6

_SETTLED = {"received", "sent", "delivered", "undelivered", "failed", "read"}


class TwilioCarrier:
    """`hotline.contact.carrier.Carrier`, spoken to Twilio's REST interface."""

    def __init__(self, settings: TwilioSettings, *, public_url: str, timeout: float = 10) -> None:
        self._settings = settings
        self._public_url = public_url
        self._client = Client(
            settings.account_sid,
            settings.auth_token,
            http_client=Wire(settings.api_origin, timeout=timeout),
        )

    def send(
        self,
        *,
        channel: Channel,
        to: str,
        body: str,
        line: str,
        ref: str,
        valid_for: timedelta,
        template: bool = False,
    ) -> str:
        service, form = self._settings.messaging_service_sid, self._settings.whatsapp_template
        uses_form = template and channel is Channel.WHATSAPP and form
        with _asking():
            created = self._client.messages.create(
                to=_address(channel, to),
                from_=_address(channel, line or self._usual_line(channel)),
                status_callback=f"{self._public_url}/twilio/sms/status/{ref}{OVERRIDES}",
                validity_period=int(valid_for.total_seconds()),
                **({"content_sid": form} if uses_form else {"body": body}),
                **({"messaging_service_sid": service} if service else {}),
            )
            return str(created.sid)

    def find_sent(self, *, channel: Channel, to: str, body: str, since: datetime) -> Sequence[str]:
        # A text that waits in the provider's queue has no date of sending yet, so none is asked for; nor is
        # the number, for what is asked for stands in an address, and addresses are logged on the way.
        address = _address(channel, to)
        with _looking():
            return [
                str(text.sid)
                for text in _ours(self._client.messages, since=since)
                if text.to == address and (text.body == body or not body)
            ]

    def call(
        self,
        *,
        to: str,
        line: str,
        url_path: str,
        ref: str,
        detects_machine: bool,
        seconds: int,
    ) -> str:
        address = f"{self._public_url}{url_path}/{ref}"
        listening = {"machine_detection": "Enable", "machine_detection_timeout": _LISTENS}
        with _asking():
            created = self._client.calls.create(
                to=to,
                from_=line or self._settings.voice_number or self._settings.sms_number,
                url=address + OVERRIDES,
                fallback_url=self._public_url + SILENCE,
                status_callback=f"{address}/status{OVERRIDES}",
                timeout=seconds,
                **(listening if detects_machine else {}),
            )
            return str(created.sid)

    def find_calls(self, *, to: str, since: datetime) -> Sequence[str]:
        # As in `find_sent`: neither the number nor a beginning, which a call that waits there has not yet.
        with _looking():
            return [
                str(call.sid) for call in _ours(self._client.calls, since=since) if call.to == to
            ]

    def hang_up(self, provider_id: str) -> None:
        with _looking():
            try:
                self._client.calls(provider_id).update(status="completed")
            except TwilioException as refusal:
                if _status(refusal) != 404 and _code(refusal) != CALL_OVER:
                    raise

    def price_of(self, provider_id: str) -> str:
        with _looking():
            try:
                text = self._client.messages(provider_id).fetch()
            except TwilioException as refusal:
                if _status(refusal) == 404:
                    return ""
                raise
            return f"{text.price} {text.price_unit}".upper() if text.price else ""

    def erase(self, kind: str, provider_id: str) -> bool:
        with _looking():
            try:
                return self._erase(kind, provider_id)
            except TwilioException as refusal:
                if _status(refusal) == 404:
                    return True
                if _code(refusal) != NOT_FINISHED:
                    raise
                return self._redact_settled(kind, provider_id)

    def list_messages(self, *, since: datetime) -> Iterator[ProviderMessage]:
        midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
        with _looking():
            for text in self._client.messages.stream(date_sent_after=midnight, page_size=_PAGE):
                direction = str(text.direction)
                if direction == "inbound":
                    yield ProviderMessage(str(text.sid), _incoming(text))
                elif direction == "outbound-reply":
                    yield ProviderMessage(str(text.sid), None)

    def list_held(self, *, before: datetime) -> Iterator[Held]:
        with _looking():
            yield from list_held(self._client, before=before)

    def fetch_media(self, message_id: str) -> Iterator[ProviderFile]:
        with _looking():
            yield from fetch_media(self._client, self._settings, message_id)

    def fetch_recording(self, recording_id: str) -> Iterator[bytes]:
        yield from fetch_recording(self._client, self._settings, recording_id)

    def _usual_line(self, channel: Channel) -> str:
        if channel is Channel.WHATSAPP:
            return self._settings.whatsapp_number
        return self._settings.sms_number

    def _erase(self, kind: str, provider_id: str) -> bool:
        if kind == "text":
            self._client.messages(provider_id).update(body="")
            return True
        if kind == "media":
            text, _, media = provider_id.partition("/")
            return bool(self._client.messages(text).media(media).delete())
        things: dict[str, Callable[[str], Any]] = {
            "message": self._client.messages,
            "recording": self._client.recordings,
            "call": self._client.calls,
        }
        return bool(things[kind](provider_id).delete())

    def _redact_settled(self, kind: str, provider_id: str) -> bool:
        """Take at least the words out of a text that cannot be deleted yet, unless it is still under way."""
        if kind == "message":
            text = self._client.messages(provider_id).fetch()
            if str(text.status) in _SETTLED and text.body:
                text.update(body="")
        return False


def carrier_for(config: Config) -> TwilioCarrier | None:
    """Return the carrier that *config* sets up, if it does."""
    if config.twilio is None:
        return None
    return TwilioCarrier(config.twilio, public_url=config.public_url)


def _address(channel: Channel, number: str) -> str:
    if channel is Channel.WHATSAPP and not number.startswith(WHATSAPP):
        return WHATSAPP + number
    return number


def _ours(things: Any, *, since: datetime) -> list[Any]:
    """Return which texts or calls we asked for since then, the oldest first; the provider lists the newest first.

    Raises:
        CarrierBusy: it has more than can be looked through.
    """
    found: list[Any] = []
    listed = things.stream(page_size=_LONG_PAGE)
    for _ in range(_PAGES):
        page = list(islice(listed, _LONG_PAGE))
        found += [one for one in page if _is_since(one, since)]
        if len(page) < _LONG_PAGE or not _is_since(page[-1], since):
            return [one for one in reversed(found) if str(one.direction) == "outbound-api"]
    raise CarrierBusy


def _is_since(one: Any, since: datetime) -> bool:
    return one.date_created is None or bool(one.date_created >= since)


def _incoming(text: Any) -> IncomingMessage:
    message = incoming_message(
        provider_id=str(text.sid),
        sender=text.from_ or "",
        line=text.to or "",
        body=text.body or "",
        media=text.num_media or "",
    )
    return replace(message, sent_at=text.date_sent or text.date_created)


@contextmanager
def _asking() -> Iterator[None]:
    """Turn whatever a request that changes something ends with into one of our sentences."""
    try:
        yield
    except TwilioException as refusal:
        raise failure_of(_status(refusal), _code(refusal)) from None
    except RequestException as failure:
        raise CarrierBusy if _never_left(failure) else CarrierUnsure from None
    except (ValueError, TypeError):
        # The answer was not the provider's JSON.
        raise CarrierUnsure from None


@contextmanager
def _looking() -> Iterator[None]:
    """As `_asking`, for requests that do no harm when they are made again."""
    try:
        yield
    except (TwilioException, RequestException, ValueError, TypeError):
        raise CarrierBusy from None


def _status(refusal: TwilioException) -> int:
    return int(getattr(refusal, "status", 0) or 0)


def _code(refusal: TwilioException) -> int:
    return int(getattr(refusal, "code", 0) or 0)


def _never_left(failure: RequestException) -> bool:
    """Tell whether no connection came about, so that the provider cannot have done anything."""
    if isinstance(failure, ConnectTimeout | SSLError):
        return True
    cause = failure.args[0] if failure.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
