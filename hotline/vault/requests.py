"""Four eyes: one asks to see a field of a message, another approves from their own session, then it opens.

Each of the two holds one half of the message's secret. The approver seals theirs to the requester alone
(`granting`); the server never has both halves outside the requester's session. The approver is told what is asked
and why, and sees nothing of the identity.

A grant opens for 15 minutes. The secret is that of one message, so it is this room, not the key, that shows the
asked field alone; only files have secrets of their own.
"""

import dataclasses
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from hotline.domain.report import minute
from hotline.errors import Conflict, NotFound, Refused
from hotline.store import Session, new_id
from hotline.vault.asked import (
    ASKED,
    COLUMNS,
    GRANT,
    GRANTED,
    QUESTION,
    REFUSED,
    Request,
    count_pending,
    find,
    hold_both,
    may_decide,
    member_of,
    of_requester,
    open_answer,
    open_words,
    pending,
    seal_said,
)
from hotline.vault.granted import NotGranted, open_granted, open_granted_files
from hotline.vault.granting import MESSAGE, seal_halves
from hotline.vault.keyring import IDENTITY, Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder, added_rows, find_row
from hotline.vault.opening_files import halves_of
from hotline.vault.revealing import ATTACHMENTS, Look, said, sealed_twice
from hotline.vault.roster import MemberEntry
from hotline.vault.tables import reveal_requests
from hotline.vault.words import write_down

__all__ = [
    "ASKED",
    "GRANT",
    "GRANTED",
    "QUESTION",
    "REFUSED",
    "AnswerMissing",
    "NotGranted",
    "NotYours",
    "Request",
    "approve",
    "ask",
    "count_pending",
    "forget",
    "may_decide",
    "of_requester",
    "open_answer",
    "open_granted",
    "open_granted_files",
    "open_words",
    "pending",
    "refuse",
    "sweep",
]

_SWEPT_AT_ONCE = 200


class NotYours(Refused):
    default_message = "only a colleague who holds the other half can decide this"


class AnswerMissing(Refused):
    default_message = "say why before this is refused"


def ask(
    session: Session, keyholder: Keyholder, keyring: Keyring, look: Look, *, at: datetime
) -> str:
    """Ask a colleague to let *keyholder* see one field of a message; return the request's id.

    Who asks for the same again while it waits gets the request there is.

    Raises:
        RevealRefused: as for `revealing.reveal`.
        NotFound: no such message, or it needs no second person.
    """
    look.require(keyholder)
    if look.seq not in sealed_twice(session, look.report_id, [look.seq]):
        raise NotFound(ref=look.report_id)
    waiting = of_requester(session, keyholder, look.report_id, at=at)
    same = [one.id for one in waiting if (one.state, one.what) == (ASKED, look.what)]
    if same:
        return same[0]
    request_id = new_id()
    row = {
        "id": request_id,
        "desk": keyholder.desk,
        "report_id": look.report_id,
        "seq": look.seq,
        "field": look.field,
        "purpose": look.purpose,
        "requester": keyholder.staff_id,
        "asked_at": minute(at),
        "words_sealed": seal_said(keyring, keyholder.desk, request_id, "words", said(look.words)),
        "state": ASKED,
        "approver": "",
        "ends_at": at + QUESTION,
    }
    session.execute(insert(reveal_requests), row)
    look.write_down(session, keyring, keyholder, "reveal_asked", at=at)
    return request_id


def approve(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    request_id: str,
    *,
    shown: str,
    at: datetime,
) -> Request:
    """Give whoever asked the half that *keyholder* holds, for this request alone and for `GRANT`.

    *shown* is the request's as it was when *keyholder* read it: nobody approves what they have not seen.

    Raises:
        NotFound: there is no such open request at this desk.
        NotYours: *keyholder* asked it, or holds the same half; or whoever asked works here no more.
        Conflict: it is not what was shown, or somebody else decided at this very moment.
        SealBroken: this half does not open.
    """
    asked, requester = _open_request(session, keyholder, keyring, request_id, at)
    if asked.shown != shown:
        raise Conflict(ref=request_id)
    granted = _decided(asked, GRANTED, keyholder, at + GRANT)
    halves = _halves(session, keyholder, granted)
    sealed = seal_halves(granted, halves, PublicKey(requester.public))
    _keep_decision(session, granted, half_sealed=sealed)
    _write_down(session, keyring, granted, keyholder.staff_id, "reveal_approved", at)
    return granted


