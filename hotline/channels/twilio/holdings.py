"""What of ours the provider still has: its lists, page by page, and the files that came with texts.

Lists are read whole and dates compared here: the provider's own filters pass over what was never sent.
The account is ours alone, so whatever is in it is meant. The library's errors are `carrier`'s to translate.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from hotline.config import TwilioSettings
from hotline.contact.carrier import CarrierBusy, CarrierRefused, Held, ProviderFile

_API = "https://api.twilio.com"
_PAGE = 1000
_MOST = 20_000
_MOST_MEDIA = 50
_LIVE = frozenset({"queued", "initiated", "ringing", "in-progress"})
_UNDER_WAY = frozenset({"in-progress", "paused", "stopped", "processing"})
_DAY = timedelta(days=1)

# Where the provider keeps media: its interface sends one on there, with an address that opens by itself.
_STORES = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")
_HOPS = 3
_PIECE = 64 << 10
_SECONDS = 60.0
_SECONDS_OF_CALL = 300.0
_GONE = (404, 410)


def list_held(client: Client, *, before: datetime) -> Iterator[Held]:
    """Yield calls, recordings, messages and their media from before then; what is still going on is left out.

    Raises:
        CarrierBusy: it is too long to be read to its end.
    """
    live: set[str] = set()
    for call in _bounded(client.calls.stream(page_size=_PAGE)):
        if str(call.status) in _LIVE:
            live.add(str(call.sid))
        elif (since := _since(call, before)) < before:
            yield Held("call", str(call.sid), since)
    for recording in _bounded(client.recordings.stream(page_size=_PAGE)):
        since = _since(recording, before)
        if since < before and recording.call_sid not in live and _is_done(recording, since, before):
            yield Held("recording", str(recording.sid), since, call_id=str(recording.call_sid))
    for text in _bounded(client.messages.stream(page_size=_PAGE)):
        if (since := _since(text, before)) < before:
            yield from _held_with(client, text, since)


def fetch_media(
    client: Client, settings: TwilioSettings, message_id: str
) -> Iterator[ProviderFile]:
    """Yield the files of a text. The content of each is read before the next is asked for, or never.

    Raises:
        CarrierBusy: from a content: the provider could not be asked, or broke off.
        CarrierRefused: from a content: there is no such file any more.
    """
    for media in _media_of(client, message_id):
        path = (
            f"/2010-04-01/Accounts/{settings.account_sid}/Messages/{message_id}/Media/{media.sid}"
        )
        content = _content(settings, path, client.http_client.timeout)
        yield ProviderFile(str(media.sid), str(media.content_type or ""), content)


def fetch_recording(client: Client, settings: TwilioSettings, recording_id: str) -> Iterator[bytes]:
    """Yield a recording as a WAV file, in pieces.

    Raises:
        CarrierBusy: the provider could not be asked, broke off, or sent something that is no sound.
        CarrierRefused: there is no such recording any more.
    """
    path = f"/2010-04-01/Accounts/{settings.account_sid}/Recordings/{recording_id}.wav"
    timeout = client.http_client.timeout
    return _content(settings, path, timeout, seconds=_SECONDS_OF_CALL, family="audio/")


def _is_done(recording: Any, since: datetime, before: datetime) -> bool:
    """Tell whether a recording is made; what the provider is at for a day never will be."""
    return str(recording.status) not in _UNDER_WAY or since < before - _DAY


def _held_with(client: Client, text: Any, since: datetime) -> Iterator[Held]:
    is_incoming = str(text.direction) == "inbound"
    if str(text.num_media or "0") != "0":
        for media in _media_of(client, str(text.sid)):
            yield Held("media", f"{text.sid}/{media.sid}", since, is_incoming)
    yield Held("message", str(text.sid), since, is_incoming)


def _media_of(client: Client, message_id: str) -> list[Any]:
    """Return the media of a text; of one that is gone, none."""
    try:
        return list(client.messages(message_id).media.list(limit=_MOST_MEDIA))
    except TwilioException as refusal:
        # Of a list the library tells no status; it hands on the answer.
        answer = refusal.args[-1] if refusal.args else None
        if getattr(answer, "status_code", 0) in _GONE:
            return []
        raise


def _since(thing: Any, before: datetime) -> datetime:
    """Return when *thing* began; without a date it counts as old, so that nothing hides behind that."""
    created = thing.date_created
    return created if isinstance(created, datetime) else before - timedelta(days=1)


def _bounded(things: Iterable[Any]) -> Iterator[Any]:
    for number, thing in enumerate(things):
        if number >= _MOST:
            raise CarrierBusy
        yield thing


def _content(
    settings: TwilioSettings,
    path: str,
    timeout: float | None,
    *,
    seconds: float = 0.0,
    family: str = "",
) -> Iterator[bytes]:
    """Yield a file in pieces; what ends before its length, or is not of *family*, is no file of ours."""
    until = time.monotonic() + (seconds or _SECONDS)
    origin = settings.api_origin.rstrip("/") or _API
    session = requests.Session()
    # A proxy or a .netrc of the environment must get neither the file nor our name and token.
    session.trust_env = not settings.api_origin and session.trust_env
    try:
        with session, _opened(session, settings, origin + path, timeout) as answer:
            if not answer.headers.get("Content-Type", "").lower().startswith(family):
                raise CarrierBusy
            size = 0
            for piece in answer.iter_content(_PIECE):
                size += len(piece)
                if time.monotonic() > until:
                    raise CarrierBusy
                yield piece
            if int(answer.headers.get("Content-Length", size)) != size:
                raise CarrierBusy
    except (RequestException, ValueError):
        raise CarrierBusy from None


def _opened(
    session: requests.Session, settings: TwilioSettings, url: str, timeout: float | None
) -> requests.Response:
    """Return the answer that has the file; only the provider's interface is told who asks."""
    own = _origin(url)
    for _ in range(_HOPS):
        is_interface = _origin(url) == own
        if not is_interface and not _is_store(url):
            raise CarrierBusy
        answer = session.get(
            url,
            auth=(settings.account_sid, settings.auth_token) if is_interface else _nobody,
            headers={"Accept-Encoding": "identity"},
            timeout=timeout,
            stream=True,
            allow_redirects=False,
        )
        if answer.status_code == 200:
            return answer
        answer.close()
        if answer.status_code in _GONE:
            raise CarrierRefused
        if not answer.is_redirect:
            raise CarrierBusy
        url = urljoin(url, answer.headers["Location"])
    raise CarrierBusy


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _is_store(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "").endswith(_STORES)


def _nobody(asking: requests.PreparedRequest) -> requests.PreparedRequest:
    """Ask as nobody: without it a .netrc would be looked into."""
    return asking
