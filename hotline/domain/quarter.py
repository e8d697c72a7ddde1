"""Quarters of a year, such as ``2026-Q3``."""

from datetime import date

_MONTHS = 3


def quarter_name(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // _MONTHS}"


def first_day(name: str) -> date:
    """Return the day with which the quarter *name* begins."""
    year, _, number = name.partition("-Q")
    return date(int(year), int(number) * _MONTHS - 2, 1)


def quarter_after(day: date) -> date:
    """Return the first day of the quarter after that of *day*."""
    month = (day.month + 2) // _MONTHS * _MONTHS + 1
    return date(day.year + month // 13, month % 12, 1)
