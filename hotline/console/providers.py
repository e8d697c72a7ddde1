"""How the house itself runs, as a page for operators: jobs, the provider, what a day costs, how old keys are.

Counts, names of settings and days: nothing of a report, no number, no secret. What asks the provider or looks at this
machine is `hotline doctor`, which runs where the house runs.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, g

from hotline import contact
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.console.speech import age_text, locale
from hotline.contact.spending import Caps, spent
from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.jobs.summing import LATE, JobKind, kinds
from hotline.parts import here
from hotline.vault.house import PERIOD

providers = room("providers", Right.STAFF)

_RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """The newest key of a desk at one depth, by the day on which it began; *is_due* where a new one should begin."""

    desk: str
    depth: str
    begun: str
    age: int
    is_due: bool


@providers.get("/health")
def show_health() -> Response:
    hotline, speaks, today = here(), locale(), day(g.at)
    config = hotline.config
    with hotline.store.read() as session:
        found = kinds(session, at=g.at)
        by_country = spent(session, day=today)
        unerased = contact.waiting(session)
    return show(
        "console/health.html",
        jobs=found,
        reconciles=_named(found, _RECONCILE),
        late_after=int(LATE / timedelta(minutes=1)),
        has_carrier=hotline.carrier is not None,
        unerased=sum(one.count for one in unerased),
        stuck=sum(one.stuck for one in unerased),
        spent=dict(sorted(by_country.items(), key=lambda one: (-one[1], one[0]))),
        caps=Caps.of(config),
        keys=_keys(),
        period=PERIOD.days,
        settings={
            "twilio": config.twilio is not None,
            "mail": config.mail is not None,
            "page_to": bool(config.page_to),
            "checkpoint_to": bool(config.checkpoint_to),
            "clamd": bool(config.clamd),
            "onion": bool(config.onion_url),
            "redis": bool(config.redis_url),
        },
        age=lambda since: age_text(abs(g.at - since), speaks),
    )


def _named(found: tuple[JobKind, ...], name: str) -> JobKind | None:
    return next((one for one in found if one.name == name), None)


def _keys() -> list[KeyPeriod]:
    """Return the newest key of each desk and depth, the oldest first."""
    newest = {}
    for epoch in sorted(here().keyring.roster.epochs, key=lambda one: one.number):
        newest[epoch.desk, epoch.depth] = epoch
    ages = {its: (g.at.date() - date.fromisoformat(its.begun)).days for its in newest.values()}
    found = [
        KeyPeriod(its.desk, its.depth, its.begun, max(0, age), age >= PERIOD.days)
        for its, age in ages.items()
    ]
    return sorted(found, key=lambda one: (-one.age, one.desk, one.depth))
