"""What a person is told by text of their own yeses: which questions wait, and what they allowed, in words that name nobody."""

from collections.abc import Sequence
from datetime import date, datetime

from hotline import consent, handoff
from hotline.consent import Grant, Purpose, case_of
from hotline.dialogue.turns import Ask, Saying
from hotline.intake.putting import text_question
from hotline.leads import agencies
from hotline.leads.told import told_with_grants
from hotline.store import Session
from referral.organizations import organization_names

_NAMES = {Purpose.LEAD: "allowed_lead", Purpose.HANDOFF: "allowed_help"}


def questions(session: Session, report_id: str, *, at: datetime) -> tuple[Ask, ...]:
    """Return the questions that wait, as they are put by text; one about somebody whom we cannot name is left out."""
    waiting = consent.pending(session, report_id, at=at)
    names = _names(session, waiting) if waiting else {}
    return tuple(
        text_question(
            one.id,
            purpose=one.purpose,
            who=names[one.recipient],
            fields=one.fields,
            until=date.fromisoformat(one.until_day),
        )
        for one in waiting
        if one.recipient in names
    )


def allowed(session: Session, report_id: str, *, at: datetime) -> tuple[Saying, ...]:
    """Return how many yeses stand, to whom in general words, until when, what was done, and how to take them back.

    While staff doubt who asks, we say what we say where there is no yes.
    """
    standing = [one for one in consent.of_report(session, report_id) if one.stands(at=at)]
    standing = [one for one in standing if not one.back_asked_day]
    if not standing or case_of(session, report_id).is_doubted:
        return (Saying("allowed_none"),)
    says = []
    for purpose, name in _NAMES.items():
        its = [one for one in standing if one.purpose == purpose]
        if its:
            until = max(one.expires_day for one in its)
            is_told = _is_told(session, report_id, purpose, its)
            says.append(Saying(name, {"count": str(len(its)), "until": until}))
            says.append(Saying("allowed_told" if is_told else "allowed_untold"))
    return (*says, Saying("allowed_how"))


def _is_told(session: Session, report_id: str, purpose: Purpose, grants: Sequence[Grant]) -> bool:
    if purpose is Purpose.LEAD:
        told = told_with_grants(session, report_id)
        return any(one.id in told for one in grants)
    served = {one.organization_id for one in handoff.offers(session, report_id) if one.fields}
    return any(one.recipient in served for one in grants)


def _names(session: Session, asks: Sequence[consent.Ask]) -> dict[str, str]:
    """Return the names of whom *asks* are about; the group of all investigators needs none."""
    helpers = [one.recipient for one in asks if one.purpose == Purpose.HANDOFF]
    names = organization_names(session, helpers)
    if any(one.purpose == Purpose.LEAD for one in asks):
        names |= {agency.id: agency.name for agency in agencies.everyone(session)}
    return names | {consent.INVESTIGATORS: ""}
