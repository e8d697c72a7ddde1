"""Whom somebody may call while none of us is awake: public services that fit, said so that little shows.

It needs nothing that is sealed: the codes of a need, words for a place that they have just said, and what the report's
row and its exclusions tell. Nothing is found where a doubt about who writes stands, where somebody is excluded in words
that nobody has read yet, or where nobody at all may know; and never what the person excluded, nor what that runs.

Who looks over a shoulder sees a name, a number and hours. A name that would tell what it is for is left out: it is the
organization's, else the service's, else none. Neither need nor place is said, and no address.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location
from sqlalchemy import select

from hotline import consent
from hotline.consent.case import Excluded, ExclusionKind
from hotline.dialogue.turns import Saying
from hotline.domain.urgency import Need
from hotline.i18n import direction
from hotline.messages import segments
from hotline.reports.tables import reports
from hotline.store import Session, Store
from referral.candidate import ANYONE, Person
from referral.numbers import Number, Span, numbers
from referral.revision import revision

Awake = Callable[[Session, datetime], bool]
"""Tells whether somebody who could answer is there now. Decided above this room."""

Full = Callable[[Session, datetime], Collection[str]]


def _nobody(_session: Session, _at: datetime) -> Collection[str]:
    return ()


_ASKED: Mapping[str, tuple[Need, ...]] = {
    "place": (Need.SHELTER,),
    "doctor": (Need.MEDICAL,),
    "papers": (Need.LEGAL, Need.DOCUMENTS),
    "food": (Need.FOOD,),
    "pay": (Need.LEGAL,),
    "home": (Need.REPATRIATION,),
    "talk": (Need.PSYCHOLOGICAL,),
}
"""What each answer to what is needed first asks for."""

_OF_REPORT = (
    *(Need.SHELTER, Need.MEDICAL, Need.PSYCHOLOGICAL, Need.FOOD),
    *(Need.LEGAL, Need.DOCUMENTS, Need.REPATRIATION),
)
"""What was read out of their words and counts where they chose nothing: the first, and never who comes with a car."""

_WORD = re.compile(r"[^\W_]+")
_LTR = "\u200e"


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody to call, as it is read: *name* may be empty, *hours* too."""

    name: str
    number: str
    hours: str


@dataclass(frozen=True)
class Nearby:
    """Finds them for a report. *awake* tells whether one of us is there instead.

    Hours are on the clock of whoever is called, which is named where it is not that of *zone*. *full* returns the ids of
    services that told us in this night that they have no room. Decided above this room, too.
    """

    store: Store
    awake: Awake
    zone: tzinfo = UTC
    full: Full = _nobody

    def offers(self, report_id: str, needs: Sequence[str], *, at: datetime) -> bool:
        """Tell whether to offer it: nobody is awake, there is a directory, and we know what they need."""
        with self.store.read() as session:
            if not revision(session) or self.awake(session, at):
                return False
            person = _Person.of(session, report_id)
            return person is not None and bool(person.wants(needs))

    def is_quiet(self, *, at: datetime) -> bool:
        """Tell whether nobody is awake, and there is a directory to look into."""
        with self.store.read() as session:
            return bool(revision(session)) and not self.awake(session, at)

    def find(
        self, report_id: str, needs: Sequence[str], where: str, locale: str, *, at: datetime
    ) -> tuple[Near, ...]:
        """Return whom they may call, at most three, open now first; none where nothing fits or may be said."""
        with self.store.read() as session:
            person = _Person.of(session, report_id)
            if person is None:
                return ()
            found = numbers(
                session,
                needs=person.wants(needs),
                at=at,
                where=where,
                languages=(locale,),
                for_whom=person.whom,
                excluded=person.excluded | frozenset(self.full(session, at)),
                excluded_countries=person.countries,
            )
        return tuple(
            Near(_name(one), one.number, _hours(one.hours, locale, at=at, zone=self.zone))
            for one in found
        )

    def said(
        self, report_id: str, needs: Sequence[str], where: str, locale: str, *, at: datetime
    ) -> tuple[Saying, ...]:
        """Return what is said of whom they may call: a text for each."""
        found = self.find(report_id, needs, where, locale, at=at)
        if not found:
            return (Saying("near_none"),)
        texts = (Saying(verbatim=_text(one, locale), is_apart=True) for one in found)
        return (*texts, Saying("near_said"))


