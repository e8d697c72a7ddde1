"""Read one value of a package as its HSDS field wants it, or say in a fixed sentence why it cannot be.

What is accepted here validates against the HSDS schemas, formats included. A sentence never repeats the
value: a contact's name or number must not stand in an error.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column

from referral.tables import Kind

Value = str | float | None

LONGEST_TEXT = 100_000
"""Characters of one field: enough for the outline of an area."""


class Fault(StrEnum):
    """What may be wrong with a package, file, row or field."""

    NOT_HSDS_FILE = "this file is neither a table nor a document of HSDS"
    FILE_UNREADABLE = "this file is missing, damaged, too large or outside the package"
    NO_ID_COLUMN = "the first line does not name the fields: there is no id"
    NOT_HSDS_FIELD = "this column is not a field of HSDS, or is there twice"
    ROW_UNREADABLE = "this cannot be read as CSV or JSON"
    ROW_WIDTH = "this row has more or fewer values than the first line has names"
    QUOTES = "a quotation mark is not closed, or not doubled"
    MISSING = "a value is required"
    NOT_ONE_VALUE = "this must be one value"
    NOT_AN_OBJECT = "this must be an object, or a list of objects, of HSDS"
    TWO_OWNERS = "this belongs to two records of a kind, and HSDS keeps one"
    NOT_UTF8 = "this is not UTF-8"
    READ_AS_WINDOWS = "this is not UTF-8, and was read as Windows-1252"
    FORMULA = "a spreadsheet would take this for a formula, and the sign before it was left out"
    CONTROL_CHARACTER = "a control character is not allowed"
    TOO_LONG = "this is too long"
    NOT_A_UUID = "this is not a UUID"
    NOT_A_URI = "this is not a web address or URN"
    NOT_AN_EMAIL = "this is not an e-mail address"
    NOT_A_DATE = "this is not a date as YYYY-MM-DD"
    NOT_A_DATETIME = "this is not an instant in ISO 8601"
    NOT_A_TIME = "this is not a time as HH:MM, with or without an offset"
    NOT_A_NUMBER = "this is not a number"
    OUT_OF_RANGE = "this number is out of range"
    NO_POINT = "both are 0, which stands for no place"
    TURNED_ROUND = "latitude and longitude are the wrong way round: the others lie elsewhere"
    FAR_AWAY = "this lies very far from all the others"
    NOT_A_CHOICE = "this is not one of the allowed values"
    NOT_A_LIST = "this is not a list as iCal has it"
    REPEATED_ID = "this id was already used"
    REPEATS_ADDRESS = "this repeats the address of a confidential location"
    POINTS_NOWHERE = "this points to a row that is not there"
    MARK_STAYS = "a mark of confidentiality stays: only who edits the directory lifts it"
    EDITED_HERE = "this was edited here, and stays so"
    MADE_HERE = "this was made here, and no package changes it"
    REMOVED_HERE = "this was taken away here, and stays away"


class BadField(Exception):
    """A value that its field cannot hold."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URI = re.compile(
    r"(?:[Hh][Tt]{2}[Pp][Ss]?://[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::\d{1,5})?(?=[/?#]|$)"
    r"|[Uu][Rr][Nn]:[A-Za-z0-9][A-Za-z0-9-]{1,30}:(?=.))"
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\.]+(\.[^\s@<>\"(),:;\[\]\\.]+)+")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_TIME = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])(:(?P<minute>[0-5]\d)(:[0-5]\d(\.\d+)?)?|(?=\s?[AP]))\s?"
    r"((?P<half>[AP])\.?M\.?)?(?P<offset>Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)?"
)
_NOON = 12
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BYTES = re.compile(r"[\udc80-\udcff]+")
_FORMULA = re.compile(r"[=＝]|[+＋\-－@＠](?=[^\n]*[^\W\d][(|])")
_SIGNS_OF_FORMULA = "=＝+＋-－@＠ \t\r\n"
_NEW_LINES = str.maketrans("\x0b\x0c", "\n\n")
_LISTS = {
    "byday": re.compile(r"[+-]?\d?\s?(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d?(MO|TU|WE|TH|FR|SA|SU))*"),
    **dict.fromkeys(
        ("byweekno", "bymonthday", "byyearday"), re.compile(r"[+-]?\d{1,3}(,[+-]?\d{1,3})*")
    ),
}
_RANGES: dict[str, tuple[float, float]] = {
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "minimum_age": (0, 150),
    "maximum_age": (0, 150),
    "timezone": (-14, 14),
    "interval": (1, 1000),
    "count": (1, 10_000),
    "available": (0, 1e9),
    "maximum": (0, 1e9),
    "amount": (0, 1e12),
}


