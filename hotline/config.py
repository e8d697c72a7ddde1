"""Settings, read once and typed. What is missing or malformed is named, and nothing starts.

Secrets come as files only (``NAME_FILE``): a web server copies the process environment into every
request, and an environment is read by whoever may list processes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hotline.domain.onion import is_onion_origin
from hotline.domain.opening import ALWAYS, NoHours, Opening
from hotline.domain.waiting import USUAL, Limits, NoLimits, read_limits
from hotline.errors import Misconfigured
from hotline.reviews import State

_THIS_MACHINE = ("127.0.0.1", "localhost")
_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TEMPLATE = re.compile(r"HX[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SCANNER = re.compile(r"unix:/.+|tcp:(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}")
_TOKEN = 32
_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@dataclass(frozen=True)
class TwilioSettings:
    """The account at the provider. *api_origin* is set only where a loopback provider is used.

    *countries* are those of the people we serve, as ISO codes; empty means those of our own numbers.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    secondary_token: str = field(default="", repr=False)
    sms_number: str = ""
    voice_number: str = ""
    whatsapp_number: str = ""
    messaging_service_sid: str = ""
    whatsapp_template: str = ""
    countries: tuple[str, ...] = ()
    api_origin: str = ""

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(token for token in (self.auth_token, self.secondary_token) if token)


