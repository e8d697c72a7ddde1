"""Who may know what: each yes that was given, in plain words, what was done with it, and the way to take it back.

What was told without a yes, to save a life or by law, stands there too, once staff say that this is safe; and what two of
staff decided for a child to tell, which can be taken back with all the rest. Only the page that code and code word open shows any of it, and never while staff doubt who holds the code: whoever forced both out of
somebody would learn whom we told. Taking back is always heeded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline import consent, handoff
from hotline.channels.web.body import Sent
from hotline.channels.web.naming import name_of
from hotline.channels.web.pages import day_in
from hotline.channels.web.returning import Conversation
from hotline.errors import NotFound
from hotline.leads.told import Told, told_for_child, told_with_grants
from hotline.parts import here
from hotline.reports.belonging import is_doubted
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.taking_back import take_back, take_back_all

ASK, SURE = "back", "back_sure"
ASK_ALL, SURE_ALL = "back_all", "back_all_sure"
"""What the form on the page says: asked, asked once more; of one yes, or of all."""

DECIDED = "decided"
"""The ground of what two of staff decided to tell for a child."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One yes as the page shows it; days are written as people of the page's language write them.

    *who* is the name of one office, empty for the group *kind* as a whole. Of investigators, *told* is the day on which
    they first learned something, *untold* the day since which it counts no more, *sees* says whether all of them
    see that at once where it is taken back; *passed* is what a place that helps was told.
    """

    id: str
    kind: str
    who: str
    fields: tuple[str, ...]
    state: str
    until: str
    told: str
    untold: str
    passed: tuple[str, ...]
    sees: bool

    @property
    def is_known(self) -> bool:
        """Tell whether anybody learned anything by it."""
        return bool(self.told or self.passed)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Somebody who was told without a yes: on which *ground*, *to* whom, of what, and on which day.

    *stands* says that it can be taken back still, as what was decided for a child.
    """

    ground: str
    to: str
    fields: tuple[str, ...]
    day: str
    stands: bool = False


def grants(found: Conversation, locale: str) -> tuple[Grant, ...]:
    """Return each yes of a conversation that the code word opened, the newest first."""
    if not found.is_whole:
        return ()
    at = here().clock()
    with here().store.read() as session:
        if is_doubted(session, found.report_id):
            return ()
        given = consent.of_report(session, found.report_id)
        told = told_with_grants(session, found.report_id)
        passed = _passed(session, found.report_id)
        names = {one.id: name_of(session, one.purpose, one.recipient) or "" for one in given}
    return tuple(
        _grant(
            one,
            names[one.id],
            told.get(one.id),
            _passed_on(one, passed),
            locale,
            at,
            sees=one.id in told and not _is_told_elsewhere(one, given, at),
        )
        for one in given
    )


def disclosures(found: Conversation, locale: str) -> tuple[Disclosed, ...]:
    """Return who was told without a yes, as far as staff let the person know, and by what was decided for a child."""
    if not found.is_whole:
        return ()
    with here().store.read() as session:
        if is_doubted(session, found.report_id):
            return ()
        told = consent.telling.of_report(session, found.report_id)
        decided = told_for_child(session, found.report_id)
        handed = _handed_without_yes(session, found.report_id)
    shown = [
        (one.day, Disclosed(one.ground, one.to, one.fields, day_in(one.day, locale)))
        for one in reversed(told)
        if one.shown_day
    ]
    shown += [
        (one.day, Disclosed(DECIDED, "", (), day_in(one.day, locale), not one.recalled_day))
        for one in decided
    ]
    shown += [
        (
            one.handed_day,
            Disclosed(DECIDED, "", one.fields, day_in(one.handed_day, locale), one.is_handed),
        )
        for one in handed
    ]
    return tuple(one for _, one in sorted(shown, key=lambda each: each[0], reverse=True))


def to_be_asked(sent: Sent, found: Conversation, locale: str) -> Grant | None:
    """Return the yes of which to ask once more before it is taken back; None where there is nothing to take back."""
    if sent.text("ask") != ASK:
        return None
    wanted = sent.text("grant")
    return next((one for one in _standing(found, locale) if one.id == wanted), None)


def all_to_be_asked(
    sent: Sent, found: Conversation, locale: str
) -> tuple[tuple[Grant, ...], bool] | None:
    """Return every yes of which to ask once more before all are taken back, and whether anybody sees that at once.

    None where that was not asked for, or nothing is there to take back.
    """
    if sent.text("ask") != ASK_ALL:
        return None
    given = _standing(found, locale)
    decided = [one for one in disclosures(found, locale) if one.stands]
    is_decided = bool(decided)
    # Whoever was handed something keeps it: there is no feed of ours in which they see it.
    sees = any(not one.fields for one in decided) or any(one.told for one in given)
    return (given, sees) if given or is_decided else None


