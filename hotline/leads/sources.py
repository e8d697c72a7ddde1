"""The sources of a country that one person can hide among, and how many of them what was told fits.

Reports that were merged are one source. Whoever reports through several channels, or twice, may stay unmerged: so
sources are counted channel by channel, and the greatest number counts. A report counts where somebody opened it and
reviewed its every message, where it is no junk, no copy and not only for some to see, where it came two weeks ago or more,
and in the month that is told or the next. Of a channel one a day counts, of the web one a week.

What this is worth against those who send reports of their own, so that only one in the crowd is real: they must start two
weeks before, take k - 1 days by telephone or k - 1 weeks on the web, and write what staff take for reports each time, in
the language and month that they want to be told. It makes that slow and seen. It does not make it impossible: whoever
plans that long, and fools staff that often, fills a crowd. Nor does a crowd of others hide who was seen to write to us
shortly before a lead left; for that a lead waits (`waiting`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select, true

from hotline.domain.report import day
from hotline.leads.gating import Person
from hotline.leads.tables import lead_sources, leads
from hotline.reports import reports
from hotline.reports.hiding import came_between, is_taken_for_one, was_read
from hotline.store import Session

SINCE = timedelta(days=365)
"""How long ago a report may have come that another can hide behind."""

MOST = 500
_WEB = "web"

_Turn = tuple[str, str]
"""A channel, and a day or week of it, in which one source counts."""


@dataclass(slots=True)
class Sources:
    """The sources of *country*, without the reports of the person themselves (*own*), that came when all *months* are told."""

    session: Session
    own: tuple[str, ...]
    country: str
    months: frozenset[str]
    at: datetime
    _told: list[tuple[str, _Turn, Person]] | None = None
    _channels: Sequence[str] = ()
    _fitting: dict[tuple[object, ...], frozenset[int]] = field(default_factory=dict)
    _clear: dict[tuple[str, bool], Mapping[str, _Turn]] = field(default_factory=dict)

    def size(self, person: Person, *, enough: int = MOST) -> int:
        """Return how many sources *person* fits, their own among them; from *enough* on no more are looked for."""
        fitting = dict(self._clear_sources(person)) if person.is_clear else {}
        if (have := self._count(fitting)) >= enough:
            return have
        fitting |= {self.told[at][0]: self.told[at][1] for at in self._who_fit(person)}
        return self._count(fitting)

    def _count(self, sources: Mapping[str, _Turn]) -> int:
        by_channel = Counter(channel for channel, _ in set(sources.values()))
        by_channel.update(self._own_channels())
        return max(by_channel.values(), default=1)

    def _who_fit(self, person: Person) -> frozenset[int]:
        """Return where in `told` those stand whom *person* fits; each part of it is looked for once."""
        found = frozenset(range(len(self.told)))
        for part in person.parts:
            if part.key not in self._fitting:
                fitting = (at for at, (_, _, other) in enumerate(self.told) if part.fits(other))
                self._fitting[part.key] = frozenset(fitting)
            found &= self._fitting[part.key]
        return found

    @property
    def told(self) -> list[tuple[str, _Turn, Person]]:
        """What was told of others of this country, the newest first: source, turn, person."""
        if self._told is None:
            root = reports.alias()
            query = (
                select(
                    func.coalesce(root.c.alike, root.c.id),
                    reports.c.channel,
                    reports.c.day,
                    lead_sources.c.person,
                )
                .join(lead_sources, lead_sources.c.lead_id == leads.c.id)
                .join(reports, reports.c.id == lead_sources.c.report_id)
                .join(root, root.c.id == func.coalesce(reports.c.joined_to, reports.c.id))
                .where(
                    leads.c.country == self.country,
                    leads.c.k > literal_column("0"),
                    *self._can_hide(),
                    is_taken_for_one(root),
                )
                .order_by(leads.c.day.desc())
                .limit(MOST)
            )
            self._told = [
                (source, _turn(channel, came), Person.from_json(person))
                for source, channel, came, person in self.session.execute(query)
            ]
        return self._told

    def _can_hide(self) -> tuple[ColumnElement[bool], ...]:
        first, last = _days(self.months)
        return (
            came_between(max(first, day(self.at - SINCE)), last, at=self.at),
            reports.c.id.not_in(self.own),
            is_taken_for_one(),
            was_read(),
        )

    def _clear_sources(self, person: Person) -> Mapping[str, _Turn]:
        """Return the reports of the country that have the language and the age that *person* tells."""
        languages = person.facts.get("person_language", frozenset())
        if len(languages) > 1:
            return {}
        asked = (next(iter(languages), ""), "minor" in person.facts)
        if asked not in self._clear:
            self._clear[asked] = _once_each(self.session.execute(self._like(*asked)).all())
        return self._clear[asked]

    def _like(self, language: str, is_minor: bool) -> Select[Any]:
        rows = reports.c
        # Few are of children: said so that the index of those seems to fit best, and the language is read there.
        its_language = (rows.language.concat("") if is_minor else rows.language) == language
        return (
            select(rows.id, rows.channel, rows.alike, rows.day)
            .where(
                rows.country == self.country,
                rows.joined_to.is_(None),
                *self._can_hide(),
                its_language if language else true(),
                rows.minor if is_minor else true(),
            )
            .order_by(rows.day.desc())
            .limit(MOST)
        )

    def _own_channels(self) -> Sequence[str]:
        if not self._channels:
            rows = reports.c
            query = select(rows.channel).where(rows.id.in_(self.own)).distinct()
            self._channels = self.session.execute(query).scalars().all()
        return self._channels


def _once_each(found: Iterable[Row[Any]]) -> Mapping[str, _Turn]:
    """Return the sources of reports that came, those that were almost the same as one."""
    return {row.alike or row.id: _turn(row.channel, row.day) for row in found}


def _turn(channel: str, came: str) -> _Turn:
    """Return the turn in which a report counts, of several of one channel and day; the web costs nobody anything: of a week."""
    if channel != _WEB:
        return channel, came
    year, week, _ = date.fromisoformat(came).isocalendar()
    return channel, f"{year}-W{week:02d}"


def _days(months: Iterable[str]) -> tuple[str, str]:
    """Return the first and last day on which those report who saw something in each of some months: in it, or in the next."""
    return max(f"{month}-01" for month in months), min(f"{_next(month)}-31" for month in months)


def _next(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-15') + timedelta(days=30):%Y-%m}"
