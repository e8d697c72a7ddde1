"""What the desk keeps in someone's own browser, beside their key: a language, a habit, a count, and by what the
browser is known when somebody signs in from it again.
"""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from hotline.parts import here

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
    return request.cookies.get(_device_name(), "")


def give_device(response: AnyResponse, device: str) -> None:
    """Let the browser keep by what it is known for a year."""
    response.set_cookie(
        _device_name(),
        device,
        max_age=_YEAR,
        path="/",
        secure=here().config.is_https,
        httponly=True,
        samesite="Strict",
    )


def _device_name() -> str:
    return "__Host-device" if here().config.is_https else "device"