@dataclass(frozen=True)
class Mail:
    """The server that mail leaves through: encrypted from the first byte, or (*starts_plain*) after a greeting."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    starts_plain: bool = False


@dataclass(frozen=True)
class Config:
    """Everything that an operator decides.

    *public_url* is the origin that provider's signatures are made over, without a trailing slash.
    *keys* is the folder of key files, outside database and backups. *lines* maps each of our numbers
    to the locale that its callers are first answered in. *offer_locales* is how far a locale was read
    before people are answered in it; *locales* are the only ones to offer, of these. *attachment_limit_mb* is how much the files
    of one form may take (0: none are taken), *attachment_budget_mb* those of one day, *recording_budget_mb* the recordings of its calls; *spend_parts_per_day* and
    *spend_parts_per_country* are how many parts of SMS one day may cost, in all and to phones of one country.
    *checkpoint_to* and *page_to* are ``https://`` and ``mailto:``
    addresses: who holds the log's checkpoints, and whom an alert calls. *opening* are the hours in which a person reads.
    *voice_speech* says whether callers may answer in words, which the provider then writes down. *theme* is the
    folder that says how the reporters' pages are dressed. *jurisdiction* is the country whose law binds the house,
    *jurisdictions* the folder of files that say what the law asks. *asks_per_month* is how often a desk asks a person
    about one recipient; that of desks which are not named stands under the empty name. So it is with *answer_within*,
    how long a report may wait for its first answer by a person. *lead_wait* are the hours, from and to, that a lead
    waits before it leaves; None lets each leave at once. What leads tell of a person fits *lead_k* sources or more. *page_again* is after how many minutes a page that
    nobody acknowledged goes on to the next, *page_rounds* how often it goes round before it reaches everybody.
    *webhook_networks* are those that agencies' webhooks may stand in besides the public internet.
    *directory_tokens* are those that open the directory of services; without any it is public. *metrics_tokens* are those
    that open ``/metrics``; without any there is no such address.
    """

    public_url: str
    database_url: str
    keys: Path
    twilio: TwilioSettings | None = None
    redis_url: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    default_locale: str = "en"
    offer_locales: State = State.REVIEWED
    locales: tuple[str, ...] = ()
    leave_to: str = "https://www.bbc.com/weather"
    desk: str = "main"
    demo: Path | None = None
    attachment_limit_mb: int = 100
    attachment_budget_mb: int = 2048
    recording_budget_mb: int = 4096
    spend_parts_per_day: int = 5000
    spend_parts_per_country: int = 1000
    checkpoint_minutes: int = 60
    checkpoint_to: tuple[str, ...] = ()
    page_to: tuple[str, ...] = ()
    mail: Mail | None = None
    opening: Opening = ALWAYS
    voice_speech: bool = True
    clamd: str = ""
    onion_url: str = ""
    theme: Path | None = None
    jurisdiction: str = ""
    jurisdictions: Path | None = None
    asks_per_month: Mapping[str, int] = field(default_factory=lambda: {"": 2})
    answer_within: Mapping[str, Limits] = field(default_factory=lambda: {"": USUAL})
    page_again: int = 3
    page_rounds: int = 3
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    lead_wait: tuple[int, int] | None = (6, 30)
    lead_k: int = 5
    directory_tokens: tuple[str, ...] = field(default=(), repr=False)
    metrics_tokens: tuple[str, ...] = field(default=(), repr=False)

    def asks_of(self, desk: str) -> int:
        """Return how often in a month people of *desk* may be asked about one recipient."""
        return self.asks_per_month.get(desk, self.asks_per_month[""])

    def limits_of(self, desk: str) -> Limits:
        """Return how long reports of *desk* may wait for a person."""
        return self.answer_within.get(desk, self.answer_within[""])

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def log_name(self) -> str:
        """The name of the house's log, such as ``hotline.example/log``: outsiders know it by that."""
        return f"{urlsplit(self.public_url).netloc}/log"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Build settings from *env*.

        Raises:
            Misconfigured: with the name of the variable that is missing or malformed.
        """
        return cls(
            public_url=_origin(env, "PUBLIC_URL"),
            database_url=_database(env, "DATABASE_URL"),
            keys=_folder(env, "KEYS_DIR"),
            twilio=_twilio(env),
            redis_url=_redis(env, "REDIS_URL"),
            lines=_lines(env, "LINES"),
            default_locale=env.get("DEFAULT_LOCALE", "en"),
            offer_locales=_state(env, "OFFER_LOCALES", cls.offer_locales),
            locales=tuple(filter(None, env.get("LOCALES", "").replace(" ", "").split(","))),
            leave_to=_url(env, "LEAVE_TO", cls.leave_to),
            desk=env.get("DESK", cls.desk),
            demo=Path(env["HOTLINE_DEMO"]) if env.get("HOTLINE_DEMO") else None,
            attachment_limit_mb=_count(env, "ATTACHMENT_LIMIT_MB", cls.attachment_limit_mb),
            attachment_budget_mb=_count(env, "ATTACHMENT_BUDGET_MB", cls.attachment_budget_mb),
            recording_budget_mb=_count(env, "RECORDING_BUDGET_MB", cls.recording_budget_mb),
            spend_parts_per_day=_count(
                env, "SPEND_PARTS_PER_DAY", cls.spend_parts_per_day, "parts of SMS"
            ),
            spend_parts_per_country=_count(
                env, "SPEND_PARTS_PER_COUNTRY", cls.spend_parts_per_country, "parts of SMS"
            ),
            checkpoint_minutes=_few(
                env, "CHECKPOINT_MINUTES", cls.checkpoint_minutes, "minutes", most=24 * 60
            ),
            checkpoint_to=_places(env, "CHECKPOINT_TO"),
            page_to=_places(env, "PAGE_TO"),
            mail=_mail(env),
            opening=_opening(env),
            voice_speech=_switch(env, "VOICE_SPEECH", default=True),
            clamd=_scanner(env, "CLAMD"),
            onion_url=_onion(env, "ONION_URL"),
            theme=_folder(env, "THEME") if env.get("THEME") else None,
            jurisdiction=_country(env, "JURISDICTION"),
            jurisdictions=_folder(env, "JURISDICTIONS") if env.get("JURISDICTIONS") else None,
            asks_per_month=_by_desk(env, "ASKS_PER_MONTH", default=2),
            answer_within=_limits(env, "ANSWER_WITHIN"),
            page_again=_few(env, "PAGE_AGAIN", cls.page_again, "minutes", most=60),
            page_rounds=_few(env, "PAGE_ROUNDS", cls.page_rounds, "rounds", most=10),
            webhook_networks=_networks(env, "WEBHOOK_NETWORKS"),
            lead_wait=_hours(env, "LEAD_WAIT_HOURS", cls.lead_wait),
            lead_k=_few(env, "LEAD_K", cls.lead_k, "sources", least=3, most=20),
            directory_tokens=_tokens(env, "DIRECTORY_TOKENS"),
            metrics_tokens=_tokens(env, "METRICS_TOKEN"),
        )


def _by_desk(env: Mapping[str, str], name: str, *, default: int) -> Mapping[str, int]:
    """Return a number for each desk that is named, and that of the others under the empty name: ``2,north=1``."""
    found = {"": default}
    for entry in filter(None, env.get(name, "").replace(" ", "").split(",")):
        desk, _, number = entry.rpartition("=")
        if not (number.isascii() and number.isdigit() and len(number) < 3):
            raise Misconfigured(f"{name} is not a number, with those of desks, such as 2,north=1")
        found[desk] = int(number)
    return found


def _limits(env: Mapping[str, str], name: str) -> Mapping[str, Limits]:
    """Read ``immediate=5m,high=1h,normal=4h,north:high=30m``: how long each may wait for a person."""
    try:
        return read_limits(env.get(name, ""))
    except NoLimits:
        raise Misconfigured(
            f"{name} must look like immediate=5m,high=1h,normal=4h,none=4h, with those of desks such as north:high=30m;"
            " at most 72h, and nothing waits longer than what is less urgent"
        ) from None


def _hours(
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


def _state(env: Mapping[str, str], name: str, default: State) -> State:
    value = env.get(name, "").strip() or default
    try:
        return State(value)
    except ValueError:
        raise Misconfigured(f"{name} is none of {', '.join(State)}") from None


def _few(
    env: Mapping[str, str], name: str, default: int, of: str, *, most: int, least: int = 1
) -> int:
    value = env.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and len(value) < 5 and least <= int(value) <= most):
        raise Misconfigured(f"{name} is not a number of {of}, from {least} to {most}")
    return int(value)


def _count(env: Mapping[str, str], name: str, default: int, of: str = "megabytes") -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > 7:
        raise Misconfigured(f"{name} is not a number of {of}, such as {default}")
    return int(value)


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower() or ("on" if default else "off")
    if value not in ("on", "off"):
        raise Misconfigured(f"{name} is neither on nor off")
    return value == "on"


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise Misconfigured(f"{name} is missing")
    return value


def _secret(env: Mapping[str, str], name: str, *, required: bool = True) -> str:
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


def _tokens(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read a file of tokens, one a line; a file without any would open what it is meant to close."""
    tokens = tuple(_secret(env, name, required=False).split())
    if env.get(f"{name}_FILE") and not all(len(one) >= _TOKEN for one in tokens or ("",)):
        raise Misconfigured(
            f"{name}_FILE must hold tokens of {_TOKEN} characters or more, one a line"
        )
    return tokens


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, default)
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Misconfigured(f"{name} is not a web address")
    return value


