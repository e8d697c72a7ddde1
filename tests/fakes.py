"""Fakes of ports. Each is checked against its port by a test."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hotline.contact.carrier import (
    CarrierBusy,
    CarrierRefused,
    CarrierUnsure,
    Held,
    ProviderFile,
    ProviderMessage,
)
from hotline.domain.report import Channel
from hotline.errors import HotlineError

_LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class FakeCall:
    """A call as it was asked for."""

    to: str
    line: str
    path: str
    detects_machine: bool
    seconds: int


@dataclass
class FakeCarrier:
    """A provider in memory.

    *settling* is how often it refuses to erase; *fails* are raised, one for each send or call; *loses* makes it
    send or call and then break off, so that the caller does not learn of it; *kills* ends the caller
    ``before the call`` or ``after the call``, as a power cut would. *holds* is what else it has, and since when.
    By its own clock it took every text at *took_at*.
    """

    settling: int = 0
    fails: list[HotlineError] = field(default_factory=list)
    loses: int = 0
    kills: str = ""
    killed_by: type[BaseException] = KeyboardInterrupt
    out_of_reach: bool = False
    lookups: int = 0
    on_send: Callable[[], object] = lambda: None
    sent: list[tuple[Channel, str, str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    erased: list[tuple[str, str]] = field(default_factory=list)
    spans: list[timedelta] = field(default_factory=list)
    templates: list[bool] = field(default_factory=list)
    price: str = ""
    took_at: datetime = _LATER
    held: list[ProviderMessage] = field(default_factory=list)
    holds: list[tuple[datetime, Held]] = field(default_factory=list)
    files: dict[str, list[ProviderFile]] = field(default_factory=dict)
    recordings: dict[str, Iterable[bytes]] = field(default_factory=dict)
    calls: list[FakeCall] = field(default_factory=list)
    hung_up: list[str] = field(default_factory=list)

    def send(
        self,
        *,
        channel: Channel,
        to: str,
        body: str,
        line: str,
        ref: str,
        valid_for: timedelta,
        template: bool = False,
    ) -> str:
        self._die("before the call")
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append((channel, to, body, ref))
        self.lines.append(line)
        self.spans.append(valid_for)
        self.templates.append(template)
        self.on_send()
        self._die("after the call")
        if self.loses:
            self.loses -= 1
            raise CarrierUnsure
        return self._id(len(self.sent))

    def find_sent(self, *, channel: Channel, to: str, body: str, since: datetime) -> Sequence[str]:
        if self.out_of_reach:
            raise CarrierBusy
        self.lookups += 1
        return [
            self._id(number)
            for number, text in enumerate(self.sent, start=1)
            if text[:2] == (channel, to) and body in ("", text[2]) and since <= self.took_at
        ]

    def call(
        self,
        *,
        to: str,
        line: str,
        url_path: str,
        ref: str,
        detects_machine: bool,
        seconds: int,
    ) -> str:
        self._die("before the call")
        if self.fails:
            raise self.fails.pop(0)
        self.calls.append(FakeCall(to, line, f"{url_path}/{ref}", detects_machine, seconds))
        self._die("after the call")
        if self.loses:
            self.loses -= 1
            raise CarrierUnsure
        return call_id(len(self.calls))

    def find_calls(self, *, to: str, since: datetime) -> Sequence[str]:
        if self.out_of_reach:
            raise CarrierBusy
        self.lookups += 1
        return [call_id(place) for place, one in enumerate(self.calls, start=1) if one.to == to]

    def hang_up(self, provider_id: str) -> None:
        if self.out_of_reach:
            raise CarrierBusy
        self.hung_up.append(provider_id)

    def price_of(self, provider_id: str) -> str:
        if self.out_of_reach:
            raise CarrierBusy
        return self.price

    def erase(self, kind: str, provider_id: str) -> bool:
        if self.settling:
            self.settling -= 1
            return False
        self.erased.append((kind, provider_id))
        return True

    def list_messages(self, *, since: datetime) -> Iterable[ProviderMessage]:
        if self.out_of_reach:
            raise CarrierBusy
        return list(self.held)

    def list_held(self, *, before: datetime) -> Iterable[Held]:
        if self.out_of_reach:
            raise CarrierBusy
        return [held for since, held in self.holds if since < before]

    def fetch_media(self, message_id: str) -> Iterable[ProviderFile]:
        if self.out_of_reach:
            raise CarrierBusy
        return list(self.files.get(message_id, []))

    def fetch_recording(self, recording_id: str) -> Iterable[bytes]:
        if self.out_of_reach:
            raise CarrierBusy
        if recording_id not in self.recordings:
            raise CarrierRefused
        return self.recordings[recording_id]

    def _die(self, moment: str) -> None:
        if self.kills == moment:
            raise self.killed_by

    def _id(self, number: int) -> str:
        return f"SM{number:032x}"


def call_id(place: int) -> str:
    """Return the id of a fake's call, by its place among them."""
    return f"CA{place:032x}"
