"""A page of the desk: its template, in the reader's language, with the frame around it."""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache, partial
from typing import Any

from flask import Response, g, request, url_for
from markupsafe import Markup

from hotline import triage
from hotline.console.cookies import desk_cookie
from hotline.console.keyboard import Keyboard
from hotline.console.sifting import FACTS
from hotline.console.speech import day_text, locale, time_text
from hotline.domain.report import reference
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.handoff.capacity_links import count_locked
from hotline.i18n import CONSOLE, Languages, autonym, name_of
from hotline.leads.received import count_recalls
from hotline.pages import page
from hotline.parts import here
from hotline.store import Session
from hotline.triage import tasks
from hotline.triage.access import hidden_from
from hotline.triage.alerts import count_open
from hotline.triage.paging import count_mine
from hotline.triage.quarantine import aside
from hotline.vault.devices import notices_for
from hotline.vault.requests import count_pending, may_decide
from referral.verifying import count_stale

KEYS = "desk-keys"
THEME = "desk-theme"
THEMES = ("light", "dark")
OPENED = "desk-opened"
_PAUSE_AFTER = 6
_IS_ID, _NO_ID = re.compile("[0-9a-f]{32}"), "0" * 32
_ASKED = ("view", "after", "before", "kind", "offer", "month", "theme", "state", *FACTS)


def show(template: str, *, status: int = 200, **facts: object) -> Response:
    """Return *template* with *facts* and with what every page of the desk shows."""
    return page(template, CONSOLE, locale(), status=status, **_frame(), **facts)


def keyboard() -> Keyboard:
    """Return the single keys of whoever asks, as they keep them in their browser."""
    return Keyboard.from_cookie(request.cookies.get(KEYS, ""))


def count_opened(response: Response) -> Response:
    """Count one more account that the reader opened.

    The number stays in their own browser: nobody else is to see how much somebody read.
    """
    desk_cookie(response, OPENED, str(_opened() + 1), max_age=None)
    return response


def _frame() -> dict[str, object]:
    speaks = locale()
    keyholder = g.get("keyholder")
    return {
        "me": keyholder,
        "rights": {right.value for right in Right if keyholder and keyholder.may(right)},
        **(_waiting() if keyholder else {"notices": []}),
        "opened": _opened(),
        "pause_after": _PAUSE_AFTER,
        "keyboard": keyboard(),
        "theme_now": theme if (theme := request.cookies.get(THEME, "")) in THEMES else "",
        "languages": [(name, autonym(name)) for name in here().languages.complete(CONSOLE)],
        "in_language": _in_language if request.method == "GET" else None,
        "now": g.at,
        "url_for": _address,
        "word": partial(_word, here().languages, speaks),
        "reference": reference,
        "day": partial(day_text, speaks=speaks),
        "time": partial(time_text, speaks=speaks),
        "language_name": partial(_language, speaks),
        "staff_name": staff_name,
    }


def _in_language(name: str) -> str:
    """Return the address of this page in another language.

    Only what our own links ask for goes along: other names would reach `url_for` as its own settings.
    """
    asked: dict[str, Any] = {ours: request.args[ours] for ours in _ASKED if ours in request.args}
    asked |= request.view_args or {}
    return url_for(request.endpoint or "queue.show_queue", **asked, lang=name)


def _address(endpoint: str, **facts: Any) -> str:
    """Return an address. A page has a hundred, most of them of rooms or of one report: these are made once.

    What is kept names no report: its id is put in afterwards.
    """
    if not facts:
        return _made(endpoint, request.root_path)
    report_id = facts["report_id"] if len(facts) == 1 and "report_id" in facts else ""
    if not _IS_ID.fullmatch(report_id):
        return url_for(endpoint, **facts)
    return _of_a_report(endpoint, request.root_path).replace(_NO_ID, report_id)


@lru_cache(maxsize=512)
def _made(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


@lru_cache(maxsize=512)
def _of_a_report(endpoint: str, _root: str) -> str:
    return url_for(endpoint, report_id=_NO_ID)


@lru_cache(maxsize=4096)
def _language(speaks: str, code: str) -> str:
    return name_of(code, speaks)


@lru_cache(maxsize=8192)
def _word(languages: Languages, speaks: str, kind: str, *facts: Hashable) -> Markup:
    """Return what the macro *kind* of ``codes.html`` makes of *facts*; made once, because a queue asks a thousand times."""
    codes = languages.environment(speaks, CONSOLE).get_template("console/codes.html").module
    made: Markup = getattr(codes, kind)(*facts)
    return made


def staff_name(staff_id: str) -> str:
    """Return the name that whoever reads knows someone by: outside their desk it is their pseudonym.

    Administrators answer for people everywhere and know their names. Empty for whoever is not in the roster.
    """
    member, me = here().keyring.member(staff_id), g.get("keyholder")
    if member is None or me is None:
        return ""
    is_colleague = member.desk == me.desk or me.may(Right.STAFF)
    return member.name if is_colleague else member.pseudonym


def open_counts(session: Session) -> Mapping[Urgency, int]:
    """Return how many reports of the reader's desk are open, by urgency; looked up once for a page."""
    if "open_counts" not in g:
        g.open_counts = triage.counts(session, g.keyholder.desk, g.keyholder.staff_id)
    counted: Mapping[Urgency, int] = g.open_counts
    return counted


def _waiting() -> dict[str, object]:
    """Return what waits for the reader: reports of their desk, what stands beside the queue, what they should hear."""
    with here().store.read() as session:
        return {
            "waiting": sum(open_counts(session).values()),
            "aside": aside(session, g.keyholder.desk),
            "notices": notices_for(session, g.keyholder.staff_id, g.cookie),
            **_open_questions(session),
        }


def _open_questions(session: Session) -> dict[str, int]:
    """Return how many alerts and approvals wait for the reader, and how many pages asked them."""
    me, keyring = g.keyholder, here().keyring
    decides, hidden = may_decide(me, keyring), hidden_from(me.staff_id)
    alerts = count_open(session, me.desk, hidden=hidden) if me.may(Right.OVERSEE) else 0
    approvals = count_pending(session, me, keyring, at=g.at, hidden=hidden) if decides else 0
    replies = me.may(Right.REPLY)
    mine = count_mine(session, me.staff_id) if replies else 0
    keeps = me.may(Right.REFER) or me.may(Right.STAFF)
    gives_links = me.may(Right.OVERSEE) or me.may(Right.STAFF)
    recalls = count_recalls(session, me.staff_id) if me.may(Right.FOLLOW) else 0
    return {
        "alerts_open": alerts,
        "approvals_open": approvals,
        "has_approvals": decides,
        "pages_mine": mine,
        "tasks_open": tasks.count_open(session, me.staff_id, me.desk) if replies else 0,
        "recalls_open": recalls,
        "directory_due": count_stale(session, g.at.date()) if keeps else 0,
        "links_locked": count_locked(session, at=g.at) if gives_links else 0,
    }


def _opened() -> int:
    kept = request.cookies.get(OPENED, "")
    return int(kept) if kept.isascii() and kept.isdigit() and len(kept) < 4 else 0
