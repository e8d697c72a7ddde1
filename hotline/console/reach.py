"""How a reporter may be reached, without the number: by which channel, in which hours, under which cover."""

from dataclasses import dataclass
from datetime import datetime

from flask import g

from hotline import contact
from hotline.contact import NoWayBack, Rate, Standing, Underway, Way
from hotline.domain.report import Channel
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.store import Session
from hotline.vault.opening import Keyholder


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """How *way* stands now. *knock* is what they were asked last; *rate* is what a part of an SMS cost last."""

    way: Way
    now: Standing
    knock: Underway | None
    rate: Rate | None
    at: datetime

    @property
    def channel(self) -> Channel | None:
        """The channel that a text goes out on; None where only the code reaches them."""
        return None if self.way.only_by_code else self.way.channel

    @property
    def is_closed(self) -> bool:
        """Tell whether they wish no more texts."""
        return self.now.is_closed and self.way.channel is not None

    @property
    def has_code(self) -> bool:
        return self.way.reporter is not None

    @property
    def code_is_false(self) -> bool:
        return self.way.is_false

    @property
    def how(self) -> str:
        return self.way.said.get("how", "")

    @property
    def word(self) -> str:
        return self.way.said.get("word", "")

    @property
    def hours(self) -> str:
        """Their hours, as they said them; empty where any time will do."""
        return str(self.way.window or self.way.hours_in_words)

    @property
    def must_read_hours(self) -> bool:
        """Tell whether a person must find out whether now is within their hours."""
        return bool(self.way.hours_in_words) and not self.now.is_open

    @property
    def local_now(self) -> datetime | None:
        """What the clock on their wall shows; None where their zone is not known."""
        return self.at.astimezone(self.way.window.zone) if self.way.window else None

    @property
    def opens(self) -> datetime | None:
        """When they may be written to next, by the clock on their wall; None where that is now."""
        opening = self.way.next_opening(self.at)
        if opening <= self.at:
            return None
        return opening.astimezone(self.way.window.zone) if self.way.window else opening


def reach(session: Session, keyholder: Keyholder, report_id: str) -> Reach | None:
    """Return how the reporter is reached; None where nothing reaches them, or where one may not reply."""
    if not keyholder.may(Right.REPLY):
        return None
    try:
        way = contact.way_back(session, keyholder, report_id, house_public=here().log_key.public)
    except NoWayBack:
        return None
    return Reach(
        way,
        contact.standing(session, report_id, at=g.at),
        contact.last_knock(session, report_id),
        contact.rate(session, report_id) if way.channel is Channel.SMS else None,
        g.at,
    )
