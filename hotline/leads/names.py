"""Whose names never leave in a lead: those who work here, those who help the person, and the hotline itself."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from hotline import consent
from hotline.consent import Purpose
from hotline.leads.sending import UNNAMED
from hotline.leads.tables import lead_senders
from hotline.store import Session
from hotline.vault.roster import Roster
from hotline.vault.tables import rosters
from referral.organizations import organization_names


@dataclass(frozen=True, slots=True)
class Names:
    """Names of *staff*, and of the *organizations* that must not be told to help this person."""

    staff: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()


def names_of(session: Session, report_id: str, offered: Collection[str] = ()) -> Names:
    """Return whose names no lead of a report may hold.

    *offered* are ids of organizations that were offered to the person; those that the person said yes to are added.
    """
    chosen = {
        grant.recipient
        for grant in consent.of_report(session, report_id)
        if grant.purpose == Purpose.HANDOFF
    }
    helping = organization_names(session, {*offered, *chosen})
    own = session.execute(select(lead_senders.c.name)).scalars().all()
    named = [name for name in own if name != UNNAMED]
    return Names(_staff(session), (*helping.values(), *named))


def _staff(session: Session) -> tuple[str, ...]:
    newest = select(rosters.c.body).order_by(rosters.c.number.desc()).limit(1)
    body = session.execute(newest).scalar_one_or_none()
    members = Roster.from_bytes(body).members if body else ()
    return tuple({name for one in members for name in (one.name, one.pseudonym) if name.strip()})
