"""May this be told to them now? The one answer, from everything that decides it: asked before anything leaves.

A case is read once, in the transaction that lets something out, and is pure from then on. Freezes stop what is new;
what has left already stands until it is taken back, ends, or its recipient is excluded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from hotline.consent.fields import NEVER
from hotline.consent.grant import FRESH, FROZEN, LONGEST, Grant, Purpose, Recipient, Why, names_of
from hotline.consent.tables import asks, best_interests, exclusions, grants
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.reports.joined import family, lock_family
from hotline.reports.tables import reports
from hotline.store import Session


class ExclusionKind(StrEnum):
    AGENCY = "agency"
    ORGANIZATION = "organization"
    COUNTRY = "country"
    EVERYONE = "everyone"
    WORDS = "words"


class Ground(StrEnum):
    """Why something may be told: the person said yes, somebody who only saw it told us, or two of us decided for a child."""

    GRANT = "grant"
    BYSTANDER = "bystander"
    BEST_INTEREST = "best_interest"


@dataclass(frozen=True, slots=True)
class Excluded:
    """One whom it must not reach, as far as it decides."""

    kind: str
    ref: str
    reason: str
    is_read: bool

    def meets(self, recipient: Recipient) -> bool:
        if self.kind == ExclusionKind.EVERYONE:
            return True
        if self.kind == ExclusionKind.COUNTRY:
            return self.ref in recipient.countries
        is_agency = recipient.purpose == Purpose.LEAD
        kind = ExclusionKind.AGENCY if is_agency else ExclusionKind.ORGANIZATION
        return self.kind == kind and self.ref == recipient.id


@dataclass(frozen=True, slots=True)
class Interest:
    """What two of us decided for a child. For what is new it counts as long as a yes that nobody asked for again."""

    purpose: str
    recipient: str
    fields: tuple[str, ...]
    replaces_yes: bool
    day: str

    def covers(
        self, recipient: Recipient, fields: Iterable[str], at: datetime, *, lasts: timedelta
    ) -> bool:
        if self.purpose != recipient.purpose or self.recipient not in names_of(recipient):
            return False
        stands = day(at - lasts) <= self.day <= day(at)
        return stands and set(fields) <= set(self.fields)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer; it is true where nothing speaks against it. *field* is the one that *why* is about, if it is one."""

    why: Why | None = None
    field: str = ""
    ground: Ground | None = None
    grant_id: str = ""

    def __bool__(self) -> bool:
        return self.why is None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one report that decides what may be told. A report that is no more lets nothing out.

    *refused* are purpose and id of those about whom the person said no, or took a yes back, and said no yes since: no
    yes to their whole group covers them.
    """

    is_there: bool = False
    is_doubted: bool = False
    has_child: bool = False
    is_bystanders: bool = False
    was_asked: bool = False
    grants: tuple[Grant, ...] = ()
    refused: frozenset[tuple[str, str]] = frozenset()
    excluded: tuple[Excluded, ...] = ()
    interests: tuple[Interest, ...] = ()

    def may(self, recipient: Recipient, fields: Iterable[str], *, at: datetime) -> Decision:
        """Tell whether each of *fields* may be told to *recipient* at *at*."""
        named = tuple(fields)
        refused = self._refused(recipient, named)
        if refused is not None:
            return refused
        frozen = self._freeze(recipient, named, at)
        if frozen:
            return Decision(frozen)
        return self._by_ground(recipient, named, at)

    def still(self, recipient: Recipient, fields: Iterable[str], *, at: datetime) -> Decision:
        """Tell whether what *recipient* was told may stand: as `may`, but for what only stops what is new."""
        named = tuple(fields)
        refused = self._refused(recipient, named)
        if refused is not None:
            return refused
        told = self._by_ground(recipient, named, at, lasts=LONGEST)
        return Decision() if told.why in FROZEN else told

    def excludes(self, recipient: Recipient) -> bool:
        """Tell whether it must not reach *recipient*, or nobody at all."""
        return any(one.meets(recipient) for one in self.excluded)

    def why_not_ask(self, recipient: Recipient, *, at: datetime) -> Why | None:
        """Return why the person may not be asked to let *recipient* know, or None."""
        refused = self._refused(recipient, ())
        if refused is not None:
            return refused.why
        if self.is_doubted:
            return Why.DURESS
        if self.has_child and not self._decided(recipient, (), at):
            return Why.CHILD
        return None

    def _refused(self, recipient: Recipient, fields: tuple[str, ...]) -> Decision | None:
        if not self.is_there:
            return Decision(Why.NO_CONSENT)
        never = next((name for name in fields if name in NEVER), "")
        if never:
            return Decision(Why.NEVER_LEAVES, never)
        met = [one for one in self.excluded if one.meets(recipient)]
        if any(one.reason == ERASURE for one in met):
            return Decision(Why.STOPPED)
        return Decision(Why.EXCLUDED) if met else None

    def _freeze(self, recipient: Recipient, fields: tuple[str, ...], at: datetime) -> Why | None:
        if any(one.kind == ExclusionKind.WORDS and not one.is_read for one in self.excluded):
            return Why.UNREAD
        if self.is_doubted:
            return Why.DURESS
        is_undecided = self.has_child and not self._decided(recipient, fields, at)
        return Why.CHILD if is_undecided else None

    def _by_ground(
        self,
        recipient: Recipient,
        fields: tuple[str, ...],
        at: datetime,
        *,
        lasts: timedelta = FRESH,
    ) -> Decision:
        if self._is_told_by_bystander(recipient):
            return Decision(ground=Ground.BYSTANDER)
        if self.has_child and self._is_best(recipient, fields, at, lasts=lasts):
            return Decision(ground=Ground.BEST_INTEREST)
        is_refused = (recipient.purpose, recipient.id) in self.refused
        its = [
            given
            for given in self.grants
            if given.covers(recipient) and not (is_refused and given.recipient != recipient.id)
        ]
        answers = [_by_grant(given, fields, at) for given in its]
        return min(answers, key=_weight, default=Decision(Why.NO_CONSENT))

    def _is_told_by_bystander(self, recipient: Recipient) -> bool:
        return self.is_bystanders and not self.was_asked and recipient.purpose == Purpose.LEAD

    def _decided(self, recipient: Recipient, fields: tuple[str, ...], at: datetime) -> bool:
        return any(one.covers(recipient, fields, at, lasts=FRESH) for one in self.interests)

    def _is_best(
        self, recipient: Recipient, fields: tuple[str, ...], at: datetime, *, lasts: timedelta
    ) -> bool:
        """Tell whether two of us decided that this is told without the child's yes."""
        its = [one for one in self.interests if one.replaces_yes]
        return any(one.covers(recipient, fields, at, lasts=lasts) for one in its)


