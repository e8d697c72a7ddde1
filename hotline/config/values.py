"""One variable of the environment after the other, typed; what is missing or malformed is named.

Each takes the environment and raises `Misconfigured`.
"""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from hotline.domain.onion import is_onion_origin
from hotline.domain.opening import NoHours, Opening
from hotline.domain.waiting import Limits, NoLimits, read_limits
from hotline.errors import Misconfigured
from hotline.reviews import State

_THIS_MACHINE = ("127.0.0.1", "localhost")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TEMPLATE = re.compile(r"HX[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SCANNER = re.compile(r"unix:/.+|tcp:(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}")
_TOKEN = 32
MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise Misconfigured(f"{name} is missing")
    return value


def secret(env: Mapping[str, str], name: str, *, required: bool = True) -> str:
    if env.get(name):
        raise Misconfigured(f"{name} must come as a file: set {name}_FILE")
    path = env.get(f"{name}_FILE", "")
    if not path:
        if required:
            raise Misconfigured(f"{name}_FILE is missing")
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"{name}_FILE cannot be read") from None


def tokens(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read a file of tokens, one a line; a file without any would open what it is meant to close."""
    tokens = tuple(secret(env, name, required=False).split())
    if env.get(f"{name}_FILE") and not all(len(one) >= _TOKEN for one in tokens or ("",)):
        raise Misconfigured(
            f"{name}_FILE must hold tokens of {_TOKEN} characters or more, one a line"
        )
    return tokens


def few(
    env: Mapping[str, str], name: str, default: int, of: str, *, most: int, least: int = 1
) -> int:
    value = env.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and len(value) < 5 and least <= int(value) <= most):
        raise Misconfigured(f"{name} is not a number of {of}, from {least} to {most}")
    return int(value)


def count(env: Mapping[str, str], name: str, default: int, of: str = "megabytes") -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > 7:
        raise Misconfigured(f"{name} is not a number of {of}, such as {default}")
    return int(value)


def switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower() or ("on" if default else "off")
    if value not in ("on", "off"):
        raise Misconfigured(f"{name} is neither on nor off")
    return value == "on"


def by_desk(env: Mapping[str, str], name: str, *, default: int) -> Mapping[str, int]:
    """Return a number for each desk that is named, and that of the others under the empty name: ``2,north=1``."""
    found = {"": default}
    for entry in filter(None, env.get(name, "").replace(" ", "").split(",")):
        desk, _, number = entry.rpartition("=")
        if not (number.isascii() and number.isdigit() and len(number) < 3):
            raise Misconfigured(f"{name} is not a number, with those of desks, such as 2,north=1")
        found[desk] = int(number)
    return found


def hours(
    env: Mapping[str, str], name: str, default: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Read ``6-30``: from so many hours to so many, at most a week; ``0`` is no time at all."""
    value = env.get(name, "").replace(" ", "")
    if value in ("", "0"):
        return None if value else default
    first, _, last = value.partition("-")
    are_numbers = all(one.isascii() and one.isdigit() and len(one) < 4 for one in (first, last))
    if not (are_numbers and int(first) < int(last) <= 7 * 24):
        raise Misconfigured(f"{name} must look like 6-30, at most 168, or be 0")
    return int(first), int(last)


def limits(env: Mapping[str, str], name: str) -> Mapping[str, Limits]:
    """Read ``immediate=5m,high=1h,normal=4h,north:high=30m``: how long each may wait for a person."""
    try:
        return read_limits(env.get(name, ""))
    except NoLimits:
        raise Misconfigured(
            f"{name} must look like immediate=5m,high=1h,normal=4h,none=4h, with those of desks such as north:high=30m;"
            " at most 72h, and nothing waits longer than what is less urgent"
        ) from None


def opening(env: Mapping[str, str]) -> Opening:
    """Read ``DESK_HOURS`` such as ``mon-fri 09:00-21:00, sat 10:00-14:00``, on the clocks of ``DESK_ZONE``."""
    try:
        return Opening.parse(env.get("DESK_HOURS", ""), env.get("DESK_ZONE", "").strip())
    except NoHours:
        raise Misconfigured(
            "DESK_HOURS must look like mon-fri 09:00-21:00, and DESK_ZONE like Europe/Madrid"
        ) from None


def state(env: Mapping[str, str], name: str, default: State) -> State:
    value = env.get(name, "").strip() or default
    try:
        return State(value)
    except ValueError:
        raise Misconfigured(f"{name} is none of {', '.join(State)}") from None


def web_address(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, default)
    parts = split(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Misconfigured(f"{name} is not a web address")
    return value


def origin(env: Mapping[str, str], name: str) -> str:
    value = required(env, name).rstrip("/")
    parts = split(value)
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    if not is_web or value != f"{parts.scheme}://{parts.netloc}":
        raise Misconfigured(f"{name} is not an origin such as https://line.example")
    return value


def onion(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip().rstrip("/")
    if value and not is_onion_origin(value):
        raise Misconfigured(f"{name} is not http:// with the 56 characters of an onion service")
    return value


def split(url: str) -> SplitResult:
    """Return the parts of an address; what is none has none."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else urlsplit("")
    except ValueError:
        return urlsplit("")


def _is_safe(url: str) -> bool:
    """Tell whether nobody on the way reads what is sent to *url*: it is encrypted, or never leaves this machine."""
    parts = split(url)
    if parts.scheme == "http":
        return parts.hostname in _THIS_MACHINE
    return parts.scheme == "https" and bool(parts.hostname)


def places(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read ``https://…,mailto:…``; plain http is for this machine only."""
    places = tuple(place.strip() for place in env.get(name, "").split(",") if place.strip())
    for place in places:
        is_mail = place.startswith("mailto:")
        if not (MAIL.fullmatch(place[7:]) if is_mail else _is_safe(place)):
            raise Misconfigured(f"{name} must list https:// or mailto: addresses")
        if is_mail and not env.get("SMTP_URL_FILE"):
            raise Misconfigured(f"{name} asks for mail: set SMTP_URL_FILE")
    return places


def networks(env: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read ``10.1.0.0/16,fd12::/48``."""
    listed = filter(None, env.get(name, "").replace(" ", "").split(","))
    try:
        return tuple(ip_network(one) for one in listed)
    except ValueError:
        raise Misconfigured(f"{name} must list networks such as 10.1.0.0/16") from None


def database(env: Mapping[str, str], name: str) -> str:
    value = required(env, name)
    if value.startswith("sqlite:///"):
        return value
    if not value.startswith("postgresql+psycopg://"):
        raise Misconfigured(f"{name} must begin with sqlite:/// or postgresql+psycopg://")
    # The process that only starts those that serve needs none of it for SQLite: 0.2 s and 16 MB.
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(value)
    except (ArgumentError, ValueError):
        raise Misconfigured(f"{name} is not the address of a database") from None
    return value


def redis(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if value and split(value).scheme not in ("redis", "rediss", "unix"):
        raise Misconfigured(f"{name} must begin with redis://, rediss:// or unix://")
    return value


def scanner(env: Mapping[str, str], name: str) -> str:
    """Read ``unix:/path`` or ``tcp:127.0.0.1:3310``: a file that is scanned never leaves this machine."""
    return _shaped(env, name, _SCANNER, "must be of this machine: unix:/path or tcp:127.0.0.1:3310")


def folder(env: Mapping[str, str], name: str) -> Path:
    path = Path(required(env, name))
    try:
        is_folder = path.is_dir()
    except OSError:  # A name may be too long to be one.
        is_folder = False
    if not is_folder:
        raise Misconfigured(f"{name} is not a folder")
    return path


def number(env: Mapping[str, str], name: str) -> str:
    return _shaped(env, name, _NUMBER, "is not a number such as +15005550006")


def lines(env: Mapping[str, str], name: str) -> dict[str, str]:
    """Read ``+15005550006=en,+34911234567=es``; a terminal puts its height there, which is none of ours."""
    lines: dict[str, str] = {}
    value = env.get(name, "").strip()
    for pair in filter(None, [] if value.isdecimal() else value.split(",")):
        number, found, locale = pair.strip().partition("=")
        if not found or not _NUMBER.fullmatch(number) or not locale:
            raise Misconfigured(f"{name} must look like +15005550006=en,+15005550007=es")
        lines[number] = locale
    return lines


def template(env: Mapping[str, str], name: str) -> str:
    return _shaped(env, name, _TEMPLATE, "is not the HX… id of a content template")


def country(env: Mapping[str, str], name: str) -> str:
    return _shaped(env, name, _COUNTRY, "is not the code of a country, such as IE")


def countries(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    countries = tuple(filter(None, env.get(name, "").replace(" ", "").split(",")))
    if not all(map(_COUNTRY.fullmatch, countries)):
        raise Misconfigured(f"{name} must list countries, such as US,MX")
    return countries


def _shaped(env: Mapping[str, str], name: str, shape: re.Pattern[str], fault: str) -> str:
    """Return a setting that may be empty, and has *shape* where it is not; *fault* says what is wrong where it has not."""
    value = env.get(name, "").strip()
    if value and not shape.fullmatch(value):
        raise Misconfigured(f"{name} {fault}")
    return value
