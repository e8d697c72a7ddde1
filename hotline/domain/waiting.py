"""How long a report may wait for a person: by its urgency, as a house or one of its desks decides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hotline.domain.urgency import Urgency
from hotline.errors import Malformed

UNOPENED = timedelta(hours=4)
"""A person opens every report within this time, whatever its score: no setting makes it longer."""

_SPAN = re.compile(r"([1-9][0-9]{0,2})([mh])")
_UNITS = {"m": "minutes", "h": "hours"}
_LONGEST = timedelta(hours=72)


class NoLimits(Malformed):
    default_message = "limits must look like: immediate=5m,high=1h,normal=4h"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each may wait for its first answer by a person; what is more urgent never waits longer."""

    immediate: timedelta = timedelta(minutes=5)
    high: timedelta = timedelta(hours=1)
    normal: timedelta = timedelta(hours=4)
    none: timedelta = timedelta(hours=4)

    def of(self, urgency: Urgency) -> timedelta:
        span: timedelta = getattr(self, urgency.value)
        return span

    @property
    def is_ordered(self) -> bool:
        return self.immediate <= self.high <= self.normal <= self.none


USUAL = Limits()


def read_limits(text: str) -> Mapping[str, Limits]:
    """Read ``immediate=5m,high=1h,north:high=30m``; the limits of desks that are not named stand under ``""``.

    What is not said is as usual; at a desk that is named, as at the others.

    Raises:
        NoLimits: it says something else, or lets the more urgent wait longer than the less urgent.
    """
    said: dict[str, dict[str, timedelta]] = {"": {}}
    for entry in filter(None, "".join(text.split()).split(",")):
        where, _, span = entry.partition("=")
        desk, _, level = where.rpartition(":")
        if level not in Limits.__slots__:
            raise NoLimits
        said.setdefault(desk, {})[level] = _span(span)
    usual = {level: USUAL.of(Urgency(level)) for level in Limits.__slots__}
    found = {desk: Limits(**{**usual, **said[""], **its}) for desk, its in said.items()}
    if not all(limits.is_ordered for limits in found.values()):
        raise NoLimits
    return found


def _span(text: str) -> timedelta:
    matched = _SPAN.fullmatch(text)
    if not matched:
        raise NoLimits
    span = timedelta(**{_UNITS[matched[2]]: int(matched[1])})
    if span > _LONGEST:
        raise NoLimits
    return span
