"""Settings as an operator mistypes them: what is malformed is `Misconfigured`, names its variable, and nothing else is raised."""

import contextlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example
from hypothesis import strategies as st

from hotline import config
from hotline.config import Config
from hotline.contact.hours import Window
from hotline.domain.opening import NoHours, Opening
from hotline.errors import Misconfigured
from tests.attack.fuzz.hostile import CANARY, fuzz, refusing, texts

READ = "".join(path.read_text() for path in Path(config.__file__).parent.glob("*.py"))
NAMES = sorted(set(re.findall(r'"([A-Z][A-Z_]{2,})"', READ)))
FILES = {"TWILIO_AUTH_TOKEN", "TWILIO_SECONDARY_TOKEN", "SMTP_URL", "DIRECTORY_TOKENS"}
NEAR = (
    "http://[", "https://a:b@[::1", "https://h:99999", "https://h:x", "0000011111111111111111", "1" * 5000,
    "smtps://u:p@h:x?from=a@b", "smtps://u:p@h:99999?from=a@b", "smtps://[?from=a@b", "https://[/log",
    "sqlite:///", "postgresql+psycopg://u:p@h:port/d", "redis://h:port", "unix:/", "tcp:localhost:99999",
    "mon-fri 09:00-24:99", "Europe", "../Europe/Paris", "Europe/" + "a" * 300, "10.0.0.0/33", "6-168", "²", "٣",
    "north=²", "immediate=5m,immediate=9h", "+15005550006=" + CANARY, "US,MX", "AC" + "a" * 32,
)  # fmt: skip
values = st.one_of(st.sampled_from(NEAR), texts())


@pytest.fixture
def usual(tmp_path: Path) -> dict[str, str]:
    return {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": "sqlite:///x.db",
        "KEYS_DIR": str(tmp_path),
    }


def test_whatever_stands_in_a_setting_it_is_read_or_named(
    usual: dict[str, str], tmp_path: Path
) -> None:
    file, token = tmp_path / "secret", tmp_path / "token"
    token.write_text("a token")

    @fuzz(80, 5_000, st.sampled_from(NAMES), values)
    @example("LEAVE_TO", "http://[")
    @example("PUBLIC_URL", "https://[")
    @example("PUBLIC_URL", "https://li\nne.example")
    @example("CHECKPOINT_MINUTES", "0000011111111111111111")
    @example("SMTP_URL", "smtps://u:p@h:x?from=a@b")
    @example("DATABASE_URL", "postgresql+psycopg://u:p@h:port/d")
    @example("REDIS_URL", "redis://h:port")
    @example("DESK_ZONE", "a" * 300)
    @example("JURISDICTIONS", "a" * 300)
    def read(name: str, value: str) -> None:
        env = dict(usual)
        if name.startswith("TWILIO"):
            env |= {"TWILIO_ACCOUNT_SID": "AC" + "a" * 32, "TWILIO_AUTH_TOKEN_FILE": str(token)}
        if name in FILES:
            file.write_bytes(value.encode("utf-8", "surrogatepass"))
            env[f"{name}_FILE"] = str(file)
        else:
            env[name] = value
        with refusing(Misconfigured) as said:
            Config.from_env(env)
        assert all(name in one for one in said)

    read()


@fuzz(50, 5_000, values, values)
def test_hours_are_read_or_refused_and_then_open_again(hours: str, zone: str) -> None:
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    with contextlib.suppress(NoHours):
        assert Opening.parse(hours, zone).next_opening(at) >= at
    window = Window.parse(hours, zone)
    if window is not None:
        window.holds(at)
        assert window.next_opening(at) >= at
