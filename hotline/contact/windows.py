"""Whether a reporter may be written to now, for many reports at once: opened for one reader, and kept nowhere.

Their hours are sealed, so this asks a caseworker's session; it costs an opened record for each report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from hotline.contact.knocking import Standing, standings
from hotline.contact.ways import LONGEST, hours_of, instant
from hotline.store import Session, one_of
from hotline.vault.opening import Contact, Keyholder
from hotline.vault.tables import return_codes

_CODED = select(return_codes.c.report_id).where(one_of(return_codes.c.report_id))


class Moment(StrEnum):
    """HERE: they are there, and said that it is safe. WORDS: their hours stand in words that a person must read.

    CODE: a phone is no way, they read with their code. CLOSED: they wish nothing more. NONE: nothing reaches them.
    """

    HERE = "here"
    OPEN = "open"
    LATER = "later"
    WORDS = "words"
    CODE = "code"
    CLOSED = "closed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Opening:
    """What now is for writing to somebody. *clock* is what their wall shows when that ends or begins.

    It is empty where any time will do; *day* is the day on which it begins, where that is not today.
    """

    moment: Moment
    clock: str = ""
    day: str = ""

    @property
    def is_now(self) -> bool:
        """Tell whether a text may go to their phone now."""
        return self.moment in (Moment.HERE, Moment.OPEN)


def openings(
    session: Session, keyholder: Keyholder, report_ids: Sequence[str], *, at: datetime
) -> dict[str, Opening]:
    """Return what *at* is for writing to the reporter of each report: three queries, however many they are.

    Raises:
        Refused: without the right to reply.
    """
    contacts = keyholder.open_contacts(session, report_ids)
    stand = standings(session, report_ids, at=at)
    coded = set(session.execute(_CODED, {"ids": report_ids}).scalars())
    nowhere: Contact = (None, {})
    return {
        report_id: _opening(
            contacts.get(report_id, nowhere),
            stand.get(report_id, Standing()),
            at,
            has_code=report_id in coded,
        )
        for report_id in report_ids
    }


def _opening(contact: Contact, now: Standing, at: datetime, *, has_code: bool) -> Opening:
    address, ways = contact
    has_phone = address is not None and address.channel in LONGEST
    if has_code and (not has_phone or now.is_closed or ways.get("how") in ("code", "here")):
        return Opening(Moment.CODE)
    if not has_phone:
        return Opening(Moment.NONE)
    if now.is_closed:
        return Opening(Moment.CLOSED)
    return Opening(Moment.HERE) if now.is_open else _by_hours(ways, now, at)


def _by_hours(ways: dict[str, str], now: Standing, at: datetime) -> Opening:
    window, in_words = hours_of(ways)
    if in_words:
        return Opening(Moment.WORDS)
    waits = [one for one in (now.quiet_until, instant(ways.get("not_before", ""))) if one]
    start = max([at, *waits])
    opens = window.next_opening(start) if window else start
    if opens <= at:
        return Opening(Moment.OPEN, f"{window.end:%H:%M}" if window else "")
    there = opens.astimezone(window.zone) if window else opens
    today = at.astimezone(there.tzinfo).date()
    is_today = there.date() == today
    return Opening(Moment.LATER, f"{there:%H:%M}", "" if is_today else there.date().isoformat())