def heed(sent: Sent, found: Conversation) -> str:
    """Take back what was asked for, where the word was right; return what came of it, in one word.

    Raises:
        Unavailable: it could not be done just now.
    """
    if not found.is_whole:
        return ""
    if sent.text("ask") == SURE and sent.text("grant"):
        return _heed_one(found.report_id, sent.text("grant"))
    return _heed_all(found.report_id) if sent.text("ask") == SURE_ALL else ""


def _heed_one(report_id: str, wanted: str) -> str:
    at = here().clock()
    try:
        here().store.write(
            lambda session: take_back(session, report_id, wanted, by=REPORTER, at=at)
        )
    except NotFound:
        # Of another report, or erased meanwhile: there is nothing here to take back.
        return ""
    with here().store.read() as session:
        its = [one for one in consent.of_report(session, report_id) if one.id == wanted]
        told = told_with_grants(session, report_id)
        return _came_of(session, report_id, its, [told[one.id] for one in its if one.id in told])


def _heed_all(report_id: str) -> str:
    """Take back every yes, in one transaction: all of them, or none."""
    at = here().clock()
    here().store.write(lambda session: take_back_all(session, report_id, by=REPORTER, at=at))
    with here().store.read() as session:
        given = consent.of_report(session, report_id)
        told = [*told_with_grants(session, report_id).values(), *told_for_child(session, report_id)]
        handed = _handed_without_yes(session, report_id)
        is_known = bool(given or told or handed)
        came = _came_of(session, report_id, given, told, has_handed=bool(handed))
        return f"all_{came}" if is_known else ""


def _came_of(
    session: Session,
    report_id: str,
    taken: list[consent.Grant],
    told: list[Told],
    *,
    has_handed: bool = False,
) -> str:
    """Say who knew something by the yeses that were *taken*: investigators, who all see it now; others; nobody.

    *has_handed* says that an organization was told without a yes, because two of staff decided that.

    In doubt nobody is recalled yet, and whoever asks need not learn that anybody knows.
    """
    if is_doubted(session, report_id):
        return "taken"
    if told and not has_handed and all(one.recalled_day for one in told):
        return "untold"
    passed = _passed(session, report_id)
    is_known = told or has_handed or any(_passed_on(one, passed) for one in taken)
    return "known" if is_known else "taken"


def _passed(session: Session, report_id: str) -> dict[str, tuple[str, ...]]:
    """Return what each organization was told, by its id."""
    told: dict[str, tuple[str, ...]] = {}
    for one in handoff.offers(session, report_id):
        told[one.organization_id] = tuple(
            dict.fromkeys((*told.get(one.organization_id, ()), *one.fields))
        )
    return told


def _handed_without_yes(session: Session, report_id: str) -> list[handoff.Offer]:
    """Return what an organization was told of whom the person was never asked: two of staff decided that for a child."""
    given = consent.of_report(session, report_id)
    asked = {one.recipient for one in given if one.purpose == consent.Purpose.HANDOFF}
    made = handoff.offers(session, report_id)
    return [one for one in made if one.handed_day and one.organization_id not in asked]


def _passed_on(given: consent.Grant, passed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return passed.get(given.recipient, ()) if given.purpose == consent.Purpose.HANDOFF else ()


def _is_told_elsewhere(given: consent.Grant, others: list[consent.Grant], at: datetime) -> bool:
    """Tell whether one of a group may know it by a yes of its own, where that to the group is taken back."""
    return given.recipient == consent.INVESTIGATORS and any(
        one.purpose == given.purpose and one.id != given.id and one.stands(at=at) for one in others
    )


def _standing(found: Conversation, locale: str) -> tuple[Grant, ...]:
    return tuple(one for one in grants(found, locale) if one.state == "yes")


def _grant(
    given: consent.Grant,
    who: str,
    told: Told | None,
    passed: tuple[str, ...],
    locale: str,
    at: datetime,
    *,
    sees: bool,
) -> Grant:
    return Grant(
        id=given.id,
        kind=given.purpose,
        who=who,
        fields=given.fields,
        state="back" if given.revoked_day else "yes" if given.stands(at=at) else "over",
        until=day_in(given.expires_day, locale),
        told=day_in(told.day, locale) if told else "",
        untold=day_in(told.recalled_day, locale) if told and told.recalled_day else "",
        passed=passed,
        sees=sees,
    )