def refuse(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    request_id: str,
    *,
    words: str,
    at: datetime,
) -> Request:
    """Say no, and why.

    Raises:
        AnswerMissing: *words* are empty.
        NotFound, NotYours, Conflict: as for `approve`.
    """
    asked, _ = _open_request(session, keyholder, keyring, request_id, at)
    if not said(words):
        raise AnswerMissing(ref=request_id)
    refused = _decided(asked, REFUSED, keyholder, at + QUESTION)
    answer = seal_said(keyring, asked.desk, request_id, "answer", said(words))
    _keep_decision(session, refused, answer_sealed=answer)
    _write_down(
        session, keyring, refused, keyholder.staff_id, "reveal_refused", at, words=said(words)
    )
    return refused


def forget(session: Session, report_id: str) -> None:
    """Delete what was asked about a report; that it was asked stays in the log."""
    mine = delete(reveal_requests).where(reveal_requests.c.report_id == report_id)
    session.execute(mine)


def sweep(session: Session, keyring: Keyring, *, at: datetime) -> tuple[Request, ...]:
    """Delete what ended, with the halves in it, and return the questions that nobody answered."""
    rows = reveal_requests.c
    ending = select(*COLUMNS).where(rows.ends_at <= at).limit(_SWEPT_AT_ONCE)
    ended = [Request(*row) for row in session.execute(ending)]
    for one in ended:
        session.execute(delete(reveal_requests).where(rows.id == one.id))
        if one.state != REFUSED:
            _write_down(session, keyring, one, "system", "reveal_expired", at)
    return tuple(one for one in ended if one.state == ASKED)


def _open_request(
    session: Session, keyholder: Keyholder, keyring: Keyring, request_id: str, at: datetime
) -> tuple[Request, MemberEntry]:
    """Return a request that waits for an answer which *keyholder* may give, and who asked it."""
    asked = find(session, request_id)
    if asked is None or asked.desk != keyholder.desk:
        raise NotFound(ref=request_id)
    if asked.state != ASKED or not asked.is_open(at):
        raise NotFound(ref=request_id)
    me = member_of(keyring, keyholder.staff_id, asked.desk)
    requester = member_of(keyring, asked.requester, asked.desk)
    if me is None or requester is None or not hold_both(me, requester):
        raise NotYours(ref=request_id)
    return asked, requester


def _halves(session: Session, keyholder: Keyholder, asked: Request) -> dict[str, bytes]:
    """Return the halves that open what is asked for, and none beyond it."""
    if asked.field == ATTACHMENTS:
        return halves_of(session, keyholder, asked.report_id, asked.seq)
    row = find_row(session, asked.report_id, asked.seq, IDENTITY)
    added = added_rows(session, asked.report_id, asked.seq)
    halves = {MESSAGE: row, **{one.audience: one for one in added}}
    return {
        name: keyholder.open_half(session, one)
        for name, one in halves.items()
        if one.wrap2 is not None
    }


def _decided(asked: Request, state: str, by: Keyholder, ends_at: datetime) -> Request:
    return dataclasses.replace(asked, state=state, approver=by.staff_id, ends_at=ends_at)


def _keep_decision(session: Session, decided: Request, **sealed: bytes) -> None:
    """Keep a decision unless somebody was faster."""
    rows = reveal_requests.c
    changed = session.execute(
        update(reveal_requests)
        .where(rows.id == decided.id, rows.state == ASKED)
        .values(state=decided.state, approver=decided.approver, ends_at=decided.ends_at, **sealed)
    )
    if changed.rowcount != 1:
        raise Conflict(ref=decided.id)


def _write_down(
    session: Session,
    keyring: Keyring,
    request: Request,
    who: str,
    did: str,
    at: datetime,
    *,
    words: str = "",
) -> None:
    write_down(
        session,
        keyring,
        at=at,
        who=who,
        did=did,
        desk=request.desk,
        report_id=request.report_id,
        what=request.what,
        purpose=request.purpose,
        words=words,
    )
