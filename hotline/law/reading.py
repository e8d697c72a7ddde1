"""Reads a jurisdiction file whole or not at all: what is wrong is named by file, field and reason.

Nothing in a file is guessed. A field that nobody knows is refused like one that is missing, because a slip of the pen
in ``within`` must not become a duty without a clock.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from hotline.errors import Misconfigured
from hotline.law.jurisdiction import (
    AT_ONCE,
    DEFAULT_FEEDBACK,
    ConsentAge,
    Counsel,
    Duty,
    Feedback,
    Jurisdiction,
    Source,
)

OFFICES = ("police", "ambulance", "fire", "child_protection", "other")
"""Kinds of offices that something may be told to."""

_CODE = re.compile(r"[A-Z]{2}")
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{2,6}")
_LONGEST = 600
_MOST_HOURS = 24 * 31
_LARGEST = 256 * 1024
_T = TypeVar("_T")


def read_file(path: Path) -> Jurisdiction:
    """Return what the jurisdiction file at *path* says.

    Raises:
        Misconfigured: naming the file, the field, and what is wrong with it.
    """
    return _Table(path.name, "", _parsed(path)).whole(_jurisdiction)


def _parsed(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > _LARGEST:
            raise Misconfigured(f"{path.name}: it is larger than a file of rules may be")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"{path.name}: it cannot be read") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured(f"{path.name}: it is no TOML: {error}") from None


class _Table:
    """One table of a file. Each field is asked for once; what nobody asked for is refused at the end."""

    def __init__(self, file: str, name: str, fields: Mapping[str, object]) -> None:
        self._file = file
        self._name = name
        self._fields = dict(fields)

    def whole(self, read: Callable[["_Table"], _T]) -> _T:
        """Return what *read* makes of the table, if it asks for everything that stands in it."""
        made = read(self)
        for field in self._fields:
            self.refuse(field, "nobody knows this field")
        return made

    def refuse(self, field: str, why: str) -> NoReturn:
        where = f"{self._name}.{field}" if self._name else field
        raise Misconfigured(f"{self._file}: {where}: {why}")

    def words(self, field: str, *, may_lack: bool = False) -> str:
        found = self._fields.pop(field, "" if may_lack else None)
        if not isinstance(found, str):
            self.refuse(field, "it is missing, or no words in quotes")
        words = " ".join(found.split())
        if not words and not may_lack:
            self.refuse(field, "it is empty")
        if len(words) > _LONGEST:
            self.refuse(field, f"it is longer than {_LONGEST} letters")
        return words

    def like(self, field: str, pattern: re.Pattern[str], example: str) -> str:
        words = self.words(field)
        if not pattern.fullmatch(words):
            self.refuse(field, f"it does not look like {example}")
        return words

    def number(self, field: str, least: int, most: int, default: int | None = None) -> int:
        found = self._fields.pop(field, default)
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            self.refuse(field, f"it is no whole number from {least} to {most}")
        return found

    def day(self, field: str) -> date:
        """Return a day, written in quotes or as TOML writes days."""
        found = self._fields.pop(field, None)
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        try:
            if not isinstance(found, str) or not _DAY.fullmatch(found.strip()):
                raise ValueError
            return date.fromisoformat(found.strip())
        except ValueError:
            self.refuse(field, "it is no day such as 2026-11-26")

    def day_or_none(self, field: str) -> date | None:
        """Return a day, or None where the field is empty or lacks."""
        found = self._fields.get(field, "")
        if isinstance(found, str) and not found.strip():
            self._fields.pop(field, None)
            return None
        return self.day(field)

    def numbers(self, field: str) -> tuple[str, ...]:
        found = self._fields.pop(field, [])
        if not isinstance(found, list) or not all(
            isinstance(one, str) and _NUMBER.fullmatch(one) for one in found
        ):
            self.refuse(field, 'it is no list such as ["112", "999"]')
        return tuple(found)

    def hours(self, field: str) -> int:
        if self._fields.get(field) == "at once":
            self._fields.pop(field)
            return AT_ONCE
        return self.number(field, 1, _MOST_HOURS)

    def source(self) -> Source:
        statute, address = self.words("statute"), self.words("source")
        if urlsplit(address).scheme != "https" or not urlsplit(address).netloc:
            self.refuse("source", "it is no https:// address")
        return Source(statute, address, self.day("checked"))

    def table(self, field: str) -> "_Table | None":
        found = self._fields.pop(field, None)
        if found is None:
            return None
        if not isinstance(found, dict):
            self.refuse(field, f"it is no table [{field}]")
        return _Table(self._file, field, found)

    def tables(self, field: str) -> Iterable["_Table"]:
        found = self._fields.pop(field, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.refuse(field, f"it is no list of tables [[{field}]]")
        for place, one in enumerate(found, 1):
            yield _Table(self._file, f"{field} {place}", one)

    def named_tables(self, field: str) -> Iterable[tuple[str, "_Table"]]:
        inside = self.table(field)
        for name, one in list(inside._fields.items()) if inside else []:
            if not isinstance(one, dict):
                self.refuse(f"{field}.{name}", "it is no table")
            yield name, _Table(self._file, f"{self._name}.{field}.{name}", one)


def _jurisdiction(table: _Table) -> Jurisdiction:
    code = table.like("code", _CODE, "IE")
    name, reader = table.words("name"), table.words("for")
    counsel = table.table("counsel")
    if counsel is None:
        table.refuse("counsel", "it is missing; its name and date may be empty")
    duties = tuple(one.whole(_duty) for one in table.tables("duty"))
    _refuse_doubles(table, duties)
    age, feedback = table.table("consent_age"), table.table("feedback")
    clocks, source, desks = feedback.whole(_feedback) if feedback else (DEFAULT_FEEDBACK, None, {})
    emergency = table.table("emergency")
    return Jurisdiction(
        code,
        name,
        reader,
        counsel=counsel.whole(_counsel),
        duties=duties,
        consent_age=age.whole(_consent_age) if age else None,
        feedback=clocks,
        feedback_source=source,
        desks=desks,
        emergency_numbers=emergency.whole(lambda it: it.numbers("numbers")) if emergency else (),
    )


def _refuse_doubles(table: _Table, duties: tuple[Duty, ...]) -> None:
    ids = [duty.id for duty in duties]
    for place, each in enumerate(ids):
        if each in ids[:place]:
            table.refuse("duty", f"two of them have the id {each}")


def _counsel(table: _Table) -> Counsel:
    return Counsel(table.words("name", may_lack=True), table.day_or_none("date"))


def _duty(table: _Table) -> Duty:
    office = table.words("to")
    if office not in OFFICES:
        table.refuse("to", f"it is none of {', '.join(OFFICES)}")
    return Duty(
        id=table.like("id", _ID, "children_first"),
        under=table.number("under", 1, 18),
        who=table.words("who"),
        what=table.words("what"),
        within=table.hours("within"),
        to=office,
        to_whom=table.words("to_whom"),
        how=table.words("how"),
        penalty=table.words("penalty", may_lack=True),
        source=table.source(),
    )


def _consent_age(table: _Table) -> ConsentAge:
    return ConsentAge(table.number("alone", 1, 21), table.words("with"), table.source())


def _feedback(table: _Table) -> tuple[Feedback, Source, dict[str, Feedback]]:
    clocks = _clocks(table)
    desks = {name: one.whole(_clocks) for name, one in table.named_tables("desk")}
    return clocks, table.source(), desks


def _clocks(table: _Table) -> Feedback:
    return Feedback(
        table.number("acknowledge_days", 0, 366, DEFAULT_FEEDBACK.acknowledge_days),
        table.number("answer_months", 0, 36, DEFAULT_FEEDBACK.answer_months),
    )
