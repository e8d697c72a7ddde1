"""The parts wired into one Flask application, and errors turned into answers."""

import hashlib
import logging
import os
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, Response, request, url_for
from werkzeug.routing import RequestRedirect

from hotline import anonymize, assess, console, handoff, jobs, logs
from hotline.anonymize.files import clean_apart
from hotline.catalogs import TRANSLATIONS
from hotline.channels import voice
from hotline.channels.herald import Messenger
from hotline.channels.provider import error_page as provider_error
from hotline.channels.provider import provider
from hotline.channels.sms import sms
from hotline.channels.transparency import transparency
from hotline.channels.twilio import carrier_for
from hotline.channels.web import web
from hotline.channels.web.pages import error_page as reporter_error
from hotline.config import Config
from hotline.contact import Caps
from hotline.dialogue.covering import read_story
from hotline.domain.identity import Redaction
from hotline.domain.report import day
from hotline.domain.urgency import Urgency
from hotline.errors import (
    Conflict,
    HotlineError,
    Malformed,
    NotFound,
    Refused,
    Unavailable,
)
from hotline.i18n import Languages
from hotline.intake import Reception
from hotline.intake.call_settings import CallSettings
from hotline.intake.calls import Calls
from hotline.intake.conversing import Conversing, agreed_word, tries_at_word
from hotline.intake.facts import Alarm
from hotline.intake.nearby import Nearby
from hotline.intake.recognizing import Recognizing
from hotline.intake.understanding import Redact
from hotline.law import Law
from hotline.leads.feeds import feeds
from hotline.leads.taxii import taxii
from hotline.leads.webhooks.views import webhooks
from hotline.parts import Hotline, here
from hotline.prompts import Prompts
from hotline.proofreading.signed import Signed
from hotline.scanning import scanner_for
from hotline.store import Session, Store
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.awake import Awake
from hotline.triage.called import Called
from hotline.triage.escalating import arrived
from hotline.triage.forgetting import sweeper
from hotline.triage.kept_words import KeptWords
from hotline.triage.looking import Looks
from hotline.triage.texted import Wishes
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.attest import Authors
from hotline.vault.erasedlist import ErasedList
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.links import LinkDesk
from hotline.vault.locks import Locks
from hotline.vault.logkey import LogKey
from hotline.vault.relay import RelayKey, load_relay_public
from hotline.vault.reporters import CodeDesk
from hotline.vault.staff import StaffDoor
from hotline.vault.stream import CHUNK
from hotline.vault.threads import ThreadKeys
from referral.answers import problem
from referral.api import directory
from referral.door import Door

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.exceptions import HTTPException

ExcInfo = tuple[type, BaseException, TracebackType] | tuple[None, None, None]

log = logging.getLogger(__name__)

_ROOT = Path(__file__).parent
LARGEST_BODY = 8 * 1024 * 1024
_HOST = re.compile(
    r"(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}\.?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
)
LATE = timedelta(minutes=3)
"""Workers look every few seconds: where something is due for so long, none works, or nothing can be written."""

STATUS: dict[type[HotlineError], int] = {
    NotFound: 404,
    Refused: 403,
    Conflict: 409,
    Malformed: 400,
    Unavailable: 503,
    HotlineError: 500,
}


