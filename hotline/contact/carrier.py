"""What we need of a provider of messages, and the ways in which it can fail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import HotlineError, Unavailable


class CarrierRefused(HotlineError):
    """The provider will never send this. *ref* is its error code."""

    default_message = "the provider refuses to send this"


class ReporterOptedOut(CarrierRefused):
    """The reporter's line is closed to us: they, or whoever holds the phone, wrote STOP."""

    default_message = "the provider says that this line is closed"


class CarrierBusy(Unavailable):
    """The provider did not do it; asking again later may help."""

    default_message = "the provider cannot do this now"


class CarrierUnsure(Unavailable):
    """The call broke off: the provider may have done it or not."""

    default_message = "the provider did not say whether it did this"


@dataclass(frozen=True, slots=True, repr=False)
class ProviderMessage:
    """A text that the provider still holds: from a reporter, or (*incoming* is None) an answer of ours."""

    provider_id: str
    incoming: IncomingMessage | None

    def __repr__(self) -> str:
        return "<ProviderMessage>"


class Carrier(Protocol):
    """A provider that takes texts to phones."""

    def send(self, *, channel: Channel, to: str, body: str, line: str, ref: str) -> str:
        """Hand over *body* for *to*, and return the provider's id of it.

        It comes from *line*, the number that the reporter wrote to, or from the usual one when that is
        empty. What becomes of it is reported later under *ref*.

        Raises:
            CarrierRefused: it will never be sent.
            CarrierBusy: it was not taken; try again later.
            CarrierUnsure: it may have been taken; ask `find_sent` before trying again.
        """

    def find_sent(self, *, channel: Channel, to: str, body: str, since: datetime) -> Sequence[str]:
        """Return the ids of texts to *to* with exactly *body* that were sent since then, oldest first.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def erase(self, kind: str, provider_id: str) -> bool:
        """Erase a message, recording or call there; tell whether it is gone.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def list_messages(self, *, since: datetime) -> Iterable[ProviderMessage]:
        """Yield what reporters sent us since then, and our answers that went out with a webhook's answer.

        Raises:
            CarrierBusy: the provider could not be asked.
        """
