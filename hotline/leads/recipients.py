"""Whom a lead is told: the agencies that were admitted for such leads, and of them those that the person lets know."""

from collections.abc import Collection
from datetime import datetime

from hotline.consent import Case, Decision, Purpose, Recipient, Why
from hotline.leads import agencies
from hotline.leads.agencies import Agency
from hotline.leads.codes import Theme, Tlp, theme_of
from hotline.leads.disclose import Disclosure, LeadRefused
from hotline.leads.wording import Fact, Problem
from hotline.store import Session


def whom(agency: Agency) -> Recipient:
    """Return an agency as consent knows it."""
    return Recipient(Purpose.LEAD, agency.id, frozenset(agency.countries))


def theme_told(told: Disclosure) -> Theme:
    return theme_of(told.exploitation, minor=told.minor == "yes")


def admitted(session: Session, told: Disclosure, tlp: Tlp) -> list[Agency]:
    """Return the agencies that were admitted for leads of that country, theme and marking, in the order of their ids."""
    theme = theme_told(told)
    return [
        agency
        for agency in agencies.everyone(session)
        if agency.may_be_told(told.country, theme, tlp)
    ]


def recipients_of(
    session: Session,
    case: Case,
    told: Disclosure,
    tlp: Tlp,
    to: Collection[str] | None,
    at: datetime,
    *,
    to_fewer: bool = False,
) -> tuple[tuple[Agency, ...], Decision]:
    """Return whom it is told, in the order of their ids, in which their rows are locked; and on which ground.

    With *to_fewer*, those in *to* who may not be told it are left out.

    Raises:
        LeadRefused: nobody may be told it, or somebody in *to* may not.
    """
    known = admitted(session, told, tlp)
    asked_for = [agency for agency in known if to is None or agency.id in to]
    if to is not None and not to_fewer and not set(to) <= {agency.id for agency in known}:
        raise LeadRefused(Problem("to", Fact.MAY_NOT_BE_TOLD))
    answers = {agency: case.may(whom(agency), told.fields, at=at) for agency in asked_for}
    may = [agency for agency in asked_for if answers[agency]]
    refused = [agency for agency in asked_for if not answers[agency]]
    if not asked_for:
        raise LeadRefused(Problem("to", Fact.NOBODY_TO_TELL))
    if not may or (to is not None and refused and not to_fewer):
        raise LeadRefused(*_problems(case, told, refused, at))
    return tuple(may), answers[may[0]]


def _problems(case: Case, told: Disclosure, refused: list[Agency], at: datetime) -> list[Problem]:
    """Return why none of *refused* may be told, with each fact that the person did not agree to."""
    whom_not = [whom(agency) for agency in refused]
    whys = {case.may(one, told.fields, at=at).why for one in whom_not}
    missing = [
        Problem(name, Fact.NOT_IN_CONSENT)
        for name in told.fields
        if any(case.may(one, (name,), at=at).why is Why.NOT_IN_CONSENT for one in whom_not)
    ]
    return missing or [Problem("ground", Fact(why)) for why in sorted(filter(None, whys))]
