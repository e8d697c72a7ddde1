"""What colleagues ask to see, as a page for whoever holds the other half: what and why, never who it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.reading import Reading, read_report
from hotline.console.rooms import go, room
from hotline.console.sealed import SealedField, fields_of
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.parts import here
from hotline.store import Session
from hotline.triage import revealing as looks
from hotline.triage.access import hidden_from
from hotline.vault import requests
from hotline.vault.house import House
from hotline.vault.requests import AnswerMissing, Request
from hotline.vault.revealing import FIELDS

approvals = room("approvals", Right.REVEAL)

_PAGE = 20


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """A request with its words, and its field as the report's own page calls it."""

    request: Request
    words: str
    field: SealedField


@approvals.get("/approvals")
def show_approvals() -> Response:
    return _page()


@approvals.post("/approvals/<request_id>/approve")
def approve(request_id: str) -> AnyResponse:
    hotline, me, at = here(), g.keyholder, g.at
    shown = request.form.get("shown", "")
    hotline.store.write(
        lambda session: looks.approve(session, me, hotline.keyring, request_id, shown=shown, at=at)
    )
    return go("approvals.show_approvals")


@approvals.post("/approvals/<request_id>/refuse")
def refuse(request_id: str) -> AnyResponse:
    hotline, me, at = here(), g.keyholder, g.at
    why = request.form.get("why", "")
    hotline.store.write(
        lambda session: looks.refuse(session, me, hotline.keyring, request_id, words=why, at=at)
    )
    return go("approvals.show_approvals")


@approvals.post("/approvals/half/<member_id>")
def give_half(member_id: str) -> AnyResponse:
    """Let a colleague hold the half of identities that one holds oneself."""
    _house().hand_half(g.keyholder, member_id, at=g.at)
    return go("approvals.show_approvals")


@approvals.errorhandler(AnswerMissing)
def ask_why_not(error: AnswerMissing) -> Response:
    """Show the page again, with the question why at the request that it is about."""
    return _page(status=422, fault="why_refuse", at_request=error.ref)


def _house() -> House:
    hotline = here()
    return House(hotline.store, hotline.keyring, hotline.door.locks)


def _page(*, status: int = 200, fault: str = "", at_request: str = "") -> Response:
    after = request.args.get("after", "")
    with here().store.read() as session:
        found = requests.pending(
            session,
            g.keyholder,
            here().keyring,
            at=g.at,
            after=after,
            limit=_PAGE + 1,
            hidden=hidden_from(g.keyholder.staff_id),
        )
        questions = _questions(session, found[:_PAGE])
        newcomers = _house().without_half(session, g.keyholder)
    return show(
        "console/approvals.html",
        status=status,
        questions=questions,
        newcomers=newcomers,
        next=found[_PAGE - 1].id if len(found) > _PAGE else "",
        after=after,
        fault=fault,
        at_request=at_request,
    )


def _questions(session: Session, found: Iterable[Request]) -> list[Question]:
    """Return the requests with their words. Placeholders have other numbers in their message than in the report."""
    readings: dict[str, Reading | None] = {}
    questions = []
    for one in found:
        field = SealedField(one.seq, one.field)
        if one.field not in FIELDS:
            if one.report_id not in readings:
                readings[one.report_id] = _reading(session, one.report_id)
            field = _as_read(readings[one.report_id], field)
        words = requests.open_words(session, g.keyholder, one)
        questions.append(Question(one, words, field))
    return questions


def _reading(session: Session, report_id: str) -> Reading | None:
    """Return a report as its own page shows it; None for one that is gone since."""
    try:
        return read_report(session, g.keyholder, report_id)
    except NotFound:
        return None


def _as_read(reading: Reading | None, field: SealedField) -> SealedField:
    said = reading.of(field.seq) if reading else None
    named = fields_of(said) if said else ()
    return next((one for one in named if one.name == field.name), field)
