"""What we need of a provider of messages and calls, and the ways in which it can fail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from hotline.domain.report import Channel, IncomingMessage
from hotline.errors import HotlineError, Unavailable


class CarrierRefused(HotlineError):
    """The provider will never send this. *ref* is its error code."""

    default_message = "the provider refuses to send this"


class ReporterOptedOut(CarrierRefused):
    """The reporter's line is closed to us: they, or whoever holds the phone, wrote STOP."""

    default_message = "the provider says that this line is closed"


class ContentRefused(CarrierRefused):
    """The number is good; it is this text, now, that does not pass."""

    default_message = "the provider does not let this text pass"


class CarrierBlocked(CarrierRefused):
    """The provider takes us for a fraud: this is lost, and operators must speak to it."""

    default_message = "the provider takes this for a fraud"


class CarrierBusy(Unavailable):
    """The provider did not do it; asking again later may help."""

    default_message = "the provider cannot do this now"


class CarrierMisconfigured(CarrierBusy):
    """Our account, its numbers or permissions are wrong: operators mend that, and the text can still go."""

    default_message = "the provider does not let our account do this"


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


@dataclass(frozen=True, slots=True)
class Held:
    """Something of ours that the provider still has since then; *kind* as for `Carrier.erase`.

    *is_incoming* tells what reporters sent: it must be kept here before it may be erased there. A recording names
    the call that it is of.
    """

    kind: str
    provider_id: str = field(repr=False)
    since: datetime
    is_incoming: bool = False
    call_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """A picture or another file of a text; *kind* is its media type, *content* comes in pieces."""

    media_id: str = field(repr=False)
    kind: str
    content: Iterator[bytes] = field(repr=False)


class Carrier(Protocol):
    """A provider that takes texts to phones, and calls them."""

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
        """Hand over *body* for *to*, and return the provider's id of it.

        It comes from *line*, the number that the reporter wrote to, or from the usual one when that is
        empty. What is not delivered within *valid_for* never is. With *template* the words go as the
        approved template of the channel, where there is one. What becomes of it is reported later under *ref*.

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
        """Ring *to* for *seconds*, and return the provider's id of the call.

        It comes from *line*, one of our own numbers, or from the usual one when that is empty. What is said there is
        asked for at *url_path* and *ref*; with *detects_machine* only once it is known who picked up. What becomes
        of it is reported at ``/status`` behind that address.

        Raises:
            CarrierRefused: it will never ring there.
            CarrierBusy: it does not ring; try again later.
            CarrierUnsure: it may ring; ask `find_calls` before calling again.
        """

    def find_calls(self, *, to: str, since: datetime) -> Sequence[str]:
        """Return the ids of our calls to *to* since then, oldest first.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def hang_up(self, provider_id: str) -> None:
        """End a call of ours, whether it rings or is talked in; one that is over stays so.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def price_of(self, provider_id: str) -> str:
        """Return what a text cost, such as ``-0.0079 USD``; nothing while the provider does not know.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def erase(self, kind: str, provider_id: str) -> bool:
        """Erase a text's words, a message, one of its media, a recording or a call there; tell whether it is gone.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def list_messages(self, *, since: datetime) -> Iterable[ProviderMessage]:
        """Yield what reporters sent us since then, and our answers that went out with a webhook's answer.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def list_held(self, *, before: datetime) -> Iterable[Held]:
        """Yield everything of ours that the provider still has from before then.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def fetch_media(self, message_id: str) -> Iterable[ProviderFile]:
        """Yield the files that came along with a text.

        Raises:
            CarrierBusy: the provider could not be asked.
        """

    def fetch_recording(self, recording_id: str) -> Iterable[bytes]:
        """Yield a recording as a WAV file, in pieces.

        Raises:
            CarrierRefused: there is no such recording any more.
            CarrierBusy: the provider could not be asked, broke off, or gave something else.
        """
