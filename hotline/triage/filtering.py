"""Which reports somebody wants to see, by facts that stand in the clear: fixed codes, never words."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, exists, type_coerce

from hotline.domain.urgency import Urgency
from hotline.reports import reports
from hotline.triage.tables import report_tags

_RANKS = tuple(sorted((urgency.rank for urgency in Urgency), reverse=True))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a report must be; an empty value asks for nothing. *tag* is an id, the rest are codes.

    *languages* are those of which it must have one; *minor* asks for reports in which somebody is under 18.
    """

    languages: tuple[str, ...] = ()
    channel: str = ""
    urgency: str = ""
    need: str = ""
    minor: bool = False
    tag: str = ""
    indicator: str = ""
    country: str = ""
    outcome: str = ""

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks of urgency that are asked for, the most urgent first."""
        return (Urgency(self.urgency).rank,) if self.urgency else _RANKS

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Return what must hold, the urgency apart: `ranks` are ranges of an index."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        rows = reports.c
        if self.languages:
            yield rows.language.in_(self.languages)
        for column, value in (
            (rows.channel, self.channel),
            (rows.country, self.country),
            (rows.outcome, self.outcome),
        ):
            if value:
                yield column == value
        for column, code in ((rows.needs, self.need), (rows.indicators, self.indicator)):
            if code:
                yield type_coerce(column, Text).contains(f'"{code}"', autoescape=True)
        if self.minor:
            yield rows.minor
        if self.tag:
            yield exists().where(report_tags.c.report_id == rows.id, report_tags.c.tag == self.tag)


EVERYTHING = Filters()


def days_between(first: str, last: str) -> tuple[ColumnElement[bool], ...]:
    """Return which reports came from the day *first* to the day *last*; an empty one is no bound."""
    rows = reports.c
    bounds = ((rows.day >= first) if first else None, (rows.day <= last) if last else None)
    return tuple(bound for bound in bounds if bound is not None)
