"""Read how the account stands, for the doctor. It changes nothing at the provider and sends nobody anything."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from hotline.channels.twilio.standing import (
    Dialing,
    Exchange,
    Hook,
    OwnedNumber,
    Service,
    Standing,
    Trouble,
    Unreadable,
    WhatsAppSender,
    Why,
)
from hotline.channels.twilio.wire import Wire
from hotline.config import TwilioSettings

_API = "https://api.twilio.com/2010-04-01"
_NEWEST = 50
_PAGE = 200
_PARTS = ("sms", "voice", "mms")
# The first byte is enough to learn whether a stranger gets any.
_ONE_BYTE = {"Range": "bytes=0-0"}


class TwilioAccount:
    """The account of *settings*, opened with *token* (the usual one, unless another is to be tried).

    Every method raises `Unreadable` when the provider does not answer, or not to us.
    """

    def __init__(self, settings: TwilioSettings, *, token: str = "", timeout: float = 10) -> None:
        self._sid = settings.account_sid
        self._wire = Wire(settings.api_origin, timeout=timeout)
        self._client = Client(self._sid, token or settings.auth_token, http_client=self._wire)

    def standing(self) -> Standing:
        with _reading():
            answer = self._client.api.v2010.accounts(self._sid).fetch_with_http_info()
        balance, currency = self._balance()
        return Standing(
            status=str(answer.data.status),
            is_trial=str(answer.data.type) == "Trial",
            clock=_date(answer.headers),
            balance=balance,
            currency=currency,
        )

    def number(self, number: str) -> OwnedNumber | None:
        """Return what the account has of *number*, or None when it is not the account's."""
        with _reading():
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=20)
            return next((_owned(one) for one in found if one.phone_number == number), None)

    def service(self, sid: str) -> Service:
        with _reading():
            of_it = self._client.messaging.v1.services(sid)
            return _service(of_it.fetch(), of_it.phone_numbers.list(limit=1000, page_size=_PAGE))

    def campaigns(self, service_sid: str) -> Sequence[str]:
        """Return the states of the service's registrations for application-to-person texts in the US."""
        with _reading():
            of_it = self._client.messaging.v1.services(service_sid)
            return [str(one.campaign_status) for one in of_it.us_app_to_person.list(limit=20)]

    def toll_free_verifications(self, number_sid: str) -> Sequence[str]:
        with _reading():
            found = self._client.messaging.v1.tollfree_verifications.list(
                tollfree_phone_number_sid=number_sid, limit=20
            )
            return [str(one.status) for one in found]

    def texted_countries(self) -> frozenset[str]:
        """Return the countries that texts may be sent to."""
        with _reading():
            answer: Any = self._client.accounts.v1.messaging_geopermissions.fetch()
            return frozenset(
                str(one["country_code"]) for one in answer.permissions or () if one.get("enabled")
            )

    def dialed_countries(self) -> Sequence[Dialing]:
        """Return the countries of which any number may be called."""
        with _reading():
            found = self._client.voice.v1.dialing_permissions.countries.list(page_size=_PAGE)
            return [one for one in map(_dialing, found) if one.ordinary or one.special or one.fraud]

    def trouble(self, *, since: datetime) -> Trouble:
        """Return how often the provider logged each error; of its log nothing else is read."""
        with _reading():
            logged = self._client.monitor.v1.alerts.stream(
                log_level="error", start_date=since, limit=1000, page_size=_PAGE
            )
            told = (str(alert.error_code) for alert in logged)
            return Trouble(since, Counter(code for code in told if code.isdecimal()))

    def webhook_rules(self) -> Sequence[str]:
        """Return the addresses (or how they begin) that a rule of the account's webhook settings is for."""
        try:
            with _reading():
                rules = self._client.webhooks.v1.rules.list(limit=200, page_size=_PAGE)
                return [
                    str(rule.value or rule.prefix) for rule in rules if rule.value or rule.prefix
                ]
        except Unreadable as unreadable:
            # The provider offers these settings to some accounts only.
            if unreadable.why is not Why.MISSING:
                raise
            return []

    def whatsapp_sender(self, number: str) -> WhatsAppSender | None:
        with _reading():
            found = self._client.messaging.v2.channels_senders.list(
                channel="whatsapp", limit=200, page_size=_PAGE
            )
            wanted = f"whatsapp:{number}"
            return next((_sender(one) for one in found if one.sender_id == wanted), None)

    def template_approval(self, content_sid: str) -> str:
        """Return what WhatsApp says of the template: ``approved``, ``pending``, ``rejected`` …"""
        with _reading():
            approval = self._client.content.v1.contents(content_sid).approval_fetch().fetch()
            return str((approval.whatsapp or {}).get("status", ""))

    def exchanges(self, line: str, words: frozenset[str], *, since: datetime) -> list[Exchange]:
        """Return which of *words* were texted to *line* of late, and the answers that came from it."""
        with _reading():
            texts = self._client.messages.list(to=line, date_sent_after=since, limit=_NEWEST)
            asked = [text for text in texts if _word(text) in words]
            return [Exchange(_word(text), self._answers(line, text)) for text in asked]

    def newest_media(self) -> str | None:
        """Return the address of a picture that somebody texted, if the provider still has one."""
        with _reading():
            for text in self._client.messages.list(limit=_NEWEST):
                if str(text.direction) == "inbound" and str(text.num_media) not in (
                    "0",
                    "None",
                    "",
                ):
                    for one in text.media.list(limit=1):
                        folder = f"{_API}/Accounts/{self._sid}/Messages/{text.sid}"
                        return f"{folder}/Media/{one.sid}"
        return None

    def newest_recording(self) -> str | None:
        with _reading():
            for one in self._client.recordings.list(limit=1):
                return f"{_API}/Accounts/{self._sid}/Recordings/{one.sid}.mp3"
        return None

    def status_for_strangers(self, url: str) -> int:
        """Return the HTTP status that someone without our token gets at *url*."""
        with _reading():
            answer = self._wire.request("GET", url, headers=_ONE_BYTE, allow_redirects=False)
            return int(answer.status_code)

    def _balance(self) -> tuple[float | None, str]:
        """Return what is left to spend; an account that another one pays for is not told."""
        try:
            with _reading():
                balance = self._client.balance.fetch()
                return float(balance.balance or 0), str(balance.currency or "")
        except Unreadable:
            return None, ""

    def _answers(self, line: str, text: Any) -> tuple[str, ...]:
        sent = self._client.messages.list(
            from_=line, to=text.from_, date_sent_after=text.date_sent, limit=_NEWEST
        )
        return tuple(str(one.body) for one in sent if str(one.direction) == "outbound-reply")


