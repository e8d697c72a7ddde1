"""Tell the provider's webhooks from everybody else's, before anything of them is believed.

A signature is an HMAC over the address and every field, under the account's token: while tokens change,
under either of two. A shared key's secret may stand as the second; the secret of an interface key never
signs. The address is our configured origin, the route's own plain path and the query as it came: what
frameworks rebuild from a request is not byte for byte what was signed. It has no clock and no nonce, and
joins names and values without a separator, so three more things are asked: the account is ours, ids have
the shape of ids, and nothing we read comes twice. A webhook that came before is met by its id, where it
is kept.

What is refused leaves no trace: no part of it is logged, kept or answered.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache

from flask import Request, Response, request
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from hotline.config import TwilioSettings
from hotline.parts import here

LARGEST_BODY = 64 * 1024
"""Bytes. The provider sends at most 1,600 characters of text and a few dozen short fields."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/_-]*")
_BODY_HASH = re.compile(r"(?:^|&)bodySHA256=[0-9a-fA-F]{64}(?:&|$)")
_HEX = "[0-9a-fA-F]{32}"
_SHAPES = {
    "AccountSid": re.compile(f"AC{_HEX}"),
    "MessageSid": re.compile(f"(?:SM|MM){_HEX}"),
    "SmsSid": re.compile(f"(?:SM|MM){_HEX}"),
    "SmsMessageSid": re.compile(f"(?:SM|MM){_HEX}"),
    "MessagingServiceSid": re.compile(f"MG{_HEX}"),
    "CallSid": re.compile(f"CA{_HEX}"),
    "DialCallSid": re.compile(f"CA{_HEX}"),
    "DequeingCallSid": re.compile(f"CA{_HEX}"),
    "ParentCallSid": re.compile(f"CA{_HEX}"),
    "QueueSid": re.compile(f"QU{_HEX}"),
    "RecordingSid": re.compile(f"RE{_HEX}"),
}
_READ_ONCE = frozenset(_SHAPES) | {
    "AnsweredBy",
    "Body",
    "ButtonText",
    "CallDuration",
    "CallStatus",
    "DialCallStatus",
    "Digits",
    "Direction",
    "ErrorCode",
    "ErrorUrl",
    "ExternalUserId",
    "FinishedOnKey",
    "From",
    "MessageStatus",
    "NumMedia",
    "OptOutType",
    "QueueResult",
    "QueueTime",
    "RecordingDuration",
    "RecordingStatus",
    "RecordingUrl",
    "SmsStatus",
    "SpeechResult",
    "To",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Guard:
    """What signatures are checked with, made once for each setting."""

    origin: str
    account_sid: str
    validators: tuple[RequestValidator, ...]

    def admits(self, webhook: Request) -> bool:
        """Tell whether *webhook* was signed with one of our tokens and is about our account."""
        address = self._address(webhook)
        if address is None:
            return False
        if webhook.mimetype == JSON:
            return self._admits_json(webhook, address)
        fields = Fields(webhook.form.lists())
        return self._is_signed(webhook, address, fields) and self._is_ours(fields)

    def _address(self, webhook: Request) -> str | None:
        """Return what was signed as the address, or None when it can be none of ours."""
        query = webhook.environ.get("QUERY_STRING", "")
        if not _PLAIN_PATH.fullmatch(webhook.path) or not query.isascii():
            return None
        return self.origin + webhook.path + (f"?{query}" if query else "")

    def _admits_json(self, webhook: Request, address: str) -> bool:
        """Check a JSON body by its hash; without one in the address, the body would not be checked at all."""
        if not _BODY_HASH.search(webhook.environ.get("QUERY_STRING", "")):
            return False
        if not self._is_signed(webhook, address, webhook.get_data(as_text=True)):
            return False
        content = webhook.get_json(silent=True)
        return isinstance(content, dict) and content.get("AccountSid") == self.account_sid

    def _is_signed(self, webhook: Request, address: str, signed: object) -> bool:
        signature = webhook.headers.get(SIGNATURE_HEADER, "")
        algorithm = get_signature_algorithm(webhook.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
        # The validator would log an algorithm that it does not know, as a stranger wrote it.
        if algorithm.upper() not in (HMAC_SHA1, HMAC_SHA256):
            return False
        return any(
            validator.validate(address, signed, signature, algorithm)
            for validator in self.validators
        )

    def _is_ours(self, fields: "Fields") -> bool:
        """Tell whether what we read is there at most once, ids look like ids, and the account is ours."""
        return fields.get("AccountSid") == [self.account_sid] and all(
            _looks_right(name, values) for name, values in fields.items() if name in _READ_ONCE
        )


class Fields(dict[str, list[str]]):
    """Every value of every field; the validator asks for them by this name first, and fast."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def _looks_right(name: str, values: list[str]) -> bool:
    shape = _SHAPES.get(name)
    return len(values) == 1 and (not shape or not values[0] or bool(shape.fullmatch(values[0])))


def refuse_unsigned() -> Response | None:
    """Let through what the provider sent; it stands on the blueprint, so that no route can forget it."""
    request.max_content_length = LARGEST_BODY
    request.max_form_memory_size = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY:
        return _refusal(413)
    if request.mimetype not in (FORM, JSON):
        return _refusal(415)
    settings = here().config.twilio
    if settings is None or not _guard(settings, here().config.public_url).admits(request):
        return _refusal(403)
    return None


@lru_cache(maxsize=16)
def _guard(settings: TwilioSettings, origin: str) -> Guard:
    validators = tuple(RequestValidator(token) for token in settings.tokens)
    return Guard(origin, settings.account_sid, validators)


def _refusal(status: int) -> Response:
    log.warning("webhook refused", extra={"status": status})
    return Response("", status, mimetype="text/plain")