def _origin(env: Mapping[str, str], name: str) -> str:
    value = _required(env, name).rstrip("/")
    parts = _split(value)
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    if not is_web or value != f"{parts.scheme}://{parts.netloc}":
        raise Misconfigured(f"{name} is not an origin such as https://line.example")
    return value


def _split(url: str) -> SplitResult:
    """Return the parts of an address; what is none has none."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else urlsplit("")
    except ValueError:
        return urlsplit("")


def _onion(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip().rstrip("/")
    if value and not is_onion_origin(value):
        raise Misconfigured(f"{name} is not http:// with the 56 characters of an onion service")
    return value


def _database(env: Mapping[str, str], name: str) -> str:
    value = _required(env, name)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise Misconfigured(f"{name} must begin with sqlite:/// or postgresql+psycopg://")
    try:
        make_url(value)
    except (ArgumentError, ValueError):
        raise Misconfigured(f"{name} is not the address of a database") from None
    return value


def _places(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read ``https://…,mailto:…``; plain http is for this machine only."""
    places = tuple(place.strip() for place in env.get(name, "").split(",") if place.strip())
    for place in places:
        is_mail = place.startswith("mailto:")
        if not (_MAIL.fullmatch(place[7:]) if is_mail else _is_safe(place)):
            raise Misconfigured(f"{name} must list https:// or mailto: addresses")
        if is_mail and not env.get("SMTP_URL_FILE"):
            raise Misconfigured(f"{name} asks for mail: set SMTP_URL_FILE")
    return places


