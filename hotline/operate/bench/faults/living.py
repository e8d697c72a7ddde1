"""What goes on while something fails: people text and are answered, others text without an end, leads go out and are read.

Afterwards there is quiet: the house's own workers catch up, and what waits for a time to pass has it pass.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, or_, select

from hotline import worker
from hotline.errors import HotlineError, Unavailable
from hotline.jobs import jobs
from hotline.operate.bench.chaos.desk import Desk
from hotline.operate.bench.chaos.draining import left_over, stuck
from hotline.operate.bench.chaos.people import OPEN, Person, Words
from hotline.operate.bench.chaos.storm import Street
from hotline.operate.bench.faults.feeding import Feeding
from hotline.operate.bench.faults.hosts import Hosts
from hotline.operate.bench.faults.texting import Texting
from hotline.operate.bench.rig import LINE

_ROUNDS, _DEAD_AFTER = 20, 4.0
_STRIDE = timedelta(minutes=6)
"""A claim of somebody who was killed is over then, and what the provider could not bring is looked for."""


class Caller(Person):
    """Somebody who stays at their phone."""

    @property
    def is_away(self) -> bool:
        return False


@dataclass
class Life:
    """All who use the house at *hosts*; *pace* is the pause of each between two things they do, in seconds."""

    hosts: Hosts
    texting: Texting
    feeding: Feeding
    desk: Desk
    words: Words
    pace: float
    people: list[Person] = field(default_factory=list)
    known: int = 0

    @classmethod
    def of(cls, hosts: Hosts, *, pace: float) -> "Life":
        house = hosts.house
        texting = Texting(house.port, (house.folder / "token").read_text())
        texting.brings(texting.text())
        words, desk = Words.of(house.hotline.languages), Desk(house, hosts.provider)
        return cls(hosts, texting, Feeding.of(hosts), desk, words, pace)

    @contextmanager
    def goes_on(self, callers: int) -> Iterator[None]:
        """Let all of it go on meanwhile, with so many *callers* who did not call before."""
        street = Street(self.hosts.provider, self.words, self.pace)
        self.people = [caller(self.known + number) for number in range(callers)]
        self.known += callers
        self.desk.decisions.clear()
        street.fills(self.people, random.Random())
        for one in (self.texting, self.feeding):
            one.is_over.clear()
        works = [lambda: self.texting.goes_on(self.pace)] * 2
        works += [lambda: self.feeding.goes_on(self.pace), lambda: self._answers(street)]
        works += [street.walks] * 2
        threads = [threading.Thread(target=work) for work in works]
        leads = len(self.feeding.published)
        for thread in threads:
            thread.start()
        try:
            until(lambda: len(self.feeding.published) > leads)
            yield
        finally:
            for one in (self.texting, self.feeding):
                one.is_over.set()
            street.empties()
            for thread in threads:
                thread.join()

    def settles(self) -> float:
        """Wait until all is done; return after how many seconds the house's own workers had caught up."""
        self.hosts.opens()
        took = self._catches_up()
        for _ in range(_ROUNDS):
            self._rests()
            self.hosts.passes(_STRIDE)
            # Each process does so once in a minute of the wall.
            worker.come_on_time(self.hosts.house.hotline)
            self._looks_at_desk()
            self._works_off()
            if self._is_quiet():
                return took
            for person in filter(self.desk.waits_for, self.people):
                person.says_safe(self.hosts.provider)
        return took

    def _answers(self, street: Street) -> None:
        while street.left > 0:
            self._looks_at_desk()
            time.sleep(self.pace)

    def _looks_at_desk(self) -> None:
        try:
            with self.hosts.guard:
                self.desk.looks_around()
                for person in self.people:
                    self.desk.answers(person)
        except HotlineError:
            # Nothing can be seen now; they look again.
            return

    def _catches_up(self) -> float:
        start = time.monotonic()
        until(lambda: not self._due())
        return time.monotonic() - start

    def _rests(self) -> None:
        """Wait until no worker is at anything: time that is made to pass would take from it what it holds.

        What stays held for seconds is of somebody who was killed.
        """
        held, since = self._held(), time.monotonic()
        while held and time.monotonic() - since < _DEAD_AFTER:
            time.sleep(0.1)
            if (now := self._held()) != held:
                held, since = now, time.monotonic()

    def _held(self) -> set[str]:
        claims = select(jobs.c.id).where(jobs.c.claimed_until > self.hosts.house.clock())
        with self.hosts.house.hotline.store.read() as session:
            return set(session.execute(claims).scalars())

    def _due(self) -> int:
        """Return how many jobs somebody should be doing by now. A claim that is not over may be of somebody killed."""
        rows, at = jobs.c, self.hosts.house.clock()
        is_free = or_(rows.claimed_until.is_(None), rows.claimed_until <= at)
        due = select(func.count()).where(rows.due_at <= at, is_free)
        with self.hosts.house.hotline.store.read() as session:
            return int(session.execute(due).scalar_one())

    def _is_quiet(self) -> bool:
        """Tell whether nothing is to be done before some later day: no text is under way, and nothing lies at the provider."""
        house = self.hosts.house
        waits = left_over(house, until=house.clock()) or stuck(house)
        are_waiting = any(map(self.desk.waits_for, self.people))
        return not (waits or are_waiting or self.hosts.provider.holds()["messages"])

    def _works_off(self) -> None:
        """Do what is due beside the workers, who look by the clock of the wall."""
        while worker.work_off(self.hosts.house.hotline):
            self.hosts.provider.settles()


def until(condition: Callable[[], bool], seconds: float = 180) -> None:
    """Wait until *condition* holds.

    Raises:
        Unavailable: it does not come to hold.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Unavailable("it does not go on")
        time.sleep(0.05)


def caller(number: int) -> Person:
    """Return somebody who says at once that it is safe, with a phone of their own."""
    return Caller(
        phone=f"+1415{3_000_000 + number}",
        line=LINE,
        kind=OPEN,
        chance=random.Random(),
        patience=8,
        to_tell=2,
    )
