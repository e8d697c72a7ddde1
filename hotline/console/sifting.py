"""What somebody chose to see, read from an address or a form: codes that we know, and nothing else.

A value that is none of ours asks for nothing; it is never said back.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from hotline.domain.outcome import Outcome
from hotline.domain.report import Channel, Status
from hotline.domain.urgency import Indicator, Need, Urgency
from hotline.leads.codes import COUNTRIES
from hotline.triage.filtering import Filters

MINE = "mine"
"""The languages that whoever asks reads."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?")
_ID = re.compile(r"[0-9a-f]{32}")
_CODES: Mapping[str, Collection[str]] = {
    "channel": tuple(Channel),
    "urgency": tuple(Urgency),
    "need": tuple(Need),
    "indicator": tuple(Indicator),
    "country": COUNTRIES,
    "outcome": tuple(Outcome),
    "status": tuple(Status),
}
NAMES = ("language", "channel", "urgency", "need", "minor", "tag")
"""What the queue can be narrowed by."""

FACTS = (*NAMES, "indicator", "country", "outcome", "status", "from", "to")
"""What a search can be narrowed by."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """*kept* is what was chosen, as it stands in addresses; *reads_none* says that no language of theirs is known."""

    kept: Mapping[str, str]
    filters: Filters
    reads_none: bool = False

    def get(self, name: str) -> str:
        """Return what was chosen for *name*; empty where nothing was."""
        return self.kept.get(name, "")

    def __bool__(self) -> bool:
        return bool(self.kept)


def chosen_in(
    sent: MultiDict[str, str], names: Iterable[str], *, reads: tuple[str, ...] = ()
) -> Chosen:
    """Return what of *names* was chosen. *reads* are the languages of whoever asks."""
    kept = {name: value for name in names if (value := _valid(name, sent.get(name, "")))}
    language = kept.get("language", "")
    languages = reads if language == MINE else (language,) if language else ()
    filters = Filters(
        languages=languages,
        channel=kept.get("channel", ""),
        urgency=kept.get("urgency", ""),
        need=kept.get("need", ""),
        minor="minor" in kept,
        tag=kept.get("tag", ""),
        indicator=kept.get("indicator", ""),
        country=kept.get("country", ""),
        outcome=kept.get("outcome", ""),
    )
    return Chosen(kept, filters, reads_none=language == MINE and not reads)


def _valid(name: str, value: str) -> str:
    """Return *value* where it is one that *name* may have."""
    if name in _CODES:
        return value if value in _CODES[name] else ""
    fits = {
        "language": value == MINE or _LANGUAGE.fullmatch(value),
        "minor": value == "yes",
        "tag": _ID.fullmatch(value),
        "from": _is_day(value),
        "to": _is_day(value),
    }
    return value if fits[name] else ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