def _networks(env: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read ``10.1.0.0/16,fd12::/48``."""
    listed = filter(None, env.get(name, "").replace(" ", "").split(","))
    try:
        return tuple(ip_network(one) for one in listed)
    except ValueError:
        raise Misconfigured(f"{name} must list networks such as 10.1.0.0/16") from None


def _scanner(env: Mapping[str, str], name: str) -> str:
    """Read ``unix:/path`` or ``tcp:127.0.0.1:3310``: a file that is scanned never leaves this machine."""
    value = env.get(name, "").strip()
    if value and not _SCANNER.fullmatch(value):
        raise Misconfigured(f"{name} must be of this machine: unix:/path or tcp:127.0.0.1:3310")
    return value


def _opening(env: Mapping[str, str]) -> Opening:
    """Read ``DESK_HOURS`` such as ``mon-fri 09:00-21:00, sat 10:00-14:00``, on the clocks of ``DESK_ZONE``."""
    try:
        return Opening.parse(env.get("DESK_HOURS", ""), env.get("DESK_ZONE", "").strip())
    except NoHours:
        raise Misconfigured(
            "DESK_HOURS must look like mon-fri 09:00-21:00, and DESK_ZONE like Europe/Madrid"
        ) from None


def _is_safe(url: str) -> bool:
    """Tell whether nobody on the way reads what is sent to *url*: it is encrypted, or never leaves this machine."""
    parts = _split(url)
    if parts.scheme == "http":
        return parts.hostname in _THIS_MACHINE
    return parts.scheme == "https" and bool(parts.hostname)


def _mail(env: Mapping[str, str]) -> Mail | None:
    """Read ``smtps://user:password@mail.example?from=line@example.org``, or ``smtp://`` for STARTTLS."""
    url = _secret(env, "SMTP_URL", required=False)
    if not url:
        return None
    parts = _split(url)
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not _MAIL.fullmatch(sender):
        raise Misconfigured("SMTP_URL must look like smtps://user:password@host?from=line@host")
    starts_plain = parts.scheme == "smtp"
    return Mail(
        host=parts.hostname,
        port=parts.port or (587 if starts_plain else 465),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        starts_plain=starts_plain,
    )


def _redis(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if value and _split(value).scheme not in ("redis", "rediss", "unix"):
        raise Misconfigured(f"{name} must begin with redis://, rediss:// or unix://")
    return value


def _folder(env: Mapping[str, str], name: str) -> Path:
    path = Path(_required(env, name))
    try:
        is_folder = path.is_dir()
    except OSError:  # A name may be too long to be one.
        is_folder = False
    if not is_folder:
        raise Misconfigured(f"{name} is not a folder")
    return path


def _number(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if value and not _NUMBER.fullmatch(value):
        raise Misconfigured(f"{name} is not a number such as +15005550006")
    return value


def _countries(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    countries = tuple(filter(None, env.get(name, "").replace(" ", "").split(",")))
    if not all(map(_COUNTRY.fullmatch, countries)):
        raise Misconfigured(f"{name} must list countries, such as US,MX")
    return countries


def _country(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if value and not _COUNTRY.fullmatch(value):
        raise Misconfigured(f"{name} is not the code of a country, such as IE")
    return value


def _template(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if value and not _TEMPLATE.fullmatch(value):
        raise Misconfigured(f"{name} is not the HX… id of a content template")
    return value


def _lines(env: Mapping[str, str], name: str) -> dict[str, str]:
    """Read ``+15005550006=en,+34911234567=es``; a terminal puts its height there, which is none of ours."""
    lines: dict[str, str] = {}
    value = env.get(name, "").strip()
    for pair in filter(None, [] if value.isdecimal() else value.split(",")):
        number, found, locale = pair.strip().partition("=")
        if not found or not _NUMBER.fullmatch(number) or not locale:
            raise Misconfigured(f"{name} must look like +15005550006=en,+15005550007=es")
        lines[number] = locale
    return lines


def _twilio(env: Mapping[str, str]) -> TwilioSettings | None:
    sid = env.get("TWILIO_ACCOUNT_SID", "").strip()
    if not sid:
        return None
    if not _SID.fullmatch(sid):
        raise Misconfigured("TWILIO_ACCOUNT_SID is malformed")
    api_origin = env.get("TWILIO_API_ORIGIN", "")
    return TwilioSettings(
        account_sid=sid,
        auth_token=_secret(env, "TWILIO_AUTH_TOKEN"),
        secondary_token=_secret(env, "TWILIO_SECONDARY_TOKEN", required=False),
        sms_number=_number(env, "TWILIO_SMS_NUMBER"),
        voice_number=_number(env, "TWILIO_VOICE_NUMBER"),
        whatsapp_number=_number(env, "TWILIO_WHATSAPP_NUMBER"),
        messaging_service_sid=env.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        whatsapp_template=_template(env, "TWILIO_WHATSAPP_TEMPLATE"),
        countries=_countries(env, "TWILIO_COUNTRIES"),
        api_origin=_url(env, "TWILIO_API_ORIGIN", api_origin) if api_origin else "",
    )