@dataclass(frozen=True, slots=True)
class _Person:
    """What of a report decides whom they may call."""

    needs: tuple[str, ...]
    whom: Person
    excluded: frozenset[str]
    countries: frozenset[str]

    @classmethod
    def of(cls, session: Session, report_id: str) -> "_Person | None":
        """Read it; None where nothing may be said, or there is no such report."""
        its = select(reports.c.needs).where(reports.c.id == report_id)
        needs, case = session.execute(its).scalar_one_or_none(), consent.case_of(session, report_id)
        if needs is None or case.is_doubted or any(map(_stops, case.excluded)):
            return None
        return cls(
            tuple(needs),
            Person(minor=True) if case.has_child else ANYONE,
            frozenset(one.ref for one in case.excluded if one.kind == ExclusionKind.ORGANIZATION),
            frozenset(one.ref for one in case.excluded if one.kind == ExclusionKind.COUNTRY),
        )

    def wants(self, chosen: Sequence[str]) -> list[tuple[Need, ...]]:
        """Return what they need: as they *chose*, else the first that was read out of their words."""
        asked = [_ASKED[code] for code in chosen if code in _ASKED]
        read = [(need,) for need in _OF_REPORT if need in self.needs]
        return asked or list(read[:1])


def _stops(one: Excluded) -> bool:
    """Tell whether *one* may mean any service: everyone, or words that nobody has read yet."""
    is_unread = one.kind == ExclusionKind.WORDS and not one.is_read
    return is_unread or one.kind == ExclusionKind.EVERYONE


def _name(one: Number) -> str:
    """Return the name under which it may be known that tells least; empty where each tells too much."""
    names = (" ".join(name.split()) for name in (one.organization, one.name))
    return next((name for name in names if name and not tells(name)), "")


def tells(name: str) -> bool:
    """Tell whether *name* holds a word that gives away what it is for."""
    folded = _fold(name)
    words = _WORD.findall(folded)
    return any(
        folded.find(start) >= 0 if not start.isascii() or " " in start else _begins(words, start)
        for start in _telling()
    )


def _begins(words: Sequence[str], start: str) -> bool:
    """Tell whether one of *words* begins so; what is as short as an acronym must be it."""
    is_short = len(start) <= 3
    return any(word == start if is_short else word.startswith(start) for word in words)


@cache
def _telling() -> frozenset[str]:
    content = tomllib.loads((files(__package__) / "telling.toml").read_text("utf-8"))
    return frozenset(_fold(start) for starts in content.values() for start in starts)


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if unicodedata.category(one) not in ("Mn", "Cf", "Mc"))


def _hours(span: Span | None, locale: str, *, at: datetime, zone: tzinfo = UTC) -> str:
    """Return hours as people write them in *locale*, on the clock of whoever is called; with the day where it is another.

    Their clock is named where it shows another hour than that of *zone*.

    A hyphen keeps their order where a text runs from right to left, and the text in as few parts as can be.
    """
    if span is None:
        return ""
    if span.always:
        return "24/7"
    known = locale.replace("-", "_")
    begins = format_time(span.begins.replace(tzinfo=None), "HH:mm", locale=known)
    ends = format_time(span.ends.replace(tzinfo=None), "HH:mm", locale=known)
    hours = f"{begins}-{'24:00' if ends == '00:00' else ends}{_clock(span.begins, known, zone)}"
    if span.is_today:
        return hours
    is_soon = (span.begins - at).days < 6
    day = format_date(span.begins.date(), "EEE" if is_soon else "EEE d MMM", locale=known)
    return f"{day.rstrip('.')} {hours}"


def _clock(begins: datetime, locale: str, zone: tzinfo) -> str:
    """Return whose clock *begins* is on, by its city or its distance to UTC; nothing where it is as in *zone*."""
    if begins.utcoffset() == begins.astimezone(zone).utcoffset():
        return ""
    if isinstance(begins.tzinfo, ZoneInfo):
        return f" ({get_timezone_location(begins.tzinfo, locale=locale, return_city=True)})"
    return f" (UTC{begins.isoformat()[-6:] if begins.utcoffset() else ''})"


def _text(one: Near, locale: str) -> str:
    """Return a text of one part: of a long name only its first words are said."""
    # A number has no direction of its own: its plus sign would stand behind it.
    number = _LTR + one.number if direction(locale) == "rtl" else one.number
    words = one.name.split()
    while True:
        text = "\n".join(filter(None, (" ".join(words), number, one.hours)))
        if segments(text) <= 1 or not words:
            return text
        words.pop()
