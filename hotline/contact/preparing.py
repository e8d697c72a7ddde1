"""An answer that waits for somebody else: written and sealed now, to be sent without a key once that has happened.

A caseworker prepares it, such as when a provider is asked. It is signed and sealed for the next place in the conversation,
so it goes only where nothing was added meanwhile, their line is open, nobody doubts who they are, and within 72 hours;
then as any answer does: asked first, and in their hours. In every other case a person tells them.
"""

import base64
import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from hotline import audit
from hotline.contact.answering import Answer
from hotline.contact.drafting import HoursUnread, draft
from hotline.contact.fate import Kind, State
from hotline.contact.knocking import LIFETIME, Standing, put, standing
from hotline.contact.tables import prepared_answers
from hotline.domain.report import Channel
from hotline.domain.waiting import USUAL, Limits
from hotline.i18n import Languages
from hotline.reports.joined import family, lock_family
from hotline.reports.tables import reports
from hotline.store import Session, new_id
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.relay import seal_for_relay
from hotline.vault.sealing import Envelope
from hotline.vault.tables import return_codes


def prepare(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    relay_public: PublicKey,
    *,
    languages: Languages,
    house_public: bytes,
    report_id: str,
    text: str,
    at: datetime,
    read: int | None = None,
    minds_hours: bool = False,
) -> str:
    """Keep *text* ready as the next answer to a report, and return its id; it takes no place in the conversation yet.

    *read* is how many messages whoever writes it had before them. *minds_hours*: they read hours that are told in words,
    and found that now is within them; then it goes only while the person is still there. To be called in the
    transaction that asks whoever it waits for.

    Raises:
        What `reply` raises, but for Conflict: then the person must be told by somebody.
        HoursUnread: their hours stand in words, also where they are there: nobody knows how long they will be.
    """
    so_far = _so_far(session, report_id)
    drafted = draft(
        session,
        keyholder,
        languages=languages,
        house_public=house_public,
        report_id=report_id,
        text=text,
        at=at,
        read=read,
        minds_hours=minds_hours,
    )
    is_by_words = bool(drafted.way.channel and drafted.way.hours_in_words)
    if is_by_words and not minds_hours:
        raise HoursUnread(ref=report_id)
    answer, content = drafted.sealed(keyring), drafted.outgoing()
    facts = {
        "desk": answer.desk,
        "by": answer.by,
        "channel": answer.channel,
        "has_false_code": answer.has_false_code,
        "parts": content.parts if content else 0,
        "code": _code(session, report_id),
        "so_far": so_far,
        "only_there": is_by_words,
    }
    row = {
        "id": new_id(),
        "report_id": report_id,
        "seq": answer.seq,
        "envelopes": [_written(envelope) for envelope in answer.envelopes],
        "content": seal_for_relay(relay_public, content.to_json()) if content else None,
        "facts": facts,
        "expires_at": min(at + LIFETIME, (content and content.until) or at + LIFETIME),
    }
    session.execute(insert(prepared_answers).values(row))
    audit.record(
        session,
        at=at,
        who=answer.by,
        did="prepare_answer",
        desk=answer.desk,
        report_id=report_id,
    )
    return str(row["id"])


def send_prepared(
    session: Session,
    keyring: Keyring,
    prepared_id: str,
    *,
    at: datetime,
    limits: Limits = USUAL,
) -> int:
    """Let a prepared answer go out and return its place in the conversation; 0 where somebody must tell the person.

    Either way nothing of it stands here afterwards.
    """
    its = delete(prepared_answers).where(prepared_answers.c.id == prepared_id)
    row = session.execute(its.returning(prepared_answers)).one_or_none()
    if row is None or row.expires_at <= at or not _is_as_it_was(session, keyring, row, at):
        return 0
    facts = row.facts
    answer = Answer(
        report_id=row.report_id,
        desk=facts["desk"],
        seq=row.seq,
        by=facts["by"],
        channel=facts["channel"],
        envelopes=envelopes_of(row),
        has_false_code=facts["has_false_code"],
    )
    mail = None
    if row.content is not None:
        mail = _Mail(Channel(answer.channel), facts["parts"], row.expires_at, row.content)
    answer.keep(session, mail, limits=limits, at=at)
    return answer.seq


def drop(session: Session, prepared_id: str) -> None:
    """Forget a prepared answer: what it waited for will not happen."""
    session.execute(delete(prepared_answers).where(prepared_answers.c.id == prepared_id))


def drop_but(session: Session, report_id: str, *, kept: Collection[str]) -> None:
    """Forget what was prepared for a report, but for *kept*, which is still waited for."""
    rows = prepared_answers.c
    its = (rows.report_id == report_id, rows.id.not_in(kept))
    session.execute(delete(prepared_answers).where(*its))


@dataclass(frozen=True, slots=True, repr=False)
class _Mail:
    """A text that only the worker opens. Whether they are there, and their hours, it finds out when it is about to go."""

    channel: Channel
    parts: int
    until: datetime | None
    sealed: bytes

    def state(self, now: Standing, at: datetime) -> State:
        return State.WAITING

    def send_later(self, session: Session, answer: Answer, state: State, *, at: datetime) -> None:
        put(
            session,
            self,
            self.sealed,
            report_id=answer.report_id,
            seq=answer.seq,
            kind=Kind.CONTENT,
            state=state,
            expires_at=at + LIFETIME,
            at=at,
        )


def _is_as_it_was(session: Session, keyring: Keyring, row: Row[Any], at: datetime) -> bool:
    """Tell whether the answer still fits, and those whom it is sealed to are still those who may read it."""
    facts, rows = row.facts, reports.c
    if _so_far(session, row.report_id) != facts["so_far"]:
        return False
    its = rows.id.in_(family(session, row.report_id))
    if session.execute(select(rows.id).where(its, rows.duress).limit(1)).first():
        return False
    now = standing(session, row.report_id, at=at)
    if row.content is not None and (now.is_closed or (facts["only_there"] and not now.is_open)):
        return False
    current = keyring.current(facts["desk"], DESK).id
    for_desk = {one.epoch_id for one in envelopes_of(row) if one.audience == DESK}
    return _code(session, row.report_id) == facts["code"] and for_desk == {current}


def _so_far(session: Session, report_id: str) -> str:
    """Return what changes with each message of a report, or of one that is merged with it; nobody adds one meanwhile."""
    rows = reports.c
    ids = lock_family(session, report_id)
    found = select(rows.id, rows.messages).where(rows.id.in_(ids)).order_by(rows.id)
    counts = [[row.id, row.messages] for row in session.execute(found)]
    return hashlib.sha256(json.dumps(counts).encode()).hexdigest()


def _code(session: Session, report_id: str) -> str:
    """Return what tells the key of the reporter's code from any other, also from one that is none; empty without a code."""
    its = select(return_codes.c.public_key).where(return_codes.c.report_id == report_id)
    raw = session.execute(its).scalar_one_or_none()
    return hashlib.sha256(raw).hexdigest() if raw else ""


def _written(envelope: Envelope) -> dict[str, Any]:
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in asdict(envelope).items()
    }


def envelopes_of(row: Row[Any]) -> tuple[Envelope, ...]:
    """Return the answer of a row as it will stand in the conversation."""
    return tuple(Envelope(**_read(written)) for written in row.envelopes)


def _read(written: dict[str, Any]) -> dict[str, Any]:
    is_sealed = ("wrap", "wrap2", "body", "preview")
    return {
        name: base64.b64decode(value) if name in is_sealed and value is not None else value
        for name, value in written.items()
    }