NO = "no"
"""The state of a question that was answered so."""

ERASURE = "erasure"
"""The reason of an exclusion of everyone while an erasure is asked for."""


def _by_grant(given: Grant, fields: tuple[str, ...], at: datetime) -> Decision:
    """Return what one yes says to telling *fields*."""
    gone = given.why_not(at)
    if gone:
        return Decision(gone)
    missing = next((name for name in fields if not given.allows(name)), "")
    if missing:
        return Decision(Why.NOT_IN_CONSENT, missing)
    if not given.is_fresh(at):
        return Decision(Why.ASK_AGAIN, grant_id=given.id)
    return Decision(ground=Ground.GRANT, grant_id=given.id)


_WEIGHTS = (None, Why.ASK_AGAIN, Why.NOT_IN_CONSENT, Why.TAKEN_BACK, Why.ENDED)


def _weight(decision: Decision) -> int:
    """Return a smaller number for an answer that tells more: of several grants the best counts."""
    return _WEIGHTS.index(decision.why)


def may(
    session: Session, report_id: str, recipient: Recipient, field: str, *, at: datetime
) -> Decision:
    """Tell whether one field of a report may be told to *recipient* at *at*."""
    return case_of(session, report_id).may(recipient, (field,), at=at)


def case_of(session: Session, report_id: str, *, lock: bool = False) -> Case:
    """Read everything that decides about a report.

    Reports of one person that are merged shut together: a doubt, a child, a no or an exclusion in any of them counts
    for each. A yes, and what was decided for a child, counts for its own report alone.

    With *lock* nobody changes any of it before this transaction ends: whoever takes a yes back, excludes somebody or
    asks for erasure meanwhile comes after it, and recalls what it let out. What is merged with it meanwhile counts.
    """
    ids = _locked(session, report_id) if lock else family(session, report_id)
    its = select(reports.c.duress, reports.c.minor, reports.c.bystander)
    rows = session.execute(its.where(reports.c.id.in_(ids)).order_by(reports.c.id)).all()
    if not rows:
        return Case()
    said = {one: (_grants(session, one), _asked(session, one)) for one in ids}
    given, _ = said[report_id]
    of_leads = [purpose for _, questions in said.values() for purpose, *_ in questions]
    of_leads += [one.purpose for grants_of, _ in said.values() for one in grants_of]
    return Case(
        is_there=True,
        is_doubted=any(row.duress for row in rows),
        has_child=any(row.minor for row in rows),
        is_bystanders=all(row.bystander for row in rows),
        was_asked=Purpose.LEAD in of_leads,
        grants=given,
        refused=frozenset[tuple[str, str]]().union(*(_refused(*its) for its in said.values())),
        excluded=tuple(one for its_id in ids for one in _excluded(session, its_id)),
        interests=_interests(session, report_id),
    )


