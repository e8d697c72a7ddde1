"""How staff want to be paged: by a text or a mail to an address of their own, which the desk never sees.

It is sealed to the worker that writes there, and a masked copy to themselves.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.statements import Statement
from hotline.store import Session
from hotline.triage.on_call import masked
from hotline.triage.tables import pagers
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.own_notes import open_own, seal_for_oneself
from hotline.vault.people import work_here
from hotline.vault.relay import RelayKey, seal_for_relay

_MARK = "pager"
_NOTE = "pager"
_MAIL = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>]+\.[^\s@,;<>.]{2,}")
_LONGEST = 254
_WITH_PAGERS = Statement(
    select(pagers.c.staff_id).where(
        pagers.c.desk == bindparam("its_desk"), pagers.c.staff_id.in_(work_here())
    )
)


class Way(StrEnum):
    SMS = "sms"
    MAIL = "mail"


class NoMail(Malformed):
    default_message = "this is no mail address"


@dataclass(frozen=True, slots=True)
class Pager:
    """Where somebody is paged, and in which language."""

    way: Way
    place: str = field(repr=False)
    locale: str

    def to_json(self) -> bytes:
        return json.dumps([_MARK, self.way, self.place, self.locale]).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Pager":
        """Read what `to_json` wrote.

        Raises:
            Malformed: it is something else that was sealed for the worker.
        """
        match json.loads(plain):
            case [mark, way, str(place), str(locale)] if mark == _MARK and way in set(Way):
                return cls(Way(way), place, locale)
        raise Malformed


def read_mail(typed: str) -> str:
    """Return a mail address as it is written to.

    Raises:
        NoMail: nobody can be written to there.
    """
    mail = typed.strip()
    if len(mail) > _LONGEST or not _MAIL.fullmatch(mail):
        raise NoMail
    return mail


def choose(
    session: Session,
    keyholder: Keyholder,
    relay_public: PublicKey,
    *,
    pager: Pager,
    at: datetime,
) -> None:
    """Be paged so from now on, in the place of what was said before.

    Raises:
        Refused: without the right to reply.
    """
    keyholder.require(Right.REPLY)
    shown = Pager(pager.way, _hidden(pager), pager.locale)
    row = {
        "staff_id": keyholder.staff_id,
        "desk": keyholder.desk,
        "way": pager.way,
        "sealed": seal_for_relay(relay_public, pager.to_json()),
        "own": seal_for_oneself(keyholder, _NOTE, shown.to_json()),
    }
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    put = dialect.insert(pagers).values(row)
    session.execute(put.on_conflict_do_update(index_elements=["staff_id"], set_=row))
    _write_down(session, keyholder, "pager_set", at)


def give_up(session: Session, keyholder: Keyholder, *, at: datetime) -> None:
    """Be paged no more, and let the address be forgotten."""
    mine = delete(pagers).where(pagers.c.staff_id == keyholder.staff_id)
    if session.execute(mine).rowcount:
        _write_down(session, keyholder, "pager_ended", at)


def own_pager(session: Session, keyholder: Keyholder) -> Pager | None:
    """Return how one is paged oneself, the place masked; it is empty where it does not open any more."""
    mine = pagers.c.staff_id == keyholder.staff_id
    row = session.execute(select(pagers.c.way, pagers.c.own).where(mine)).one_or_none()
    if row is None:
        return None
    try:
        return Pager.from_json(open_own(keyholder, _NOTE, row.own))
    except (SealBroken, Malformed):
        return Pager(Way(row.way), "", "")


def pager_of(session: Session, relay: RelayKey, staff_id: str) -> Pager | None:
    """Return where somebody is paged; None where they did not say, or it does not open."""
    its = (pagers.c.staff_id == staff_id, pagers.c.staff_id.in_(work_here()))
    sealed = session.execute(select(pagers.c.sealed).where(*its)).scalar_one_or_none()
    try:
        return Pager.from_json(relay.open(sealed)) if sealed else None
    except (SealBroken, Malformed):
        return None


def with_pagers(session: Session, desk: str) -> frozenset[str]:
    """Return the staff ids of who at *desk* said how they are paged."""
    return frozenset(row.staff_id for row in _WITH_PAGERS.all(session, {"its_desk": desk}))


def forget_leavers(session: Session) -> None:
    """Delete the address of who works here no more."""
    session.execute(delete(pagers).where(pagers.c.staff_id.not_in(work_here())))


def _hidden(pager: Pager) -> str:
    """Return the place so that its owner knows it again, and nobody else learns it."""
    if pager.way is Way.SMS:
        return masked(pager.place)
    name, _, domain = pager.place.partition("@")
    return f"{name[:1]}•••@•••.{domain.rpartition('.')[2]}"


def _write_down(session: Session, keyholder: Keyholder, did: str, at: datetime) -> None:
    audit.record(session, at=at, who=keyholder.staff_id, did=did, desk=keyholder.desk)
