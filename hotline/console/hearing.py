"""Who heard it: what staff write down in a person's name, seen with the eyes of somebody who does not believe it."""

from datetime import datetime, timedelta

from hotline.consent import ConsentRefused, GivenHow, Purpose, Recipient, Why, asking
from hotline.consent.asking import State
from hotline.consent.grant import EMERGENCY, names_of
from hotline.console.terms import Terms
from hotline.domain.report import day
from hotline.store import Session
from hotline.triage import emergency as urgent
from hotline.vault.keyring import Keyring

AFTER_NO = timedelta(days=30)
"""So long after a no a yes needs somebody else who was there, also on paper."""


def see_who_heard(
    session: Session,
    report_id: str,
    keyring: Keyring,
    *,
    desk: str,
    by: str,
    at: datetime,
    terms: Terms,
    given_how: GivenHow,
    witness: str,
    emergency: bool,
) -> bool:
    """See that a yes may be written down as it is claimed; return whether it counts as one in an emergency.

    Raises:
        ConsentRefused: its `why` says what nobody would believe.
    """
    if witness:
        _see_that_is_a_colleague(keyring, witness, desk=desk, by=by)
    elif _said_no(session, report_id, terms, at):
        raise ConsentRefused(Why.SAID_NO)
    is_urgent = emergency and given_how.is_spoken
    if is_urgent and not _was_urgent(session, report_id, desk, at):
        raise ConsentRefused(Why.NO_EMERGENCY)
    return is_urgent


def _see_that_is_a_colleague(keyring: Keyring, witness: str, *, desk: str, by: str) -> None:
    member = keyring.member(witness)
    if member is None or member.desk != desk:
        raise ConsentRefused(Why.WITNESS_UNKNOWN)
    if member.id == by:
        raise ConsentRefused(Why.WITNESS_IS_THE_WRITER)


def _said_no(session: Session, report_id: str, terms: Terms, at: datetime) -> bool:
    whom = names_of(Recipient(Purpose(terms.purpose), terms.recipient))
    return any(
        one.state == State.NO
        and one.purpose == terms.purpose
        and one.recipient in whom
        and one.answered_day >= day(at - AFTER_NO)
        for one in asking.of_report(session, report_id)
    )


def _was_urgent(session: Session, report_id: str, desk: str, at: datetime) -> bool:
    return any(
        line.desk == desk and line.at > at - EMERGENCY for line in urgent.acts(session, report_id)
    )
