"""Fakes of ports. Each is checked against its port by a test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.contact.carrier import CarrierUnsure, ProviderMessage
from hotline.domain.report import Channel
from hotline.errors import HotlineError


@dataclass
class FakeCarrier:
    """A provider in memory.

    *settling* is how often it refuses to erase; *fails* are raised, one for each send; *loses* makes it
    send and then break off, so that the caller does not learn of it.
    """

    settling: int = 0
    fails: list[HotlineError] = field(default_factory=list)
    loses: int = 0
    sent: list[tuple[Channel, str, str, str]] = field(default_factory=list)
    erased: list[tuple[str, str]] = field(default_factory=list)
    held: list[ProviderMessage] = field(default_factory=list)

    def send(self, *, channel: Channel, to: str, body: str, line: str, ref: str) -> str:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append((channel, to, body, ref))
        if self.loses:
            self.loses -= 1
            raise CarrierUnsure
        return self._id(len(self.sent))

    def find_sent(self, *, channel: Channel, to: str, body: str, since: datetime) -> Sequence[str]:
        wanted = (channel, to, body)
        return [
            self._id(number) for number, text in enumerate(self.sent, start=1) if text[:3] == wanted
        ]

    def erase(self, kind: str, provider_id: str) -> bool:
        if self.settling:
            self.settling -= 1
            return False
        self.erased.append((kind, provider_id))
        return True

    def list_messages(self, *, since: datetime) -> Iterable[ProviderMessage]:
        return list(self.held)

    def _id(self, number: int) -> str:
        return f"SM{number:032x}"