def _locked(session: Session, report_id: str) -> tuple[str, ...]:
    """Return the ids of a report and of what is merged with it, once nobody else changes them; none where it is no more."""
    try:
        return lock_family(session, report_id)
    except NotFound:
        return ()


def _asked(session: Session, report_id: str) -> list[tuple[str, str, str]]:
    """Return purpose, recipient and state of each question."""
    rows = asks.c
    found = session.execute(
        select(rows.purpose, rows.recipient, rows.state).where(rows.report_id == report_id)
    )
    return [(row.purpose, row.recipient, row.state) for row in found]


def _refused(
    given: tuple[Grant, ...], asked: list[tuple[str, str, str]]
) -> frozenset[tuple[str, str]]:
    """Return about whom the person said no or took a yes back, and has not said yes since."""
    noes = {(purpose, whom) for purpose, whom, state in asked if state == NO}
    noes |= {(one.purpose, one.recipient) for one in given if one.revoked_day}
    yeses = {
        (one.purpose, one.recipient) for one in given if not (one.revoked_day or one.ended_day)
    }
    return frozenset(noes - yeses)


def _grants(session: Session, report_id: str) -> tuple[Grant, ...]:
    columns = [grants.c[name] for name in Grant.__slots__]
    rows = session.execute(select(*columns).where(grants.c.report_id == report_id))
    return tuple(Grant(**{**row._mapping, "fields": tuple(row.fields)}) for row in rows)


def _excluded(session: Session, report_id: str) -> tuple[Excluded, ...]:
    rows = exclusions.c
    found = session.execute(
        select(rows.kind, rows.ref, rows.reason, rows.read_day).where(
            rows.report_id == report_id, rows.lifted_day == ""
        )
    )
    return tuple(Excluded(row.kind, row.ref, row.reason, bool(row.read_day)) for row in found)


def _interests(session: Session, report_id: str) -> tuple[Interest, ...]:
    rows = best_interests.c
    found = session.execute(
        select(rows.purpose, rows.recipient, rows.fields, rows.replaces_yes, rows.agreed_day).where(
            rows.report_id == report_id, rows.agreed_day != "", rows.ended_day == ""
        )
    )
    return tuple(
        Interest(row.purpose, row.recipient, tuple(row.fields), row.replaces_yes, row.agreed_day)
        for row in found
    )
