"""The provider as far as it is about calls: phones call our lines, we call phones, and what is recorded is kept."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from hotline.config import TwilioSettings
from hotline.demo.calling import Exchange, Handset, forms
from hotline.demo.calling.leg import Told
from hotline.demo.calling.orders import CallCounter, CallOrder
from hotline.demo.calls import OUTBOUND, Call, Recording
from hotline.demo.couriers import Couriers
from hotline.demo.shelf import Shelf
from hotline.demo.terms import Door, Line
from hotline.demo.weather import Weather
from hotline.demo.webhooks import Webhooks

RETRIES = "#rc=3&rp=5xx,ct,rt"


class Voice:
    """Calls of an account. *lines* are its numbers; *finds_line* knows where calls to them go."""

    def __init__(
        self, settings: TwilioSettings, public_url: str, clock: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.public_url = public_url
        self.clock = clock
        self.lines: set[str] = set()
        self.weather = Weather()
        self.webhooks = Webhooks(settings.auth_token, self.weather)
        self.finds_line: Callable[[str], Line | None] = lambda _: None
        self.may_dial: Callable[[str], bool] = lambda _: True
        self.calls: Shelf[Call] = Shelf()
        self.recordings: Shelf[Recording] = Shelf()
        self._couriers = Couriers()
        self.call_counter = CallCounter(self.lines, lambda country: self.may_dial(country))
        self.exchange = Exchange(
            settings.account_sid,
            calls=self.calls,
            recordings=self.recordings,
            webhooks=self.webhooks,
            weather=self.weather,
            couriers=self._couriers,
            clock=lambda: self.clock(),
        )

    def dial(self, *, sender: str, line: str, phone: str = "") -> Handset:
        """Let a phone call one of our lines, and return that phone.

        *sender* is what the provider tells of its number: also a SIP address, or a word in the place of a number
        that is withheld; then *phone* is the number that it really has.
        """
        self.lines.add(line)
        called = self.line(line)
        told = Told(called.status_callback)
        return self.exchange.dial(
            sender=sender, line=line, door=called.door, told=told, phone=phone or sender
        )

    def call_us(
        self, *, sender: str, line: str, seconds: int = 60, status: str = "completed"
    ) -> str:
        """Keep the record of a call to one of our lines, and return its id; nothing is said in it."""
        call = self.calls.keep(Call(sender, line, "in-progress", created=self.clock()))
        if status == "in-progress":
            return call.sid
        call.ends(self.clock(), seconds=seconds, status=status)
        return call.sid

    def hang_up(self, sid: str, *, seconds: int = 60) -> None:
        """End a call."""
        if not self.exchange.ends(sid) and (call := self.calls.find(sid)):
            call.ends(self.clock(), seconds=seconds)

    def record(
        self,
        call_sid: str,
        *,
        seconds: int = 3,
        content: bytes = b"",
        after: float = 0.0,
        callback: str = "",
    ) -> str:
        """Keep a recording of a call, and return its id; *after* seconds it is complete, and *callback* is told."""
        status = "processing" if after else "completed"
        recording = Recording(call_sid, seconds, status, content, created=self.clock())
        self.recordings.keep(recording)
        self._couriers.send(partial(self._completes, recording, callback), after=after)
        return recording.sid

    def call(self, order: CallOrder) -> Call:
        """Take a call to a phone, which begins to ring; return the call as it was when it was taken.

        Raises:
            Refused: the provider does not take it.
        """
        self.call_counter.accepts(order)
        call = Call(order.sender, order.to, "queued", created=self.clock(), direction=OUTBOUND)
        self.exchange.places(call, order.ask(), fallback=order.fallback, told=order.told())
        return call

    def line(self, number: str) -> Line:
        """Return where calls to *number* go, as the account says or as is usual."""
        usual = Door(
            f"{self.public_url}/twilio/voice{RETRIES}",
            f"{self.public_url}/twilio/fallback{RETRIES}",
        )
        return self.finds_line(number) or Line(
            usual, f"{self.public_url}/twilio/voice/status{RETRIES}"
        )

    def _completes(self, recording: Recording, callback: str) -> None:
        recording.status = "completed"
        call = self.calls.find(recording.call_sid)
        if callback and call:
            fields = forms.recording(recording, call, self.settings.account_sid)
            self.webhooks.tell(callback, fields)
