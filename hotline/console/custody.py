"""The chain of custody of a report: shown as a page, and made as a document for a court, which is an act of its own."""

from collections.abc import Sequence

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, triage
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.custody import Document, Revealed, document, to_html
from hotline.domain.report import reference
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.pages import with_headers
from hotline.parts import here
from hotline.triage import revealing as looks
from hotline.triage.revealing import Look, SecondNeeded
from hotline.vault import requests
from hotline.vault.asked import GRANTED
from hotline.vault.contents import Identity
from hotline.vault.logkey import LogVerifier
from hotline.vault.revealing import SENDER, WORDS, RevealRefused

custody = room("custody", Right.OVERSEE)

FORMATS = {"html": "text/html", "json": "application/json"}
_LAW = "law"
_SHOWN = {WORDS: "original", SENDER: "sender"}
"""What of an identity can stand in the document, and where the vault puts it."""


@custody.get("/report/<report_id>/custody")
def show_custody(report_id: str) -> Response:
    return _page(report_id)


@custody.post("/report/<report_id>/custody")
def make(report_id: str) -> AnyResponse:
    """Write down that the document is made, then hand it out as a file; with what is revealed for it, if anything."""
    kind = request.form.get("format", "")
    if kind not in FORMATS:
        raise Malformed(ref=report_id)
    with here().store.read() as session:
        triage.report_facts(session, report_id, desk=g.keyholder.desk)
    revealed = [_reveal(report_id, asked) for asked in request.form.getlist("reveal")]
    _write_down(report_id, kind, is_for_law=bool(revealed))
    made = _document(report_id, revealed)
    text = made.to_json() if kind == "json" else to_html(made, here().languages, locale())
    response = Response(text, content_type=f"{FORMATS[kind]}; charset=utf-8")
    name = f"custody-{reference(report_id)}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return with_headers(response)


@custody.errorhandler(RevealRefused)
def ask_for_words(error: RevealRefused) -> Response:
    return _page(_here(), status=422, fault="why")


@custody.errorhandler(SecondNeeded)
def ask_for_a_colleague(error: SecondNeeded) -> Response:
    return _page(_here(), status=409, fault="second")


def _here() -> str:
    return str((request.view_args or {})["report_id"])


def _page(report_id: str, *, status: int = 200, fault: str = "") -> Response:
    made = _document(report_id)
    return show(
        "console/custody.html",
        status=status,
        made=made,
        report_id=report_id,
        sealed=[m.seq for m in made.messages if any(p.name == "identity" for p in m.parts)],
        asked=request.form.getlist("reveal"),
        fault=fault,
    )


def _document(report_id: str, revealed: Sequence[Revealed] = ()) -> Document:
    hotline = here()
    verifier = LogVerifier(hotline.config.log_name, hotline.log_key.public)
    with hotline.store.read() as session:
        return document(
            session,
            g.keyholder,
            report_id,
            authors=hotline.authors,
            verifier=verifier,
            at=g.at,
            revealed=revealed,
        )


def _write_down(report_id: str, kind: str, *, is_for_law: bool) -> None:
    me, at = g.keyholder, g.at
    here().store.write(
        lambda session: audit.record(
            session,
            at=at,
            who=me.staff_id,
            did="custody",
            desk=me.desk,
            report_id=report_id,
            what=kind,
            purpose=_LAW if is_for_law else "",
        )
    )


def _reveal(report_id: str, asked: str) -> Revealed:
    """Write down and open one field, such as ``1 words``, because the law commands it.

    Raises:
        Malformed: the document holds no such thing.
        RevealRefused: nothing was said in words.
        SecondNeeded: a colleague must approve it first.
    """
    number, _, field = asked.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 9 and field in _SHOWN):
        raise Malformed(ref=report_id)
    identity = _look(report_id, int(number), field)
    return Revealed(int(number), field, str(getattr(identity, _SHOWN[field])))


def _look(report_id: str, seq: int, field: str) -> Identity:
    hotline, me = here(), g.keyholder
    try:
        look = Look(report_id, seq, field, _LAW, request.form.get("why", ""))
        return looks.reveal(hotline.store, me, hotline.keyring, look, at=g.at)
    except SecondNeeded:
        granted = _granted(report_id, seq, field)
        if granted is None:
            raise
        return looks.open_granted(hotline.store, me, hotline.keyring, request_id=granted, at=g.at)


def _granted(report_id: str, seq: int, field: str) -> str | None:
    """Return the id of what a colleague approved of this very field, for the law."""
    with here().store.read() as session:
        mine = requests.of_requester(session, g.keyholder, report_id, at=g.at)
    wanted = (seq, field, _LAW, GRANTED)
    return next(
        (one.id for one in mine if (one.seq, one.field, one.purpose, one.state) == wanted), None
    )
