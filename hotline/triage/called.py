"""A person who gave code and code word in a call hears what they allowed, and takes it back, answers, or asks for more.

While staff doubt that it is the person who calls they hear of no yes and of no question, as if there were none: whoever
forced code and word out of somebody would learn whom we told. What they ask for then is answered like any other wish.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hotline import consent, handoff
from hotline.consent import (
    Ask,
    Case,
    ConsentRefused,
    GivenHow,
    Grant,
    Purpose,
    Recipient,
    Words,
)
from hotline.consent.grant import FROZEN, last_day
from hotline.dialogue.calls.mine import Act, Mine, Question, Whom, Wish, Yes
from hotline.errors import NotFound
from hotline.leads import agencies
from hotline.leads.told import told_with_grants
from hotline.reports.belonging import is_doubted
from hotline.retention.asking import REPORTER, is_asked
from hotline.store import Session
from hotline.triage.copies import ask_copy
from hotline.triage.ending import ask_erasure, cancel_erasure
from hotline.triage.taking_back import take_back_all
from hotline.vault.keyring import Keyring
from referral.organizations import organization_names


@dataclass(frozen=True)
class Called:
    """Tells and does it, for whoever proved in a call that a report is theirs."""

    keyring: Keyring

    def mine(self, session: Session, report_id: str, *, at: datetime) -> Mine:
        """Return each yes that stands, the newest first, and the oldest question that waits."""
        erased = is_asked(session, report_id)
        if is_doubted(session, report_id):
            return Mine(is_to_be_erased=erased)
        case = consent.case_of(session, report_id)
        standing = [one for one in consent.of_report(session, report_id) if _stands(one, at)]
        told = _told(session, report_id, standing)
        yeses = tuple(_yes(session, one, one.id in told, case, at) for one in standing)
        waiting = (
            _question(session, one, at) for one in consent.pending(session, report_id, at=at)
        )
        return Mine(yeses, next(filter(None, waiting), None), erased)

    def heed(
        self, session: Session, report_id: str, wish: Wish, words: Words, *, at: datetime
    ) -> bool:
        """Do what they wish; tell whether it could be done. A report that is no more has nothing left to do."""
        try:
            self._do(session, report_id, wish, words, at)
        except (NotFound, ConsentRefused):
            # Whoever forces somebody to say yes hears what is said where a question was withdrawn, and no doubt of ours.
            return False
        return True

    def _do(self, session: Session, report_id: str, wish: Wish, words: Words, at: datetime) -> None:
        if wish.act in (Act.SAY_YES, Act.SAY_NO):
            consent.answer(
                session,
                self.keyring,
                wish.ask,
                report_id=report_id,
                yes=wish.act is Act.SAY_YES,
                words=words,
                how=GivenHow.VOICE,
                at=at,
            )
        elif wish.act is Act.TAKE_BACK:
            take_back_all(session, report_id, by=REPORTER, at=at)
        else:
            acts = {Act.COPY: ask_copy, Act.ERASE: ask_erasure, Act.KEEP: cancel_erasure}
            acts[wish.act](session, report_id, at=at)


def _stands(given: Grant, at: datetime) -> bool:
    return given.stands(at=at) and not given.back_asked_day


def _told(session: Session, report_id: str, given: Sequence[Grant]) -> set[str]:
    """Return the yeses on which somebody was told something that still stands."""
    leads = told_with_grants(session, report_id)
    handed = {one.organization_id for one in handoff.offers(session, report_id) if one.fields}
    return {
        one.id
        for one in given
        if (one.recipient in handed if one.purpose == Purpose.HANDOFF else one.id in leads)
    }


def _yes(session: Session, given: Grant, is_told: bool, case: Case, at: datetime) -> Yes:
    purpose = Purpose(given.purpose)
    decision = case.may(Recipient(purpose, given.recipient), (), at=at)
    return Yes(
        whom=_whom(purpose),
        until=date.fromisoformat(given.expires_day),
        name=_name(session, purpose, given.recipient),
        is_told=is_told,
        is_still=decision.why in FROZEN,
    )


def _question(session: Session, asked: Ask, at: datetime) -> Question | None:
    """Return a question as it is put in a call, where a yes ends after a month; None where it is about nobody any more."""
    purpose = Purpose(asked.purpose)
    until = min(date.fromisoformat(asked.until_day), last_day(GivenHow.VOICE, at=at))
    name = _name(session, purpose, asked.recipient)
    if not name and asked.recipient != consent.INVESTIGATORS:
        return None
    return Question(asked.id, _whom(purpose), asked.fields, until, name)


def _whom(purpose: Purpose) -> Whom:
    return Whom.INVESTIGATORS if purpose is Purpose.LEAD else Whom.PLACE


def _name(session: Session, purpose: Purpose, recipient: str) -> str:
    """Return the name of one office or place; empty for all investigators, and for one that we know no more."""
    if purpose is Purpose.HANDOFF:
        return organization_names(session, [recipient]).get(recipient, "")
    if recipient == consent.INVESTIGATORS:
        return ""
    try:
        return agencies.find(session, recipient).name
    except NotFound:
        return ""
