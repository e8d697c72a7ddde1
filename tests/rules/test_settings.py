"""Settings are read once and typed; what is wrong is named; secrets never stand in the environment."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from hotline import cli
from hotline.config import Config
from hotline.domain.urgency import Urgency
from hotline.errors import Misconfigured

ROOT = Path(__file__).parents[2]
SID = "AC" + "0" * 32


@pytest.fixture
def env(tmp_path):
    (tmp_path / "token").write_text("secret-token\n")
    return {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": "sqlite:///x.db",
        "KEYS_DIR": str(tmp_path),
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token"),
    }


def test_a_whole_environment_is_read(env):
    config = Config.from_env({**env, "LINES": "+15005550006=en,+15005550007=es"})
    assert config.twilio.tokens == ("secret-token",)
    assert config.lines == {"+15005550006": "en", "+15005550007": "es"}
    assert config.is_https


def test_the_countries_of_the_people_we_serve_are_read(env):
    assert Config.from_env({**env, "TWILIO_COUNTRIES": "US, MX"}).twilio.countries == ("US", "MX")
    assert Config.from_env(env).twilio.countries == ()


def test_a_desk_may_ask_less_often_than_the_others(env):
    config = Config.from_env({**env, "ASKS_PER_MONTH": "3, north=1"})
    assert (config.asks_of("main"), config.asks_of("north")) == (3, 1)
    assert Config.from_env(env).asks_of("main") == 2


def test_each_level_has_its_clock_and_a_desk_may_have_its_own(env):
    config = Config.from_env({**env, "ANSWER_WITHIN": "immediate=3m, high=90m, north:high=30m"})
    minutes = lambda desk, level: config.limits_of(desk).of(level) / timedelta(minutes=1)  # noqa: E731
    levels = [Urgency.IMMEDIATE, Urgency.HIGH, Urgency.NORMAL, Urgency.NONE]
    assert [minutes("main", level) for level in levels] == [3, 90, 240, 240]
    assert [minutes("north", level) for level in levels] == [3, 30, 240, 240]
    usual = Config.from_env(env)
    assert [usual.limits_of("main").of(level) for level in levels] == [
        timedelta(minutes=5), timedelta(hours=1), timedelta(hours=4), timedelta(hours=4),
    ]  # fmt: skip
    assert (usual.page_again, usual.page_rounds) == (3, 3)


def test_networks_for_webhooks_are_read(env):
    config = Config.from_env({**env, "WEBHOOK_NETWORKS": "10.1.0.0/16, fd12::/48"})
    assert [str(network) for network in config.webhook_networks] == ["10.1.0.0/16", "fd12::/48"]
    assert Config.from_env(env).webhook_networks == ()


def test_a_lead_waits_unless_it_is_said_that_it_does_not(env):
    assert Config.from_env(env).lead_wait == (6, 30)
    assert Config.from_env({**env, "LEAD_WAIT_HOURS": "2 - 48"}).lead_wait == (2, 48)
    assert Config.from_env({**env, "LEAD_WAIT_HOURS": "0"}).lead_wait is None


def test_the_height_of_a_terminal_is_no_setting_of_ours(env):
    assert Config.from_env({**env, "LINES": "24"}).lines == {}


def test_an_empty_setting_is_as_good_as_none(env, monkeypatch):
    table = re.findall(
        r"`([A-Z][A-Z_]+)`",
        (ROOT / "README.md").read_text().partition("| variable | |")[2].partition("\n\n")[0],
    )
    empty = dict.fromkeys(set(table) - set(env), " ")
    assert len(empty) > 40
    assert Config.from_env({**empty, **env}) == Config.from_env(env)
    for name in ("PORT", "HOTLINE_VAR"):
        monkeypatch.setenv(name, "")
    arguments = cli._parser().parse_args(["demo"])
    assert (arguments.port, arguments.var) == (8000, Path("var"))


def test_a_port_that_is_none_is_named_and_hinders_nothing_else(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "eight")
    with pytest.raises(SystemExit):
        cli._parser().parse_args(["demo"])
    assert "--port: invalid int value: 'eight'" in capsys.readouterr().err
    assert cli._parser().parse_args(["worker"]).command


@pytest.mark.parametrize(
    "name", ["PUBLIC_URL", "DATABASE_URL", "KEYS_DIR", "TWILIO_AUTH_TOKEN_FILE"]
)
def test_what_is_missing_is_named(env, name):
    del env[name]
    with pytest.raises(Misconfigured, match=name):
        Config.from_env(env)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "nowhere"),
        ("PUBLIC_URL", "https://line.example/path"),
        ("DATABASE_URL", "mysql://x"),
        ("KEYS_DIR", "/nowhere/at/all"),
        ("REDIS_URL", "http://x"),
        ("LINES", "en=+1500"),
        ("ASKS_PER_MONTH", "north=often"),
        ("ASKS_PER_MONTH", "-1"),
        ("ANSWER_WITHIN", "soon"),
        ("ANSWER_WITHIN", "immediate=7"),
        ("ANSWER_WITHIN", "immediate=0m"),
        ("ANSWER_WITHIN", "urgent=5m"),
        ("ANSWER_WITHIN", "normal=73h"),
        ("ANSWER_WITHIN", "immediate=2h,high=1h"),
        ("ANSWER_WITHIN", "north:immediate=2h"),
        ("PAGE_AGAIN", "-7"),
        ("PAGE_AGAIN", "61"),
        ("PAGE_ROUNDS", "often"),
        ("LEAD_WAIT_HOURS", "30-6"),
        ("LEAD_WAIT_HOURS", "6-169"),
        ("LEAD_WAIT_HOURS", "soon"),
        ("LEAD_K", "-3"),
        ("LEAD_K", "21"),
        ("WEBHOOK_NETWORKS", "10.1.0.1/16"),
        ("WEBHOOK_NETWORKS", "intranet"),
        ("LEAVE_TO", "javascript:1"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_SMS_NUMBER", "12ab"),
        ("TWILIO_COUNTRIES", "US,Mexico"),
        ("TWILIO_AUTH_TOKEN_FILE", "/nowhere/token"),
        ("CHECKPOINT_MINUTES", "-7"),
        ("CHECKPOINT_MINUTES", "1441"),
        ("CHECKPOINT_MINUTES", "half an hour"),
        ("CHECKPOINT_TO", "http://ngo.example/hook"),
        ("CHECKPOINT_TO", "https://ngo.example,ftp://x"),
        ("CHECKPOINT_TO", "http://127.0.0.1.ngo.example/hook"),
        ("CHECKPOINT_TO", "http://localhost@ngo.example/hook"),
        ("CHECKPOINT_TO", "https://[ngo.example"),
        ("PAGE_TO", "mailto:nobody"),
        ("PAGE_TO", "mailto:ines@line.example"),
        ("SMTP_URL_FILE", "/nowhere/mail"),
    ],
)
def test_what_is_malformed_is_named_and_its_value_is_not(env, name, value):
    with pytest.raises(Misconfigured, match=name) as caught:
        Config.from_env({**env, name: value})
    assert value not in str(caught.value)


def test_those_outside_are_read_with_the_server_that_mail_leaves_through(env, tmp_path):
    (tmp_path / "mail").write_text(
        "smtp://line%40x:open%2Fsesame@mail.example?from=line@x.example\n"
    )
    config = Config.from_env(
        {
            **env,
            "CHECKPOINT_TO": "https://ngo.example/hook, mailto:holder@ngo.example",
            "SMTP_URL_FILE": str(tmp_path / "mail"),
        }
    )
    assert config.checkpoint_to == ("https://ngo.example/hook", "mailto:holder@ngo.example")
    mail = config.mail
    assert (mail.host, mail.port, mail.user, mail.password) == (
        "mail.example",
        587,
        "line@x",
        "open/sesame",
    )
    assert (mail.sender, mail.starts_plain) == ("line@x.example", True)
    assert "sesame" not in repr(config)
    assert (config.checkpoint_minutes, config.log_name) == (60, "line.example/log")


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example?from=a@b", "smtps://mail.example"]
)
def test_a_mail_server_that_cannot_be_read_is_named(env, tmp_path, url):
    (tmp_path / "mail").write_text(url)
    with pytest.raises(Misconfigured, match="SMTP_URL"):
        Config.from_env({**env, "SMTP_URL_FILE": str(tmp_path / "mail")})


def test_a_secret_in_the_environment_is_refused(env):
    with pytest.raises(Misconfigured, match="TWILIO_AUTH_TOKEN must come as a file"):
        Config.from_env({**env, "TWILIO_AUTH_TOKEN": "secret-token"})


def test_the_directory_is_public_unless_tokens_are_set(env, tmp_path):
    assert Config.from_env(env).directory_tokens == ()
    file = tmp_path / "tokens"
    env |= {"DIRECTORY_TOKENS_FILE": str(file)}
    file.write_text(f"{'a' * 32}\n{'b' * 40}\n")
    config = Config.from_env(env)
    assert config.directory_tokens == ("a" * 32, "b" * 40)
    assert "a" * 32 not in repr(config)
    for unsafe in ("", "\n", "short\n", f"{'a' * 32}\nshort"):
        file.write_text(unsafe)
        with pytest.raises(Misconfigured, match="DIRECTORY_TOKENS_FILE"):
            Config.from_env(env)


def test_metrics_are_for_whoever_has_the_token_alone(env, tmp_path):
    assert Config.from_env(env).metrics_tokens == ()
    file = tmp_path / "metrics"
    env |= {"METRICS_TOKEN_FILE": str(file)}
    file.write_text(f"{'m' * 32}\n")
    config = Config.from_env(env)
    assert config.metrics_tokens == ("m" * 32,)
    assert "m" * 32 not in repr(config)
    file.write_text("short\n")
    with pytest.raises(Misconfigured, match="METRICS_TOKEN_FILE"):
        Config.from_env(env)


def test_settings_do_not_show_secrets(env):
    assert "secret-token" not in repr(Config.from_env(env))


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    read = "".join(path.read_text() for path in (ROOT / "hotline" / "config").glob("*.py"))
    names = set(re.findall(r'"([A-Z][A-Z_]{3,})"', read))
    assert names
    assert {name for name in names if name not in readme} == set()