def _owned(one: Any) -> OwnedNumber:
    can: Mapping[str, bool] = one.capabilities or {}
    return OwnedNumber(
        sid=str(one.sid),
        number=str(one.phone_number),
        sms=_hook(one.sms_url, one.sms_method, one.sms_fallback_url, one.sms_fallback_method),
        voice=_hook(
            one.voice_url, one.voice_method, one.voice_fallback_url, one.voice_fallback_method
        ),
        status_callback=one.status_callback or "",
        sms_elsewhere=bool(one.sms_application_sid),
        voice_elsewhere=bool(one.voice_application_sid or one.trunk_sid),
        can=frozenset(part for part in _PARTS if can.get(part) or can.get(part.upper())),
        status_method=str(one.status_callback_method or "").upper(),
        looks_up_callers=bool(one.voice_caller_id_lookup),
        takes_faxes=str(one.voice_receive_mode or "voice") == "fax",
    )


def _hook(url: Any, method: Any, fallback_url: Any, fallback_method: Any) -> Hook:
    return Hook(
        str(url or ""),
        str(method or "").upper(),
        str(fallback_url or ""),
        str(fallback_method or "").upper(),
    )


def _service(one: Any, numbers: Sequence[Any]) -> Service:
    return Service(
        hook=_hook(
            one.inbound_request_url, one.inbound_method, one.fallback_url, one.fallback_method
        ),
        leaves_it_to_numbers=bool(one.use_inbound_webhook_on_number),
        status_callback=one.status_callback or "",
        is_sticky=bool(one.sticky_sender),
        falls_back_to_long_code=bool(one.fallback_to_long_code),
        numbers=frozenset(str(number.phone_number) for number in numbers),
    )


def _dialing(one: Any) -> Dialing:
    return Dialing(
        country=str(one.iso_code),
        ordinary=bool(one.low_risk_numbers_enabled),
        special=bool(one.high_risk_special_numbers_enabled),
        fraud=bool(one.high_risk_tollfraud_numbers_enabled),
    )


def _sender(one: Any) -> WhatsAppSender:
    hook, profile = _fields(one.webhook), _fields(one.profile)
    return WhatsAppSender(
        status=str(one.status or ""),
        hook=_hook(
            hook.get("callback_url"),
            hook.get("callback_method"),
            hook.get("fallback_url"),
            hook.get("fallback_method"),
        ),
        shows_name=bool(profile.get("name")),
    )


def _fields(part: Any) -> Mapping[str, Any]:
    """Return the fields of a part that the library hands out as it came, or as a class of its own."""
    return part if isinstance(part, dict) else vars(part) if part is not None else {}


def _word(text: Any) -> str:
    return str(text.body or "").strip().upper()


def _date(headers: Mapping[str, str]) -> datetime | None:
    told = {name.lower(): value for name, value in headers.items()}.get("date", "")
    try:
        return parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return None


@contextmanager
def _reading() -> Iterator[None]:
    """Turn whatever a request ends with into one of our reasons."""
    try:
        yield
    except TwilioException as refusal:
        raise Unreadable(_why(refusal)) from None
    except RequestException:
        raise Unreadable(Why.UNREACHABLE) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        # The answer was not the provider's JSON.
        raise Unreadable(Why.UNREACHABLE) from None


def _why(refusal: TwilioException) -> Why:
    # Of a list that was refused the library tells the whole answer instead of its status.
    answer = refusal.args[1] if len(refusal.args) > 1 else None
    status = int(getattr(refusal, "status", 0) or getattr(answer, "status_code", 0) or 0)
    if status == 401 or getattr(refusal, "code", 0) == 20003:
        return Why.REFUSED
    return {403: Why.FORBIDDEN, 404: Why.MISSING}.get(status, Why.UNREACHABLE)
