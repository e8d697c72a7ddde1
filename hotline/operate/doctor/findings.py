"""What a check finds: how bad it is, what is wrong, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; the worst first."""

    WRONG = "wrong"
    WARNING = "warning"
    UNKNOWN = "unknown"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. *about* names which of several things it is about, such as ``…0006``: the end of a number."""

    code: str
    severity: Severity
    what: str
    do: str = ""
    about: str = ""


def wrong(code: str, what: str, do: str, about: str = "") -> Finding:
    return Finding(code, Severity.WRONG, what, do, about)


def warning(code: str, what: str, do: str, about: str = "") -> Finding:
    return Finding(code, Severity.WARNING, what, do, about)


def unknown(code: str, what: str, do: str, about: str = "") -> Finding:
    return Finding(code, Severity.UNKNOWN, what, do, about)


def well(code: str, what: str, about: str = "") -> Finding:
    return Finding(code, Severity.WELL, what, "", about)


def ending_of(number: str) -> str:
    """Return the end of *number*: enough to tell our own lines apart."""
    return f"…{number[-4:]}"
