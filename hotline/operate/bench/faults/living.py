"""What goes on while something fails: people text and are answered, others text without an end, leads go out and are read.

Afterwards there is quiet: the house's own workers catch up, and what waits for a time to pass has it pass.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

_PATIENCE, _ROUNDS = 180.0, 20
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
    people: list[Person]
    pace: float

    @classmethod
    def of(cls, hosts: Hosts, *, pace: float) -> "Life":
        house = hosts.house
        texting = Texting(house.port, (house.folder / "token").read_text())
        texting.answered.append((text := texting.text(), texting.brings(text)))
        words, desk = Words.of(house.hotline.languages), Desk(house, hosts.provider)
        return cls(hosts, texting, Feeding.of(hosts), desk, words, [], pace)

    @contextmanager
    def goes_on(self, callers: int, *, senders: int = 2) -> Iterator[None]:
        """Let all of it go on meanwhile, with so many new *callers*."""
        street = Street(self.hosts.provider, self.words, self.pace)
        known = len(self.people)
        newcomers = [_caller(known + number) for number in range(callers)]
        self.people += newcomers
        street.fills(newcomers, random.Random())
        for one in (self.texting, self.feeding):
            one.is_over.clear()
        works = [lambda: self.texting.goes_on(self.pace)] * senders
        works += [lambda: self.feeding.goes_on(self.pace), lambda: self._answers(street, newcomers)]
        works += [street.walks] * 3
        threads = [threading.Thread(target=work) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for one in (self.texting, self.feeding):
                one.is_over.set()
            street.empties()
            for thread in threads:
                thread.join()

    def settles(self) -> float:
        """Wait until all is done; return after how many seconds the house's own workers had caught up."""
        took = self._catches_up()
        for _ in range(_ROUNDS):
            self.hosts.passes(_STRIDE)
            self._looks_at_desk(self.people)
            self._works_off()
            if self._is_quiet():
                return took
            for person in filter(self.desk.waits_for, self.people):
                person.says_safe(self.hosts.provider)
        return took

    def _answers(self, street: Street, people: list[Person]) -> None:
        while street.left > 0:
            self._looks_at_desk(people)
            time.sleep(self.pace)

    def _looks_at_desk(self, people: list[Person]) -> None:
        try:
            with self.hosts.guard:
                self.desk.looks_around()
                for person in people:
                    self.desk.answers(person)
        except HotlineError:
            # Nothing can be seen now; they look again.
            return

    def _catches_up(self) -> float:
        start = time.monotonic()
        while self._due():
            if time.monotonic() - start > _PATIENCE:
                raise Unavailable("the workers do not catch up")
            time.sleep(0.1)
        return time.monotonic() - start

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
        return not waits and not self.hosts.provider.holds()["messages"]

    def _works_off(self) -> None:
        """Do what is due beside the workers, who look by the clock of the wall."""
        while worker.work_off(self.hosts.house.hotline):
            self.hosts.provider.settles()


def _caller(number: int) -> Person:
    return Caller(
        phone=f"+1415{3_000_000 + number}",
        line=LINE,
        kind=OPEN,
        chance=random.Random(),
        patience=8,
        to_tell=2,
    )
