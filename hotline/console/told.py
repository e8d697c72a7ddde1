"""What a page shows of an emergency: who opened number and place, whom to call, who was told what, what is still to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline import audit
from hotline.consent import excluding, telling
from hotline.consent.telling import Disclosure
from hotline.intake.country import country_of
from hotline.law import emergency_numbers
from hotline.store import Session
from hotline.triage import emergency
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """Who was told what; *at* and *words* are empty where they do not open."""

    its: Disclosure
    at: datetime | None
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Emergency:
    """An emergency of a report: the *acts* that opened number and place, the newest first, and who was told.

    *is_shut*: the person named somebody whom it must not reach.
    """

    acts: tuple[audit.Line, ...]
    told: tuple[Told, ...]
    put_off: audit.Line | None
    is_shut: bool

    @property
    def is_untold(self) -> bool:
        """Tell whether the person does not know yet."""
        return any(not one.its.shown_day for one in self.told)


@dataclass(frozen=True, slots=True)
class Dial:
    """Whom to call in a country, and what says that it is that one: ``number``, ``report``, or ``both``."""

    country: str
    numbers: tuple[str, ...]
    said_by: str


def emergency_of(session: Session, keyholder: Keyholder, report_id: str) -> Emergency | None:
    """Return what an emergency did with a report of the reader's desk; None where there was none."""
    acts = emergency.acts(session, report_id)
    found = emergency.told(session, report_id)
    if not acts and not found:
        return None
    told = tuple(_told(session, keyholder, one) for one in found)
    is_shut = bool(excluding.of_report(session, report_id))
    return Emergency(tuple(acts), told, emergency.last_put_off(session, report_id), is_shut)


def whom_to_call(numbers: Iterable[str], country: str) -> tuple[Dial, ...]:
    """Return the countries that may be meant, the likeliest first: a number's own code beats what the report says."""
    by_number = dict.fromkeys(filter(None, map(country_of, numbers)))
    found = [
        Dial(code, emergency_numbers(code), "both" if code == country else "number")
        for code in by_number
    ]
    if country and country not in by_number:
        found.append(Dial(country, emergency_numbers(country), "report"))
    return tuple(found)


def _told(session: Session, keyholder: Keyholder, one: Disclosure) -> Told:
    try:
        at, words = telling.open_words(session, keyholder, one.id)
    except SealBroken:
        return Told(one, None, "")
    return Told(one, datetime.fromisoformat(at), words)
