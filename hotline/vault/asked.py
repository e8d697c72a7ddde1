"""What was asked at a desk with four eyes, as it is kept: who wants to see what, why, and what came of it.

The words of either side are sealed to the desk, because whoever asks and whoever decides both read accounts there.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal, select, tuple_

from hotline.domain.staff import RIGHTS, Right
from hotline.store import Ids, Session, UtcTime, unless
from hotline.vault.depths import SECOND_HALF
from hotline.vault.envelope import Place, Purpose, SealBroken, length_prefixed
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.roster import MemberEntry
from hotline.vault.tables import reveal_requests
from hotline.vault.words import open_text, seal_text

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"

GRANT = timedelta(minutes=15)
"""How long what was approved opens."""
QUESTION = timedelta(hours=24)
"""How long a question waits for an answer, and an answer for whoever asked."""

_MOST_COUNTED = 100
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked to see. *ends_at* is when the question, the grant or the answer ends by itself."""

    id: str
    desk: str
    report_id: str
    seq: int
    field: str
    purpose: str
    requester: str
    asked_at: datetime
    state: str
    approver: str
    ends_at: datetime
    words_sealed: bytes = dataclasses.field(repr=False)
    answer_sealed: bytes | None = dataclasses.field(repr=False)
    half_sealed: bytes | None = dataclasses.field(repr=False)

    @property
    def what(self) -> str:
        return f"{self.seq} {self.field}"

    @property
    def shown(self) -> str:
        """What says in short all that a colleague decides by (SHA-256 in hexadecimal)."""
        facts = (self.id, self.desk, self.report_id, self.what, self.purpose, self.requester)
        told = b"".join(length_prefixed(fact) for fact in facts)
        return hashlib.sha256(told + self.words_sealed).hexdigest()

    def is_open(self, at: datetime) -> bool:
        """Tell whether it waits for an answer, or may be looked at, at *at*; a clock set back gives no more time."""
        lives = GRANT if self.state == GRANTED else QUESTION
        return self.ends_at - lives - _SKEW <= at < self.ends_at


def find(session: Session, request_id: str) -> Request | None:
    query = select(*COLUMNS).where(reveal_requests.c.id == request_id)
    row = session.execute(query).one_or_none()
    return None if row is None else Request(*row)


def pending(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    at: datetime,
    after: str = "",
    limit: int = 50,
    hidden: Ids | None = None,
) -> tuple[Request, ...]:
    """Return up to *limit* requests that *keyholder* may decide, oldest first, behind the request *after*.

    None is about a report of those that are *hidden* from them.
    """
    rows = reveal_requests.c
    seen = (rows.desk == keyholder.desk, unless(rows.report_id, hidden))
    query = select(*COLUMNS).where(_decidable(keyholder, keyring, at), *seen)
    place = select(rows.asked_at).where(rows.id == after, *seen)
    since = session.execute(place).scalar_one_or_none()
    if since is not None:
        here = tuple_(literal(since, UtcTime()), literal(after))
        query = query.where(tuple_(rows.asked_at, rows.id) > here)
    found = session.execute(query.order_by(rows.asked_at, rows.id).limit(limit))
    return tuple(Request(*row) for row in found)


def count_pending(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    at: datetime,
    hidden: Ids | None = None,
) -> int:
    """Return how many requests *keyholder* may decide; more than a hundred count as a hundred."""
    rows = reveal_requests.c
    may = (_decidable(keyholder, keyring, at), unless(rows.report_id, hidden))
    some = select(rows.id).where(*may)
    counted = select(func.count()).select_from(some.limit(_MOST_COUNTED).subquery())
    return session.execute(counted).scalar_one()


def of_requester(
    session: Session, keyholder: Keyholder, report_id: str, *, at: datetime
) -> tuple[Request, ...]:
    """Return what *keyholder* asked to see of a report and what came of it, newest first."""
    rows = reveal_requests.c
    found = session.execute(
        select(*COLUMNS)
        .where(
            rows.report_id == report_id,
            rows.requester == keyholder.staff_id,
            rows.ends_at > at,
        )
        .order_by(rows.asked_at.desc(), rows.id)
        .limit(_MOST_COUNTED)
    )
    return tuple(Request(*row) for row in found)


def open_words(session: Session, keyholder: Keyholder, request: Request) -> str:
    """Return why it is asked, or an empty text where the words do not open any more."""
    return _open(session, keyholder, request, "words", request.words_sealed)


def open_answer(session: Session, keyholder: Keyholder, request: Request) -> str:
    """Return why it was refused, or an empty text."""
    return _open(session, keyholder, request, "answer", request.answer_sealed)


def seal_said(keyring: Keyring, desk: str, request_id: str, name: str, words: str) -> bytes:
    """Seal *words* to whoever reads accounts at *desk*: both who asks and who decides do."""
    return seal_text(keyring, DESK, _words_place(desk, request_id, name), words)


def may_decide(keyholder: Keyholder, keyring: Keyring) -> bool:
    """Tell whether somebody at this desk may ever wait for *keyholder*."""
    return keyring.desk(keyholder.desk).four_eyes and keyholder.may(Right.REVEAL)


def member_of(keyring: Keyring, member_id: str, desk: str) -> MemberEntry | None:
    """Return a member of *desk* who may reveal, as the newest roster says; None for anybody else."""
    member = keyring.member(member_id)
    if member is None or member.desk != desk or Right.REVEAL not in RIGHTS[member.role]:
        return None
    return member


def hold_both(one: MemberEntry, other: MemberEntry | None) -> bool:
    """Tell whether two members are two people who hold a half each."""
    if other is None or one.id == other.id:
        return False
    return (one.half == SECOND_HALF) != (other.half == SECOND_HALF)


def _decidable(keyholder: Keyholder, keyring: Keyring, at: datetime) -> ColumnElement[bool]:
    rows = reveal_requests.c
    me = member_of(keyring, keyholder.staff_id, keyholder.desk)
    others = [m.id for m in keyring.members if me and m.desk == me.desk and hold_both(me, m)]
    return (
        (rows.desk == keyholder.desk)
        & (rows.state == ASKED)
        & rows.requester.in_(others)
        & (rows.ends_at > at)
    )


def _open(
    session: Session, keyholder: Keyholder, request: Request, name: str, sealed: bytes | None
) -> str:
    keyholder.require(Right.READ)
    place = _words_place(request.desk, request.id, name)
    try:
        return open_text(session, keyholder.epochs, place, sealed or b"")
    except SealBroken:
        return ""


def _words_place(desk: str, request_id: str, name: str) -> Place:
    return Place(Purpose.REQUEST_WORDS, desk, request_id, name)


COLUMNS = tuple(reveal_requests.c[name] for name in Request.__slots__)