def legible(text: str) -> tuple[str, Fault | None]:
    """Return *text* as it was probably meant, and what was wrong with it.

    Older programs write Windows-1252, and leave marks of pages and lines in what was typed. What a spreadsheet would
    take for a formula (it begins with ``=``, or with ``+``, ``-`` or ``@`` and calls something) loses its first signs:
    the directory is handed out as CSV. A number or a list keeps its sign.
    """
    fault = None
    if not text.isascii() and _BYTES.search(text):
        text, fault = _BYTES.sub(_as_windows, text), Fault.READ_AS_WINDOWS
    if _CONTROL.search(text):
        text, fault = _CONTROL.sub("", text.translate(_NEW_LINES)), Fault.CONTROL_CHARACTER
    if is_formula(text):
        text, fault = text.lstrip(_SIGNS_OF_FORMULA), Fault.FORMULA
    return text, fault


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would work *text* out, and not only show it."""
    return bool(_FORMULA.match(text.lstrip()))


def _as_windows(found: re.Match[str]) -> str:
    """Read bytes that are no UTF-8; what Windows-1252 does not know either stays as it is."""
    return found[0].encode("ascii", "surrogateescape").decode("cp1252", "surrogateescape")


def read(column: Column[Any], text: str) -> Value:
    """Return what *text* says in the field *column*; None where it is empty. Raises: BadField."""
    text = _clean(text)
    if not text:
        return None
    if choices := column.info["choices"]:
        return _choice(text, choices)
    if pattern := _LISTS.get(column.name):
        return _list(text, pattern)
    value = _READERS[column.info["kind"]](text)
    low, high = _RANGES.get(column.name, (-1e15, 1e15))
    if isinstance(value, float) and not low <= value <= high:
        raise BadField(Fault.OUT_OF_RANGE)
    return value


def as_text(value: Value) -> str:
    """Write *value* so that `read` reads it again."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10f}".rstrip("0")
    return str(value)


def _clean(text: str) -> str:
    text = text.strip()
    if _SURROGATE.search(text):
        raise BadField(Fault.NOT_UTF8)
    if _CONTROL.search(text):
        raise BadField(Fault.CONTROL_CHARACTER)
    if len(text) > LONGEST_TEXT:
        raise BadField(Fault.TOO_LONG)
    return text


def _choice(text: str, choices: tuple[str, ...]) -> str:
    for choice in choices:
        if text.casefold() == choice.casefold():
            return choice
    raise BadField(Fault.NOT_A_CHOICE)


def _list(text: str, pattern: re.Pattern[str]) -> str:
    listed = re.sub(r"\s*,\s*", ",", text.upper())
    if not pattern.fullmatch(listed):
        raise BadField(Fault.NOT_A_LIST)
    return listed


def _key(text: str) -> str:
    return _like(UUID, text, Fault.NOT_A_UUID).lower()


def _uri(text: str) -> str:
    return _like(_URI, text, Fault.NOT_A_URI)


def _email(text: str) -> str:
    return _like(_EMAIL, text, Fault.NOT_AN_EMAIL)


def _like(pattern: re.Pattern[str], text: str, fault: Fault) -> str:
    if not pattern.fullmatch(text):
        raise BadField(fault)
    return text


def _date(text: str) -> str:
    try:
        if len(text) == len("2026-11-25"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise BadField(Fault.NOT_A_DATE)


def _datetime(text: str) -> str:
    try:
        return instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise BadField(Fault.NOT_A_DATETIME) from None


def instant(at: datetime) -> str:
    """Write *at* as the directory keeps instants: UTC, with milliseconds. Without an offset it is UTC."""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _time(text: str) -> str:
    found = _TIME.fullmatch(text.upper())
    if not found or (found["hour"] == "24" and found["minute"] != "00"):
        raise BadField(Fault.NOT_A_TIME)
    hour, minute = int(found["hour"]), found["minute"] or "00"
    if half := found["half"]:
        if not 1 <= hour <= _NOON:
            raise BadField(Fault.NOT_A_TIME)
        hour = hour % _NOON + (_NOON if half == "P" else 0)
    offset = (found["offset"] or "").replace(":", "")
    if offset not in ("", "Z"):
        offset = f"{offset[:3]}:{offset[3:] or '00'}"
    return f"{hour % 24:02}:{minute}{offset}"


def _number(text: str) -> float:
    return float(_like(_NUMBER, text, Fault.NOT_A_NUMBER))


def _text(text: str) -> str:
    if is_formula(text):
        raise BadField(Fault.FORMULA)
    return text


_READERS: dict[Kind, Callable[[str], Value]] = {
    Kind.KEY: _key,
    Kind.TEXT: _text,
    Kind.URI: _uri,
    Kind.EMAIL: _email,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.TIME: _time,
    Kind.NUMBER: _number,
}
