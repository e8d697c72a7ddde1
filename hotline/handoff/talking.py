"""What provider and desk ask each other: sealed to the desk, and to the link for whoever opened it."""

from datetime import datetime

from sqlalchemy import func, insert, select

from hotline import audit
from hotline.consent import ConsentRefused
from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed, NotFound
from hotline.handoff.events import PROVIDER, Event, Happened
from hotline.handoff.linked import Said
from hotline.handoff.links import offer_of
from hotline.handoff.opening import locked, opens
from hotline.handoff.packet import whom
from hotline.handoff.tables import handoff_links, handoff_talk, handoffs
from hotline.reports.belonging import desk_of
from hotline.store import Session, new_id
from hotline.vault.desk_words import keep_words, open_words_of
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.links import seal_to_link
from hotline.vault.opening import Keyholder

LONGEST = 2000
"""Characters of what is said at once."""

MOST = 50
"""So often a provider may say something about one offer; what staff answer is not counted."""

_MOST_SHOWN = 20 * MOST


class AllSaid(Conflict):
    default_message = "so much was said here that the rest is for the telephone"


def ask_desk(
    session: Session, keyring: Keyring, link_id: str, words: str, *, at: datetime
) -> Happened:
    """Keep what the provider asks the desk: event ASKED_DESK.

    Raises:
        NotFound: the link is closed, or nobody opened it.
        Malformed: no words, or very many.
        AllSaid: they said as much as they may.
    """
    handoff_id = say(session, keyring, link_id, words, at=at)
    offer = session.execute(select(handoffs).where(handoffs.c.id == handoff_id)).one()
    its = {"report_id": offer.report_id, "desk": desk_of(session, offer.report_id)}
    audit.record(session, at=at, who=PROVIDER, did="provider_asked_desk", what=handoff_id, **its)
    need, service_id = offer.need, offer.service_id
    return Happened(
        **its, handoff_id=handoff_id, event=Event.ASKED_DESK, service_id=service_id, need=need
    )


def say(session: Session, keyring: Keyring, link_id: str, words: str, *, at: datetime) -> str:
    """Keep a word of the provider that asks for nothing, such as beside their no, and return the id of the offer.

    To be called before a no: the link closes with it.

    Raises:
        As `ask_desk`.
    """
    link, case = locked(session, link_id)
    if link is None or link.seat is None or not opens(session, link, at, case=case):
        raise NotFound(ref=link_id)
    public, its = PublicKey(link.public_key), (link.handoff_id, link.report_id)
    _keep(session, keyring, *its, words, public=public, by_provider=True, at=at)
    return str(link.handoff_id)


def answer_provider(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    handoff_id: str,
    words: str,
    at: datetime,
) -> None:
    """Keep what staff answer the provider.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        Conflict: its link is closed, so nobody would read it.
        ConsentRefused: nothing new may be told to that organization now.
        Malformed: no words, or very many.
    """
    keyholder.require(Right.REFER)
    offer = offer_of(session, keyholder, handoff_id)
    its = select(handoff_links.c.id).where(handoff_links.c.handoff_id == handoff_id)
    link, case = locked(session, session.execute(its).scalar_one_or_none() or "")
    if link is None or link.seat is None or not opens(session, link, at, case=case):
        raise Conflict(ref=handoff_id)
    decision = case.may(whom(offer.organization_id), link.fields, at=at)
    if decision.why:
        raise ConsentRefused(decision.why)
    public = PublicKey(link.public_key)
    _keep(
        session,
        keyring,
        handoff_id,
        offer.report_id,
        words,
        public=public,
        by_provider=False,
        at=at,
    )
    about = {"desk": keyholder.desk, "report_id": offer.report_id, "what": handoff_id}
    audit.record(session, at=at, who=keyholder.staff_id, did="provider_answered", **about)


def talk(session: Session, keyholder: Keyholder, handoff_id: str) -> list[Said]:
    """Return what was said between the provider and the desk, oldest first.

    Raises:
        Refused: without the right to read.
        NotFound: their desk has no such offer.
    """
    report_id = offer_of(session, keyholder, handoff_id).report_id
    return talks(session, keyholder, report_id).get(handoff_id, [])


def talks(session: Session, keyholder: Keyholder, report_id: str) -> dict[str, list[Said]]:
    """Return what was said about each offer of a report, by the offer's id, oldest first; words of other desks are empty.

    Raises:
        Refused: without the right to read.
    """
    rows = handoff_talk.c
    its = select(handoff_talk).where(rows.report_id == report_id)
    found = session.execute(its.order_by(rows.handoff_id, rows.number).limit(_MOST_SHOWN)).all()
    words = open_words_of(session, keyholder, [row.id for row in found])
    said: dict[str, list[Said]] = {}
    for row in found:
        one = Said(row.id, row.number, row.by_provider, row.day, words.get(row.id, ""))
        said.setdefault(row.handoff_id, []).append(one)
    return said


def _keep(
    session: Session,
    keyring: Keyring,
    handoff_id: str,
    report_id: str,
    words: str,
    *,
    public: PublicKey,
    by_provider: bool,
    at: datetime,
) -> None:
    said = words.strip()
    if not said or len(said) > LONGEST:
        raise Malformed(ref=handoff_id)
    rows = handoff_talk.c
    by_them = func.count().filter(rows.by_provider)
    before = select(func.count(), by_them).where(rows.handoff_id == handoff_id)
    count, theirs = session.execute(before).one()
    if by_provider and theirs >= MOST:
        raise AllSaid(ref=handoff_id)
    its_id, desk = new_id(), desk_of(session, report_id)
    keep_words(session, keyring, its_id, said, desk=desk, report_id=report_id)
    row = {
        "id": its_id,
        "handoff_id": handoff_id,
        "report_id": report_id,
        "number": count + 1,
        "by_provider": by_provider,
        "day": day(at),
        "sealed": seal_to_link(public, said.encode("utf-8", "replace"), its_id),
    }
    session.execute(insert(handoff_talk).values(row))
