"""The fictional city as it is today: what was said an hour ago and what is old, a holiday soon, and who answers fast."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert, select

from hotline.handoff.clocks import bucket, month_of
from hotline.handoff.links import write_capacity_link
from hotline.handoff.tables import handoff_answers
from hotline.store import Session, Store, new_id
from hotline.vault.argon import Profile
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.links import LinkDesk, lookup, new_link
from referral.fields import Value, instant
from referral.load import SAMPLE_CITY, load, read_package
from referral.reading import Row
from referral.tables import service

_WRITTEN = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
"""The night for which the city was written."""

_DAYS = {"service": "assured_date", "schedule": "dtstart"}
_INSTANTS = {"service": "last_modified", "service_capacity": "updated"}
_LINKED = {
    "Night shelter for women": ("night desk", "en"),
    "Family rooms": ("house team", "ar"),
    "Quayside shelter": ("front desk", "en"),
}
_LASTS = timedelta(days=366)
_ANSWERED = {
    "Night shelter for women": (4, 9, 15, 22),
    "Linden women’s house": (35, 50, 90),
    "House for men": (20, 25, 40),
    "Duty lawyer, nights": (12, 18, 30),
    "Trauma care": (300, 1_400, 2_000),
}
"""After how many minutes some services answered in the last weeks."""


def settle(session: Session, at: datetime) -> None:
    """Lay out the directory of the city as if it had been written for *at*."""
    incoming = read_package(SAMPLE_CITY)
    later = at - _WRITTEN
    for kind, name in _DAYS.items():
        for row in filter(_moves, incoming.rows[kind].values()):
            row.values[name] = _day_later(row.values.get(name), at.date() - _WRITTEN.date())
    for kind, name in _INSTANTS.items():
        for row in incoming.rows[kind].values():
            row.values[name] = instant(datetime.fromisoformat(str(row.values[name])) + later)
    load(session, incoming)
    session.execute(insert(handoff_answers), list(_answers(session, at)))


def give_links(
    store: Store, keys: Path, url: str, *, at: datetime, profile: Profile
) -> list[dict[str, str]]:
    """Give some services a link to say how much room they have; return each with its PIN."""
    desk = LinkDesk.load(KeyFolder(keys).link_salt, profile=profile)
    given = []
    for name, (holder, locale) in _LINKED.items():
        token, pin = new_link()
        with store.read() as session:
            service_id = _service(session, name)
        write = partial(
            write_capacity_link,
            service_id=service_id,
            name=holder,
            key=desk.derive(token, pin),
            token_lookup=lookup(token),
            locale=locale,
            expires_at=at + _LASTS,
        )
        store.write(write)
        given.append({"service": name, "url": f"{url}/handoff/{token}", "pin": pin})
    return given


def _moves(row: Row) -> bool:
    """Say whether the day of *row* is a day off or of a check, and not where a rhythm begins."""
    return not row.values.get("freq")


def _day_later(text: Value, days: timedelta) -> Value:
    return (date.fromisoformat(text) + days).isoformat() if isinstance(text, str) else text


def _answers(session: Session, at: datetime) -> Iterator[dict[str, object]]:
    for name, several in _ANSWERED.items():
        service_id = _service(session, name)
        for weeks, minutes in enumerate(several, start=1):
            its = {"id": new_id(), "service_id": service_id, "minutes": bucket(minutes)}
            yield its | {"month": month_of(at - timedelta(weeks=weeks))}


def _service(session: Session, name: str) -> str:
    its = select(service.c.id).where(service.c.name == name)
    return str(session.execute(its).scalar_one())
