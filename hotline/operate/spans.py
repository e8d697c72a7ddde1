"""How long something took, as one says it."""

from datetime import timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def spoken(span: timedelta) -> str:
    """Return *span* in whole units of one kind, at least two of them, such as ``90 minutes`` or ``36 hours``."""
    seconds = max(0, round(span.total_seconds()))
    name, size = next((unit for unit in _UNITS if seconds >= 2 * unit[1]), _UNITS[-1])
    count = seconds // size
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
