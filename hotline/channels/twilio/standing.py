"""How an account at the provider stands: what `account` reads of it, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.errors import HotlineError

OVERRIDES = "#rc=3&rp=5xx,ct,rt"
"""What a webhook's address must end with: without it the provider tries once, and only logs that it failed."""


class Why(StrEnum):
    """Why something could not be read."""

    REFUSED = "refused"
    """The provider does not take our token (its error 20003)."""
    FORBIDDEN = "forbidden"
    """It takes the token, and does not let this account look there."""
    MISSING = "missing"
    UNREACHABLE = "unreachable"


class Unreadable(HotlineError):
    """The provider did not show what was asked for; *why* says as much as we may know of it."""

    default_message = "the provider did not show this"

    def __init__(self, why: Why) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Standing:
    """The account itself. *clock* is the provider's own time of the answer, *balance* None where it is not told."""

    status: str
    is_trial: bool
    clock: datetime | None
    balance: float | None
    currency: str


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that the provider calls, and the one it calls when that fails."""

    url: str = ""
    method: str = ""
    fallback_url: str = ""
    fallback_method: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class OwnedNumber:
    """One of the account's numbers.

    *sms_elsewhere* and *voice_elsewhere* say that something else (an application, a trunk) is asked instead
    of the hooks. *status_callback* is told of calls, by *status_method*. *looks_up_callers* says that the provider
    asks others for the names of those who call, *takes_faxes* that it takes calls for faxes.
    """

    sid: str
    number: str
    sms: Hook
    voice: Hook
    status_callback: str
    sms_elsewhere: bool
    voice_elsewhere: bool
    can: frozenset[str]
    status_method: str = ""
    looks_up_callers: bool = False
    takes_faxes: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Service:
    """A Messaging Service. *leaves_it_to_numbers* says that each number's own hook is asked instead."""

    hook: Hook
    leaves_it_to_numbers: bool
    status_callback: str
    is_sticky: bool
    falls_back_to_long_code: bool
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dialing:
    """Which numbers of a country may be called: ordinary ones, special services, those known for toll fraud."""

    country: str
    ordinary: bool
    special: bool
    fraud: bool


@dataclass(frozen=True, slots=True)
class WhatsAppSender:
    status: str
    hook: Hook
    shows_name: bool


@dataclass(frozen=True, slots=True, repr=False)
class Exchange:
    """One word that was texted to a line of ours, and what was answered from that line at once."""

    word: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the provider itself logged as errors: how often each code."""

    since: datetime
    codes: Mapping[str, int] = field(default_factory=dict)
