"""The storm itself: many people text at once, caseworkers answer, and what serves them is killed again and again."""

import heapq
import random
import threading
import time
from dataclasses import dataclass, field

from hotline.errors import HotlineError
from hotline.operate.bench.chaos.desk import Desk
from hotline.operate.bench.chaos.house import House
from hotline.operate.bench.chaos.people import Person, Words
from hotline.operate.bench.chaos.provider import Provider

_AFTER = 4


@dataclass
class Street:
    """Whose turn it is to look at their phone; many do at the same time."""

    provider: Provider
    words: Words
    pause: float
    _turns: list[tuple[float, int, Person]] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    left: int = 0
    failed: list[str] = field(default_factory=list)

    def fills(self, people: list[Person], chance: random.Random) -> None:
        start = time.monotonic()
        spread = self.pause * len(people) / 20
        for number, person in enumerate(people):
            heapq.heappush(self._turns, (start + chance.uniform(0, spread), number, person))
        self.left = len(people)

    def walks(self) -> None:
        """Let one after the other have their turn, until nobody has anything left to do."""
        while self.left > 0:
            turn = self._next()
            if turn is None:
                time.sleep(0.02)
                continue
            number, person = turn
            if self._has_turn(person):
                with self._guard:
                    due = time.monotonic() + person.chance.uniform(0.5, 1.5) * self.pause
                    heapq.heappush(self._turns, (due, number, person))
            else:
                with self._guard:
                    self.left -= 1

    def empties(self) -> None:
        """Let everybody put their phone away."""
        with self._guard:
            self._turns.clear()
            self.left = 0

    def _has_turn(self, person: Person) -> bool:
        try:
            return person.looks(self.provider, self.words)
        except HotlineError as error:
            self.failed.append(str(error))
            return False

    def _next(self) -> tuple[int, Person] | None:
        with self._guard:
            if not self._turns or self._turns[0][0] > time.monotonic():
                return None
            _, number, person = heapq.heappop(self._turns)
            return number, person


def rage(
    house: House,
    street: Street,
    desk: Desk,
    people: list[Person],
    *,
    kills: int,
    calm: float,
    chance: random.Random,
    walkers: int = 16,
) -> int:
    """Let everything happen at once, and return how often something was killed; *calm* is how long, in seconds at
    most, nothing is killed in between."""
    street.fills(people, chance)
    threads = [threading.Thread(target=street.walks) for _ in range(walkers)]
    threads.append(threading.Thread(target=_answer, args=(desk, street, people)))
    for thread in threads:
        thread.start()
    killed, end = 0, float("inf")
    while time.monotonic() < end and (street.left > 0 or desk.unsent()):
        time.sleep(chance.uniform(0.3, 1) * calm)
        if street.left <= 0:
            # Answers that are still to go out meet the storm, too, but not for ever.
            end = min(end, time.monotonic() + _AFTER * calm)
        if killed < kills:
            house.loses(chance)
            killed += 1
    for thread in threads:
        thread.join()
    return killed


def _answer(desk: Desk, street: Street, people: list[Person]) -> None:
    """Answer while there are people, and once more what the last of them said."""
    is_over = False
    while not is_over:
        is_over = street.left <= 0
        try:
            desk.looks_around()
            for person in people:
                desk.answers(person)
        except HotlineError as error:
            street.failed.append(str(error))
        time.sleep(0.1)
