"""What an operator decides, as one frozen value: every setting with its default, and the variable that it is read from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from hotline.config import values
from hotline.domain.opening import ALWAYS, Opening
from hotline.domain.waiting import USUAL, Limits
from hotline.errors import Misconfigured
from hotline.reviews import State

_SID = re.compile(r"AC[0-9a-fA-F]{32}")


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
        """Build settings from *env*; what is empty there is as good as not set.

        Raises:
            Misconfigured: with the name of the variable that is missing or malformed.
        """
        env = {name: value for name, value in env.items() if value.strip()}
        return cls(
            public_url=values.origin(env, "PUBLIC_URL"),
            database_url=values.database(env, "DATABASE_URL"),
            keys=values.folder(env, "KEYS_DIR"),
            twilio=_twilio(env),
            redis_url=values.redis(env, "REDIS_URL"),
            lines=values.lines(env, "LINES"),
            default_locale=env.get("DEFAULT_LOCALE", "en"),
            offer_locales=values.state(env, "OFFER_LOCALES", cls.offer_locales),
            locales=tuple(filter(None, env.get("LOCALES", "").replace(" ", "").split(","))),
            leave_to=values.web_address(env, "LEAVE_TO", cls.leave_to),
            desk=env.get("DESK", cls.desk),
            demo=Path(env["HOTLINE_DEMO"]) if env.get("HOTLINE_DEMO") else None,
            attachment_limit_mb=values.count(env, "ATTACHMENT_LIMIT_MB", cls.attachment_limit_mb),
            attachment_budget_mb=values.count(
                env, "ATTACHMENT_BUDGET_MB", cls.attachment_budget_mb
            ),
            recording_budget_mb=values.count(env, "RECORDING_BUDGET_MB", cls.recording_budget_mb),
            spend_parts_per_day=values.count(
                env, "SPEND_PARTS_PER_DAY", cls.spend_parts_per_day, "parts of SMS"
            ),
            spend_parts_per_country=values.count(
                env, "SPEND_PARTS_PER_COUNTRY", cls.spend_parts_per_country, "parts of SMS"
            ),
            checkpoint_minutes=values.few(
                env, "CHECKPOINT_MINUTES", cls.checkpoint_minutes, "minutes", most=24 * 60
            ),
            checkpoint_to=values.places(env, "CHECKPOINT_TO"),
            page_to=values.places(env, "PAGE_TO"),
            mail=_mail(env),
            opening=values.opening(env),
            voice_speech=values.switch(env, "VOICE_SPEECH", default=True),
            clamd=values.scanner(env, "CLAMD"),
            onion_url=values.onion(env, "ONION_URL"),
            theme=values.folder(env, "THEME") if env.get("THEME") else None,
            jurisdiction=values.country(env, "JURISDICTION"),
            jurisdictions=values.folder(env, "JURISDICTIONS") if env.get("JURISDICTIONS") else None,
            asks_per_month=values.by_desk(env, "ASKS_PER_MONTH", default=2),
            answer_within=values.limits(env, "ANSWER_WITHIN"),
            page_again=values.few(env, "PAGE_AGAIN", cls.page_again, "minutes", most=60),
            page_rounds=values.few(env, "PAGE_ROUNDS", cls.page_rounds, "rounds", most=10),
            webhook_networks=values.networks(env, "WEBHOOK_NETWORKS"),
            lead_wait=values.hours(env, "LEAD_WAIT_HOURS", cls.lead_wait),
            lead_k=values.few(env, "LEAD_K", cls.lead_k, "sources", least=3, most=20),
            directory_tokens=values.tokens(env, "DIRECTORY_TOKENS"),
            metrics_tokens=values.tokens(env, "METRICS_TOKEN"),
        )


def _twilio(env: Mapping[str, str]) -> TwilioSettings | None:
    sid = env.get("TWILIO_ACCOUNT_SID", "").strip()
    if not sid:
        return None
    if not _SID.fullmatch(sid):
        raise Misconfigured("TWILIO_ACCOUNT_SID is malformed")
    api_origin = env.get("TWILIO_API_ORIGIN", "")
    return TwilioSettings(
        account_sid=sid,
        auth_token=values.secret(env, "TWILIO_AUTH_TOKEN"),
        secondary_token=values.secret(env, "TWILIO_SECONDARY_TOKEN", required=False),
        sms_number=values.number(env, "TWILIO_SMS_NUMBER"),
        voice_number=values.number(env, "TWILIO_VOICE_NUMBER"),
        whatsapp_number=values.number(env, "TWILIO_WHATSAPP_NUMBER"),
        messaging_service_sid=env.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        whatsapp_template=values.template(env, "TWILIO_WHATSAPP_TEMPLATE"),
        countries=values.countries(env, "TWILIO_COUNTRIES"),
        api_origin=values.web_address(env, "TWILIO_API_ORIGIN", api_origin) if api_origin else "",
    )


def _mail(env: Mapping[str, str]) -> Mail | None:
    """Read ``smtps://user:password@mail.example?from=line@example.org``, or ``smtp://`` for STARTTLS."""
    url = values.secret(env, "SMTP_URL", required=False)
    if not url:
        return None
    parts = values.split(url)
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if (
        parts.scheme not in ("smtp", "smtps")
        or not parts.hostname
        or not values.MAIL.fullmatch(sender)
    ):
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