def status_of(error: HotlineError) -> int:
    """Return the HTTP status of the nearest class of *error* that has one."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def build(
    config: Config,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    profile: Profile = PRODUCTION,
    languages: Languages | None = None,
) -> Hotline:
    """Choose every part for *config*; *languages* may be shared by several hotlines of one process.

    Raises:
        Misconfigured: a key file is missing.
        RosterRefused: the roster is not signed by whom the root appointed, or is older than one seen before.
    """
    store = Store(config.database_url)
    signed = Signed(store)
    languages = languages or Languages(
        TRANSLATIONS, only=config.locales, least=config.offer_locales, signed=signed
    )
    keys = KeyFolder(config.keys)
    keyring = Keyring.open(store, root_public=keys.root_public(), pin=keys.pin)
    threads = ThreadKeys(keys.thread_keys)
    threads.rotate(clock())
    log_key = LogKey.load(keys.log_private)
    codes = CodeDesk.load(keys.code_salt, profile=profile)
    kept, relay_public = KeptWords(store), load_relay_public(keys.relay_public)
    recognizing = Recognizing(store, codes, Authors(keyring), agreed_word, tries_at_word)
    law = Law.load(config.jurisdictions, config.jurisdiction)
    awake = Awake(config.desk, config.opening, keyring.member)
    nearby = Nearby(store, awake, config.opening.zone, handoff.said_no_room)
    conversing = Conversing(languages, config.opening, read_story(keys.cover_story), law, nearby)
    reception = Reception(
        store=store,
        keyring=keyring,
        threads=threads,
        languages=languages,
        redact=_redacting(kept),
        assess=assess.assess,
        desk=config.desk,
        default_locale=config.default_locale,
        lines=config.lines,
        file_budget=(config.attachment_budget_mb << 20) // CHUNK,
        house=log_key,
        conversing=conversing,
        wishes=Wishes(store, codes, languages),
        recognizing=recognizing,
        codes=codes,
        texts_from=config.twilio.sms_number if config.twilio else "",
        relay=relay_public,
        alarm=_alarm(config.desk),
        caps=Caps.of(config).for_answers(),
    )
    prompts = Prompts.of(languages, store)
    relay = RelayKey.load(keys.relay_private)
    return Hotline(
        config=config,
        store=store,
        languages=languages,
        keyring=keyring,
        threads=threads,
        codes=codes,
        links=LinkDesk.load(keys.link_salt, profile=profile),
        door=StaffDoor(keyring, Locks(keys.locks), profile),
        relay_public=relay_public,
        relay=relay,
        log_key=log_key,
        authors=Authors(keyring),
        reception=reception,
        prompts=prompts,
        calls=_calls(config, reception, recognizing, prompts, relay, relay_public),
        carrier=carrier_for(config),
        sweeper=sweeper(store, ErasedList(keys.erased_list)),
        herald=Messenger(config.mail),
        kept_words=kept,
        signed=signed,
        looks=Looks(store, keyring, scanner_for(config.clamd), clean_apart, clock),
        law=law,
        clock=clock,
    )


def _calls(
    config: Config,
    reception: Reception,
    recognizing: Recognizing,
    prompts: Prompts,
    relay: RelayKey,
    relay_public: PublicKey,
) -> Calls:
    """Return what leads calls; they are received as any message is."""
    settings = CallSettings(
        store=reception.store,
        languages=reception.languages,
        prompts=prompts,
        recognizing=recognizing,
        desk=config.desk,
        default_locale=config.default_locale,
        lines=config.lines,
        cover=reception.conversing.cover,
        hears_words=config.voice_speech,
        law=reception.conversing.law,
        allowing=Called(reception.keyring),
    )
    return Calls(
        store=reception.store,
        reception=reception,
        recognizing=recognizing,
        settings=settings,
        relay_public=relay_public,
        relay=relay,
    )


def _alarm(desk: str) -> Alarm:
    """Return what tells the supervisors of what came in on its own, and pages for what is immediate."""

    def tell(session: Session, kind: str, report_id: str, at: datetime) -> None:
        if kind == Urgency.IMMEDIATE:
            arrived(session, report_id, at=at)
            return
        once = report_id or day(at)
        raise_alert(session, desk=desk, kind=Kind(kind), at=at, report_id=report_id, once=once)

    return tell


def _redacting(kept: KeptWords) -> Redact:
    """Return what redacts as the anonymizer does, and lets the words stand that this house has reviewed."""

    def redact(text: str, *, languages: Sequence[str] = ()) -> Redaction:
        return anonymize.redact(text, languages=languages, also=kept())

    return redact


def create_app(hotline: Hotline) -> Flask:
    """Return the web application of *hotline*; what it answers depends on these parts alone."""
    app = QuietFlask("hotline", static_folder=str(_ROOT / "static"), static_url_path="/static")
    app.request_class = MemoryRequest
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.extensions["hotline"] = hotline
    app.extensions["directory"] = hotline.store
    app.extensions["directory_door"] = Door.of(
        hotline.config.directory_tokens, origin=hotline.config.public_url
    )
    let_templates_know(hotline)
    for room in (
        web,
        sms,
        transparency,
        provider,
        *voice.blueprints,
        *console.blueprints,
        taxii,
        feeds,
        webhooks,
        directory,
    ):
        app.register_blueprint(room)
    app.add_url_rule("/healthz", view_func=health)
    app.add_url_rule("/healthz/work", view_func=health_of_work)
    app.register_error_handler(HotlineError, answer_to_error)
    for code in (400, 403, 404, 405, 413, 415, 500):
        app.register_error_handler(code, _answer_to_http_error)
    app.wsgi_app = FrontDoor(app.wsgi_app)  # type: ignore[method-assign]
    return app


def let_templates_know(hotline: Hotline) -> None:
    """Let the templates of *hotline* use what depends on the web application."""
    is_demo = hotline.config.demo is not None
    hotline.languages.share(url_for=url_for, static=_static, is_demo=is_demo)


class QuietFlask(Flask):
    """Logs of a fault its kind alone: the address of a request names a report, or what someone typed."""

    def handle_user_exception(self, e: Exception) -> "HTTPException | ResponseReturnValue":
        """Explain an error; where the page that explains it cannot be made (no such report), explain that."""
        if isinstance(e, RequestRedirect):
            e.new_url = _here(e.new_url)
        try:
            return super().handle_user_exception(e)
        except HotlineError as error:
            if error is e:
                raise
            return super().handle_user_exception(error)

    def log_exception(self, exc_info: ExcInfo) -> None:
        log.error("request failed", exc_info=exc_info)


def _here(url: str) -> str:
    """Return *url* without who it names: what a request calls us is not where anybody is led."""
    its = urlsplit(url)
    path = f"/{its.path.lstrip('/')}"
    return f"{path}?{its.query}" if its.query else path


class MemoryRequest(Request):
    """A request whose uploads never touch a temporary file; the body limit bounds them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


