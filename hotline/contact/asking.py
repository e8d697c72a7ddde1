"""A caseworker has a question for the person's yes or no: it waits for them to be there, like an answer does.

What is sealed for the worker is only how they are asked whether now is a good time. The question itself is said in our
answer to them, in the language that they chose, and its words lie nowhere before.
"""

from datetime import datetime

from hotline.contact.drafting import HoursUnread, outgoing, report_of
from hotline.contact.fate import Kind, State
from hotline.contact.knocking import LIFETIME, knock, put, standing
from hotline.contact.ways import NoWayBack, Way, way_back
from hotline.domain.staff import Right
from hotline.i18n import Languages
from hotline.messages import render
from hotline.store import Session
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.relay import seal_for_relay


def ask_by_text(
    session: Session,
    keyholder: Keyholder,
    relay_public: PublicKey,
    *,
    languages: Languages,
    house_public: bytes,
    report_id: str,
    at: datetime,
    minds_hours: bool = False,
) -> State:
    """Have the person asked by text, in their hours, whether now is a good time for the questions that wait for them.

    Returns `State.HELD`; or `State.HERE` where they are not reached by text, and find the question elsewhere. They are
    asked also where they are there right now: a yes is never given in passing. To be called in the transaction that asks.

    Raises:
        Refused: without the right to reply.
        HoursUnread: their hours stand in words, and *minds_hours* does not say that they were read.
        NotFound: the desk has no such report.
    """
    keyholder.require(Right.REPLY)
    report = report_of(session, keyholder, report_id)
    way = _way(session, keyholder, report_id, house_public)
    now = standing(session, report_id, at=at)
    if way is None or way.channel is None or now.is_closed:
        return State.HERE
    if way.hours_in_words and not minds_hours and not now.is_open:
        raise HoursUnread(ref=report_id)
    question = render(languages, "knock", way.channel, report.locale)
    asks = outgoing(way, report, "", knock=question, at=at)
    if asks is None:
        return State.HERE
    first = asks.as_knock()
    put(
        session,
        asks,
        seal_for_relay(relay_public, asks.to_json()),
        report_id=report_id,
        seq=0,
        kind=Kind.ASK,
        state=State.HELD,
        expires_at=at + LIFETIME,
        at=asks.opens(at),
    )
    knock(session, first, seal_for_relay(relay_public, first.to_json()), report_id, at=at)
    return State.HELD


def _way(session: Session, keyholder: Keyholder, report_id: str, house_public: bytes) -> Way | None:
    """Return how they are reached by text; None where they are not, or want to be reached by their code alone."""
    try:
        way = way_back(session, keyholder, report_id, house_public=house_public)
    except NoWayBack:
        return None
    return None if way.only_by_code else way
