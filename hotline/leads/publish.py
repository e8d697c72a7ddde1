"""Let a lead out, and take it back.

A lead leaves on one of two grounds, both checked in the transaction that releases it: a consent for leads that
stands and covers the facts told and whom they are told to, or a report whose reporter is a bystander. Everyone
else's account stays here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, or_, select, update

from hotline import audit, consent
from hotline.consent import Consent, consents
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.leads import agencies, shelving
from hotline.leads.agencies import Agency
from hotline.leads.disclose import Disclosure, LeadDraft, LeadRefused, disclose
from hotline.leads.items import item_of, recalled_item
from hotline.leads.sending import sender
from hotline.leads.shelving import Origin
from hotline.leads.stix import (
    Sender,
    StixObject,
    lead_objects,
    new_ids,
    recalled,
    shared_objects,
    stix_id_of,
)
from hotline.leads.tables import lead_releases, lead_sources, leads
from hotline.leads.wording import Fact, Problem
from hotline.reports import desk_of, reports
from hotline.retention import asking
from hotline.store import Session, new_id


@dataclass(frozen=True, slots=True)
class WithConsent:
    """The ground that the person agreed. *consent_id* is looked up again when the lead leaves."""

    consent_id: str


@dataclass(frozen=True, slots=True)
class Bystander:
    """The ground that somebody who only saw it told us, in *report_id*.

    The report says so by the reporter's own answer or as the machine read it. Either may be wrong, so a
    member of staff, *confirmed_by*, must have read the account and answer for it; `lead_sources` and the audit
    keep who did. Whoever was ever asked for consent is no bystander: what they agreed to, left out or took back
    decides.
    """

    report_id: str
    confirmed_by: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what this ground lacks before a lead may leave on it."""
        return () if self.confirmed_by else (Problem("saw_only", Fact.NOT_CONFIRMED),)


Ground = WithConsent | Bystander


def publish(
    session: Session,
    draft: LeadDraft,
    *,
    by: str,
    at: datetime,
    ground: Ground,
    to: Collection[str] | None = None,
    account: str = "",
) -> str:
    """Let *draft* out and return the id of the lead, which follows from nothing.

    *to* are ids of agencies; None means all that the ground covers. *account*, the redacted text of the report,
    is only held against the words of the lead.

    Raises:
        LeadRefused: its `problems` name what decided: the words, the consent, or whom it was to be told.
    """
    told = disclose(draft, account=account)
    report_id, given = _checked_ground(session, ground, told, at)
    if asking.is_asked(session, report_id):
        raise LeadRefused(Problem("ground", Fact.ERASURE_ASKED))
    recipients = _recipients(session, told.country, given, to)
    lead_id, who = new_id(), sender(session, at=at)
    _keep(session, lead_id, told, by=by, at=at)
    _keep_source(session, lead_id, ground, report_id)
    own = lead_objects(told, new_ids(lead_id), who, at.astimezone(UTC).date())
    for agency in recipients:
        _shelve(session, agency, own, Origin(lead_id, told.country), who, at=at)
    what = f"{lead_id} {_said_of(ground)}".strip()
    desk = desk_of(session, report_id)
    audit.record(session, at=at, who=by, did="publish", desk=desk, report_id=report_id, what=what)
    return lead_id


def recall(session: Session, lead_id: str, *, by: str, at: datetime) -> bool:
    """Take a lead back: each of its objects is replaced by a revoked, empty one. False where it was so already.

    What an agency has read it still knows; its tools learn here that the lead no longer stands.

    Raises:
        NotFound: there is no such lead.
    """
    lead = session.execute(select(leads).where(leads.c.id == lead_id)).one_or_none()
    if lead is None:
        raise NotFound(ref=lead_id)
    emptied = {"recalled_day": day(at), "told": {}, "item": recalled_item(lead.item, at)}
    changed = session.execute(
        update(leads).where(leads.c.id == lead_id, leads.c.recalled_day == "").values(**emptied)
    )
    if changed.rowcount != 1:
        return False
    for agency in _told(session, lead_id):
        _revoke(session, agency, lead_id, lead.country, at=at)
    report_id = _report_behind(session, lead_id)
    desk = desk_of(session, report_id) if report_id else ""
    audit.record(session, at=at, who=by, did="recall", desk=desk, report_id=report_id, what=lead_id)
    return True


def recall_with_consent(session: Session, consent_id: str, *, by: str, at: datetime) -> list[str]:
    """Recall what rests on a consent; to be called in the transaction that takes the consent back."""
    found = session.execute(
        select(lead_sources.c.lead_id).where(lead_sources.c.consent_id == consent_id)
    ).scalars()
    return [lead_id for lead_id in found.all() if recall(session, lead_id, by=by, at=at)]


def recall_lapsed(session: Session, *, at: datetime, limit: int = 100) -> list[str]:
    """Recall up to *limit* leads whose consent has ended or was taken back; for the sweep."""
    over = or_(
        consents.c.expires_day < day(at), consents.c.revoked_day != "", consents.c.id.is_(None)
    )
    found = session.execute(
        select(leads.c.id)
        .join(lead_sources, lead_sources.c.lead_id == leads.c.id)
        .outerjoin(consents, consents.c.id == lead_sources.c.consent_id)
        .where(leads.c.recalled_day == "", lead_sources.c.consent_id != "", over)
        .limit(limit)
    ).scalars()
    return [lead_id for lead_id in found.all() if recall(session, lead_id, by="system", at=at)]


