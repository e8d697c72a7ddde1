"""What the page of consent shows: each yes and question with its words, whom it must not reach, what two decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline import consent
from hotline.consent import Case, Grant, asking, excluding, granting, minors
from hotline.consent.asking import Ask
from hotline.consent.case import ExclusionKind
from hotline.consent.excluding import Exclusion
from hotline.consent.grant import FRESH
from hotline.consent.minors import BestInterest
from hotline.console.choices import recipient_names
from hotline.domain.report import day
from hotline.i18n import country_name
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder


@dataclass(frozen=True, slots=True)
class Named:
    """Who would be told: the name of one, or the group of all investigators."""

    id: str
    name: str

    @property
    def is_group(self) -> bool:
        return self.id == consent.INVESTIGATORS


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """One yes, how it stands, and the exact words it was given to; *words* is empty where they do not open."""

    grant: Grant
    recipient: Named
    state: str
    words: str

    @property
    def is_open(self) -> bool:
        """Tell whether staff can still take it back."""
        return self.state in ("stands", "ask_again", "back_asked")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and how it stands: *lapsed* where nobody answered in time."""

    ask: Ask
    recipient: Named
    state: str


@dataclass(frozen=True, slots=True, repr=False)
class Shut:
    """One exclusion with the words of the person, and whom these were read to mean."""

    id: str
    kind: str
    name: str
    reason: str
    by: str
    day: str
    is_unread: bool
    words: str = ""
    means: tuple["Shut", ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Decided:
    """What was proposed for a child, why, and why a second one agreed."""

    its: BestInterest
    recipient: Named
    proposed: str
    agreed: str
    ended: str
    is_old: bool


def given(session: Session, keyholder: Keyholder, report_id: str, *, at: datetime) -> list[Given]:
    found = granting.of_report(session, report_id, limit=50)
    names = recipient_names(session, [one.recipient for one in found])
    return [
        Given(
            one, _named(one.recipient, names), _state(one, at), _words(session, keyholder, one.id)
        )
        for one in found
    ]


def asked(session: Session, report_id: str, *, at: datetime) -> list[Asked]:
    found = asking.of_report(session, report_id, limit=50)
    names = recipient_names(session, [one.recipient for one in found])
    return [Asked(one, _named(one.recipient, names), _asked_state(one, at)) for one in found]


def excluded(session: Session, keyholder: Keyholder, report_id: str, speaks: str) -> list[Shut]:
    """Return whom it must not reach; what was read from words stands below those words."""
    found = excluding.of_report(session, report_id)
    names = recipient_names(session, [one.ref for one in found])
    names |= {
        one.ref: country_name(one.ref, speaks) for one in found if one.kind == ExclusionKind.COUNTRY
    }
    return [
        _shut(
            one,
            names,
            words=_exclusion_words(session, keyholder, one),
            means=tuple(_shut(each, names) for each in found if each.meant_by == one.id),
        )
        for one in found
        if not one.meant_by
    ]


def decided(
    session: Session, keyholder: Keyholder, report_id: str, *, at: datetime
) -> list[Decided]:
    found = minors.of_report(session, report_id)
    names = recipient_names(session, [one.recipient for one in found])
    made = []
    for one in found:
        proposed, agreed, ended = _reasons(session, keyholder, one.id)
        is_old = bool(one.agreed_day) and one.agreed_day < day(at - FRESH)
        made.append(Decided(one, _named(one.recipient, names), proposed, agreed, ended, is_old))
    return made


def state_of(session: Session, report_id: str, case: Case, *, at: datetime) -> str:
    """Return in a word how it stands with consent to a report: a yes before a question, that before what once was."""
    if any(one.stands(at=at) and not one.back_asked_day for one in case.grants):
        return "yes"
    if asking.pending(session, report_id, at=at):
        return "asked"
    was_taken_back = any(one.revoked_day or one.back_asked_day for one in case.grants)
    return "taken_back" if was_taken_back else "no_yes"


def count_back_asked(session: Session, report_id: str) -> int:
    """Return how many yes were taken back while staff doubted who did, and wait for the doubt to go."""
    found = granting.of_report(session, report_id)
    return sum(bool(one.back_asked_day and not one.revoked_day) for one in found)


def frozen_facts(
    session: Session, keyholder: Keyholder, report_id: str, case: Case, *, speaks: str
) -> dict[str, Any]:
    """Return what stands still and whom it must not reach, for each page from which something could leave."""
    return {
        "frozen": case.is_doubted,
        "back_asked": count_back_asked(session, report_id),
        "excluded": excluded(session, keyholder, report_id, speaks),
        "unread": any(one.kind == ExclusionKind.WORDS and not one.is_read for one in case.excluded),
    }


def _named(recipient: str, names: dict[str, str]) -> Named:
    return Named(recipient, names.get(recipient, recipient))


def _state(one: Grant, at: datetime) -> str:
    if one.revoked_day:
        return "taken_back"
    if not one.stands(at=at):
        return "ended"
    if one.back_asked_day:
        return "back_asked"
    return "stands" if one.is_fresh(at) else "ask_again"


def _asked_state(one: Ask, at: datetime) -> str:
    is_lapsed = one.state == asking.State.ASKED and not one.waits(at)
    return "lapsed" if is_lapsed else one.state


def _shut(
    one: Exclusion, names: dict[str, str], *, words: str = "", means: tuple[Shut, ...] = ()
) -> Shut:
    name = names.get(one.ref, one.ref)
    return Shut(one.id, one.kind, name, one.reason, one.by, one.day, one.is_unread, words, means)


def _words(session: Session, keyholder: Keyholder, grant_id: str) -> str:
    try:
        return granting.open_words(session, keyholder, grant_id)
    except SealBroken:
        return ""


def _exclusion_words(session: Session, keyholder: Keyholder, one: Exclusion) -> str:
    if one.kind != ExclusionKind.WORDS:
        return ""
    try:
        return excluding.open_words(session, keyholder, one.id)
    except SealBroken:
        return ""


def _reasons(session: Session, keyholder: Keyholder, its_id: str) -> tuple[str, str, str]:
    try:
        return minors.open_reasons(session, keyholder, its_id)
    except SealBroken:
        return "", "", ""
