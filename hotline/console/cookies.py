"""What the desk keeps in someone's own browser, beside their key: a language, a habit, a count, and by what the
browser is known when somebody signs in from it again.
"""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from hotline.parts import here
from hotline.vault.candidates import VALID

_YEAR = 365 * 24 * 60 * 60


def desk_cookie(
    response: AnyResponse, name: str, value: str, *, max_age: int | None = _YEAR
) -> None:
    """Keep *value* for the pages of the desk alone, out of scripts' reach; without *max_age* for this session."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/console",
        secure=here().config.is_https,
        httponly=True,
        samesite="Strict",
    )


def device_cookie() -> str:
    """Return by what this browser is known; empty when it is not."""
    return request.cookies.get(_host_name("device"), "")


def give_device(response: AnyResponse, device: str) -> None:
    """Let the browser keep by what it is known for a year."""
    _host_cookie(response, "device", device, max_age=_YEAR)


def joining_cookie() -> str:
    """Return what goes on with an invitation; empty when nobody joins at this browser."""
    return request.cookies.get(_host_name("joining"), "")


def give_joining(response: AnyResponse, cookie: str) -> None:
    """Let the browser go on with an invitation, for as long as one is good."""
    _host_cookie(response, "joining", cookie, max_age=int(VALID.total_seconds()))


def forget_joining(response: AnyResponse) -> None:
    _host_cookie(response, "joining", "", max_age=0)


def _host_cookie(response: AnyResponse, name: str, value: str, *, max_age: int) -> None:
    """Keep *value* for this host alone, out of reach of scripts and of other sites."""
    response.set_cookie(
        _host_name(name),
        value,
        max_age=max_age,
        path="/",
        secure=here().config.is_https,
        httponly=True,
        samesite="Strict",
    )


def _host_name(name: str) -> str:
    """Return the cookie's name; over https its prefix makes browsers refuse it from anyone but this host."""
    return f"__Host-{name}" if here().config.is_https else name
