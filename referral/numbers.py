"""Find the few services that a person may call by themselves: public ones, with a number, open now first.

A service at a confidential location is never among them, nor is a number that such a location has, nor one of whom
the person excluded, under any name and however it is written. Of what is told only names, a number and hours are asked
for; where it lies and what for stay here.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from referral import nesting
from referral.among import among
from referral.candidate import ADULT, ANYONE, Area, Candidate, Person
from referral.match import Match, match
from referral.nesting import Shape, documents
from referral.reasons import Because
from referral.schedule import Open, Schedule, occurs, opening
from referral.shortlist import area_named, shortlist
from referral.tables import (
    contact,
    location,
    organization,
    phone,
    service,
    service_area,
    service_at_location,
)
from referral.withheld import Document, Withheld, is_mark, of_withheld, withheld, withhold

MOST = 3
_LOOKED_AT = 40
"""So many of those that fit for one need are looked at for a number."""

FARTHEST = 60_000
"""Metres that somebody may go at night, from a place of which the directory knows where it lies."""

_FULL_FOR = timedelta(hours=24)
"""So long after a service said that it is full nobody is sent there by a machine."""

_AREAS = 5_000
_SHORTEST_AREA = 3
_NOT_VOICE = frozenset({"fax", "sms", "text", "tty", "tdd", "textphone", "modem", "pager"})
_NUMBER = re.compile(r"\+?[0-9 ()./\-\u2010-\u2015]{2,29}[0-9]")
_RUN = re.compile(r"[\d ()./\-\u2010-\u2015]+")
_ENDING = 8
_SOMEBODYS = 5
"""Digits below which a number is nobody's own, as those of emergency."""
_BETWEEN = re.compile(r"[ ()./\-\u2010-\u2015]+")
_WORD = re.compile(r"[^\W_]+")
_DAY = timedelta(days=1)

_SITE = Shape(
    "service_at_location",
    one=(
        (
            "location",
            Shape("location", many=(("phones", nesting.PHONE), ("addresses", Shape("address")))),
        ),
    ),
    many=(("phones", nesting.PHONE),),
)
_CALLED = Shape(
    "service",
    one=(("organization", Shape("organization", many=(("phones", nesting.PHONE),))),),
    many=(("phones", nesting.PHONE), ("service_at_locations", _SITE)),
)


