"""Does an address at the provider point to us, and will the provider try it again when we do not answer?

An address may end with connection overrides, ``#rc=3&rp=5xx,ct,rt``: how often to try again, and after what.
"""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from hotline.channels.twilio.standing import OVERRIDES, Hook
from hotline.operate.doctor.findings import Finding, warning, wrong
from hotline.operate.doctor.visit import Visit

FALLBACK = "/twilio/fallback"

_RETRIED = {"5xx", "ct", "rt"}
_POLICIES = {"4xx", "5xx", "ct", "rt", "all"}
_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


def check_hook(
    hook: Hook, *, kind: str, whose: str, origin: str, path: str, with_overrides: bool = True
) -> Iterator[Finding]:
    """Check both addresses of *hook*. *kind* begins the codes of what is found; *whose* says what comes there."""
    suffix = OVERRIDES if with_overrides else ""
    wanted, spare = origin + path, origin + FALLBACK
    yield from _address(f"{kind}-webhook", hook.url, hook.method, wanted, suffix, whose)
    if with_overrides and _plain(hook.url) == wanted:
        yield from _overrides(f"{kind}-webhook", hook.url, wanted, whose)
    yield from _address(
        f"{kind}-fallback", hook.fallback_url, hook.fallback_method, spare, suffix, whose
    )


def check_callback(url: str, *, origin: str, whose: str) -> Iterator[Finding]:
    """Nobody but us may be told what becomes of texts and calls."""
    if url and not _plain(url).startswith(f"{origin}/"):
        yield wrong(
            "status-callback-elsewhere",
            "News of texts or calls goes to an address that is not ours.",
            "In the console, empty the status callback of a service; of a number, set it to ours.",
            whose,
        )


def check_rules(visit: Visit) -> Iterator[Finding]:
    """A rule of the account's webhook settings goes before what an address says behind ``#``, in silence."""
    ours = f"{visit.origin}/"
    if any(
        rule.startswith(ours) or ours.startswith(rule) for rule in visit.account.webhook_rules()
    ):
        yield warning(
            "webhook-rule",
            "A rule of the account's webhook settings is for our addresses, and overrides how they are tried again.",
            "Let its settings try again three times after 5xx answers and time-outs, or take the rule out.",
        )


def _address(
    code: str, url: str, method: str, wanted: str, suffix: str, whose: str
) -> Iterator[Finding]:
    what = "spare address (fallback)" if code.endswith("-fallback") else "address (webhook)"
    set_it = f"Set it to {wanted}{suffix}, method POST."
    if not url:
        yield wrong(f"{code}-missing", f"There is no {what} for what comes in.", set_it, whose)
    elif _plain(url) == wanted.replace("https://", "http://", 1) != wanted:
        yield wrong(f"{code}-not-https", f"The {what} is not encrypted.", set_it, whose)
    elif _plain(url) != wanted:
        yield wrong(
            f"{code}-elsewhere", f"The {what} for what comes in is not ours.", set_it, whose
        )
    elif method != "POST":
        yield wrong(
            f"{code}-method",
            f"The {what} is asked with {method or 'no method'}: what people write would stand in addresses.",
            set_it,
            whose,
        )


def _overrides(code: str, url: str, wanted: str, whose: str) -> Iterator[Finding]:
    given = dict(parse_qsl(urlsplit(url).fragment, keep_blank_values=True))
    policies = set(given.get("rp", "ct").split(","))
    set_it = f"Let the address end so: {wanted}{OVERRIDES}"
    if policies - _POLICIES or not all(_is_in_range(name, given) for name in _RANGES):
        yield wrong(
            f"{code}-overrides-refused",
            "The connection overrides behind # are not understood by the provider (its error 11243).",
            set_it,
            whose,
        )
    elif given.get("rc", "1") == "0" or not ("all" in policies or policies >= _RETRIED):
        yield wrong(
            f"{code}-no-retry",
            "The provider does not try again when we fail to answer, so texts and calls can be lost.",
            set_it,
            whose,
        )


def _is_in_range(name: str, given: dict[str, str]) -> bool:
    value = given.get(name)
    if value is None:
        return True
    lowest, highest = _RANGES[name]
    return value.isascii() and value.isdigit() and lowest <= int(value[:6]) <= highest


def _plain(url: str) -> str:
    """Return *url* without what stands behind ``#``, which only tells the provider how to call it."""
    return url.partition("#")[0]
