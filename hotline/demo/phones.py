"""What happens on phones: what they show, whether they are on, which of our lines they have closed.

A phone keeps what it showed, as phones do, also after the provider erased it.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.demo.texts import Text

_REMEMBERED = 500
WINDOW = timedelta(hours=24)
"""How long after somebody's last WhatsApp message one may write to them freely."""


@dataclass(frozen=True, slots=True, repr=False)
class Bubble:
    """What a phone shows. *is_mine* is what its owner typed; *media* how many pictures are with it."""

    text: str
    is_mine: bool
    at: datetime
    media: int = 0


class Phones:
    """Every phone there is, by its address; ``whatsapp:+1…`` is a phone of its own."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str], deque[Bubble]] = {}
        self._closed: set[tuple[str, str]] = set()
        self._wrote: dict[tuple[str, str], datetime] = {}
        self._off: set[str] = set()
        self._waiting: list[Text] = []
        self._guard = threading.Lock()

    def show(self, phone: str, line: str, bubble: Bubble) -> None:
        with self._guard:
            bubbles = self._shown.setdefault((phone, line), deque(maxlen=_REMEMBERED))
            bubbles.append(bubble)
            if bubble.is_mine:
                self._wrote[phone, line] = bubble.at

    def bubbles(self, phone: str, line: str) -> list[Bubble]:
        """Return what *phone* shows of its conversation with *line*, oldest first."""
        with self._guard:
            return list(self._shown.get((phone, line), ()))

    def close_line(self, phone: str, line: str) -> bool:
        """Let nothing from *line* reach *phone* any more; tell whether that is new."""
        with self._guard:
            is_new = (phone, line) not in self._closed
            self._closed.add((phone, line))
            return is_new

    def open_line(self, phone: str, line: str) -> bool:
        """Let what comes from *line* reach *phone* again; tell whether that is new."""
        with self._guard:
            was_closed = (phone, line) in self._closed
            self._closed.discard((phone, line))
            return was_closed

    def has_closed(self, phone: str, line: str) -> bool:
        return (phone, line) in self._closed

    def is_in_window(self, phone: str, line: str, at: datetime) -> bool:
        """Tell whether the owner wrote to *line* within the last day."""
        wrote = self._wrote.get((phone, line))
        return wrote is not None and at - wrote < WINDOW

    def is_off(self, phone: str) -> bool:
        return phone in self._off

    def switch_off(self, phone: str) -> None:
        with self._guard:
            self._off.add(phone)

    def switch_on(self, phone: str) -> list[Text]:
        """Switch *phone* on, and return what waited for it."""
        with self._guard:
            self._off.discard(phone)
        return self._take(lambda text: text.to == phone)

    def wait(self, text: Text) -> None:
        """Keep *text* until its phone is on."""
        with self._guard:
            self._waiting.append(text)

    def expired(self, at: datetime) -> list[Text]:
        """Return the texts that have waited for longer than they are valid; they wait no more."""
        if not self._waiting:
            return []
        return self._take(lambda text: at - text.created >= timedelta(seconds=text.validity))

    def _take(self, accepts: Callable[[Text], bool]) -> list[Text]:
        with self._guard:
            taken = [text for text in self._waiting if accepts(text)]
            self._waiting = [text for text in self._waiting if not accepts(text)]
            return taken