@dataclass(frozen=True, slots=True)
class Span:
    """When somebody answers, on the service's own clock; *begins* to *ends*, or *always*."""

    begins: datetime
    ends: datetime
    is_today: bool = True
    always: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A service that may be called: its *number* in groups that hyphens divide; *hours* are None where none are known."""

    service_id: str
    name: str
    organization: str
    number: str
    hours: Span | None = None


def numbers(
    connection: Connection,
    *,
    needs: Sequence[Collection[str]],
    at: datetime,
    where: str = "",
    languages: Collection[str] = (),
    for_whom: Person = ANYONE,
    excluded: Collection[str] = (),
    excluded_countries: Collection[str] = (),
) -> tuple[Number, ...]:
    """Return at most `MOST` services, those open *at* that instant (aware) first, and of several *needs* one for each.

    A need may be one of several codes. *where* are words of the person: they count as far as they name an area that
    services serve, whole; where they do not, what serves everywhere comes before what serves some area. *excluded* are
    ids of services and organizations, *excluded_countries* ISO 3166 codes: what lies there is left out, and what lies
    nobody knows where.
    """
    area, secret = area_in(connection, where), withheld(connection)
    hidden = _hidden(connection, secret, excluded)
    looking = _Looking(
        connection, secret, hidden, at, frozenset(map(str.upper, excluded_countries))
    )
    found = []
    for codes in needs:
        fitting = _fitting(
            connection, codes, at, area, languages=languages, for_whom=for_whom, excluded=excluded
        )
        found.append(list(looking.called(fitting)))
    return _in_turn(found)


def area_in(connection: Connection, said: str) -> Area | None:
    """Return the area that is named in what somebody *said*, the longest name of several; None where none is."""
    name = service_area.c.name
    query = select(name).where(name.is_not(None)).distinct().order_by(name).limit(_AREAS)
    words = _words(said)
    named = [one for one in connection.scalars(query) if words and _is_in(_words(one), words)]
    return area_named(connection, max(named, key=len)) if named else None


@dataclass(frozen=True, slots=True)
class _Looking:
    """Reads the numbers of services that fit, of each organization one."""

    connection: Connection
    secret: Withheld
    hidden: frozenset[str]
    at: datetime
    not_in: frozenset[str]

    def called(self, fitting: Sequence[Candidate]) -> Iterator[Number]:
        ids = [one.service_id for one in fitting]
        told = {one["id"]: one for one in documents(self.connection, _CALLED, ids)}
        named: set[str] = set()
        for one in fitting:
            document = told.get(one.service_id)
            is_named = one.organization_id in named
            if document is None or is_named or self._lies_there(document):
                continue
            number = next(self._numbers(document), "")
            if number:
                named.add(one.organization_id)
                hours = _hours(one.schedules, self.at)
                yield Number(one.service_id, one.name, one.organization, number, hours)

    def _numbers(self, document: Document) -> Iterator[str]:
        """Yield the numbers of a service, its own before those of where it is given and of who gives it."""
        told = withhold(document, self.secret)
        sites = told.get("service_at_locations", [])
        places = [site["location"] for site in sites if "location" in site]
        for entity in (told, *sites, *places, told.get("organization", {})):
            for each in entity.get("phones", []):
                number = _dialled(each)
                if number and self.hidden.isdisjoint(_endings(number)):
                    yield number

    def _lies_there(self, document: Document) -> bool:
        """Tell whether a service may lie in a country that the person does not want to reach."""
        if not self.not_in:
            return False
        sites = document.get("service_at_locations", [])
        places = [site["location"] for site in sites if "location" in site]
        lies = {one.get("country", "") for place in places for one in place.get("addresses", [])}
        known = {country.strip().upper() for country in lies} - {""}
        return not known or not known.isdisjoint(self.not_in)


def _fitting(
    connection: Connection,
    codes: Collection[str],
    at: datetime,
    area: Area | None,
    *,
    languages: Collection[str],
    for_whom: Person,
    excluded: Collection[str],
) -> list[Candidate]:
    """Return what fits one of *codes*: open now first, then who speaks their language, then as `match` ranks it.

    Nobody is there to ask, so what is for some alone comes after what is for all, and what may well say no falls out.
    """
    ranked: dict[str, tuple[tuple[object, ...], Candidate]] = {}
    for code in codes:
        open_to_all = [one for one in shortlist(connection, need=code) if not one.withheld]
        its = {"need": code, "at": at, "where": area, "for_whom": for_whom, "excluded": excluded}
        its |= {"needs_no_documents": True, "within": FARTHEST}
        speaking = match(open_to_all, languages=languages, **its).fitting  # type: ignore[arg-type]
        spoken = {one.service.service_id for one in speaking}
        fits = match(open_to_all, **its).fitting  # type: ignore[arg-type]
        for place, one in enumerate(_surely(fits, for_whom, at)):
            its_id, is_open = one.service.service_id, one.score.wait == 0
            narrow = area is None and not _is_wide(one.service)
            is_for_some = bool(one.service.serves or one.service.eligibility)
            rank = (not is_open, its_id not in spoken, narrow, is_for_some, place, its_id)
            ranked.setdefault(its_id, (rank, one.service))
    return [service for _, service in sorted(ranked.values(), key=lambda one: one[0])][:_LOOKED_AT]


def _surely(fits: Sequence[Match], person: Person, at: datetime) -> list[Match]:
    """Leave out what said lately that it is full, what is for others, and what costs something where anything is free."""
    has_room = [one for one in fits if not (_said_full(one, at) or _is_for_others(one, person))]
    free = [one for one in has_room if not _is_because(one, Because.COST_ASKED)]
    return free if any(_is_because(one, Because.COST_FREE) for one in free) else has_room


def _said_full(one: Match, at: datetime) -> bool:
    said = [
        each.facts["said"] for each in one.reasons if each.because is Because.CAPACITY_FULL_LONG_AGO
    ]
    return any(isinstance(each, datetime) and at - each < _FULL_FOR for each in said)


def _is_for_others(one: Match, person: Person) -> bool:
    """Tell whether it is for some people alone of whom nobody knows if the person is one: for men, children, the old."""
    its, years = one.service, person.years
    youngest, oldest = its.minimum_age or 0, its.maximum_age or ADULT
    is_of_age = years is not None or youngest <= ADULT <= oldest
    return not is_of_age or (its.serves == {"man"} and person.gender != "man")


def _is_because(one: Match, because: Because) -> bool:
    return any(each.because is because for each in one.reasons)


def _is_wide(service: Candidate) -> bool:
    """Tell whether it serves people wherever they are."""
    return not service.areas or any(place.remote for place in service.places)


def _in_turn(found: Iterable[Sequence[Number]]) -> tuple[Number, ...]:
    """Return the best for each need, then the second best: no service twice, and no number."""
    chosen: dict[tuple[str, ...], Number] = {}
    for row in zip_longest(*found):
        for one in filter(None, row):
            chosen.setdefault(tuple(_endings(one.number)), one)
    return tuple(chosen.values())[:MOST]


def _hidden(connection: Connection, secret: Withheld, excluded: Collection[str]) -> frozenset[str]:
    """Return how the numbers end that are not to be called: of what is withheld, and of what somebody *excluded*."""
    ids = of_withheld(connection, secret) | _run_by(connection, excluded)
    pointers = [column for column in phone.c if "to" in column.info]
    its = or_(*(among(connection, column, ids) for column in (phone.c.id, *pointers)))
    numbers = connection.scalars(select(phone.c.number).where(its)) if ids else ()
    endings = (ending for number in numbers for ending in _endings(number))
    return frozenset(ending for ending in endings if len(ending) >= _SOMEBODYS)


def _run_by(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Return *ids* of organizations and services with what those run, and the people and places of these."""
    found: set[str] = set()
    new = set(ids)
    while new:
        found |= new
        new = {
            key
            for column in _RUNNING
            for key in connection.scalars(
                select(column.table.c.id).where(among(connection, column, new))
            )
        } - found
    return frozenset(found)


