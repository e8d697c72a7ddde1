"""Write consent down, take it back, and ask whether it stands."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import RowMapping, delete, insert, select, update

from hotline import audit
from hotline.consent.tables import consents
from hotline.domain.report import day
from hotline.errors import NotFound, Refused
from hotline.reports import desk_of
from hotline.store import Session, new_id

INVESTIGATORS = "investigators"
"""The group of every investigator agency that is admitted for the country of a lead."""

EVERY_FIELD = "*"
"""In `fields`: whatever the purpose may carry at all."""

LONGEST = timedelta(days=183)
SPOKEN = timedelta(days=31)
EMERGENCY = timedelta(days=3)


class Purpose(StrEnum):
    LEAD = "lead"
    HANDOFF = "handoff"


class GivenHow(StrEnum):
    WEB = "web"
    SMS = "sms"
    WRITTEN = "written"
    VOICE = "voice"
    CALL = "call"

    @property
    def is_spoken(self) -> bool:
        return self in (GivenHow.VOICE, GivenHow.CALL)


class Why(StrEnum):
    """The fact that decided against writing a consent down."""

    NO_RECIPIENT = "no_recipient"
    NO_FIELDS = "no_fields"
    NO_WORDS = "no_words"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    TOO_LONG = "too_long"
    SPOKEN_WITHOUT_WITNESS = "spoken_without_witness"
    WITNESS_IS_THE_WRITER = "witness_is_the_writer"


class ConsentRefused(Refused):
    """*why* names the deciding fact; the page says it in words."""

    default_message = "this consent cannot be written down"

    def __init__(self, why: Why) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Consent:
    """One release. Days are ISO dates in UTC; *expires_day* is the last on which it stands."""

    id: str
    report_id: str
    purpose: str
    recipient: str
    excluded: tuple[str, ...]
    fields: tuple[str, ...]
    given_how: str
    words_locale: str
    words_version: str
    by: str
    witness: str
    emergency: bool
    day: str
    expires_day: str
    revoked_day: str

    def stands(self, *, at: datetime) -> bool:
        return not self.revoked_day and self.day <= day(at) <= self.expires_day

    def covers(self, recipient: str) -> bool:
        """Tell whether *recipient*, the id of an agency or a service, is among those who may be told."""
        if recipient in self.excluded:
            return False
        if self.recipient == INVESTIGATORS:
            return self.purpose == Purpose.LEAD
        return self.recipient == recipient

    def allows(self, field: str) -> bool:
        return EVERY_FIELD in self.fields or field in self.fields


class Terms(TypedDict):
    """What is agreed to. *until* is the last day on which it stands; *fields* may be `EVERY_FIELD` alone.

    *witness* (a staff id) and *emergency* count for spoken consent only; see the room's docstring.
    """

    report_id: str
    purpose: str
    recipient: str
    excluded: NotRequired[Collection[str]]
    fields: Collection[str]
    given_how: str
    words_locale: str
    words_version: str
    until: date
    witness: NotRequired[str]
    emergency: NotRequired[bool]


def record(session: Session, *, at: datetime, by: str = "", **terms: Unpack[Terms]) -> str:
    """Write down what a person agrees to, and return the id of the consent.

    *by* is the staff id of who wrote it down, empty where the person did so alone.

    Raises:
        ConsentRefused: its `why` names the rule that it would break.
    """
    given = Consent(
        id=new_id(),
        report_id=terms["report_id"],
        purpose=str(terms["purpose"]),
        recipient=terms["recipient"],
        excluded=tuple(sorted(set(terms.get("excluded", ())))),
        fields=tuple(sorted(set(terms["fields"]))),
        given_how=GivenHow(terms["given_how"]).value,
        words_locale=terms["words_locale"],
        words_version=terms["words_version"],
        by=by,
        witness=terms.get("witness", ""),
        emergency=terms.get("emergency", False),
        day=day(at),
        expires_day=terms["until"].isoformat(),
        revoked_day="",
    )
    why = _why_not(given) or _why_not_spoken(given) or _why_not_so_long(given, at)
    if why:
        raise ConsentRefused(why)
    session.execute(insert(consents), asdict(given))
    _audit(session, "consent", given.report_id, given.id, by=by, at=at)
    return given.id


def revoke(session: Session, consent_id: str, *, at: datetime, by: str = "") -> bool:
    """Take a consent back, at once and for good; spoken is enough. Return False where it was so already."""
    taken = session.execute(
        update(consents)
        .where(consents.c.id == consent_id, consents.c.revoked_day == "")
        .values(revoked_day=day(at))
        .returning(consents.c.report_id)
    ).scalar_one_or_none()
    if taken is None:
        return False
    _audit(session, "consent_revoked", taken, consent_id, by=by, at=at)
    return True


def standing(
    session: Session, report_id: str, purpose: str, *, at: datetime, recipient: str | None = None
) -> Consent | None:
    """Return the consent for *purpose* that stands at *at* and lasts longest, or None.

    With *recipient*, only one that covers that recipient counts.
    """
    there = [
        consent
        for consent in of_report(session, report_id)
        if consent.purpose == purpose
        and consent.stands(at=at)
        and (recipient is None or consent.covers(recipient))
    ]
    return max(there, key=lambda consent: (consent.expires_day, consent.id), default=None)


def of_report(session: Session, report_id: str, *, limit: int = 200) -> list[Consent]:
    """Return what the person behind *report_id* agreed to, newest first: theirs to read and take back."""
    rows = session.execute(
        select(consents)
        .where(consents.c.report_id == report_id)
        .order_by(consents.c.day.desc(), consents.c.id)
        .limit(limit)
    )
    return [_consent(row._mapping) for row in rows]


def find(session: Session, consent_id: str, *, lock: bool = False) -> Consent:
    """Return one consent, standing or not.

    With *lock* it cannot be taken back before this transaction ends: what rests on it and is kept in the same
    transaction is then seen, and recalled, by whoever takes it back.

    Raises:
        NotFound: there is none with that id.
    """
    query = select(consents).where(consents.c.id == consent_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(ref=consent_id)
    return _consent(row._mapping)


def forget(session: Session, report_id: str) -> None:
    """Delete every consent of a report that is being erased."""
    session.execute(delete(consents).where(consents.c.report_id == report_id))


def _why_not(given: Consent) -> Why | None:
    if not given.recipient:
        return Why.NO_RECIPIENT
    if not given.fields:
        return Why.NO_FIELDS
    return None if given.words_locale and given.words_version else Why.NO_WORDS


def _why_not_spoken(given: Consent) -> Why | None:
    if given.emergency or not GivenHow(given.given_how).is_spoken:
        return None
    if not given.witness:
        return Why.SPOKEN_WITHOUT_WITNESS
    return Why.WITNESS_IS_THE_WRITER if given.witness == given.by else None


def _why_not_so_long(given: Consent, at: datetime) -> Why | None:
    if given.expires_day < given.day:
        return Why.ENDS_BEFORE_IT_BEGINS
    longest = LONGEST
    if GivenHow(given.given_how).is_spoken:
        longest = EMERGENCY if given.emergency else SPOKEN
    return Why.TOO_LONG if given.expires_day > day(at + longest) else None


def _audit(session: Session, did: str, report_id: str, what: str, *, by: str, at: datetime) -> None:
    who, desk = by or "reporter", desk_of(session, report_id)
    audit.record(session, at=at, who=who, did=did, desk=desk, report_id=report_id, what=what)


def _consent(row: RowMapping) -> Consent:
    facts = dict(row)
    return Consent(
        **{**facts, "excluded": tuple(facts["excluded"]), "fields": tuple(facts["fields"])}
    )
