"""What texts cost: parts of SMS, counted by day and by country of the phone, against those who make a line pay.

Whoever pumps texts into a line lives on its answers. So answers have a cap, in all and per country; what
comes in never has one.
"""

import logging
from dataclasses import dataclass

from sqlalchemy import Executable, bindparam, delete, func, select, update

from hotline.config import Config
from hotline.contact.tables import spending
from hotline.statements import Insert, Statement
from hotline.store import Session

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caps:
    """How many parts one day may cost, in all and to phones of one country."""

    per_day: int = Config.spend_parts_per_day
    per_country: int = Config.spend_parts_per_country

    @classmethod
    def of(cls, config: Config) -> "Caps":
        return cls(config.spend_parts_per_day, config.spend_parts_per_country)

    def for_answers(self) -> "Caps":
        """Return the caps of automatic answers: whoever pumps them leaves something to the desk."""
        return Caps(self.per_day * 4 // 5, self.per_country * 4 // 5)


_others = spending.alias("others")
_ELSEWHERE = (
    select(func.coalesce(func.sum(_others.c.parts), 0))
    .where(_others.c.day == bindparam("day"), _others.c.country != bindparam("country"))
    .scalar_subquery()
)


def _add(insert: Insert) -> Executable:
    """Count, and return what this country and all others have now, in one statement."""
    row = insert(spending).values({name: bindparam(name) for name in ("day", "country", "parts")})
    return row.on_conflict_do_update(
        index_elements=["day", "country"],
        set_={"parts": spending.c.parts + row.excluded.parts},
    ).returning(spending.c.parts.label("here"), _ELSEWHERE.label("elsewhere"))


_ADD = Statement(_add)
_TAKE_BACK = (
    update(spending)
    .where(spending.c.day == bindparam("its_day"), spending.c.country == bindparam("its_country"))
    .values(parts=spending.c.parts - bindparam("too_many"))
)


def may_answer(
    session: Session, *, country: str, parts: int, day: str, caps: Caps | None = None
) -> bool:
    """Count *parts* of SMS that go to phones of *country* on *day*; tell whether they may go.

    What may not go is not counted. *country* is an ISO 3166-1 code, or empty.
    """
    caps = caps or Caps()
    added = {"day": day, "country": country, "parts": parts}
    counted = _ADD.first(session, added)
    if counted.here <= caps.per_country and counted.here + counted.elsewhere <= caps.per_day:
        return True
    take_back(session, country=country, parts=parts, day=day)
    log.warning("spending cap reached")
    return False


def take_back(session: Session, *, country: str, parts: int, day: str) -> None:
    """Do not count what did not go after all."""
    its = {"its_day": day, "its_country": country, "too_many": parts}
    session.execute(_TAKE_BACK, its)


def spent(session: Session, *, day: str) -> dict[str, int]:
    """Return how many parts went to each country on *day*."""
    rows = session.execute(
        select(spending.c.country, spending.c.parts).where(
            spending.c.day == day, spending.c.parts > 0
        )
    )
    return {row.country: row.parts for row in rows}


def forget_before(session: Session, day: str) -> None:
    """Delete what was counted before *day*."""
    session.execute(delete(spending).where(spending.c.day < day))
