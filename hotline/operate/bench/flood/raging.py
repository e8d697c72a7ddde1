"""Sends a flood, and people in need into it, each at their moment."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hotline.operate.bench.flood.browser import Browser
from hotline.operate.bench.flood.junk import Junk, Piece
from hotline.operate.bench.flood.people import Person, crowd

_SENDERS = 192


@dataclass
class Came:
    """What came of what was sent. *late* is how much later than due it left at most: that is the sender's fault."""

    sent: int = 0
    late: float = 0.0
    codes: list[str] = field(default_factory=list)
    unanswered: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, code: str | None, late: float) -> None:
        with self.guard:
            self.sent += 1
            self.late = max(self.late, late)
            if code is None:
                self.unanswered += 1
            elif code:
                self.codes.append(code)


@dataclass
class Crew:
    """Whoever sends to the hotline on *port*, and gives up after *patience* seconds."""

    port: int
    letters: random.Random
    patience: float

    def browser(self) -> Browser:
        return Browser(self.port, self.patience)

    def warms_up(self) -> None:
        """Let a few people of many languages write at once before anything is counted: whatever serves reads its word
        lists."""
        writers = [
            threading.Thread(target=person.writes, args=(self.browser(),))
            for person in crowd(self.letters, 12)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

    def floods(self, junk: int, seconds: float, people: int) -> tuple[Came, list[Person]]:
        """Send *junk* pieces within *seconds*, and let *people* write meanwhile, all at random moments."""
        persons, maker = crowd(self.letters, people), Junk(self.letters)
        start = time.monotonic() + 0.5
        moments = sorted(start + self.letters.uniform(0, seconds) for _ in range(junk))
        writers = [
            threading.Thread(
                target=self._writes,
                args=(start + self.letters.uniform(0.1, 0.9) * seconds, person),
            )
            for person in persons
        ]
        for writer in writers:
            writer.start()
        came = self._send(moments, maker.piece)
        for writer in writers:
            writer.join()
        return came, persons

    def uploads(self, number: int) -> tuple[Came, list[Person]]:
        """Send *number* files as fast as they are taken, while a few people write."""
        persons, maker = crowd(self.letters, max(1, number // 1000)), Junk(self.letters)
        over = threading.Event()

        def write() -> None:
            for person in persons:
                over.wait(1.0)
                person.writes(self.browser())

        writer = threading.Thread(target=write)
        writer.start()
        came = self._send([0.0] * number, maker.upload)
        over.set()
        writer.join()
        return came, persons

    def _writes(self, moment: float, person: Person) -> None:
        time.sleep(max(0.0, moment - time.monotonic()))
        person.writes(self.browser())

    def _send(self, moments: list[float], make: Callable[[], Piece]) -> Came:
        """Make and send a piece at each of *moments*, which are in order."""
        came, due = Came(), moments[::-1]

        def work() -> None:
            while True:
                with came.guard:
                    if not due:
                        return
                    moment, piece = due.pop(), make()
                time.sleep(max(0.0, moment - time.monotonic()))
                late = max(0.0, time.monotonic() - moment) if moment else 0.0
                came.note(piece(self.browser()), late)

        senders = [threading.Thread(target=work) for _ in range(_SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        return came
