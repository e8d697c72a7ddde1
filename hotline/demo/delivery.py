"""The way of a text of ours: from the interface to a phone, with each step reported."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hotline.demo.couriers import Couriers
from hotline.demo.faults import faults
from hotline.demo.forms import news
from hotline.demo.orders import WHATSAPP
from hotline.demo.phones import Bubble, Phones
from hotline.demo.terms import Terms
from hotline.demo.texts import Text
from hotline.demo.weather import Weather
from hotline.demo.webhooks import Webhooks

EXPIRED = 30036
NOT_IN_WINDOW = 63016
_ARRIVES = ("sending", "sent", "delivered")
_SHOWN = frozenset({"sent", "delivered", "read"})


@dataclass
class Course:
    """What is to become of one text: its statuses to come, and the code that it ends with."""

    steps: Sequence[str]
    code: int | None = None

    @classmethod
    def of(cls, word: str) -> "Course":
        """Return the course that a word of the weather means; most texts arrive."""
        if word.isdecimal():
            fate = faults().fates[int(word)]
            before = ("sending", "sent") if fate.status == "undelivered" else ("sending",)
            return cls((*before, fate.status), fate.code)
        if word == "stuck":
            return cls(_ARRIVES[:-1])
        return cls((*_ARRIVES, "read") if word == "read" else _ARRIVES)

    @property
    def reaches(self) -> bool:
        """Tell whether the phone shows the text."""
        return self.steps[-1] in _SHOWN


@dataclass
class Delivery:
    """Takes texts to phones."""

    account_sid: str
    weather: Weather
    terms: Terms
    phones: Phones
    couriers: Couriers
    webhooks: Webhooks
    clock: Callable[[], datetime]
    _held: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def starts(self, text: Text, *, is_template: bool = False) -> None:
        """Send *text* on its way."""
        course = self._course(text, is_template=is_template)
        if text.status == "accepted":
            course = Course(("queued", *course.steps), course.code)
        self._goes_on(text, course, 0)

    def replies(self, text: Text) -> None:
        """Take a text to its phone at once: it is the answer of a webhook, and nobody is told of its way."""
        course = self._course(text, is_template=False)
        for status in course.steps:
            self._reaches(text, status, course)

    def resumes(self, text: Text) -> None:
        """Take to its phone what waited until that was on, unless it waited too long."""
        self._end_of_waiting(text, is_expired=self._has_expired(text))

    def expires(self) -> None:
        """Give up the texts that wait for a phone and are valid no longer."""
        for text in self.phones.expired(self.clock()):
            self._end_of_waiting(text, is_expired=True)

    def _course(self, text: Text, *, is_template: bool) -> Course:
        word = self.weather.at("courses", text.to)
        if not word and text.to.startswith(WHATSAPP) and not is_template:
            is_free = self.phones.is_in_window(text.to, text.sender, self.clock())
            word = "" if is_free else str(NOT_IN_WINDOW)
        if word == "off":
            self.phones.switch_off(text.to)
        return Course.of(word)

    def _goes_on(self, text: Text, course: Course, step: int) -> None:
        if step < len(course.steps):
            does = partial(self._takes_step, text, course, step)
            self.couriers.send(does, after=self.weather.pace)

    def _takes_step(self, text: Text, course: Course, step: int) -> None:
        status = course.steps[step]
        if status == "delivered" and self.phones.is_off(text.to):
            self.phones.wait(text)
            self.couriers.send(self.expires, after=text.validity, is_awaited=False)
            self._minds_switch(text)
            return
        self._reaches(text, status, course)
        self._tells(text)
        self._goes_on(text, course, step + 1)

    def _minds_switch(self, text: Text) -> None:
        """Look once more: the phone may have been switched on while *text* sat down to wait."""
        if not self.phones.is_off(text.to):
            for waiting in self.phones.switch_on(text.to):
                self.resumes(waiting)

    def _end_of_waiting(self, text: Text, *, is_expired: bool) -> None:
        course = Course.of(str(EXPIRED) if is_expired else "")
        does = partial(self._takes_step, text, course, len(course.steps) - 1)
        self.couriers.send(does)

    def _has_expired(self, text: Text) -> bool:
        return (self.clock() - text.created).total_seconds() >= text.validity

    def _reaches(self, text: Text, status: str, course: Course) -> None:
        """Note that *text* is *status* now; the phone shows it with the last step that is sure to come."""
        if status == "sent":
            text.sent, text.carried = self.clock(), text.body
        is_last = status == course.steps[-1]
        if course.reaches and (status == "delivered" or (is_last and status == "sent")):
            bubble = Bubble(text.carried, False, self.clock(), text.media)
            self.phones.show(text.to, text.sender, bubble)
        if is_last:
            text.error_code = course.code
        if status in ("delivered", "undelivered", "failed"):
            # A text that never left costs nothing.
            text.price = 0.0 if status == "failed" else self.terms.price * text.parts
        text.status = status

    def _tells(self, text: Text) -> None:
        """Call back with the status of *text*, unless the callback is lost, late, or waits for the next one."""
        if not text.status_callback:
            return
        fields = news(text, self.account_sid, at=self.clock())
        word = self.weather.at("callbacks", text.to)
        tell = partial(self.webhooks.tell, text.status_callback, fields)
        if word == "late":
            self.couriers.send(tell, after=self.weather.lateness)
        elif word == "swapped" and not text.is_final:
            with self._guard:
                self._held.setdefault(text.sid, []).append(fields)
        else:
            for _ in range({"lost": 0, "twice": 2}.get(word, 1)):
                tell()
            self._tells_held(text)

    def _tells_held(self, text: Text) -> None:
        with self._guard:
            held = self._held.pop(text.sid, [])
        for fields in held:
            self.webhooks.tell(text.status_callback, fields)
