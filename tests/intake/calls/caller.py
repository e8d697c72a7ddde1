"""Somebody who calls: with keys, words or silence, through the part that leads calls."""

import secrets
from dataclasses import dataclass, field

from hotline.dialogue.calls.document import Document, Wait
from hotline.dialogue.calls.turns import Event, Heard
from hotline.intake.call_settings import Call
from tests.house import House

VOICE_LINE = "+15005550007"


@dataclass
class Caller:
    """One call. *hears* is the last document."""

    house: House
    sender: str = "+4915112345678"
    line: str = VOICE_LINE
    call_id: str = field(default_factory=lambda: "CA" + secrets.token_hex(16))
    hears: Document | None = None

    def dials(self) -> "Caller":
        return self._does(Heard())

    def presses(self, *keys: str) -> "Caller":
        for key in keys:
            self._does(Heard(self.step, digits=key))
        return self

    def says(self, words: str) -> "Caller":
        return self._does(Heard(self.step, speech=words))

    def is_silent(self, times: int = 1) -> "Caller":
        for _ in range(times):
            self._does(Heard(self.step))
        return self

    def meets(self, event: Event) -> "Caller":
        return self._does(Heard(self.step, event=event))

    def chooses(self, locale: str) -> "Caller":
        """Choose a language, wherever in the list it is offered."""
        while locale not in self.offered:
            self.presses("0")
        return self.presses(str(self.offered.index(locale) + 1))

    def hangs_up(self) -> "Caller":
        self.house.hotline.calls.ended(self.call_id, at=self.house.clock())
        return self

    def again(self, heard: Heard) -> Document:
        return self._answer(heard)

    @property
    def step(self) -> str:
        return self.hears.step if self.hears else ""

    @property
    def offered(self) -> list[str]:
        return [line.locale for line in self.hears.lines if line.prompt == "language"]

    @property
    def prompts(self) -> list[str]:
        return [line.prompt for line in self.hears.lines if line.prompt]

    @property
    def is_over(self) -> bool:
        return self.hears.then.wait is Wait.END

    def _does(self, heard: Heard) -> "Caller":
        self.house.clock.passes(seconds=2)
        self.hears = self._answer(heard)
        return self

    def _answer(self, heard: Heard) -> Document:
        call = Call(self.call_id, self.sender, self.line)
        return self.house.hotline.calls.answer(call, heard, at=self.house.clock())
