"""The chain of custody of a report: shown as a page, and made as a document for a court, which is an act of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, consent, triage
from hotline.consent.telling import Disclosure, Ground, To
from hotline.console.acting import act_on
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import locale
from hotline.custody import Document, Revealed, document, to_html
from hotline.domain.report import reference
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound, Refused
from hotline.pages import with_headers
from hotline.parts import here
from hotline.retention import duties
from hotline.retention.docket import processes_of
from hotline.store import Session
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

_TOLD = {WORDS: ("account", "name"), SENDER: ("contact",)}
"""What was told with it."""

_DIGESTS = "The chain of custody, with digests alone."


class WhoReads(Refused):
    default_message = "somebody else may be answering: the person is not told now"


class Frozen(Refused):
    default_message = "nothing leaves until the mark is lifted, unless a legal process is open"


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
        _see_that_may_leave(session, report_id)
    revealed = [_reveal(report_id, asked) for asked in request.form.getlist("reveal")]
    _write_down(report_id, kind, revealed)
    made = _document(report_id, revealed)
    text = made.to_json() if kind == "json" else to_html(made, here().languages, locale())
    response = Response(text, content_type=f"{FORMATS[kind]}; charset=utf-8")
    name = f"custody-{reference(report_id)}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return with_headers(response)


@custody.post("/report/<report_id>/custody/told/<told_id>")
def let_know(report_id: str, told_id: str) -> AnyResponse:
    """Let the person's own page show that a document was made: whoever oversees the desk says that this is safe."""
    act_on(_let_know, report_id, told_id=told_id)
    return go("custody.show_custody", report_id=report_id, _anchor="told")


@custody.errorhandler(Frozen)
def say_that_it_is_frozen(_error: Frozen) -> Response:
    return _page(_here(), status=409, fault="frozen")


@custody.errorhandler(WhoReads)
def ask_to_lift_the_mark(_error: WhoReads) -> Response:
    return _page(_here(), status=409, fault="doubted")


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
    with here().store.read() as session:
        told = _made_before(session, report_id)
    return show(
        "console/custody.html",
        status=status,
        made=made,
        told=told,
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


def _see_that_may_leave(session: Session, report_id: str) -> None:
    """See that nothing is frozen; what somebody asks for at law goes on.

    Raises:
        Frozen: it is.
    """
    is_asked_for = any(process.is_open for process in processes_of(session, report_id))
    if consent.case_of(session, report_id).is_doubted and not is_asked_for:
        raise Frozen(ref=report_id)


def _write_down(report_id: str, kind: str, revealed: Sequence[Revealed]) -> None:
    """Write down that it is made: for the log, and for the person, who sees it once that is safe."""
    act_on(
        _keep,
        report_id,
        keyring=here().keyring,
        kind=kind,
        purpose=_LAW if revealed else "",
        fields=sorted({name for one in revealed for name in _TOLD[one.field]} | {"account"}),
        words=request.form.get("why", "").strip() or _DIGESTS,
    )


def _keep(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    kind: str,
    purpose: str,
    **told: Any,
) -> None:
    consent.tell(session, report_id=report_id, ground=Ground.LAW, to=To.OTHER, by=by, at=at, **told)
    audit.record(
        session,
        at=at,
        who=by,
        did="custody",
        desk=desk,
        report_id=report_id,
        what=kind,
        purpose=purpose,
    )


def _let_know(
    session: Session, report_id: str, *, desk: str, by: str, at: datetime, told_id: str
) -> None:
    triage.report_facts(session, report_id, desk=desk)
    if told_id not in [one.id for one in _made_before(session, report_id)]:
        raise NotFound(ref=report_id)
    if consent.case_of(session, report_id, lock=True).is_doubted:
        raise WhoReads(ref=report_id)
    consent.let_know(session, told_id, report_id=report_id, by=by, at=at)


def _made_before(session: Session, report_id: str) -> list[Disclosure]:
    """Return each document that was made, oldest first; what a law made us tell has a page of its own."""
    owed = {one.disclosure_id for one in duties.of_report(session, report_id)}
    every = consent.telling.of_report(session, report_id)
    return [one for one in every if one.ground == Ground.LAW and one.id not in owed]


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
