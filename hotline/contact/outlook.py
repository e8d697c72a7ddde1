"""What a caseworker sees of what is on its way: what each text waits for, what it costs, and what stood against it."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from hotline.contact.fate import Kind
from hotline.contact.tables import sends
from hotline.reports.tables import reports
from hotline.store import Session


@dataclass(frozen=True, slots=True)
class Underway:
    """One text of ours: a place in the conversation, or none where it is a knock.

    *price* is what the provider took for it, such as ``0.0079 USD``; *code* is its error.
    """

    seq: int
    kind: Kind
    state: str
    parts: int
    price: str
    code: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What one part of an SMS did cost last, to a phone of the same country."""

    amount: Decimal
    currency: str

    def of(self, parts: int) -> str:
        """Return what *parts* cost, such as ``0.0158 USD``."""
        return f"{self.amount * parts:f} {self.currency}"


def underway(session: Session, report_id: str) -> tuple[Underway, ...]:
    """Return the texts of a report that are known still, in the order of the conversation."""
    its = sends.c
    query = select(its.seq, its.kind, its.state, its.parts, its.price, its.code)
    rows = session.execute(query.where(its.report_id == report_id).order_by(its.seq)).all()
    return tuple(
        Underway(
            row.seq, Kind(row.kind), row.state, row.parts, row.price.removeprefix("-"), row.code
        )
        for row in rows
    )


def last_knock(session: Session, report_id: str) -> Underway | None:
    """Return the question whether now is a good time that was asked last, where one is known still."""
    its = sends.c
    query = select(its.seq, its.kind, its.state, its.parts, its.price, its.code)
    of_report = query.where(its.report_id == report_id, its.kind == Kind.KNOCK)
    row = session.execute(of_report.order_by(its.expires_at.desc()).limit(1)).one_or_none()
    return Underway(*row) if row else None


def rate(session: Session, report_id: str) -> Rate | None:
    """Return what a part of an SMS cost last in this report's country; None where nobody knows."""
    country = select(reports.c.country).where(reports.c.id == report_id).scalar_subquery()
    query = (
        select(sends.c.price, sends.c.parts)
        .join(reports, reports.c.id == sends.c.report_id)
        .where(sends.c.price != "", sends.c.parts > 0, reports.c.country == country)
        .order_by(sends.c.expires_at.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return _rate(row.price, row.parts) if row else None


def _rate(price: str, parts: int) -> Rate | None:
    amount, _, currency = price.removeprefix("-").partition(" ")
    try:
        each = Decimal(amount) / parts
    except InvalidOperation:
        return None
    return Rate(each.quantize(Decimal("0.0001")), currency)