_RUNNING = (
    organization.c.parent_organization_id,
    service.c.organization_id,
    location.c.organization_id,
    service_at_location.c.service_id,
    contact.c.organization_id,
    contact.c.service_id,
    contact.c.service_at_location_id,
)


def _endings(number: str) -> Iterator[str]:
    """Yield the last digits of each number that stands in a text: before them it may be written with or without a country."""
    for piece in (number, *number.split("/")):
        for run in _RUN.findall(unicodedata.normalize("NFKC", piece)):
            digits = re.sub(r"\D", "", run)
            if digits:
                yield digits[-_ENDING:]


def _dialled(each: Document) -> str:
    """Return a number that a voice answers, as it is dialled; empty where it is none, or is not to be told."""
    marks = (one.get("taxonomy_term", {}).get("code") for one in each.get("attributes", []))
    number = each.get("number", "").strip()
    kind = each.get("type", "").strip().lower()
    if kind in _NOT_VOICE or not _NUMBER.fullmatch(number) or any(map(is_mark, marks)):
        return ""
    extension = f" x{each['extension']}" if each.get("extension") else ""
    return _BETWEEN.sub("-", number).strip("-") + extension


def _hours(schedules: Sequence[Schedule], at: datetime) -> Span | None:
    """Return until when a service is open, or when it opens next; None where that is not known."""
    found = opening(schedules, at)
    if found.state is Open.NOW and found.until is None:
        return Span(at, at, always=True)
    holds = at if found.state is Open.NOW else found.opens
    if holds is None:
        return None
    windows = [window for one in schedules for window in _windows(one, holds)]
    if not windows:
        return None
    begins, ends = max(windows, key=lambda window: window[1])
    today = at.astimezone(begins.tzinfo).date()
    return Span(begins, ends, is_today=begins.date() <= today)


def _windows(schedule: Schedule, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows that hold *at*, on the clock of *schedule*."""
    local = at.astimezone(schedule.clock).date()
    for day in (local - _DAY, local):
        if not occurs(schedule, day):
            continue
        begins = datetime.combine(day, schedule.opens, schedule.clock)
        last = day + _DAY if schedule.closes <= schedule.opens else day
        ends = datetime.combine(last, schedule.closes, schedule.clock)
        # Clocks that are put back or forward meanwhile count in instants alone.
        if begins.astimezone(UTC) <= at.astimezone(UTC) < ends.astimezone(UTC):
            yield begins, ends


def _words(text: str) -> list[str]:
    """Return the words of *text* without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(one for one in parts if unicodedata.category(one) != "Mn"))


def _is_in(name: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether *words* hold *name* whole; scripts that write no gaps hold it inside a word."""
    joined = " ".join(name)
    if not joined or (joined.isascii() and len(joined) < _SHORTEST_AREA):
        return False
    if not joined.isascii() and any(joined in word for word in words):
        return True
    return f" {joined} " in f" {' '.join(words)} "