def of_report(session: Session, report_id: str) -> list[str]:
    """Return the ids of the leads that came from a report, for the caseworkers of its desk."""
    found = select(lead_sources.c.lead_id).where(lead_sources.c.report_id == report_id)
    return list(session.execute(found.order_by(lead_sources.c.lead_id)).scalars())


def forget(session: Session, report_id: str) -> None:
    """Cut the tie between a report that is being erased and its leads; recall them first where they must go."""
    session.execute(delete(lead_sources).where(lead_sources.c.report_id == report_id))


def _report_behind(session: Session, lead_id: str) -> str:
    """Return the report that a lead came from; empty when it is no more."""
    source = select(lead_sources.c.report_id).where(lead_sources.c.lead_id == lead_id)
    return session.execute(source).scalar_one_or_none() or ""


def _checked_ground(
    session: Session, ground: Ground, told: Disclosure, at: datetime
) -> tuple[str, Consent | None]:
    """Return the report that *ground* is about, and the consent where it is one."""
    if isinstance(ground, Bystander):
        # Locked, so that whoever asks for its erasure meanwhile finds the lead and recalls it.
        its = reports.c.id == ground.report_id
        said = select(reports.c.bystander).where(its).with_for_update()
        was_asked = bool(consent.of_report(session, ground.report_id, limit=1))
        if was_asked or not session.execute(said).scalar_one_or_none():
            raise LeadRefused(Problem("ground", Fact.NOT_A_BYSTANDER))
        if ground.problems:
            raise LeadRefused(*ground.problems)
        return ground.report_id, None
    given = consent.find(session, ground.consent_id, lock=True)
    if given.purpose != consent.Purpose.LEAD or not given.stands(at=at):
        raise LeadRefused(Problem("ground", Fact.NO_CONSENT))
    missing = [name for name in told.fields if not given.allows(name)]
    if missing:
        raise LeadRefused(*(Problem(name, Fact.NOT_IN_CONSENT) for name in missing))
    return given.report_id, given


def _recipients(
    session: Session, country: str, given: Consent | None, to: Collection[str] | None
) -> tuple[Agency, ...]:
    """Return whom it is told; in the order of their ids, in which their rows are locked."""
    may = [
        agency
        for agency in agencies.of_country(session, country)
        if given is None or given.covers(agency.id)
    ]
    if to is not None and not set(to) <= {agency.id for agency in may}:
        raise LeadRefused(Problem("to", Fact.MAY_NOT_BE_TOLD))
    chosen = tuple(agency for agency in may if to is None or agency.id in to)
    if not chosen:
        raise LeadRefused(Problem("to", Fact.NOBODY_TO_TELL))
    return chosen


def _keep(session: Session, lead_id: str, told: Disclosure, *, by: str, at: datetime) -> None:
    row = {
        "id": lead_id,
        "country": told.country,
        "day": day(at),
        "recalled_day": "",
        "by": by,
        "told": told.to_json(),
        "item": item_of(told, lead_id, at),
    }
    session.execute(insert(leads), row)


def _keep_source(session: Session, lead_id: str, ground: Ground, report_id: str) -> None:
    row = {
        "lead_id": lead_id,
        "report_id": report_id,
        "consent_id": ground.consent_id if isinstance(ground, WithConsent) else "",
        "confirmed_by": ground.confirmed_by if isinstance(ground, Bystander) else "",
    }
    session.execute(insert(lead_sources), row)


def _said_of(ground: Ground) -> str:
    """Return what the audit says of a ground that a person had to confirm."""
    return f"bystander {ground.confirmed_by}" if isinstance(ground, Bystander) else ""


def _shelve(
    session: Session,
    agency: Agency,
    lead: list[StixObject],
    own: Origin,
    who: Sender,
    *,
    at: datetime,
) -> None:
    """Put a lead, and what it refers to, into the collection of one agency."""
    place, *rest = lead
    objects = [
        *((shelving.SHARED, found) for found in shared_objects(who)),
        (Origin(country=own.country), place),
        *((own, found) for found in rest),
    ]
    added = shelving.add(session, agency, objects, at=at)
    _note_release(session, agency, own.lead_id, added[stix_id_of(own.lead_id)])


def _note_release(session: Session, agency: Agency, lead_id: str, added: int) -> None:
    row = {"agency_id": agency.id, "added": added, "lead_id": lead_id}
    session.execute(insert(lead_releases), row)


def _told(session: Session, lead_id: str) -> Iterable[Agency]:
    found = select(lead_releases.c.agency_id).where(lead_releases.c.lead_id == lead_id)
    ids = session.execute(found.order_by(lead_releases.c.agency_id)).scalars()
    return [agencies.find(session, agency_id) for agency_id in ids.all()]


def _revoke(session: Session, agency: Agency, lead_id: str, country: str, *, at: datetime) -> None:
    today = at.astimezone(UTC).date()
    former = shelving.of_lead(session, agency, lead_id)
    last = [recalled(found, today) for found in former if found["type"] != "url"]
    added = shelving.replace(session, agency, Origin(lead_id, country), last, at=at)
    for link in (found["id"] for found in former if found["type"] == "url"):
        shelving.drop_link(session, agency, link)
    session.execute(
        delete(lead_releases).where(
            lead_releases.c.agency_id == agency.id, lead_releases.c.lead_id == lead_id
        )
    )
    _note_release(session, agency, lead_id, added[stix_id_of(lead_id)])