class FrontDoor:
    """Takes out of each request what the server copied into it from the process environment, and a host that is none."""

    def __init__(self, inside: WSGIApplication) -> None:
        self._inside = inside
        self._ours = frozenset(os.environ) - {"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in self._ours:
            environ.pop(name, None)
        # With such a one no address of ours can be made, not even on the page that says so.
        if not _HOST.fullmatch(environ.get("HTTP_HOST", "")):
            environ.pop("HTTP_HOST", None)
        with logs.about(secrets.token_hex(4)) as name:
            return self._inside(environ, _telling(start_response, environ["PATH_INFO"], name))


def _telling(start_response: StartResponse, path: str, name: str) -> StartResponse:
    """Log what we fail to answer, and let the answer say under which *name*."""

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        if status.startswith("5"):
            asker = "provider" if path.startswith("/twilio/") else "page"
            log.warning("not answered", extra={"status": status[:3], "channel": asker})
            headers = [*headers, ("X-Request-Id", name)]
        return start_response(status, headers, *rest)

    return begin


def health() -> Response:
    """Answer 200 when the database can be read: "ok", or "degraded" where what is due is not done.

    Whoever shares out requests asks this: while nothing can be written, there is no better place to send people to.
    """
    hotline = here()
    with hotline.store.read() as session:
        due = jobs.next_due(session)
    is_late = due is not None and due < hotline.clock() - LATE
    return Response("degraded\n" if is_late else "ok\n", mimetype="text/plain")


def health_of_work() -> Response:
    """Answer as `health` does, but 503 where it is degraded: for whoever must hear of it."""
    answer = health()
    if answer.get_data() != b"ok\n":
        answer.status_code = 503
    return answer


def answer_to_error(error: HotlineError) -> Response:
    return _answer(status_of(error))


def _answer_to_http_error(error: "HTTPException") -> Response:
    answer = _answer(getattr(error, "code", None) or 500)
    if methods := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def _answer(status: int) -> Response:
    """Answer in the form that who asks can read; never with words of the error."""
    if request.path.startswith("/twilio/"):
        body = "" if status >= 400 else "<Response/>"
        # A provider repeats after 503, and after nothing else.
        return Response(body, 503 if status == 500 else status, mimetype="text/xml")
    if request.path.startswith("/directory/"):
        return problem(status)
    if request.path.startswith("/handoff/"):
        return provider_error(status)
    return reporter_error(status)


def _static(name: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    return f"/static/{name}?{_digest(name)}"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_ROOT / "static" / name).read_bytes()).hexdigest()[:12]
