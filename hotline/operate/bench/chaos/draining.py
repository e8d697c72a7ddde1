"""After the storm: nothing is served any more, and the driver does every job that is left, with a clock that runs ahead."""

import threading
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from hotline import worker
from hotline.contact.tables import erase_at_provider
from hotline.demo.loopback import serving
from hotline.factory import create_app
from hotline.jobs import ensure, hasten, jobs
from hotline.operate.bench.chaos.house import House
from hotline.operate.bench.chaos.people import Person, Words
from hotline.operate.bench.chaos.provider import Provider

_HANDS = 4
_STRIDE = timedelta(minutes=2)
_LONGEST = timedelta(days=6)
"""No text, number or question waits for longer than three days; what is left after six waits for nothing."""

_ROUNDS = 3


def drain(house: House, provider: Provider, people: list[Person], words: Words) -> None:
    """Do all that is left. Phones are on again, people answer what they were asked, and every wait is over at once."""
    app = create_app(house.hotline)
    with serving(app, house.port):
        for person in people:
            provider.switches_on(person.phone)
        _hasten(house)
        for _ in range(_ROUNDS):
            _works_off(house, provider)
            for person in people:
                person.answers_knock(provider, words)
            house.clock.ahead += _STRIDE
        start = house.clock()
        while (due := _next_due(house)) and due < start + _LONGEST:
            house.clock.reaches(max(due, house.clock() + _STRIDE))
            _works_off(house, provider)
        # What comes round by the clock comes round once more, and finds nothing.
        house.clock.ahead += timedelta(days=1, hours=1)
        _works_off(house, provider)
        house.clock.ahead += timedelta(minutes=20)
        _works_off(house, provider)


def stuck(house: House) -> set[str]:
    """Return the ids of what the provider is still asked to erase."""
    with house.hotline.store.read() as session:
        return set(session.execute(select(erase_at_provider.c.provider_id)).scalars())


def left_over(house: House, *, until: datetime | None = None) -> dict[str, int]:
    """Return how many jobs of each name are left, those apart that come round for ever.

    With *until*, those apart, too, that were never tried and are not due by then.
    """
    its: ColumnElement[bool] = jobs.c.name.not_in(list(worker.STANDING))
    if until:
        its &= or_(jobs.c.due_at <= until, jobs.c.tries > 0)
    with house.hotline.store.read() as session:
        rows = session.execute(select(jobs.c.name, func.count()).where(its).group_by(jobs.c.name))
        return {name: int(count) for name, count in rows}


def _hasten(house: House) -> None:
    """See that the jobs that come round are due now, as at every start."""
    names, at = list(worker.STANDING), house.clock()
    house.hotline.store.write(lambda session: ensure(session, names, at=at))
    house.hotline.store.write(lambda session: hasten(session, names, at=at))


def _works_off(house: House, provider: Provider) -> None:
    """Do what is due until nothing is, and until the provider has brought all of its news."""
    while _all_together(house):
        provider.settles()
    provider.settles()


def _all_together(house: House) -> int:
    done: list[int] = []

    def works() -> None:
        while count := worker.work_off(house.hotline):
            done.append(count)

    hands = [threading.Thread(target=works) for _ in range(_HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return sum(done)


def _next_due(house: House) -> datetime | None:
    """Return when the next job is due that does not come round for ever; a claim of someone killed runs out first."""
    rows = jobs.c
    with house.hotline.store.read() as session:
        found = session.execute(
            select(rows.due_at, rows.claimed_until).where(rows.name.not_in(list(worker.STANDING)))
        ).all()
    return min((max(filter(None, row)) for row in found), default=None)
